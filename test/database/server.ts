// The PostgreSQL server of the tests: each place gets a database of its own, copied from one that is set up already.
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { schemaHash, startOnce } from './template.ts'

/** TEST_DATABASE_URL names another server; where it is empty, there is none. */
const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const NAMES = 'mayday_test_'
/** What a killed run left behind is dropped when it is so old: a soak takes hours. */
const LEFTOVER_SECONDS = 24 * 60 * 60
/** An arbitrary number: who makes the template holds this advisory lock. */
const LOCK = 7_236_412

export const serverAnswers = SERVER !== '' && (await answers(SERVER))
if (!serverAnswers) console.info('no PostgreSQL answers: its tests are skipped (TEST_DATABASE_URL names one)')

/** A name that is free. */
export const newDatabaseName = (): string => named(randomUUID().replaceAll('-', ''))

export function urlOf(database: string): string {
  const url = new URL(SERVER)
  url.pathname = `/${database}`
  return url.href
}

/** Makes the database, with the schema of a Mayday that has started once. */
export async function createDatabase(database: string): Promise<void> {
  template ??= onServer(findTemplate)
  const source = await template
  await onServer(async (server) => {
    await server.query(`CREATE DATABASE ${database} TEMPLATE ${source}`)
    // No test pulls the plug of the server.
    await server.query(`ALTER DATABASE ${database} SET synchronous_commit = off`)
  })
}

export async function dropDatabase(database: string): Promise<void> {
  await onServer((server) => server.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))
}

let template: Promise<string> | undefined

/** The template of this schema, made where there is none yet. */
async function findTemplate(server: pg.Client): Promise<string> {
  await server.query('SELECT pg_advisory_lock($1)', [LOCK])
  const names = await databaseNames(server)
  const known = names.find((name) => name.startsWith(`${NAMES}template_${schemaHash}_`) && !isLeftover(name))
  if (known) return known
  for (const name of names.filter(isLeftover)) await dropUnused(server, name)
  const draft = named('draft')
  await server.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`)
  await server.query(`CREATE DATABASE ${draft}`)
  await startOnce({ databaseUrl: urlOf(draft), dataDir: tmpdir() })
  const made = named(`template_${schemaHash}`)
  await server.query(`ALTER DATABASE ${draft} RENAME TO ${made}`)
  return made
}

async function databaseNames(server: pg.Client): Promise<string[]> {
  const { rows } = await server.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [NAMES],
  )
  return rows.map(({ name }) => name)
}

/** Each name ends in the second at which it was given. */
const named = (what: string): string => `${NAMES}${what}_${Math.floor(performance.timeOrigin / 1000)}`

function isLeftover(name: string): boolean {
  const given = Number(/_(\d+)$/.exec(name)?.[1] ?? Number.NaN)
  return performance.timeOrigin / 1000 - given > LEFTOVER_SECONDS
}

/** Where somebody is connected it is in use. */
const dropUnused = (server: pg.Client, name: string): Promise<unknown> =>
  server.query(`DROP DATABASE IF EXISTS ${name}`).catch(() => null)

async function answers(url: string): Promise<boolean> {
  // Where there is none, that is known at once; one on a busy machine may take its time.
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

async function onServer<Outcome>(act: (server: pg.Client) => Promise<Outcome>): Promise<Outcome> {
  const client = new pg.Client({ connectionString: SERVER })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

// Runs the same tests on the embedded database and, where one answers, on a PostgreSQL server.
import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import pgliteManifest from '../../node_modules/@electric-sql/pglite/package.json' with { type: 'json' }
import { type Database, type Log, openDatabase } from '../../src/database/database.ts'

/** Where a database of one test file lives; what `openDatabase` takes. */
export type Place = { databaseUrl?: string; dataDir: string }

type Define = (open: () => Promise<Database>, place: Place) => void

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const serverAnswers = await answers(SERVER)
if (!serverAnswers) console.info('no PostgreSQL answers: its tests are skipped (TEST_DATABASE_URL names one)')

/**
 * Describes `name` once per backend. Each gets a place of its own, made before and removed after its tests; `open` opens
 * it (again), and whoever opened closes.
 */
export function forEachBackend(name: string, define: Define): void {
  onPglite(name, define)
  const database = `mayday_test_${randomUUID().replaceAll('-', '')}`
  describe.skipIf(!serverAnswers)(`${name}, on PostgreSQL`, () => {
    const url = new URL(SERVER)
    url.pathname = `/${database}`
    const place = { databaseUrl: url.href, dataDir: tmpdir() }
    beforeAll(() => onServer(`CREATE DATABASE ${database}`))
    afterAll(() => onServer(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))
    define(() => openDatabase({ ...place, log: silent }), place)
  })
}

/** The embedded half of `forEachBackend`. */
export function onPglite(name: string, define: Define): void {
  describe(`${name}, embedded`, () => {
    const place = { dataDir: mkdtempSync(join(tmpdir(), 'mayday-test-')) }
    beforeAll(() => fillFromTemplate(place.dataDir))
    afterAll(() => rmSync(place.dataDir, { recursive: true, force: true }))
    define(() => openDatabase({ ...place, log: silent }), place)
  })
}

// The first start of a PGlite takes seconds; copying the outcome of one takes a moment.
async function fillFromTemplate(dataDir: string): Promise<void> {
  const template = join(tmpdir(), `mayday-test-template-${pgliteManifest.version}`)
  if (!existsSync(template)) {
    const draft = mkdtempSync(`${template}-`)
    mkdirSync(join(draft, 'pglite'))
    await (await PGlite.create(join(draft, 'pglite'))).close()
    try {
      renameSync(draft, template)
    } catch {
      // Another test file was faster.
      rmSync(draft, { recursive: true })
    }
  }
  cpSync(join(template, 'pglite'), join(dataDir, 'pglite'), { recursive: true })
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER })
  await client.connect()
  await client.query(statement)
  await client.end()
}

// Runs the same tests on the embedded database and, where one answers, on a PostgreSQL server.
import { createHash, randomUUID } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { SILENT } from '../../src/log.ts'
import { startQueue } from '../../src/queue/queue.ts'
import { sized } from '../promises/size.ts'

/** Where a database of one test file lives; what `openDatabase` takes. */
export type Place = { databaseUrl?: string; dataDir: string }

type Define = (open: () => Promise<Database>, place: Place) => void

export const silent = SILENT

const MEMORY = '/dev/shm'
const ROOM_BYTES = 2 * 1024 ** 3
/** An embedded database writes through to its disk: one in memory, where there is room, waits for none. */
const scratch = sized({ suite: hasRoom(MEMORY) ? MEMORY : tmpdir(), soak: tmpdir() })

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const serverAnswers = await answers(SERVER)
if (!serverAnswers) console.info('no PostgreSQL answers: its tests are skipped (TEST_DATABASE_URL names one)')

/**
 * Describes `name` once per backend. Each gets a place of its own, made before and removed after its tests; `open` opens
 * it (again), and whoever opened closes.
 */
export function forEachBackend(name: string, define: Define): void {
  onPglite(name, define)
  onPostgres(name, define)
}

/** Where the embedded database shows it and a server hardly differs: its half runs where one is named (TEST_DATABASE_URL)
 * and in the soak, so that the suite stays short. */
export function onPgliteAtLeast(name: string, define: Define): void {
  if (process.env.TEST_DATABASE_URL || process.env.MAYDAY_SOAK) forEachBackend(name, define)
  else onPglite(name, define)
}

/** The half of `forEachBackend` that is skipped where no server answers. */
export function onPostgres(name: string, define: Define): void {
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
    const place = { dataDir: mkdtempSync(join(scratch, 'mayday-test-')) }
    beforeAll(() => fillFromTemplate(place.dataDir))
    afterAll(() => rmSync(place.dataDir, { recursive: true, force: true }))
    define(() => openDatabase({ ...place, log: silent }), place)
  })
}

/** The first start of a PGlite, with its migrations, takes seconds; copying the outcome of one takes a moment. */
export async function fillFromTemplate(dataDir: string): Promise<void> {
  const template = join(tmpdir(), `mayday-test-template-${schemaHash()}`)
  if (!existsSync(template)) {
    const draft = mkdtempSync(`${template}-`)
    const database = await openDatabase({ dataDir: draft, log: silent })
    const queue = await startQueue({ database, log: silent })
    await queue.stop({ timeoutMs: 0 })
    await database.close()
    try {
      renameSync(draft, template)
    } catch {
      // Another test file was faster.
      rmSync(draft, { recursive: true })
    }
  }
  cpSync(join(template, 'pglite'), join(dataDir, 'pglite'), { recursive: true })
}

/** Changes with whatever may change what a first start leaves behind. */
function schemaHash(): string {
  const root = new URL('../../', import.meta.url).pathname
  const sources = ['src/migrations', 'src/database', 'src/queue'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((file) => join(root, folder, file)),
  )
  const hash = createHash('sha256')
  for (const file of [...sources.sort(), join(root, 'package-lock.json')]) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

function hasRoom(directory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize > ROOM_BYTES
  } catch {
    return false
  }
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

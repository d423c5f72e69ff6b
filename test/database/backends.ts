// Runs the same tests on the embedded database and, where one answers, on a PostgreSQL server.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { sized } from '../promises/size.ts'
import { createDatabase, dropDatabase, newDatabaseName, serverAnswers, urlOf } from './server.ts'
import { fillFromTemplate, type Place, silent } from './template.ts'

export { fillFromTemplate, type Place, silent } from './template.ts'

type Define = (open: () => Promise<Database>, place: Place) => void

const MEMORY = '/dev/shm'
const ROOM_BYTES = 2 * 1024 ** 3
/** An embedded database writes through to its disk: one in memory, where there is room, waits for none. */
const scratch = sized({ suite: hasRoom(MEMORY) ? MEMORY : tmpdir(), soak: tmpdir() })

/**
 * Describes `name` once per backend. Each gets a place of its own, made before and removed after its tests; `open` opens
 * it (again), and whoever opened closes.
 */
export function forEachBackend(name: string, define: Define): void {
  onPglite(name, define)
  onPostgres(name, define)
}

/** What holds on one database holds on the other: on the server where one answers, which leaves the work to another
 * process. The soak runs it on both, and continuous integration once with a server and once without. */
export function onOneBackend(name: string, define: Define): void {
  if (process.env.MAYDAY_SOAK) forEachBackend(name, define)
  else if (serverAnswers) onPostgres(name, define)
  else onPglite(name, define)
}

/** What a server could hide runs on the embedded database; its other half runs in the soak. */
export function onPgliteAtLeast(name: string, define: Define): void {
  if (process.env.MAYDAY_SOAK) forEachBackend(name, define)
  else onPglite(name, define)
}

/** The half of `forEachBackend` that is skipped where no server answers. */
export function onPostgres(name: string, define: Define): void {
  describe.skipIf(!serverAnswers)(`${name}, on PostgreSQL`, () => {
    const database = newDatabaseName()
    const place = { databaseUrl: urlOf(database), dataDir: tmpdir() }
    beforeAll(() => createDatabase(database))
    afterAll(() => dropDatabase(database))
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

function hasRoom(directory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize > ROOM_BYTES
  } catch {
    return false
  }
}

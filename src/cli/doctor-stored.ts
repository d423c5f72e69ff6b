// The doctor's checks of the database: whether it answers, its version, its room, its vacuum.
import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../config/env.ts'
import { connectDatabase, type Database, DirectoryInUse, schemaVersions } from '../database/database.ts'
import { SILENT } from '../log.ts'
import { type Finding, good, unchecked, wrong } from './finding.ts'

/** Below 128 MB free the embedded database takes in nothing more. */
const ENOUGH_BYTES = 1024 ** 3

export async function* checkStored({ databaseUrl, dataDir }: Settings): AsyncGenerator<Finding> {
  if (!databaseUrl && !existsSync(join(dataDir, 'pglite'))) {
    yield unchecked(`database: nothing is stored in ${dataDir} (DATA_DIR) yet; the first start makes it`)
    return
  }
  if (!databaseUrl) yield checkRoom(dataDir)
  try {
    const database = await connectDatabase({ databaseUrl, dataDir, log: SILENT })
    try {
      yield await checkSchema(database)
      // The embedded one is vacuumed by Mayday itself.
      if (database.kind === 'postgres') yield await checkVacuum(database)
    } finally {
      await database.close()
    }
  } catch (error) {
    if (error instanceof DirectoryInUse) {
      yield unchecked('database: a running Mayday holds it, so that what is in it is not checked')
      return
    }
    const why = error instanceof Error ? error.message : 'unknown'
    yield wrong(
      `database: cannot be opened: ${why}`,
      databaseUrl ? 'check DATABASE_URL and that the server runs' : 'check DATA_DIR and its disk',
    )
  }
}

function checkRoom(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(dataDir)
  const free = bavail * bsize
  const found = `disk: ${Math.floor(free / 1024 ** 2)} MB are free in ${dataDir}`
  return free >= ENOUGH_BYTES
    ? good(found)
    : wrong(found, 'make room: below 128 MB Mayday takes in nothing more')
}

/** Without autovacuum the queue's table keeps each version of each job, and every look at it takes longer. */
async function checkVacuum(database: Database): Promise<Finding> {
  const [row] = await database.query<{ is: string }>("SELECT current_setting('autovacuum') AS is")
  return row?.is === 'on'
    ? good('vacuum: autovacuum is on')
    : wrong(
        'vacuum: autovacuum is off on this server; the queue becomes slower with every job',
        'ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf(); or run vacuumdb --analyze every few minutes',
      )
}

async function checkSchema(database: Database): Promise<Finding> {
  const { found, known } = await schemaVersions(database)
  const [size] = await database.query<{ bytes: number }>(
    'SELECT pg_database_size(current_database()) AS bytes',
  )
  const kind = database.kind === 'pglite' ? 'PGlite' : 'PostgreSQL'
  const what = `database: ${kind}, ${Math.ceil((size?.bytes ?? 0) / 1024 ** 2)} MB`
  if (found === known) return good(`${what}, schema ${found}`)
  if (found < known) return good(`${what}, schema ${found}; the next start brings it to ${known}`)
  return wrong(
    `${what}, schema ${found} of a newer Mayday; this one knows ${known}`,
    'start that version, or restore a backup from before the upgrade into an empty database',
  )
}

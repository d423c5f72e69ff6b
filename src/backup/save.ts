// Backs up everything that is stored and every waiting job, as of one moment.
import type { Database } from '../database/database.ts'
import { schemaVersions } from '../database/database.ts'
import { hasQueue, PENDING_JOBS } from '../queue/pending.ts'
import { type BackupWriter, type Counts, writeBackup } from './file.ts'
import { tablesOf } from './tables.ts'

/** The table of a backup that holds the queue's jobs. */
export const JOBS = 'jobs'
/** What is in memory at a time, in characters, as far as single rows allow. */
const PORTION = 1_000_000

/**
 * Writes the whole state into a new file; a server may be at work meanwhile. Memory does not grow with what is stored.
 * Secrets are not stored, so there are none in it. `version` is the program's, `now` in milliseconds.
 */
export function saveBackup(
  database: Database,
  file: string,
  { version, now }: { version: string; now: number },
): Promise<Counts> {
  return database.inTx(async () => {
    // One snapshot of all tables, whatever is committed meanwhile.
    await database.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    const { found } = await schemaVersions(database)
    const header = {
      mayday: 'backup',
      format: 1,
      version,
      schema: found,
      at: new Date(now).toISOString(),
    } as const
    return writeBackup(file, header, async (writer) => {
      for (const { name, columns } of await tablesOf(database)) {
        const select = `SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM mayday.${name}`
        await copy(database, writer, { table: name, select })
      }
      if (await hasQueue(database)) await copy(database, writer, { table: JOBS, select: PENDING_JOBS })
    })
  })
}

/** Reads through a cursor, in portions by what the rows before were like. */
async function copy(
  database: Database,
  writer: BackupWriter,
  { table, select }: { table: string; select: string },
): Promise<void> {
  await database.query(
    `DECLARE portion NO SCROLL CURSOR FOR SELECT row_to_json(one)::text AS row FROM (${select}) AS one`,
  )
  for (let size = 20; ; ) {
    const rows = await database.query<{ row: string }>(`FETCH ${size} FROM portion`)
    for (const { row } of rows) await writer.write({ table, row })
    if (rows.length < size) break
    const average = rows.reduce((sum, { row }) => sum + row.length, 0) / rows.length
    size = Math.min(2_000, Math.max(1, Math.floor(PORTION / average)))
  }
  await database.query('CLOSE portion')
}

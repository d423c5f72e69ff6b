// A process that brings a database up to the migrations of a directory and says when it begins; for those who kill it.
import { writeSync } from 'node:fs'
import { migrate } from '../../src/database/migrate.ts'
import { openPglite } from '../../src/database/pglite.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { type Database, joinTransactions } from '../../src/database/transactions.ts'
import { SILENT } from '../../src/log.ts'
import type { Place } from '../database/backends.ts'

/** The database of a place as it is, with no migration run. */
export async function openAsItIs({ databaseUrl, dataDir }: Place): Promise<Database> {
  return joinTransactions(
    databaseUrl ? openPostgres({ databaseUrl, log: SILENT }) : await openPglite({ dataDir, log: SILENT }),
  )
}

if (import.meta.main) {
  const { directory, ...place }: Place & { directory: string } = JSON.parse(process.env.PLACE ?? '{}')
  const database = await openAsItIs(place)
  writeSync(1, 'begins\n')
  await migrate(database, new URL(directory))
  await database.close()
}

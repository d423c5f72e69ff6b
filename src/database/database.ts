// Opens the one database, embedded or a server, and brings its schema up to date.
import { migrate } from './migrate.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import { type Database, joinTransactions } from './transactions.ts'

export type { Database } from './transactions.ts'

type Write = (fields: object, message: string) => void
/** The part of a pino logger that is used here. */
export type Log = { info: Write; warn: Write; error: Write }

const MIGRATIONS = new URL('../migrations/', import.meta.url)

/**
 * PostgreSQL where `databaseUrl` is given, else PGlite in `dataDir`. Rejects with a sentence for the operator when the
 * directory is in use, open to others or not durable, and when the database is of a newer version.
 */
export async function openDatabase(options: {
  databaseUrl?: string | undefined
  dataDir: string
  log: Log
}): Promise<Database> {
  const { databaseUrl, dataDir, log } = options
  const backend = databaseUrl ? openPostgres({ databaseUrl, log }) : await openPglite({ dataDir, log })
  const database = joinTransactions(backend)
  try {
    await migrate(database, MIGRATIONS)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

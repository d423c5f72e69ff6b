// Opens the one database, embedded or a server, and brings its schema up to date.
import type { Log } from '../log.ts'
import { DatabaseError } from './errors.ts'
import { currentVersion, migrate, newestMigration } from './migrate.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import { type Database, joinTransactions } from './transactions.ts'

export { DirectoryInUse } from './lock.ts'
export type { Database } from './transactions.ts'

const MIGRATIONS = new URL('../migrations/', import.meta.url)

type Options = { databaseUrl?: string | undefined; dataDir: string; log: Log }

/**
 * PostgreSQL where `databaseUrl` is given, else PGlite in `dataDir`. Rejects with a sentence for the operator when the
 * directory is in use, open to others or not durable, when the server cannot be used, and when the database is of a newer
 * version.
 */
export async function openDatabase(options: Options): Promise<Database> {
  const database = await connectDatabase(options)
  try {
    await migrate(database, MIGRATIONS)
  } catch (error) {
    await database.close()
    throw options.databaseUrl && error instanceof DatabaseError ? unusable(error) : error
  }
  return database
}

const unusable = ({ message }: DatabaseError): Error =>
  new Error(
    `DATABASE_URL: expected a PostgreSQL that answers and lets Mayday make its tables, found: ${message}`,
  )

/** Opens the database without migrating its schema. Rejects as `openDatabase` does. */
export async function connectDatabase({ databaseUrl, dataDir, log }: Options): Promise<Database> {
  const backend = databaseUrl ? openPostgres({ databaseUrl, log }) : await openPglite({ dataDir, log })
  return joinTransactions(backend)
}

/** Recreates the schema at a version, empty. `null` migrates the present schema to the newest version. */
export async function migrateTo(database: Database, version: number | null): Promise<void> {
  if (version !== null) await database.query('DROP SCHEMA IF EXISTS mayday CASCADE')
  await migrate(database, MIGRATIONS, version ?? undefined)
}

/** The schema's version that the database has (0: none yet), and the one that this program knows. */
export async function schemaVersions(database: Database): Promise<{ found: number; known: number }> {
  return { found: await currentVersion(database), known: newestMigration(MIGRATIONS) }
}

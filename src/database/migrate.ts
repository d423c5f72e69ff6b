// Brings the schema `mayday` up to this program's version, one transaction per migration.
import { readdirSync, readFileSync } from 'node:fs'
import type { Database } from './transactions.ts'

type Migration = { version: number; name: string; sql: string }

/** An arbitrary number: processes that start together take turns on this advisory lock. */
const LOCK = 7_236_411

const BOOTSTRAP = `
  CREATE SCHEMA IF NOT EXISTS mayday;
  CREATE TABLE IF NOT EXISTS mayday.migrations (
    version int PRIMARY KEY,
    name text NOT NULL,
    applied_at timestamptz NOT NULL
  );`

/**
 * Runs what is missing of the files `NNN-name.sql` in `directory`, up to version `last`. Rejects with a sentence for the
 * operator when the database is of a newer version than the files.
 */
export async function migrate(
  database: Database,
  directory: URL,
  last = Number.POSITIVE_INFINITY,
): Promise<void> {
  const newest = newestMigration(directory)
  await locked(database, async () => {
    await database.query(BOOTSTRAP)
    const version = await currentVersion(database)
    if (version > newest) throw new Error(tooNew(version, newest))
  })
  const wanted = readMigrations(directory).filter(({ version }) => version <= last)
  for (const migration of wanted) await locked(database, () => apply(database, migration))
}

export const newestMigration = (directory: URL): number => readMigrations(directory).at(-1)?.version ?? 0

async function apply(database: Database, migration: Migration): Promise<void> {
  if ((await currentVersion(database)) >= migration.version) return
  await database.query(migration.sql)
  await database.query('INSERT INTO mayday.migrations (version, name, applied_at) VALUES ($1, $2, $3)', [
    migration.version,
    migration.name,
    new Date(),
  ])
}

function locked(database: Database, fn: () => Promise<void>): Promise<void> {
  return database.inTx(async () => {
    await database.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await fn()
  })
}

/** 0 where nothing was ever migrated. */
export async function currentVersion(database: Database): Promise<number> {
  const [schema] = await database.query<{ there: boolean }>(
    `SELECT to_regclass('mayday.migrations') IS NOT NULL AS there`,
  )
  if (!schema?.there) return 0
  const rows = await database.query<{ version: number | null }>(
    'SELECT max(version) AS version FROM mayday.migrations',
  )
  return rows[0]?.version ?? 0
}

function readMigrations(directory: URL): Migration[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => ({
      version: Number.parseInt(file, 10),
      name: file,
      sql: readFileSync(new URL(file, directory), 'utf8'),
    }))
    .sort((left, right) => left.version - right.version)
}

function tooNew(found: number, known: number): string {
  return (
    `The database is of a newer Mayday (schema ${found}; this program knows ${known}). ` +
    'Start that newer version, or restore the backup from before the upgrade.'
  )
}

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
 * Runs what is missing of the files `NNN-name.sql` in `directory`. Rejects with a sentence for the operator when the
 * database is of a newer version than the files.
 */
export async function migrate(database: Database, directory: URL): Promise<void> {
  const migrations = readMigrations(directory)
  const newest = migrations.at(-1)?.version ?? 0
  await locked(database, async () => {
    await database.query(BOOTSTRAP)
    const version = await currentVersion(database)
    if (version > newest) throw new Error(tooNew(version, newest))
  })
  for (const migration of migrations) await locked(database, () => apply(database, migration))
}

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

async function currentVersion(database: Database): Promise<number> {
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

// Restores a backup into an empty database, all of it or nothing.
import { setTimeout as delay } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import { type Database, migrateTo, schemaVersions } from '../database/database.ts'
import type { Log } from '../log.ts'
import { startBoss } from '../queue/boss.ts'
import { hasQueue, PENDING_JOBS, type PendingJob, sendAgain } from '../queue/pending.ts'
import { type Backup, BadBackup, type Counts, rowsOf, tooNew } from './file.ts'
import { JOBS } from './save.ts'
import { contentOf, type Table, tablesOf } from './tables.ts'

/** One statement's rows: no more than so many, and of so many characters. */
const MOST_ROWS = 500
const MOST_CHARACTERS = 1_000_000

/**
 * Fills the database from a backup that was inspected: its schema is made as it was, filled, and brought up to date in one
 * transaction.
 * @throws BadBackup, in words for the operator, where file or database do not allow it.
 */
export async function loadBackup(
  database: Database,
  { file, header, counts }: Backup,
  log: Log,
): Promise<void> {
  const { known } = await schemaVersions(database)
  if (header.schema > known)
    throw new BadBackup(tooNew(file, header, `schema ${header.schema}; this program knows ${known}`))
  await assertNobodyElse(database)
  await assertEmpty(database)
  // Makes the queue's tables, in transactions of its own.
  const boss = await startBoss(database, log)
  try {
    await database.inTx(async () => {
      await assertEmpty(database)
      await migrateTo(database, header.schema)
      await fillTables(database, boss, file)
      await assertWhole(database, counts)
      await migrateTo(database, null)
    })
  } finally {
    await boss.stop({ close: false, graceful: false })
  }
}

/** PostgreSQL shows a process that has just stopped for a moment longer. */
const GONE_WITHIN_MS = 2_000

/** A server that is at work on the same PostgreSQL would begin with half of it; the embedded one has a lock. */
async function assertNobodyElse(database: Database): Promise<void> {
  if (database.kind === 'pglite') return
  const until = performance.now() + GONE_WITHIN_MS
  while ((await otherConnections(database)) > 0) {
    if (performance.now() > until)
      throw new BadBackup('Mayday is at work on this database. Stop every process of it, then restore.')
    await delay(50)
  }
}

/** How many connections of Mayday there are but this one. */
async function otherConnections(database: Database): Promise<number> {
  const [row] = await database.query<{ others: number }>(
    `SELECT count(*) AS others FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'mayday' AND pid <> pg_backend_pid()`,
  )
  return row?.others ?? 0
}

async function assertEmpty(database: Database): Promise<void> {
  const content = await contentOf(database)
  if (await hasQueue(database)) {
    const jobs = await database.query(PENDING_JOBS)
    if (jobs.length > 0) content[JOBS] = jobs.length
  }
  const found = Object.entries(content).map(([table, count]) => `${count} in ${table}`)
  if (found.length === 0) return
  throw new BadBackup(
    `The database is not empty (${found.join(', ')}), and nothing is ever restored over what is there. Name a new one: ` +
      `${database.kind === 'pglite' ? 'move the folder `pglite` out of DATA_DIR, or set another DATA_DIR' : 'create a database and put it into DATABASE_URL'}.`,
  )
}

async function fillTables(database: Database, boss: PgBoss, file: string): Promise<void> {
  const tables = await tablesOf(database)
  let portion: { table: string; rows: string[]; characters: number } | undefined
  const flush = async (): Promise<void> => {
    if (!portion) return
    const { table, rows } = portion
    if (table === JOBS)
      await sendAgain(
        boss,
        rows.map((row): PendingJob => JSON.parse(row)),
      )
    else await insertRows(database, tables, { table, rows })
    portion = undefined
  }
  for await (const { table, row } of rowsOf(file)) {
    const isFull = portion && (portion.rows.length >= MOST_ROWS || portion.characters >= MOST_CHARACTERS)
    if (portion && (portion.table !== table || isFull)) await flush()
    portion ??= { table, rows: [], characters: 0 }
    portion.rows.push(row)
    portion.characters += row.length
  }
  await flush()
  for (const { name, identity } of tables)
    for (const column of identity) await continueSequence(database, name, column)
}

async function insertRows(
  database: Database,
  tables: readonly Table[],
  { table, rows }: { table: string; rows: readonly string[] },
): Promise<void> {
  const known = tables.find(({ name }) => name === table)
  if (!known) throw new BadBackup(`The backup holds a table that this Mayday does not know: ${table}.`)
  const columns = known.columns.map((name) => `"${name}"`)
  await database.query(
    `INSERT INTO mayday.${table} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE
     SELECT ${columns.map((name) => `one.${name}`).join(', ')}
     FROM unnest($1::text[]) AS line (row), json_populate_record(null::mayday.${table}, line.row::json) AS one`,
    [rows],
  )
}

/** Continues the numbering after the restored rows. */
async function continueSequence(database: Database, table: string, column: string): Promise<void> {
  await database.query(
    `SELECT setval(pg_get_serial_sequence('mayday.${table}', '${column}'), coalesce(max(${column}), 0) + 1, false)
     FROM mayday.${table}`,
  )
}

async function assertWhole(database: Database, counts: Counts): Promise<void> {
  const content = await contentOf(database)
  for (const [table, count] of Object.entries(content))
    if (counts[table] !== count)
      throw new Error(`${count} rows came to stand in ${table} instead of ${counts[table] ?? 0}`)
}

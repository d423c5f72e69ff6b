// P46: An upgrade carries every row along, may be killed at any moment, and an older Mayday refuses a newer database.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { fold } from '../../src/incident/fold/fold.ts'
import { createStore } from '../../src/store/store.ts'
import { onPgliteAtLeast, type Place } from '../database/backends.ts'
import { seeded } from '../sandbox/random.ts'
import { openAsItIs } from './migrating.ts'
import { seeds, sized } from './size.ts'

const SRC = new URL('../../src/', import.meta.url)
const FIXTURE = readFileSync(new URL('../fixtures/schema-2.sql', import.meta.url), 'utf8')

/** Runs SQL as no Mayday ever has: without its migrations. */
async function onBare(place: Place, dump: string): Promise<void> {
  const sql = `DROP SCHEMA IF EXISTS mayday CASCADE; ${dump}`
  if (place.databaseUrl) {
    const client = new pg.Client({ connectionString: place.databaseUrl })
    await client.connect()
    await client.query(sql)
    return client.end()
  }
  const pglite = await PGlite.create(join(place.dataDir, 'pglite'))
  await pglite.exec(sql)
  await pglite.close()
}

/** Everything that a migration can make, by name: the order of columns is no difference. */
async function schemaOf(database: Database): Promise<string[]> {
  const rows = await database.query<{ line: string }>(`
    SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema = 'mayday'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'mayday'
    UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'mayday'::regnamespace AND contype <> 'n'
    ORDER BY 1`)
  return rows.map(({ line }) => line)
}

const contents = (database: Database, table: string) =>
  database.query(`SELECT * FROM mayday.${table} ORDER BY 1, 2`)

let fresh: string[] = []
onPgliteAtLeast('a new database', (open) => {
  test('has a schema to compare with', async () => {
    const database = await open()
    fresh = await schemaOf(database)
    expect(fresh.length).toBeGreaterThan(50)
    await database.close()
  })
})

onPgliteAtLeast('what schema 2 left behind', (open, place) => {
  let database: Database
  beforeAll(async () => {
    await onBare(place, FIXTURE)
    database = await open()
  })

  test('is carried on, row by row', async () => {
    const rows = async (table: string) => (await contents(database, table)).length
    const tables = [
      'deliveries',
      'incidents',
      'installations',
      'items',
      'refs',
      'repositories',
      'syncs',
      'told',
    ]
    const counts = await Promise.all(tables.map(async (table) => [table, await rows(table)]))
    expect(Object.fromEntries(counts)).toEqual({
      deliveries: 2,
      incidents: 1,
      installations: 1,
      items: 1,
      refs: 19,
      repositories: 1,
      syncs: 5,
      told: 1,
    })
  })

  test('is an incident that can be read and goes on', async () => {
    const store = createStore(database)
    const target = await store.incidents.at(1009, 1)
    const events = await store.events.of(target?.incident ?? 0)
    expect(fold(events)).toMatchObject({
      status: 'resolved',
      severity: 'P0',
      lead: 'bo',
    })
    expect(await store.items.owedBy(target?.installation ?? 0, 'cy')).toMatchObject([
      { number: 3, incidentId: 'INC-1', text: 'Alarm on document count', due: '2026-01-20' },
    ])
    const later = events.slice(-1).map((event) => ({ ...event, key: 'after the upgrade' }))
    await store.events.append(target?.incident ?? 0, later, Date.now())
    expect((await store.events.of(target?.incident ?? 0)).at(-1)?.key).toBe('after the upgrade')
  })

  test('has the schema of a new database from then on: what was released once never changes', async () => {
    expect(await schemaOf(database)).toEqual(fresh)
  })

  test('is refused by an older Mayday once a newer one has migrated it, in one line', async () => {
    await database.query(`INSERT INTO mayday.migrations VALUES (999, '999-future.sql', '2027-01-01')`)
    await database.close()
    await expect(open()).rejects.toThrow(
      /^The database is of a newer Mayday \(schema 999; this program knows \d+\)[^\n]*$/,
    )
    const again = await openAsItIs(place)
    expect((await contents(again, 'migrations')).at(-1)).toMatchObject({ version: 999 })
    await again.close()
  })
})

/** Enough of them, each with enough to do, that a kill falls into the middle. */
const MIGRATIONS = 30
const ROWS = 300

/** Ours, and after them those of a longer future: each fills a table, and changes what the one before it wrote. */
function manyMigrations(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mayday-migrations-'))
  cpSync(new URL('migrations', SRC), directory, { recursive: true })
  for (let version = 101; version <= 100 + MIGRATIONS; version += 1) {
    const before = version > 101 ? `UPDATE mayday.made_${version - 1} SET carried = true;` : ''
    writeFileSync(
      join(directory, `${version}-made.sql`),
      `CREATE TABLE mayday.made_${version} (id int PRIMARY KEY, carried boolean);
       INSERT INTO mayday.made_${version} SELECT i FROM generate_series(1, ${ROWS}) i; ${before}`,
    )
  }
  return directory
}

/** Whether each migration is there as a whole or not at all, and how many of those that take long are. */
async function wholeMigrations(place: Place): Promise<number> {
  const database = await openAsItIs(place)
  try {
    const [{ begun } = { begun: false }] = await database.query<{ begun: boolean }>(
      `SELECT to_regclass('mayday.migrations') IS NOT NULL AS begun`,
    )
    if (!begun) return 0
    const known = await database.query<{ version: number }>(
      'SELECT version FROM mayday.migrations WHERE version > 100 ORDER BY 1',
    )
    const tables = await database.query<{ version: number }>(
      `SELECT substring(tablename FROM 6)::int AS version FROM pg_tables WHERE tablename LIKE 'made_%' ORDER BY 1`,
    )
    expect(tables).toEqual(known)
    for (const [index, { version }] of known.entries()) {
      const carried = index < known.length - 1 ? ROWS : 0
      const count = 'SELECT count(*)::int AS rows, count(carried)::int AS carried'
      expect(await database.query(`${count} FROM mayday.made_${version}`)).toEqual([{ rows: ROWS, carried }])
    }
    return known.length
  } finally {
    await database.close()
  }
}

function startMigrating(at: Place & { directory: string }) {
  const child = spawn(process.execPath, [new URL('./migrating.ts', import.meta.url).pathname], {
    env: { ...process.env, PLACE: JSON.stringify(at) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(() => child.exitCode)
  const begun = Promise.race([once(child.stdout, 'data'), ended])
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return { begun, ended, kill }
}

onPgliteAtLeast('kill -9 while it migrates', (_open, place) => {
  const directory = manyMigrations()
  const migrating = { ...place, directory: `${pathToFileURL(directory)}/` }
  afterAll(() => rmSync(directory, { recursive: true }))

  test.each(seeds({ suite: [3], soak: 1 }))(
    'leaves each migration done or not begun, and the next start goes on (seed %i)',
    async (seed) => {
      const random = seeded(seed)
      for (let kill = 0; kill < sized({ suite: 1, soak: 10 }); kill += 1) {
        const before = await openAsItIs(place)
        await before.query('DROP SCHEMA IF EXISTS mayday CASCADE')
        await before.close()
        const child = startMigrating(migrating)
        await child.begun
        await pause(random() * 150)
        await child.kill()
        const done = await wholeMigrations(place)
        const again = startMigrating(migrating)
        expect(await again.ended).toBe(0)
        expect(done).toBeLessThanOrEqual(MIGRATIONS)
        expect(await wholeMigrations(place)).toBe(MIGRATIONS)
      }
    },
    sized({ suite: 60_000, soak: 600_000 }),
  )

  test('nor is one done that could not be noted as done', async () => {
    writeFileSync(
      join(directory, '900-unnoted.sql'),
      'CREATE TABLE mayday.unnoted (); ALTER TABLE mayday.migrations ADD CHECK (version < 900);',
    )
    const database = await openAsItIs(place)
    await expect(migrate(database, new URL(migrating.directory))).rejects.toThrow('violates check constraint')
    const [found] = await database.query(`SELECT to_regclass('mayday.unnoted') AS it`)
    expect(found).toEqual({ it: null })
    await database.close()
  })
})

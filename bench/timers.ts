// What the clocks of open incidents cost: a minute in which nothing is due, ten timers or a thousand, beside ever more
// incidents that only wait.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPolicy } from '../src/config/policy.ts'
import { type Database, openDatabase } from '../src/database/database.ts'
import { createGitHub } from '../src/github/client/client.ts'
import { SILENT } from '../src/log.ts'
import { startQueue } from '../src/queue/queue.ts'
import { receive } from '../src/receive/receive.ts'
import type { Shell } from '../src/shell/shell.ts'
import { queueDue } from '../src/shell/timers.ts'
import { createStore } from '../src/store/store.ts'
import { loadTemplates } from '../src/templates/templates.ts'
import type { Theme } from './report.ts'

const SIZES = [1_000, 10_000, 100_000]
const DUE = [0, 10, 1_000]
/** The timers are looked at twice a second. */
const LOOKS = 120
const MINUTE_MS = 60_000
const INSTALLATION = 1
const REPOSITORY = 2

/** Rows are written by SQL. Nothing is sent: the comments that come of it stay in the queue. */
export async function* measureTimers(): AsyncGenerator<Theme> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mayday-bench-'))
  const database = await openDatabase({ dataDir, log: SILENT })
  const queue = await startQueue({ database, log: SILENT })
  try {
    const shell = shellOf(database, queue)
    await database.query(PLACE, [INSTALLATION, REPOSITORY, JSON.stringify(SETTINGS), new Date(shell.now())])
    for (const due of DUE) {
      // Per number of open incidents, so that the last line can set the largest beside the smallest.
      const took: number[] = []
      for (const size of SIZES) {
        await fill(shell, size)
        took.push(await minute(shell, due))
      }
      yield {
        title: `A minute in which ${due} incidents have something due`,
        figures: [
          ...SIZES.map((size, index) => ({
            name: `${size.toLocaleString('en')} open incidents`,
            value: took[index] ?? Number.NaN,
            unit: 'ms',
          })),
          {
            name: 'a hundred times as many cost',
            value: (took.at(-1) ?? Number.NaN) / (took[0] ?? 1),
            unit: '×',
            bar: { atMost: 3 },
          },
        ],
      }
    }
  } finally {
    await queue.stop({ timeoutMs: 0 })
    await database.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function shellOf(database: Database, queue: Shell['queue']): Shell {
  const store = createStore(database)
  const github = createGitHub({
    appId: 1,
    privateKey: key(),
    baseUrl: 'http://localhost:9',
    userAgent: 'bench',
    takeToken: async () => ({ ok: false, afterSeconds: 60 }),
    log: SILENT,
    now: () => Date.now(),
  })
  const templates = loadTemplates(new URL('../templates/', import.meta.url).pathname)
  return { database, store, queue, github, templates, log: SILENT, now: () => Date.now() }
}

const key = (): string => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Every incident was declared a moment ago and wakes in an hour. */
async function fill({ database, now }: Shell, size: number): Promise<void> {
  await database.query(
    'TRUNCATE mayday.incidents, mayday.events, mayday.items, mayday.inbox, mayday.inbox_lines, mayday.syncs CASCADE',
  )
  await database.query(INCIDENTS, [
    INSTALLATION,
    REPOSITORY,
    size,
    new Date(now()),
    new Date(now() + 60 * MINUTE_MS),
  ])
  await database.query(FACTS, [new Date(now()), now()])
  // What the database owes for so many rows at once is not the work of a timer.
  for (const table of ['incidents', 'events']) await database.query(`VACUUM (ANALYZE) mayday.${table}`)
  await database.query('CHECKPOINT')
}

/** The work of a minute: every look, and the wake-ups of what is due, in milliseconds. */
async function minute(shell: Shell, due: number): Promise<number> {
  await shell.database.query(OVERDUE, [due, new Date(shell.now() - MINUTE_MS)])
  const ids = await shell.database.query<{ id: string }>(
    'SELECT id FROM mayday.incidents ORDER BY id LIMIT $1',
    [due],
  )
  const began = performance.now()
  for (let look = 0; look < LOOKS; look += 1) await queueDue(shell)
  for (const { id } of ids) await receive(shell, { id, key: id, data: { wake: Number(id) }, attempt: 1 })
  const took = performance.now() - began
  const [row] = await shell.database.query<{ fired: number }>(FIRED)
  if (row?.fired !== due) throw new Error(`${row?.fired} of ${due} incidents woke`)
  return took
}

const SETTINGS = { good: defaultPolicy, source: null, problems: [] }
const PLACE = `
  WITH place AS (
    INSERT INTO mayday.installations (id, account, account_type, permissions, created_at)
    VALUES ($1, 'acme', 'Organization', '{}', $4)
  )
  INSERT INTO mayday.repositories (id, installation_id, owner, name, private, default_branch, settings, settings_at)
  VALUES ($2, $1, 'acme', 'web', true, 'main', $3::jsonb, $4)`
const INCIDENTS = `
  INSERT INTO mayday.incidents (installation_id, repository_id, number, snapshot, live, wake_at, created_at)
  SELECT $1, $2, n, '{}', true, $5, $4 FROM generate_series(1, $3::int) AS n`
const FACTS = `
  INSERT INTO mayday.events (incident_id, key, at, body, recorded_at)
  SELECT id, 'declared', $1, jsonb_build_object('kind', 'declared', 'key', 'declared', 'id', 'INC-' || number,
    'title', 'Search is slow', 'severity', 'P1', 'at', $2::float8, 'rank', 1, 'origin', 0, 'index', 0, 'by', 'ada'), $1
  FROM mayday.incidents`
/** The first so many were declared a quarter of an hour earlier, and nobody has looked since. */
const OVERDUE = `
  WITH due AS (
    UPDATE mayday.incidents SET wake_at = $2 WHERE id IN (SELECT id FROM mayday.incidents ORDER BY id LIMIT $1)
    RETURNING id
  )
  UPDATE mayday.events SET body = jsonb_set(body, '{at}', to_jsonb((body ->> 'at')::float8 - 1200000))
  WHERE incident_id IN (SELECT id FROM due)`
const FIRED = `SELECT count(DISTINCT incident_id)::int AS fired FROM mayday.events WHERE body ->> 'kind' = 'timer-fired'`

// Does for the embedded database what a PostgreSQL server does by itself: checkpoints and vacuums it, and tests its fsync.
import { setTimeout as delay } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import type { Log } from '../log.ts'
import type { DurableFS } from './durable-fs.ts'
import { redact } from './errors.ts'
import type { Run } from './transactions.ts'

/** A burst writes 20 MB of log in a second. */
const LOOK_EVERY_MS = 1_000
const CHECKPOINT_BYTES = 64 * 1024 * 1024
const CHECKPOINT_EVERY_MS = 5 * 60_000
const BETWEEN_MS = 20
const TEST_COMMITS = 10

/** Rejects unless each of ten commits reached the disk through `fs`. */
export async function assertDurable(pglite: PGlite, fs: DurableFS): Promise<void> {
  const before = fs.syncs
  for (let commit = 0; commit < TEST_COMMITS; commit += 1) {
    await pglite.query(`SELECT pg_logical_emit_message(true, 'mayday', 'fsync')`)
  }
  if (fs.syncs - before < TEST_COMMITS) {
    throw new Error(
      'The embedded database does not write through to the disk (fsync self-test failed): a power cut would lose ' +
        'incidents. Reinstall with the lock file (npm ci), or set DATABASE_URL to a PostgreSQL.',
    )
  }
}

/** Checkpoints every 64 MB of log or five minutes of writing, and vacuums what has died since. */
export function keepSmall(direct: Run, log: Log, rest = () => delay(BETWEEN_MS)): { stop(): Promise<void> } {
  // Each statement blocks the database for a part of a second, so waiting statements run between two of them.
  const run: Run = async (text, values) => {
    await rest()
    return direct(text, values)
  }
  let current = Promise.resolve()
  let last = { position: '0/0', at: 0 }
  const look = async () => {
    const written = await writtenSince(run, last.position)
    const due = written.bytes >= CHECKPOINT_BYTES || performance.now() - last.at >= CHECKPOINT_EVERY_MS
    if (written.bytes === 0 || !due) return
    // In this order: what a vacuum marks costs a whole page of log each, unless the page was written since the last checkpoint.
    await vacuum(run)
    await run('CHECKPOINT')
    last = { position: (await writtenSince(run, '0/0')).position, at: performance.now() }
  }
  const timer = setInterval(() => {
    current = current.then(look).catch((error: unknown) => {
      log.error({ err: redact(error) }, 'the embedded database could not be tidied up')
    })
  }, LOOK_EVERY_MS)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
      return current
    },
  }
}

async function writtenSince(run: Run, position: string): Promise<{ position: string; bytes: number }> {
  const { rows } = await run(
    `SELECT pg_current_wal_insert_lsn()::text AS position,
            pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1::pg_lsn)::float8 AS bytes`,
    [position],
  )
  return rows[0] as { position: string; bytes: number }
}

/** Vacuums the tables of ours and of pg-boss with many dead or new rows, each in a statement of its own. */
export async function vacuum(run: Run): Promise<void> {
  await run('SELECT pg_stat_force_next_flush()')
  const { rows } = await run(
    `SELECT format('%I.%I', schemaname, relname) AS name, n_mod_since_analyze > 200 + n_live_tup / 10 AS changed
     FROM pg_stat_user_tables WHERE schemaname IN ('mayday', 'pgboss')
       AND (n_dead_tup > 200 + n_live_tup / 20 OR n_ins_since_vacuum > 1000) ORDER BY n_dead_tup DESC`,
  )
  for (const { name, changed } of rows as { name: string; changed: boolean }[])
    await run(`VACUUM ${changed ? '(ANALYZE)' : ''} ${name}`)
}

// What a PostgreSQL server does for itself and the embedded one does not: checkpoints, vacuum, and a proof of fsync.
import type { PGlite } from '@electric-sql/pglite'
import type { Log } from './database.ts'
import type { DurableFS } from './durable-fs.ts'
import { redact } from './errors.ts'
import type { Run } from './transactions.ts'

const LOOK_EVERY_MS = 30_000
const CHECKPOINT_BYTES = 64 * 1024 * 1024
const CHECKPOINT_EVERY_MS = 5 * 60_000
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
export function keepSmall(run: Run, log: Log): { stop(): Promise<void> } {
  let current = Promise.resolve()
  let last = { position: '0/0', at: 0 }
  const look = async () => {
    const written = await writtenSince(run, last.position)
    const due = written.bytes >= CHECKPOINT_BYTES || performance.now() - last.at >= CHECKPOINT_EVERY_MS
    if (written.bytes === 0 || !due) return
    await run('CHECKPOINT')
    await vacuum(run)
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

/** Vacuums the tables of ours and of pg-boss with many dead rows, each in a statement of its own. */
export async function vacuum(run: Run): Promise<void> {
  await run('SELECT pg_stat_force_next_flush()')
  const { rows } = await run(
    `SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables
     WHERE schemaname IN ('mayday', 'pgboss') AND n_dead_tup > 200 ORDER BY n_dead_tup DESC`,
  )
  for (const { name } of rows as { name: string }[]) await run(`VACUUM (ANALYZE) ${name}`)
}

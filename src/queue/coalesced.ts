// Coalesces the jobs that keep one thing in step: however often it is wanted, one job per key waits or runs.
import type { Database } from '../database/database.ts'

/** At most one run each three seconds per key. */
export const REST_MS = 3_000

type Row = { wanted: number; done: number; ran_at: Date | null }

/** `startAfter` tells when a new job has to be sent; undefined: one is there, and it will do. */
export type Wish = { send: false } | { send: true; afterSeconds: number }

// The rule that all of this keeps: `wanted` is above `done` as long as, and only as long as, there is a job for the
// key. Every change of the one commits with the change of the other.

/** `restMs`: from the beginning of one run to the next. */
type Pace = { now: number; restMs: number }

/** Notes a wish, in the current transaction. */
export async function want(
  database: Database,
  { key, group }: { key: string; group?: string },
  pace: Pace,
): Promise<Wish> {
  const [row] = await database.query<Row>(
    `INSERT INTO mayday.syncs AS s (key, wanted, done, job_group) VALUES ($1, 1, 0, $2)
     ON CONFLICT (key) DO UPDATE SET wanted = s.wanted + 1, job_group = excluded.job_group
     RETURNING wanted, done, ran_at`,
    [key, group ?? null],
  )
  if (!row || row.wanted - row.done > 1) return { send: false }
  return { send: true, afterSeconds: rest(row.ran_at, pace) }
}

/** Begins a run: resolves to the wish up to which it is right, as it reads the world after this. */
export async function begin(database: Database, key: string, now: number): Promise<number> {
  const [row] = await database.query<Row>(
    'UPDATE mayday.syncs SET ran_at = $2 WHERE key = $1 RETURNING wanted, done, ran_at',
    [key, new Date(now)],
  )
  return row?.wanted ?? 0
}

/** Ends a run in the current transaction, and says whether another one is wanted. */
export async function end(database: Database, key: string, options: { wish: number } & Pace): Promise<Wish> {
  const [row] = await database.query<Row>(
    'UPDATE mayday.syncs SET done = $2 WHERE key = $1 RETURNING wanted, done, ran_at',
    [key, options.wish],
  )
  if (!row || row.wanted === row.done) return { send: false }
  return { send: true, afterSeconds: rest(row.ran_at, options) }
}

// A clock that was moved must not make anyone wait longer than the rest itself.
function rest(ranAt: Date | null, { now, restMs }: Pace): number {
  if (!ranAt) return 0
  const sinceRun = now - ranAt.getTime()
  return (sinceRun < 0 ? restMs : Math.max(0, restMs - sinceRun)) / 1000
}

// Coalesces jobs that bring one thing up to date: however many requests come, at most one job per key waits or runs.
import type { Database } from '../database/database.ts'

/** Milliseconds from the start of one run to the start of the next, per key. */
export const REST_MS = 3_000

// The invariant: `wanted` is greater than `done` exactly while a job for the key exists. Both change in one transaction.
type SyncRow = { wanted: number; done: number; ran_at: Date | null }

/** Whether a job has to be sent, and after how long. `send: false`: a job exists that serves this request. */
export type Request = { send: false } | { send: true; afterSeconds: number }

type Throttle = { now: number; restMs: number }

/** Records a request in the current transaction. */
export async function request(
  database: Database,
  { key, group }: { key: string; group?: string },
  throttle: Throttle,
): Promise<Request> {
  const [row] = await database.query<SyncRow>(
    `INSERT INTO mayday.syncs AS s (key, wanted, done, job_group) VALUES ($1, 1, 0, $2)
     ON CONFLICT (key) DO UPDATE SET wanted = s.wanted + 1, job_group = excluded.job_group
     RETURNING wanted, done, ran_at`,
    [key, group ?? null],
  )
  if (!row || row.wanted - row.done > 1) return { send: false }
  return { send: true, afterSeconds: secondsToRest(row.ran_at, throttle) }
}

/** Starts a run. Resolves to the number of requests that it serves if it reads everything after this. */
export async function startRun(database: Database, key: string, now: number): Promise<number> {
  const [row] = await database.query<SyncRow>(
    'UPDATE mayday.syncs SET ran_at = $2 WHERE key = $1 RETURNING wanted, done, ran_at',
    [key, new Date(now)],
  )
  return row?.wanted ?? 0
}

/** Finishes a run in the current transaction. `served` is what `startRun` resolved to. */
export async function finishRun(
  database: Database,
  key: string,
  { served, ...throttle }: { served: number } & Throttle,
): Promise<Request> {
  const [row] = await database.query<SyncRow>(
    'UPDATE mayday.syncs SET done = $2 WHERE key = $1 RETURNING wanted, done, ran_at',
    [key, served],
  )
  if (!row || row.wanted === row.done) return { send: false }
  return { send: true, afterSeconds: secondsToRest(row.ran_at, throttle) }
}

// If the clock was set back, the wait is still no longer than `restMs`.
function secondsToRest(ranAt: Date | null, { now, restMs }: Throttle): number {
  if (!ranAt) return 0
  const sinceRun = now - ranAt.getTime()
  return (sinceRun < 0 ? restMs : Math.max(0, restMs - sinceRun)) / 1000
}

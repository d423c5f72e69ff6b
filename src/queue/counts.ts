// Counts the jobs that wait and run.
import type { Database } from '../database/database.ts'
import { DEAD, INBOX, QUEUES } from './boss.ts'

export type QueueStats = {
  /** Counts above zero; `waiting` includes jobs that are due later. */
  jobs: { queue: string; state: 'waiting' | 'active'; count: number }[]
  /** Age of the oldest entry of the inbox or due job of another queue; 0 if there is none. */
  oldestWaitingSeconds: number
  /** Jobs that were given up in the last month. */
  dead: number
}

type CountRow = { queue: string; active: number; waiting: number; all: number; oldest: number | null }

// Of the inbox only the head of each key is a job.
const COUNT = `
  SELECT name AS queue,
    count(*) AS "all",
    count(*) FILTER (WHERE state = 'active') AS active,
    count(*) FILTER (WHERE state < 'active') AS waiting,
    max(extract(epoch FROM $1::timestamptz - greatest(created_on, start_after)))
      FILTER (WHERE state < 'active')::float8 AS oldest
  FROM pgboss.job WHERE name = ANY($2::text[]) AND (state < 'completed' OR name = '${DEAD}') GROUP BY name
  UNION ALL
  SELECT 'lines', count(*), 0, 0, max(extract(epoch FROM $1::timestamptz - received_at))::float8 FROM mayday.inbox`

/** `now` is in milliseconds since the epoch. */
export async function countJobs(database: Database, now: number): Promise<QueueStats> {
  const rows = await database.query<CountRow>(COUNT, [new Date(now), QUEUES])
  const lines = rows.find(({ queue }) => queue === 'lines')?.all ?? 0
  const jobs = rows.flatMap(({ queue, active, waiting }): QueueStats['jobs'] => [
    { queue, state: 'waiting', count: queue === INBOX ? lines - active : waiting },
    { queue, state: 'active', count: active },
  ])
  return {
    jobs: jobs.filter(({ count }) => count > 0),
    oldestWaitingSeconds: Math.max(0, ...rows.map(({ oldest }) => oldest ?? 0)),
    dead: rows.find(({ queue }) => queue === DEAD)?.all ?? 0,
  }
}

// The jobs that are not done yet, taken out of one queue and put into another.
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { QUEUES } from './boss.ts'
import type { Envelope } from './job.ts'
import { inGroup } from './turn.ts'

/** As little of a job as it takes to send it again; `start_after` as pg-boss's database writes it. */
export type PendingJob = {
  queue: string
  data: Envelope
  priority: number
  start_after: string
  group_id: string | null
}

/** One row per job, in the order in which they were sent. */
export const PENDING_JOBS = `
  SELECT name AS queue, data, priority, start_after, group_id FROM pgboss.job
  WHERE state < 'completed' AND name IN (${QUEUES.map((name) => `'${name}'`).join(', ')}) ORDER BY created_on, id`

/** Whether there is a queue in this database. */
export async function hasQueue(database: Database): Promise<boolean> {
  const [queue] = await database.query<{ there: boolean }>(
    `SELECT to_regclass('pgboss.job') IS NOT NULL AS there`,
  )
  return queue?.there === true
}

/** Sends them again, in the open transaction. Their attempts begin anew: how often each was tried is not taken along. */
export async function sendAgain(boss: PgBoss, jobs: readonly PendingJob[]): Promise<void> {
  for (const [queue, sent] of Map.groupBy(jobs, (job) => job.queue)) {
    if (!QUEUES.includes(queue)) throw new Error(`there is no queue ${queue}`)
    const inserts = sent.map(({ data, priority, start_after, group_id }) => ({
      data: { ...data, waits: 0 },
      priority,
      startAfter: start_after,
      ...inGroup(group_id),
    }))
    await boss.insert(queue, inserts)
  }
}

// Copies the jobs that are not done yet from one database to another.
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { inGroup, QUEUES } from './boss.ts'
import type { StoredJob } from './job.ts'

/** What it takes to send a job again; `start_after` as the database prints it. */
export type PendingJob = {
  queue: string
  data: StoredJob
  priority: number
  start_after: string
  group_id: string | null
}

/** Selects one row per job, in the order in which they were sent. */
export const PENDING_JOBS = `
  SELECT name AS queue, data, priority, start_after, group_id FROM pgboss.job
  WHERE state < 'completed' AND name IN (${QUEUES.map((name) => `'${name}'`).join(', ')}) ORDER BY created_on, id`

/** Whether pg-boss has tables in this database. */
export async function hasQueue(database: Database): Promise<boolean> {
  const [queue] = await database.query<{ there: boolean }>(
    `SELECT to_regclass('pgboss.job') IS NOT NULL AS there`,
  )
  return queue?.there === true
}

/** Sends the jobs again, in the open transaction. Their attempts start from zero. */
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

// Turns a claimed job into the task behind it: the job's own data, a run of coalesced requests, or the head of a key.
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { INBOX, inGroup } from './boss.ts'
import { finishRun, startRun } from './coalesced.ts'
import { head, shift } from './fifo.ts'
import { type Claim, newStoredJob } from './job.ts'

export type Task = {
  data: object
  /** Runs in the transaction that completes the job. */
  onComplete?: () => Promise<void>
}

type TaskContext = { boss: PgBoss; database: Database; queue: string; restMs: number }

/** Reads the task before the job is attempted. */
export async function startTask(context: TaskContext, claim: Claim): Promise<Task> {
  if (claim.data.kind === 'sync') return startSync(context, claim)
  if (claim.data.kind === 'line') return startHead(context, claim)
  return { data: claim.data.data }
}

async function startSync({ boss, database, queue, restMs }: TaskContext, claim: Claim): Promise<Task> {
  const { key, data } = claim.data
  const served = await startRun(database, key, Date.now())
  const onComplete = async () => {
    const next = await finishRun(database, key, { served, now: Date.now(), restMs })
    if (!next.send) return
    const when = { priority: claim.priority, startAfter: next.afterSeconds }
    await boss.send(queue, newStoredJob('sync', key, data), { ...when, ...inGroup(claim.groupId) })
  }
  return { data, onComplete }
}

async function startHead({ boss, database }: TaskContext, claim: Claim): Promise<Task> {
  const { key } = claim.data
  const first = await head(database, key)
  if (!first) throw new Error('a key has a job but no entry')
  const onComplete = async () => {
    const next = await shift(database, key, first.place)
    if (next) await boss.send(INBOX, newStoredJob('line', key, {}), inGroup(next.group))
  }
  return { data: first.body, onComplete }
}

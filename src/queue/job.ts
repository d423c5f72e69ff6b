// A job as pg-boss stores it, and as a handler gets it.
import type { JobWithMetadata } from 'pg-boss'
import { OUTBOX } from './boss.ts'
import { BACKGROUND_PRIORITY, type PauseScope } from './paused-groups.ts'

/** A job as a handler sees it. */
export type Job = {
  id: string
  key: string
  /** An outbox handler may remove what is done: the next attempt gets the rest. */
  data: unknown
  /** Counts from 1. Waiting for GitHub does not count; a run in which the process died does. */
  attempt: number
  /** When the first attempt began, in milliseconds since the epoch; missing during the first attempt. */
  firstTriedAt?: number
  /** Nobody waits for it, so it leaves the group's allowance to the other jobs. */
  background?: true
}

/** A handler's verdict: done; retry without counting an attempt (`pauses` also pauses the job's group); failed; or never
 * retry. */
export type Verdict =
  | 'done'
  | { again: 'waiting'; afterSeconds: number; pauses?: PauseScope }
  | { again: 'failed'; reason: string }
  | { again: 'never'; reason: string }

export type Handlers = {
  inbox(job: Job): Promise<Verdict>
  outbox(job: Job): Promise<Verdict>
  /** Called at least once for each job that was given up, with that job. */
  dead(job: Job & { queue: string }, reason: string): Promise<Verdict>
}

/** What pg-boss stores for a job of ours. */
export type StoredJob = {
  /** `sync`: a run of coalesced requests; `line`: the head of a key in the inbox. */
  kind: 'single' | 'sync' | 'line'
  key: string
  data: object
  /** How many claims did not count as attempts. */
  waits: number
  /** How many claims were settled; in the others the process died. Missing in jobs of older versions. */
  settled?: number
  /** When the first attempt began; null before it. */
  since: number | null
}

/** A dead letter's `data`. */
export type DeadLetter = { queue: string; id: string; attempt: number; data: object; reason: string }

/** A job that this process has claimed. */
export type Claim = JobWithMetadata<StoredJob>

export function newStoredJob(kind: StoredJob['kind'], key: string, data: object): StoredJob {
  return { kind, key, data, waits: 0, settled: 0, since: null }
}

// pg-boss counts when it claims, from the second claim on, so a job that kills its process counts too.
export function attemptOf(claim: Claim): number {
  return claim.retryCount + 1 - claim.data.waits
}

/** Whether the process died during the last claim. */
export function hasDied({ retryCount, data: { settled = retryCount } }: Claim): boolean {
  return settled < retryCount
}

export function toJob(claim: Claim, data: object): Job {
  const { key, since } = claim.data
  const background = claim.name === OUTBOX && claim.priority <= BACKGROUND_PRIORITY
  return {
    ...{ id: claim.id, key, data, attempt: attemptOf(claim) },
    ...(since !== null && { firstTriedAt: since }),
    ...(background && { background }),
  }
}

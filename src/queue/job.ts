// What a job is, on its way through pg-boss and in the hands of a handler.
import type { JobWithMetadata } from 'pg-boss'
import { OUTBOX } from './boss.ts'
import { BACKGROUND_PRIORITY, type Held } from './paused-groups.ts'

/** A job as a handler sees it. */
export type Job = {
  id: string
  key: string
  /** In the outbox a handler may take out of it what is done: the next attempt gets the rest. */
  data: unknown
  /** Counts from 1; waiting for GitHub is no attempt, a process that died at it is one. */
  attempt: number
  /** When the first attempt began, in milliseconds since the epoch; unknown during the first one. */
  firstTriedAt?: number
  /** Nobody waits for it: what its group may do is left to the others first. */
  background?: true
}

/** What a handler says of its job: done, to be asked again without blame (`holds`: so long nothing else of its group is
 * taken either), failed, or beyond all hope, which no further attempt would change. */
export type Outcome =
  | 'done'
  | { again: 'waiting'; afterSeconds: number; holds?: Held }
  | { again: 'failed'; reason: string }
  | { again: 'never'; reason: string }

export type Handlers = {
  inbox(job: Job): Promise<Outcome>
  outbox(job: Job): Promise<Outcome>
  /** Called at least once for each job that was given up; `job` is the one that died, the log has it. */
  dead(job: Job & { queue: string }, reason: string): Promise<Outcome>
}

/** What pg-boss stores for a job of ours. */
export type Envelope = {
  /** `sync`: one run of what is coalesced; `line`: whoever is first in the key's line. */
  kind: 'single' | 'sync' | 'line'
  key: string
  data: object
  /** How many of the claims were no attempts. */
  waits: number
  /** How many of the claims came to an end: a process died at the others. Missing in jobs of older versions. */
  settled?: number
  /** When the first attempt began, once there was one. */
  since: number | null
}

/** A dead letter's `data`. */
export type DeadLetter = { queue: string; id: string; attempt: number; data: object; reason: string }

/** A job that this process has claimed. */
export type Claim = JobWithMetadata<Envelope>

export function newEnvelope(kind: Envelope['kind'], key: string, data: object): Envelope {
  return { kind, key, data, waits: 0, settled: 0, since: null }
}

// pg-boss counts the claims after the first one, and counts them when it claims: a job that kills its process is
// counted all the same.
export function attemptOf(claim: Claim): number {
  return claim.retryCount + 1 - claim.data.waits
}

/** Whether a process died at it the last time. */
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

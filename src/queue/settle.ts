// Runs one claimed job and settles it by the handler's verdict: complete, retry or move to the dead letters.
import type { CommandResponse, PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { isOutage } from '../database/errors.ts'
import type { Log } from '../log.ts'
import { inGroup } from './boss.ts'
import { attemptOf, type Claim, type DeadLetter, newStoredJob, type StoredJob, type Verdict } from './job.ts'
import { startTask, type Task } from './task.ts'

const TIMEOUT_MS = 120_000
const REASON_LENGTH = 300
/** The wait after the database was away, which is no fault of the job. */
const OUTAGE_SECONDS = 2

/** How often the jobs of a queue are attempted. */
export type RetryPolicy = {
  attempts: number
  /** Seconds to wait after the given failed attempt (from 1). */
  delaySeconds(attempt: number): number
  /** The queue of the dead letters; undefined: they are dropped. */
  deadLetters: string | undefined
}

/** What settling a job needs of its queue. */
export type SettleContext = {
  boss: PgBoss
  database: Database
  log: Log
  queue: string
  policy: RetryPolicy
  restMs: number
}

type Handle = (data: object) => Promise<Verdict>

export type Settler = {
  /** Runs `handle` on the job and settles it by the verdict. Rejects only if the database does. */
  attempt(claim: Claim, handle: Handle): Promise<void>
  /** Returns an unfinished job to the queue; `counted`: as an attempt. */
  handBack(claim: Claim, options: { afterSeconds: number; counted: boolean }): Promise<void>
}

/** Every change is fenced by the claim: a job that another process has taken over meanwhile stays untouched. */
export function createSettler(context: SettleContext): Settler {
  return {
    attempt: (claim, handle) => attempt(context, claim, handle),
    handBack: (claim, { afterSeconds, counted }) => {
      const waits = claim.data.waits + (counted ? 0 : 1)
      // A job in which a process died and which has not run since must still run alone.
      const settled = (claim.data.settled ?? claim.retryCount) + 1
      return retry(context, claim, { waits, settled, afterSeconds, reason: 'handed back' })
    },
  }
}

async function attempt(context: SettleContext, claim: Claim, handle: Handle): Promise<void> {
  const { policy } = context
  const count = attemptOf(claim)
  const startedAt = Date.now()
  const task = await startTask(context, claim)
  if (count > policy.attempts)
    return deadLetter(context, claim, { task, reason: 'the process ended during the last attempt' })
  const verdict = await verdictOf(() => handle(task.data))
  if (verdict === 'done') return finish(context, claim, task)
  const since = claim.data.since ?? startedAt
  if (verdict.again === 'waiting') {
    // A job that pauses its group is the first to run when the pause ends.
    const afterSeconds = verdict.pauses ? 0 : verdict.afterSeconds
    return retry(context, claim, { waits: claim.data.waits + 1, since, afterSeconds, reason: 'waiting' })
  }
  const { again, reason } = verdict
  if (again === 'never' || count >= policy.attempts) return deadLetter(context, claim, { task, reason })
  return retry(context, claim, { since, afterSeconds: policy.delaySeconds(count), reason })
}

/** Resolves to false when the claim is lost. */
async function complete({ boss, queue }: SettleContext, claim: Claim): Promise<boolean> {
  return !isLost(await boss.complete(queue, [fence(claim)]))
}

async function finish(context: SettleContext, claim: Claim, { onComplete }: Task): Promise<void> {
  if (!onComplete) return void (await complete(context, claim))
  await context.database.inTx(async () => {
    if (await complete(context, claim)) await onComplete()
  })
}

type Retry = Partial<StoredJob> & { afterSeconds: number; reason: string }

function retry({ boss, database, queue }: SettleContext, claim: Claim, change: Retry): Promise<void> {
  const { afterSeconds, reason, ...changed } = change
  return database.inTx(async () => {
    if (isLost(await boss.fail(queue, [fence(claim)], { reason }))) return
    const data = { ...claim.data, settled: claim.retryCount + 1, ...changed }
    await boss.update(queue, data, { id: claim.id, startAfter: afterSeconds })
  })
}

async function deadLetter(
  context: SettleContext,
  claim: Claim,
  { task, reason }: { task: Task; reason: string },
): Promise<void> {
  const { boss, database, log, queue, policy } = context
  const { key } = claim.data
  const letter: DeadLetter = { queue, id: claim.id, attempt: attemptOf(claim), data: task.data, reason }
  const isMoved = await database.inTx(async () => {
    if (!(await complete(context, claim))) return false
    if (policy.deadLetters)
      await boss.send(policy.deadLetters, newStoredJob('single', key, letter), inGroup(claim.groupId))
    await task.onComplete?.()
    return true
  })
  if (isMoved) log.error({ queue, job: claim.id, key, attempt: letter.attempt, reason }, 'a job is given up')
}

function fence(claim: Claim): { id: string; retryCount: number } {
  return { id: claim.id, retryCount: claim.retryCount }
}

// pg-boss answers how many jobs it changed, but does not type the answer.
function isLost(response: CommandResponse): boolean {
  return 'affected' in response && response.affected === 0
}

async function verdictOf(handle: () => Promise<Verdict>): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<Verdict>((resolve) => {
    const reason = `no answer within ${TIMEOUT_MS / 1000} seconds`
    timer = setTimeout(resolve, TIMEOUT_MS, { again: 'failed', reason })
  })
  try {
    return await Promise.race([handle(), timeout])
  } catch (error) {
    if (isOutage(error)) return { again: 'waiting', afterSeconds: OUTAGE_SECONDS }
    return { again: 'failed', reason: reasonOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

// The reason is logged: an error's `logged` text replaces a message that may quote people.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const message = 'logged' in error && typeof error.logged === 'string' ? error.logged : error.message
  return `${error.name}: ${message}`.slice(0, REASON_LENGTH)
}

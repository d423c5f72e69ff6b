// Runs one claimed job and settles it: done, again later, or dead.
import type { CommandResponse, PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { isOutage } from '../database/errors.ts'
import type { Log } from '../log.ts'
import { attemptOf, type Claim, type DeadLetter, type Envelope, newEnvelope, type Outcome } from './job.ts'
import { beginTurn, inGroup, type Turn } from './turn.ts'

const TIMEOUT_MS = 120_000
const REASON_LENGTH = 300
/** A database that was away is no fault of the job. */
const OUTAGE_SECONDS = 2

/** How often a queue's jobs are tried. */
export type Patience = {
  attempts: number
  /** Seconds to wait after the given failed attempt (from 1). */
  delaySeconds(attempt: number): number
  /** Where the dead go; undefined: nowhere. */
  deadLetters: string | undefined
}

type Context = {
  boss: PgBoss
  database: Database
  log: Log
  queue: string
  patience: Patience
  restMs: number
}

export type Settlement = {
  /** Runs `handle` on the job and settles it by what it says. Rejects only if the database does. */
  attempt(claim: Claim, handle: (data: object) => Promise<Outcome>): Promise<void>
  /** Gives an unfinished job back to the queue; `counted`: what was done so far is an attempt. */
  handBack(claim: Claim, options: { afterSeconds: number; counted: boolean }): Promise<void>
}

/**
 * All settling is fenced to the claim: a job that another process has taken over meanwhile is left alone.
 */
export function openSettlement(context: Context): Settlement {
  const { boss, database, log, queue, patience } = context

  // Resolves to false when the claim is lost.
  const complete = async (claim: Claim): Promise<boolean> => {
    return !lost(await boss.complete(queue, [fence(claim)]))
  }

  const finish = async (claim: Claim, { end }: Turn): Promise<void> => {
    if (!end) return void (await complete(claim))
    await database.inTx(async () => {
      if (await complete(claim)) await end()
    })
  }

  const again = (claim: Claim, change: Partial<Envelope> & { afterSeconds: number; reason: string }) => {
    const { afterSeconds, reason, ...changed } = change
    return database.inTx(async () => {
      if (lost(await boss.fail(queue, [fence(claim)], { reason }))) return
      const data = { ...claim.data, settled: claim.retryCount + 1, ...changed }
      await boss.update(queue, data, { id: claim.id, startAfter: afterSeconds })
    })
  }

  const bury = async (claim: Claim, turn: Turn, reason: string) => {
    const { key } = claim.data
    const letter: DeadLetter = { queue, id: claim.id, attempt: attemptOf(claim), data: turn.data, reason }
    const buried = await database.inTx(async () => {
      if (!(await complete(claim))) return false
      if (patience.deadLetters)
        await boss.send(patience.deadLetters, newEnvelope('single', key, letter), inGroup(claim.groupId))
      await turn.end?.()
      return true
    })
    if (buried) log.error({ queue, job: claim.id, key, attempt: letter.attempt, reason }, 'a job is given up')
  }

  const handBack: Settlement['handBack'] = (claim, { afterSeconds, counted }) => {
    const waits = claim.data.waits + (counted ? 0 : 1)
    // At whom a process died, and who has not run since, is still to be taken alone.
    const settled = (claim.data.settled ?? claim.retryCount) + 1
    return again(claim, { waits, settled, afterSeconds, reason: 'handed back' })
  }

  const attempt = async (claim: Claim, handle: (data: object) => Promise<Outcome>) => {
    const count = attemptOf(claim)
    const startedAt = Date.now()
    const turn = await beginTurn(context, claim)
    if (count > patience.attempts) return bury(claim, turn, 'the process ended during the last attempt')
    const outcome = await outcomeOf(() => handle(turn.data))
    if (outcome === 'done') return finish(claim, turn)
    const since = claim.data.since ?? startedAt
    if (outcome.again === 'waiting') {
      const waits = claim.data.waits + 1
      // What holds its group is first again when the hold ends.
      const afterSeconds = outcome.holds ? 0 : outcome.afterSeconds
      return again(claim, { waits, since, afterSeconds, reason: 'waiting' })
    }
    if (outcome.again === 'never' || count >= patience.attempts) return bury(claim, turn, outcome.reason)
    return again(claim, { since, afterSeconds: patience.delaySeconds(count), reason: outcome.reason })
  }

  return { attempt, handBack }
}

function fence(claim: Claim): { id: string; retryCount: number } {
  return { id: claim.id, retryCount: claim.retryCount }
}

// pg-boss answers how many jobs it settled, but does not type it.
function lost(response: CommandResponse): boolean {
  return 'affected' in response && response.affected === 0
}

async function outcomeOf(handle: () => Promise<Outcome>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<Outcome>((resolve) => {
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

// It is logged: what an error has for that (`logged`) goes before a message that may quote people.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const words = 'logged' in error && typeof error.logged === 'string' ? error.logged : error.message
  return `${error.name}: ${words}`.slice(0, REASON_LENGTH)
}

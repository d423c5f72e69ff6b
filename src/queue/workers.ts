// The workers of all queues: which handler gets a job, and how often it is attempted.
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import type { Log } from '../log.ts'
import { DEAD, INBOX, OUTBOX } from './boss.ts'
import { type Claim, type DeadLetter, type Handlers, type Job, toJob, type Verdict } from './job.ts'
import { createPausedGroups, type PausedGroups } from './paused-groups.ts'
import { createQuarantine } from './quarantine.ts'
import type { RetryPolicy } from './settle.ts'
import { startWorker, type Worker } from './worker.ts'

const backoff = (attempt: number) => Math.min(900, 5 * 2 ** (attempt - 1))

const POLICIES: Record<string, RetryPolicy> = {
  // A failing job blocks its key, so its three attempts take half a minute at most.
  [INBOX]: { attempts: 3, delaySeconds: (attempt) => 2 * 4 ** (attempt - 1), deadLetters: DEAD },
  [OUTBOX]: { attempts: 8, delaySeconds: backoff, deadLetters: DEAD },
  [DEAD]: { attempts: 8, delaySeconds: backoff, deadLetters: undefined },
}

export type Workers = {
  /** Makes the worker of a queue fetch jobs now. */
  kick(queue: string): void
  /** Never rejects. */
  stop(timeoutMs: number): Promise<void>
}

/** `slots`: how many jobs of each queue run at a time. */
export function startWorkers(options: {
  boss: PgBoss
  database: Database
  log: Log
  slots: Record<string, number>
  restMs: number
  pollMs: number
  handlers: Handlers
  giveWay: () => Promise<void>
}): Workers {
  const { handlers, slots, ...shared } = options
  const workers = new Map<string, Worker>()
  const paused = new Map<string, PausedGroups>()
  const quarantine = createQuarantine(() => {
    for (const worker of workers.values()) worker.kick()
  })
  for (const [queue, policy] of Object.entries(POLICIES)) {
    const pausedGroups = createPausedGroups()
    paused.set(queue, pausedGroups)
    const handle = async (claim: Claim, data: object): Promise<Verdict> => {
      const verdict = await handleJob(handlers, queue, toJob(claim, data))
      const { groupId } = claim
      if (groupId) pauseOrResume(groupId, verdict, { pausedGroups, all: [...paused.values()] })
      return verdict
    }
    const ownOptions = { queue, policy, slots: slots[queue] ?? 1, pausedGroups, quarantine, handle }
    workers.set(queue, startWorker({ ...shared, ...ownOptions }))
  }
  return {
    kick: (queue) => workers.get(queue)?.kick(),
    stop: async (timeoutMs) => {
      await Promise.all([...workers.values()].map((worker) => worker.stop(timeoutMs)))
    },
  }
}

/** A job that did not have to wait shows that its group gets through: in every queue. */
function pauseOrResume(
  group: string,
  verdict: Verdict,
  { pausedGroups, all }: { pausedGroups: PausedGroups; all: readonly PausedGroups[] },
): void {
  if (verdict === 'done' || verdict.again !== 'waiting') for (const groups of all) groups.resume(group)
  else if (verdict.pauses) pausedGroups.pause(group, verdict.pauses, verdict.afterSeconds)
}

async function handleJob(handlers: Handlers, queue: string, job: Job): Promise<Verdict> {
  if (queue === INBOX) return handlers.inbox(job)
  if (queue === OUTBOX) return handlers.outbox(job)
  const { reason, ...letter } = job.data as DeadLetter
  return handlers.dead({ ...letter, key: job.key }, reason)
}

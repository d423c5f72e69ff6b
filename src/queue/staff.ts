// The workers of all queues: who handles a job, how often it is tried, and what happens at the end.
import type { PgBoss } from 'pg-boss'
import type { Database, Log } from '../database/database.ts'
import { redact } from '../database/errors.ts'
import { openSettlement, type Patience, type Settlement } from './attempt.ts'
import { DEAD, INBOX, OUTBOX } from './boss.ts'
import { type Claim, type DeadLetter, type Handlers, type Job, type Outcome, toJob } from './job.ts'
import { type Lane, openLane } from './lane.ts'

const GROUP_SHARE = 0.75
/** How long jobs at which the last process died are taken one at a time. */
const SUSPICION_MS = 30_000

const backoff = (attempt: number) => Math.min(900, 5 * 2 ** (attempt - 1))

const PATIENCE: Record<string, Patience> = {
  // A retried job holds up its key: the three attempts are over within half a minute.
  [INBOX]: { attempts: 3, delaySeconds: (attempt) => 2 * 4 ** (attempt - 1), deadLetters: DEAD },
  [OUTBOX]: { attempts: 8, delaySeconds: backoff, deadLetters: DEAD },
  [DEAD]: { attempts: 8, delaySeconds: backoff, deadLetters: undefined },
}

type Desk = { lane: Lane; settlement: Settlement }

export type Staff = {
  kick(queue: string): void
  work(handlers: Handlers): void
  /** Never rejects. */
  stop(timeoutMs: number): Promise<void>
}

/** `slots`: how many jobs of each queue run at a time. `suspects`: jobs at which the last process died. */
export function openStaff(options: {
  boss: PgBoss
  database: Database
  log: Log
  slots: Record<string, number>
  suspects: Set<string>
  restMs: number
}): Staff {
  const { boss, database, log, suspects } = options
  const desks = new Map<string, Desk>()

  // What cannot be given back is found by the next start, when the heartbeat ends, or when pg-boss lets it expire.
  const giveBack = (settlement: Settlement, claim: Claim, how: { afterSeconds: number; counted: boolean }) =>
    settlement.handBack(claim, how).catch((error: unknown) => {
      log.error({ err: redact(error), job: claim.id }, 'a job could not be given back')
    })

  const openDesk = (handlers: Handlers, { name, patience }: { name: string; patience: Patience }): Desk => {
    const settlement = openSettlement({ boss, database, log, queue: name, patience, restMs: options.restMs })
    const run = (claim: Claim) =>
      settlement
        .attempt(claim, (data) => handle(handlers, name, toJob(claim, data)))
        .catch((error: unknown) => {
          log.error({ err: redact(error), queue: name, job: claim.id }, 'a job could not be settled')
          return giveBack(settlement, claim, { afterSeconds: 5, counted: true })
        })
    const slots = options.slots[name] ?? 1
    const limits = { slots, groupSlots: Math.ceil(slots * GROUP_SHARE), touch: database.kind === 'postgres' }
    return { lane: openLane({ boss, log, name, ...limits, suspects, run }), settlement }
  }

  const close = async ({ lane, settlement }: Desk, timeoutMs: number) => {
    for (const claim of await lane.stop(timeoutMs)) {
      await giveBack(settlement, claim, { afterSeconds: 0, counted: false })
    }
  }

  return {
    kick: (queue) => desks.get(queue)?.lane.kick(),
    work: (handlers) => {
      setTimeout(() => suspects.clear(), SUSPICION_MS).unref()
      for (const [name, patience] of Object.entries(PATIENCE)) {
        desks.set(name, openDesk(handlers, { name, patience }))
      }
      for (const { lane } of desks.values()) lane.start()
    },
    stop: async (timeoutMs) => {
      await Promise.all([...desks.values()].map((desk) => close(desk, timeoutMs)))
    },
  }
}

async function handle(handlers: Handlers, name: string, job: Job): Promise<Outcome> {
  if (name === INBOX) return handlers.inbox(job)
  if (name === OUTBOX) return handlers.outbox(job)
  const { reason, ...letter } = job.data as DeadLetter
  await handlers.dead({ ...letter, key: job.key }, reason)
  return 'done'
}

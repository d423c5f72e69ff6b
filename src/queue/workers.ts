// The workers of all queues: who handles a job, how often it is tried, and what happens at the end.
import { setTimeout as delay } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { isOutage, redact } from '../database/errors.ts'
import type { Log } from '../log.ts'
import { DEAD, INBOX, OUTBOX } from './boss.ts'
import { type Claim, type DeadLetter, type Handlers, hasDied, type Job, type Outcome, toJob } from './job.ts'
import { type Holds, openHolds } from './paused-groups.ts'
import { type Lane, openLane } from './poller.ts'
import { openQuarantine } from './quarantine.ts'
import { openSettlement, type Patience, type Settlement } from './settle.ts'

const GROUP_SHARE = 0.75
const RETURN_EVERY_MS = 1_000

const backoff = (attempt: number) => Math.min(900, 5 * 2 ** (attempt - 1))

const PATIENCE: Record<string, Patience> = {
  // A retried job holds up its key: the three attempts are over within half a minute.
  [INBOX]: { attempts: 3, delaySeconds: (attempt) => 2 * 4 ** (attempt - 1), deadLetters: DEAD },
  [OUTBOX]: { attempts: 8, delaySeconds: backoff, deadLetters: DEAD },
  [DEAD]: { attempts: 8, delaySeconds: backoff, deadLetters: undefined },
}

type Desk = { lane: Lane; settlement: Settlement; holds: Holds }

export type Staff = {
  kick(queue: string): void
  work(handlers: Handlers, giveWay: () => Promise<void>): void
  /** Never rejects. */
  stop(timeoutMs: number): Promise<void>
}

/** `slots`: how many jobs of each queue run at a time. */
export function openStaff(options: {
  boss: PgBoss
  database: Database
  log: Log
  slots: Record<string, number>
  restMs: number
  pollMs: number
}): Staff {
  const { boss, database, log } = options
  const desks = new Map<string, Desk>()
  const quarantine = openQuarantine(() => {
    for (const { lane } of desks.values()) lane.kick()
  })

  let open = true
  type Return = { afterSeconds: number; counted: boolean }
  const handBack = (settlement: Settlement, claim: Claim, how: Return): Promise<boolean> =>
    settlement.handBack(claim, how).then(
      () => true,
      () => false,
    )

  // Until the database is back the job keeps its slot: nothing else could be settled either. What cannot be given back at
  // the end is found by the next start, when the heartbeat ends, or when pg-boss lets it expire.
  const giveBack = async (settlement: Settlement, claim: Claim, how: Return): Promise<void> => {
    while (open && !(await handBack(settlement, claim, how))) await delay(RETURN_EVERY_MS)
  }

  // What got through in one queue shows that the way is free for all.
  const release = (group: string) => {
    for (const { holds } of desks.values()) holds.release(group)
  }

  type Post = { name: string; patience: Patience; giveWay: () => Promise<void> }
  const openDesk = (handlers: Handlers, { name, patience, giveWay }: Post): Desk => {
    const settlement = openSettlement({ boss, database, log, queue: name, patience, restMs: options.restMs })
    const holds = openHolds()
    const handled = async (claim: Claim, data: object): Promise<Outcome> => {
      const outcome = await handle(handlers, name, toJob(claim, data))
      const { groupId } = claim
      if (!groupId) return outcome
      if (outcome === 'done' || outcome.again !== 'waiting') release(groupId)
      else if (outcome.holds) holds.hold(groupId, outcome.holds, outcome.afterSeconds)
      return outcome
    }
    const attempt = (claim: Claim) =>
      settlement
        .attempt(claim, (data) => handled(claim, data))
        .catch((error: unknown) => {
          log.error({ err: redact(error), queue: name, job: claim.id }, 'a job could not be settled')
          return giveBack(settlement, claim, { afterSeconds: 5, counted: !isOutage(error) })
        })
    const run = async (claim: Claim) => {
      if (hasDied(claim) && quarantine.isOpen()) return quarantine.alone(() => attempt(claim))
      const leave = quarantine.enter()
      if (quarantine.isOpen()) await attempt(claim)
      else await giveBack(settlement, claim, { afterSeconds: 0, counted: false })
      leave()
    }
    const slots = options.slots[name] ?? 1
    const limits = {
      slots,
      pollMs: options.pollMs,
      groupSlots: Math.ceil(slots * GROUP_SHARE),
      touch: database.kind === 'postgres',
      holds,
      quarantine,
    }
    return { lane: openLane({ boss, log, name, ...limits, giveWay, run }), settlement, holds }
  }

  const close = async ({ lane, settlement }: Desk, timeoutMs: number) => {
    for (const claim of await lane.stop(timeoutMs)) {
      if (!(await handBack(settlement, claim, { afterSeconds: 0, counted: false })))
        log.error({ job: claim.id }, 'a job could not be given back')
    }
  }

  return {
    kick: (queue) => desks.get(queue)?.lane.kick(),
    work: (handlers, giveWay) => {
      for (const [name, patience] of Object.entries(PATIENCE)) {
        desks.set(name, openDesk(handlers, { name, patience, giveWay }))
      }
      for (const { lane } of desks.values()) lane.start()
    },
    stop: async (timeoutMs) => {
      open = false
      await Promise.all([...desks.values()].map((desk) => close(desk, timeoutMs)))
    },
  }
}

async function handle(handlers: Handlers, name: string, job: Job): Promise<Outcome> {
  if (name === INBOX) return handlers.inbox(job)
  if (name === OUTBOX) return handlers.outbox(job)
  const { reason, ...letter } = job.data as DeadLetter
  return handlers.dead({ ...letter, key: job.key }, reason)
}

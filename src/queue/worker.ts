// The worker of one queue: attempts each job that its poller claims, and returns to the queue what it could not settle.
import { setTimeout as delay } from 'node:timers/promises'
import { isOutage, redact } from '../database/errors.ts'
import { type Claim, hasDied, type Verdict } from './job.ts'
import type { PausedGroups } from './paused-groups.ts'
import { startPoller } from './poller.ts'
import type { Quarantine } from './quarantine.ts'
import { createSettler, type SettleContext, type Settler } from './settle.ts'

const GROUP_SHARE = 0.75
const RETURN_EVERY_MS = 1_000

export type Worker = {
  kick(): void
  /** Never rejects. */
  stop(timeoutMs: number): Promise<void>
}

export type WorkerOptions = SettleContext & {
  pollMs: number
  slots: number
  pausedGroups: PausedGroups
  quarantine: Quarantine
  giveWay(): Promise<void>
  handle(claim: Claim, data: object): Promise<Verdict>
}

export function startWorker(options: WorkerOptions): Worker {
  const { database, log, slots, quarantine } = options
  const settler = createSettler(options)
  let open = true

  // The job keeps its slot until the database is back: nothing else could be settled either. What cannot be returned before
  // the end is found by the next start, by a missed heartbeat, or when pg-boss lets it expire.
  const handBackForSure = async (claim: Claim, how: HandBack): Promise<void> => {
    while (open && !(await handBack(settler, claim, how))) await delay(RETURN_EVERY_MS)
  }
  const attempt = (claim: Claim): Promise<void> =>
    settler
      .attempt(claim, (data) => options.handle(claim, data))
      .catch((error: unknown) => {
        log.error({ err: redact(error), queue: options.queue, job: claim.id }, 'settling a job failed')
        return handBackForSure(claim, { afterSeconds: 5, counted: !isOutage(error) })
      })
  const run = async (claim: Claim): Promise<void> => {
    if (hasDied(claim) && quarantine.isOpen()) return quarantine.runAlone(() => attempt(claim))
    const leave = quarantine.enter()
    if (quarantine.isOpen()) await attempt(claim)
    else await handBackForSure(claim, { afterSeconds: 0, counted: false })
    leave()
  }
  const poller = startPoller({
    ...options,
    groupSlots: Math.ceil(slots * GROUP_SHARE),
    heartbeats: database.kind === 'postgres',
    run,
  })
  return {
    kick: poller.kick,
    stop: async (timeoutMs) => {
      open = false
      for (const claim of await poller.stop(timeoutMs)) {
        if (!(await handBack(settler, claim, { afterSeconds: 0, counted: false })))
          log.error({ job: claim.id }, 'returning a job to the queue failed')
      }
    },
  }
}

type HandBack = { afterSeconds: number; counted: boolean }

/** Resolves to false where the database fails. */
const handBack = (settler: Settler, claim: Claim, how: HandBack): Promise<boolean> =>
  settler.handBack(claim, how).then(
    () => true,
    () => false,
  )

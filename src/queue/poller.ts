// Takes the jobs of one pg-boss queue and runs a few of them at a time, each on its own.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import { redact } from '../database/errors.ts'
import type { Log } from '../log.ts'
import type { Claim, Envelope } from './job.ts'
import { BACKGROUND_PRIORITY, type Holds } from './paused-groups.ts'
import type { Quarantine } from './quarantine.ts'

/** Finds what became due: retries, delays, and what other processes sent. Own jobs are fetched at once. */
export const POLL_MS = 500
const TOUCH_MS = 3_000

export type Lane = {
  /** Looks for jobs now. */
  kick(): void
  start(): void
  /** Takes no more jobs and waits for the running ones; resolves to those that were not finished in time. */
  stop(timeoutMs: number): Promise<Claim[]>
}

type LaneOptions = {
  boss: PgBoss
  log: Log
  name: string
  slots: number
  pollMs: number
  /** Jobs of one group never take more slots than this. */
  groupSlots: number
  /** Whether running jobs must show that their process lives. */
  touch: boolean
  quarantine: Quarantine
  holds: Holds
  /** Resolves when jobs may be taken: what is more urgent goes first. Never rejects. */
  giveWay(): Promise<void>
  /** Runs and settles one job; never rejects. */
  run(claim: Claim): Promise<void>
}

/**
 * pg-boss's own workers settle a batch when its slowest job is done and then sleep until the next poll; here a job's
 * end frees its slot and its key at once, so that one hung job delays nobody and a key's next job follows immediately.
 */
export function openLane(options: LaneOptions): Lane {
  const { boss, log, name, slots, pollMs, groupSlots, touch, holds, quarantine, giveWay, run } = options
  const running = new Map<string, { claim: Claim; ended: Promise<void> }>()
  let pumping: Promise<void> | undefined
  let kicked = false
  let open = false
  let failing = false

  const free = () => (quarantine.isOpen() ? slots - running.size : 0)

  const begin = (claim: Claim) => {
    const ended = run(claim).finally(() => {
      running.delete(claim.id)
      kick()
    })
    running.set(claim.id, { claim, ended })
  }

  const take = (batchSize: number, more: { ignoreGroups: string[]; minPriority?: number }) =>
    boss.fetch<Envelope>(name, { batchSize, includeMetadata: true, groupConcurrency: groupSlots, ...more })

  const claim = async (batchSize: number): Promise<Claim[]> => {
    const { group, background } = holds.current()
    const claims = await take(batchSize, { ignoreGroups: [...group, ...background] })
    const left = batchSize - claims.length
    if (left === 0 || background.length === 0) return claims
    // Where only background work is held, what a person waits for goes on.
    const awaited = await take(left, { ignoreGroups: group, minPriority: BACKGROUND_PRIORITY + 1 })
    return [...claims, ...awaited]
  }

  const pump = async () => {
    while (kicked && open) {
      kicked = false
      // The embedded database answers within the same turn of the event loop: without this a full queue would keep the
      // door and the timers waiting.
      await nextTurn()
      await giveWay()
      const batchSize = free()
      if (batchSize <= 0 || !open) continue
      const leave = quarantine.enter()
      try {
        const claims = await claim(batchSize)
        if (failing) log.info({ queue: name }, 'jobs are fetched again')
        failing = false
        // Whatever else there is by now kicks: what was sent, and each of these when it ends.
        for (const claimed of claims) begin(claimed)
      } finally {
        leave()
      }
    }
  }

  const kick = () => {
    kicked = true
    if (!open || pumping) return
    pumping = pump()
      .catch((error: unknown) => {
        if (!failing) log.error({ err: redact(error), queue: name }, 'jobs cannot be fetched')
        failing = true
      })
      .finally(() => {
        pumping = undefined
      })
  }

  const showLife = () => {
    const claims = [...running.values()].map(({ claim }) => ({ id: claim.id, retryCount: claim.retryCount }))
    if (claims.length === 0) return
    boss.touch(name, claims).catch((error: unknown) => {
      log.warn({ err: redact(error), queue: name }, 'running jobs could not be kept alive')
    })
  }

  const drained = async () => {
    await pumping
    await Promise.all([...running.values()].map(({ ended }) => ended))
  }

  const timers: NodeJS.Timeout[] = []
  return {
    kick,
    start: () => {
      open = true
      timers.push(setInterval(kick, pollMs))
      if (touch) timers.push(setInterval(showLife, TOUCH_MS))
      kick()
    },
    stop: async (timeoutMs) => {
      open = false
      await Promise.race([drained(), new Promise((resolve) => timers.push(setTimeout(resolve, timeoutMs)))])
      for (const timer of timers) clearTimeout(timer)
      return [...running.values()].map(({ claim }) => claim)
    },
  }
}

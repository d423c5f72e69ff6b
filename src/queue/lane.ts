// Takes the jobs of one pg-boss queue and runs a few of them at a time, each on its own.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import type { Log } from '../database/database.ts'
import { redact } from '../database/errors.ts'
import type { Claim, Envelope } from './job.ts'

/** Finds what became due: retries, delays, and what other processes sent. Own jobs are fetched at once. */
const POLL_MS = 500
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
  /** Jobs of one group never take more slots than this. */
  groupSlots: number
  /** Whether running jobs must show that their process lives. */
  touch: boolean
  /** Jobs at which the last process died: until they are settled, this one takes one job at a time. */
  suspects: Set<string>
  /** Runs and settles one job; never rejects. */
  run(claim: Claim): Promise<void>
}

/**
 * pg-boss's own workers settle a batch when its slowest job is done and then sleep until the next poll; here a job's
 * end frees its slot and its key at once, so that one hung job delays nobody and a key's next job follows immediately.
 */
export function openLane({ boss, log, name, slots, groupSlots, touch, suspects, run }: LaneOptions): Lane {
  const running = new Map<string, { claim: Claim; ended: Promise<void> }>()
  let pumping: Promise<void> | undefined
  let kicked = false
  let open = false
  let failing = false

  const free = () => (suspects.size > 0 ? 1 : slots) - running.size

  const begin = (claim: Claim) => {
    const ended = run(claim).finally(() => {
      running.delete(claim.id)
      suspects.delete(claim.id)
      kick()
    })
    running.set(claim.id, { claim, ended })
  }

  const pump = async () => {
    while (kicked && open) {
      kicked = false
      // The embedded database answers within the same turn of the event loop: without this a full queue would keep the
      // door and the timers waiting.
      await nextTurn()
      const batchSize = free()
      if (batchSize <= 0) continue
      const claims = await boss.fetch<Envelope>(name, {
        batchSize,
        includeMetadata: true,
        groupConcurrency: groupSlots,
      })
      if (failing) log.info({ queue: name }, 'jobs are fetched again')
      failing = false
      for (const claim of claims) begin(claim)
      if (claims.length > 0) kicked = true
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
      timers.push(setInterval(kick, POLL_MS))
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

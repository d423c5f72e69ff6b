// Polls one pg-boss queue and runs a limited number of its jobs at a time, each independently of the others.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import { redact } from '../database/errors.ts'
import type { Log } from '../log.ts'
import type { Claim, StoredJob } from './job.ts'
import { BACKGROUND_PRIORITY, type PausedGroups } from './paused-groups.ts'
import type { Quarantine } from './quarantine.ts'

/** Polling finds what became due: retries, delays, and jobs of other processes. Own jobs are fetched at once. */
export const POLL_MS = 500
const HEARTBEAT_MS = 3_000

export type Poller = {
  /** Fetches jobs now. */
  kick(): void
  /** Fetches no more jobs and waits for the running ones. Resolves to those that were not finished in time. */
  stop(timeoutMs: number): Promise<Claim[]>
}

type PollerOptions = {
  boss: PgBoss
  log: Log
  queue: string
  slots: number
  pollMs: number
  /** How many slots the jobs of one group may take. */
  groupSlots: number
  /** Whether running jobs must show that their process lives. */
  heartbeats: boolean
  quarantine: Quarantine
  pausedGroups: PausedGroups
  /** Resolves when jobs may be fetched: more urgent work goes first. Never rejects. */
  giveWay(): Promise<void>
  /** Runs and settles one job. Never rejects. */
  run(claim: Claim): Promise<void>
}

/**
 * pg-boss's own workers settle a batch when its slowest job is done and then sleep until the next poll. Here each job frees
 * its slot and its key when it ends, so that a hung job delays no other and the next job of a key follows immediately.
 */
export function startPoller(options: PollerOptions): Poller {
  const { boss, log, queue, slots, quarantine } = options
  const running = new Map<string, { claim: Claim; ended: Promise<void> }>()
  let open = true

  const begin = (claim: Claim) => {
    const ended = options.run(claim).finally(() => {
      running.delete(claim.id)
      loop.kick()
    })
    running.set(claim.id, { claim, ended })
  }
  const fetchJobs = async (): Promise<boolean> => {
    await options.giveWay()
    const batchSize = quarantine.isOpen() ? slots - running.size : 0
    if (batchSize <= 0 || !open) return false
    const leave = quarantine.enter()
    try {
      // Whatever is due after this kicks again: new jobs, and each of these when it ends.
      for (const claim of await claimJobs(options, batchSize)) begin(claim)
      return true
    } finally {
      leave()
    }
  }
  const loop = createLoop(fetchJobs, { log, queue })
  const drained = async () => {
    await loop.idle()
    await Promise.all([...running.values()].map(({ ended }) => ended))
  }

  const runningClaims = () => [...running.values()].map(({ claim }) => claim)
  const timers: NodeJS.Timeout[] = [setInterval(loop.kick, options.pollMs)]
  if (options.heartbeats)
    timers.push(setInterval(() => heartbeat({ boss, log, queue }, runningClaims()), HEARTBEAT_MS))
  loop.kick()
  return {
    kick: loop.kick,
    stop: async (timeoutMs) => {
      open = false
      loop.stop()
      await Promise.race([drained(), new Promise((resolve) => timers.push(setTimeout(resolve, timeoutMs)))])
      for (const timer of timers) clearTimeout(timer)
      return runningClaims()
    },
  }
}

/** Claims jobs of the groups that are not paused; of a group whose background work is paused, the other jobs. */
async function claimJobs(options: PollerOptions, batchSize: number): Promise<Claim[]> {
  const { boss, queue, groupSlots } = options
  const fetchBatch = (size: number, filter: { ignoreGroups: string[]; minPriority?: number }) =>
    boss.fetch<StoredJob>(queue, {
      ...{ batchSize: size, includeMetadata: true, groupConcurrency: groupSlots },
      ...filter,
    })
  const { group, background } = options.pausedGroups.current()
  const claims = await fetchBatch(batchSize, { ignoreGroups: [...group, ...background] })
  const left = batchSize - claims.length
  if (left === 0 || background.length === 0) return claims
  const awaited = await fetchBatch(left, { ignoreGroups: group, minPriority: BACKGROUND_PRIORITY + 1 })
  return [...claims, ...awaited]
}

type Loop = { kick(): void; stop(): void; idle(): Promise<void> }

/** Runs `step` after each kick, never twice at a time; a kick during a step causes another one. `step` resolves to whether it
 * fetched. Logs the first of several failures. */
function createLoop(step: () => Promise<boolean>, { log, queue }: { log: Log; queue: string }): Loop {
  let stepping: Promise<void> | undefined
  let kicked = false
  let open = true
  let failing = false

  const steps = async () => {
    while (kicked && open) {
      kicked = false
      // The embedded database answers within one turn of the event loop: without this wait a full queue would starve the
      // door and the timers.
      await nextTurn()
      if (!(await step())) continue
      if (failing) log.info({ queue }, 'fetching jobs works again')
      failing = false
    }
  }
  const kick = () => {
    kicked = true
    if (!open || stepping) return
    stepping = steps()
      .catch((error: unknown) => {
        if (!failing) log.error({ err: redact(error), queue }, 'fetching jobs failed')
        failing = true
      })
      .finally(() => {
        stepping = undefined
      })
  }
  const stop = () => {
    open = false
  }
  return { kick, stop, idle: async () => stepping }
}

type HeartbeatTarget = { boss: PgBoss; log: Log; queue: string }

function heartbeat({ boss, log, queue }: HeartbeatTarget, claims: readonly Claim[]): void {
  if (claims.length === 0) return
  const fences = claims.map(({ id, retryCount }) => ({ id, retryCount }))
  boss.touch(queue, fences).catch((error: unknown) => {
    log.warn({ err: redact(error), queue }, 'the heartbeat of running jobs failed')
  })
}

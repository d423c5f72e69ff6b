// Healing: what was lost comes back. Rounds are asked for here; the queue does them, so that none is lost half-way.

import { Limited, Unreachable } from '../github/client/errors.ts'
import { purgeRemoved } from '../purge.ts'
import type { Job, Verdict } from '../queue/queue.ts'
import { type HealingJob, queueHealing } from '../shell/healing.ts'
import type { Shell } from '../shell/shell.ts'
import { whileReachable } from '../shell/while-reachable.ts'
import { reconcileInstallations } from './accounts.ts'
import { healInstallation } from './installation.ts'
import type { Healing } from './offer.ts'
import { sweep } from './sweep.ts'

/** A start soon after another one, or beside others, need not look again. */
const JUST_DONE_MS = 30_000
/** Of the pause between two rounds so much must have passed: timers are not exact. */
const NEARLY = 0.9
/** Seconds between two tries while GitHub does not answer the app itself. */
const PROBE_SECONDS = 30
const DAY = 24 * 60 * 60_000
/** What decides that a delivery is new is kept for thirty days. */
const REMEMBERED_FOR = 30 * DAY

/** Starts the rounds: at once, then each `every` milliseconds; once per app, whatever the number of processes. Resolves when
 * the first one is asked for. */
export async function startHealing(healing: Healing, every: number): Promise<{ stop(): Promise<void> }> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let asking: Promise<void> = Promise.resolve()
  const ask = (pause: number): void => {
    asking = askRound(healing.shell, pause)
      .catch((error: unknown) => {
        healing.shell.log.error({ err: error }, 'a round of healing could not be asked for')
        return false
      })
      .then((asked) => {
        const next = asked || pause > JUST_DONE_MS ? [every * NEARLY, every] : [pause, JUST_DONE_MS]
        if (!stopped) timer = setTimeout(() => ask(next[0] ?? every), next[1])
      })
  }
  ask(Math.min(JUST_DONE_MS, every * NEARLY))
  await asking
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await asking
    },
  }
}

/** Queues a round, unless the last one was asked for less than `pause` milliseconds ago. */
export async function askRound(shell: Shell, pause: number): Promise<boolean> {
  return shell.database.inTx(async () => {
    if (!(await shell.store.rounds.ask('round', { now: shell.now(), pause, installation: null })))
      return false
    await queueHealing(shell, { heal: 'round' })
    await queueHealing(shell, { heal: 'sweep' })
    return true
  })
}

/** Runs a job of the outbox that is one of these. */
export async function heal(healing: Healing, job: Job, asked: HealingJob): Promise<Verdict> {
  const { shell } = healing
  switch (asked.heal) {
    case 'round':
      return asApp(healing, () => beginRound(healing))
    case 'sweep':
      return asApp(healing, () => sweep(shell))
    case 'installation': {
      const work = async (): Promise<Verdict> => {
        await healInstallation(healing, asked.installation)
        return 'done'
      }
      return whileReachable(shell, { installation: asked.installation, job, work })
    }
  }
}

async function beginRound({ shell }: Healing): Promise<Verdict> {
  const { store, database, log, now } = shell
  await store.deliveries.forgetBefore(now() - REMEMBERED_FOR)
  const purged = await purgeRemoved(shell, now())
  if (purged > 0) log.info({ installations: purged }, 'what was uninstalled a month ago is deleted')
  await reconcileInstallations(shell)
  for (const { id, suspended } of await store.installations.present()) {
    if (suspended) continue
    await database.inTx(async () => {
      if (await store.rounds.ask(`heal:${id}`, { now: now(), pause: 0, installation: id }))
        await queueHealing(shell, { heal: 'installation', installation: id })
    })
  }
  return 'done'
}

/** Calls as the app itself have no installation that could be paused: they wait here. */
async function asApp({ shell }: Healing, work: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await work()
  } catch (error) {
    shell.log.debug({ err: error }, 'a round of healing did not get through')
    if (error instanceof Limited) return { again: 'waiting', afterSeconds: error.afterSeconds }
    if (error instanceof Unreachable) return { again: 'waiting', afterSeconds: PROBE_SECONDS }
    throw error
  }
}

// Timers: a wake-up looks at its incident, lets what is due happen as facts, and sets the next one.
import { escalationTargets, timers } from '../incident/clock.ts'
import { type Event, RANK } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import type { Outcome } from '../queue.ts'
import { guarded } from './errors.ts'
import { execute } from './execute.ts'
import { placeOfStored } from './settings.ts'
import type { Place, Shell } from './shell.ts'

/** How many incidents one look takes at most; the next look follows at once where there were as many. */
const BATCH = 100
/** Milliseconds between two looks at the index of what is due. */
const LOOK_EVERY = 500

/** Queues the wake-ups that are due, each in the order of its own incident. Returns how many there were. */
export async function queueDue(shell: Shell): Promise<number> {
  const due = await shell.store.due(shell.now(), BATCH)
  for (const target of due) {
    await shell.database.inTx(async () => {
      if (!(await shell.store.takeWake(target.incident, shell.now()))) return
      const key = `${target.repository}#${target.number}`
      await shell.queue.receive([
        { key, data: { wake: target.incident }, group: String(target.installation) },
      ])
    })
  }
  return due.length
}

/** Looks again and again until stopped; the work of a look grows with what is due, not with what is open. */
export function startTimers(shell: Shell): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  const look = async (): Promise<void> => {
    const found = await queueDue(shell).catch((error: unknown) => {
      shell.log.error({ err: error }, 'the timers could not be read')
      return 0
    })
    if (!stopped) timer = setTimeout(run, found === BATCH ? 0 : LOOK_EVERY)
  }
  const run = (): void => {
    looking = look()
  }
  run()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
    },
  }
}

/** One incident's wake-up: everything that is due and has not fired becomes a fact; nothing is remembered elsewhere. */
export async function wake(shell: Shell, incident: number): Promise<Outcome> {
  const target = await shell.store.incident(incident)
  if (!target) return 'done'
  return guarded(shell, target.installation, async () => {
    const place = await placeOfStored(shell, target.repository)
    if (!place) return 'done'
    const now = shell.now()
    await execute(shell, target, { facts: (before) => fired(before, place, now), rules: place })
    return 'done'
  })
}

function fired(incident: Incident, { policy, calendar }: Place, now: number): Event[] {
  return timers(incident, policy, calendar)
    .filter((timer) => timer.at <= now)
    .sort((a, b) => a.at - b.at)
    .map((timer, index) => ({
      kind: 'timer-fired',
      timer: timer.key,
      due: timer.at,
      names:
        timer.kind === 'remind'
          ? [timer.owner]
          : timer.kind === 'escalate'
            ? escalationTargets(incident, policy, timer.step)
            : [],
      key: `timer:${timer.key}`,
      at: now,
      rank: RANK.timer,
      origin: 0,
      index,
      by: null,
    }))
}

// Timers: finds the incidents that are due and queues a wake-up for each.
import type { Target } from '../store/store.ts'
import type { Shell } from './shell.ts'

/** The most incidents that one look takes. A full batch is followed by the next look at once. */
const BATCH = 100
/** Milliseconds between two looks at the index of what is due. */
const LOOK_EVERY = 500

/** Queues the wake-ups that are due, each in the order of its own incident. Returns how many there were. */
export async function queueDue(shell: Shell): Promise<number> {
  return shell.database.inTx(async () => {
    const waiting = await shell.store.incidents.takeDue(shell.now(), BATCH)
    if (waiting.length > 0) await queueWakes(shell, waiting)
    return waiting.length
  })
}

/** Queues wake-ups in the inbox, where everything that happens to an incident is in order. */
export async function queueWakes({ queue }: Shell, targets: readonly Target[]): Promise<void> {
  await queue.receive(
    targets.map((target) => ({
      key: inboxKey(target),
      data: { wake: target.incident },
      group: String(target.installation),
    })),
  )
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

/** The key of everything that happens to an incident, under which the door stores deliveries too. */
const inboxKey = ({ incident, repository, number }: Target): string =>
  number === null ? `incident:${incident}` : `${repository}#${number}`

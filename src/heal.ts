// The safety net: deliveries that GitHub could not hand over are asked for again, old ones are forgotten.

import type { Shell } from './bot/shell.ts'
import { listDeliveries, redeliver, undelivered } from './github/deliveries.ts'

const DAY = 24 * 60 * 60_000
/** GitHub delivers again for three days at most. */
const REDELIVERED_FOR = 3 * DAY
/** What decides that a delivery is new is kept for thirty days. */
const REMEMBERED_FOR = 30 * DAY

/** Starts the sweep: at once, then each `every` milliseconds; once per app, whatever the number of processes. */
export function startHealing(shell: Shell, every: number): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const run = (): void => {
    running = sweep(shell, every)
      .catch((error: unknown) => shell.log.warn({ err: error }, 'the delivery log could not be swept'))
      .then(() => {
        if (!stopped) timer = setTimeout(run, every)
      })
  }
  run()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** Asks for every delivery of the last three days again that neither was answered with 2xx nor is stored here. */
export async function sweep(shell: Shell, every: number): Promise<number> {
  const now = shell.now()
  if (!(await shell.store.mayTell('sweep', { now, pause: every * 0.9 }))) return 0
  await shell.store.forgetDeliveries(now - REMEMBERED_FOR)
  const app = shell.github.app()
  const lost = undelivered(await listDeliveries(app, now - REDELIVERED_FOR))
  const known = await shell.store.knownDeliveries(lost.map((attempt) => attempt.guid))
  let asked = 0
  for (const attempt of lost) {
    if (known.has(attempt.guid)) continue
    if (await redeliver(app, attempt.id)) asked += 1
  }
  if (asked > 0) shell.log.info({ asked }, 'lost deliveries were asked for again')
  return asked
}

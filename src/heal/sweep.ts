// The redelivery sweep: what GitHub could not hand over is asked for again, once per app.

import { listDeliveries, redeliver, undelivered } from '../github/app/deliveries.ts'
import type { Verdict } from '../queue/queue.ts'
import type { Shell } from '../shell/shell.ts'

/** GitHub delivers again for three days at most. */
const REDELIVERED_FOR = 3 * 24 * 60 * 60_000
/** A delivery enters GitHub's log when it is answered or given up, under the time at which it was sent: the sweep goes
 * back so far behind where it was. */
const OVERLAP = 15 * 60_000
/** GitHub lets through 900 points a minute, and asking for a delivery costs five. */
const AT_ONCE = 150
const PAUSE_SECONDS = 60

/** Asks for every delivery again that neither was answered with 2xx nor is stored here, from where the last sweep ended;
 * the oldest first, and again in a minute where there are more than GitHub takes at once. */
export async function sweep(shell: Shell): Promise<Verdict> {
  const { store, log } = shell
  const began = shell.now()
  const reached = (await store.rounds.reached('sweep')) ?? 0
  const app = shell.github.app()
  const since = Math.max(reached - OVERLAP, began - REDELIVERED_FOR)
  const lost = undelivered(await listDeliveries(app, since))
  const known = await store.deliveries.known(lost.map(({ guid }) => guid))
  const owed = lost.filter(({ guid }) => !known.has(guid))
  let asked = 0
  for (const attempt of owed.slice(0, AT_ONCE)) if (await redeliver(app, attempt.id)) asked += 1
  if (asked > 0) log.info({ asked }, 'lost deliveries were asked for again')
  if (owed.length > AT_ONCE) return { again: 'waiting', afterSeconds: PAUSE_SECONDS }
  await store.rounds.end('sweep', { reached: began, installation: null })
  return 'done'
}

// What was missed goes the way of every delivery: through the door's own filter into the inbox, once.

import type { Relevant } from '../door/app.ts'
import type { Intake } from '../door/intake.ts'
import type { SyntheticDelivery } from '../github/history/synthesize.ts'
import type { Routing } from '../github/webhook/relevant.ts'
import { type Act, isSameAct } from '../github/webhook/same-act.ts'
import type { Shell } from '../shell/shell.ts'

/** `relevant` and `store` are the door's. */
export type Healing = { shell: Shell; relevant: Relevant; store: Intake['store'] }

type Missed = { told: SyntheticDelivery; routing: Routing }

/** Takes in what no delivery has told yet, oldest first. Returns how many there were. */
export async function offerMissed(
  { shell, relevant, store }: Healing,
  all: readonly SyntheticDelivery[],
): Promise<number> {
  const concerning = all.flatMap((told): Missed[] => {
    const routing = relevant(told)
    return routing ? [{ told, routing }] : []
  })
  const missed = unheard(concerning, await shell.store.deliveries.tellings(actsOf(concerning)))
  missed.sort((a, b) => (a.routing.act?.happenedAt ?? 0) - (b.routing.act?.happenedAt ?? 0))
  let taken = 0
  for (const { told, routing } of missed) {
    const { guid, event, action, payload } = told
    const outcome = await store({
      ...routing,
      guid,
      event,
      action,
      payload: Buffer.from(JSON.stringify(payload)),
    })
    if (outcome === 'stored') taken += 1
  }
  return taken
}

const actsOf = (all: readonly Missed[]): string[] => all.flatMap(({ routing }) => routing.act?.act ?? [])

/** Of several acts of one name within seconds each needs a telling of its own: those that are nearest go together. */
function unheard(all: readonly Missed[], tellings: readonly Act[]): Missed[] {
  const pairs = all.flatMap((missed) => {
    const { act } = missed.routing
    const same = act ? tellings.filter((telling) => isSameAct(telling, act)) : []
    return same.map((telling) => ({
      missed,
      telling,
      apart: Math.abs(telling.happenedAt - (act?.happenedAt ?? 0)),
    }))
  })
  const heard = new Set<Missed | Act>()
  for (const { missed, telling } of pairs.sort((a, b) => a.apart - b.apart))
    if (!heard.has(missed) && !heard.has(telling)) heard.add(missed).add(telling)
  return all.filter((missed) => !heard.has(missed))
}

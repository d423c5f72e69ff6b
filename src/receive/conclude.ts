// The one end of a delivery: its facts, what goes along with them, the reply and the mark that it is done.

import type { DeliveredIssue } from '../github/webhook/delivery.ts'
import type { Event } from '../incident/fold/nouns.ts'
import type { Answer } from '../shell/answer.ts'
import type { Executed } from '../shell/execute.ts'
import { execute } from '../shell/execute.ts'
import { queueAnswer, queueLabels } from '../shell/jobs.ts'
import { rememberIssue } from '../shell/remember.ts'
import type { Place, Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'

/** Facts of one incident. An issue that has no incident yet gets one. */
type Stated = { of: Target | DeliveredIssue; facts: readonly Event[] }

/** What `along` is told: which delivery ends, and what became of the facts of each incident that has any. */
type Ending = { guid: string; executed: readonly Executed[] }

/** What a delivery comes to. A handler returns it and writes nothing that must not happen twice. */
export type Handled = {
  /** Where it happened; null where that is no repository that Mayday serves. */
  place: Place | null
  stated?: readonly Stated[]
  /** Runs in the transaction that ends the delivery, after its facts. Resolves to the reply that is owed, if one is. */
  along?: (ending: Ending) => Promise<Answer | undefined>
  /** It came too early to mean anything: healing may tell it again. */
  unheard?: boolean
}

/** Ends a delivery in one transaction: all that it comes to happens once, or nothing of it. */
export async function conclude(shell: Shell, guid: string, handled: Handled): Promise<void> {
  const { place, stated = [], along, unheard } = handled
  await shell.database.inTx(async () => {
    const executed = place ? await state(shell, place, stated) : []
    const reply = await along?.({ guid, executed })
    if (reply) await queueAnswer(shell, place?.repository.installation, reply)
    if (place && place.repository.labelsAt === null)
      await queueLabels(shell, place.repository.id, place.repository.installation)
    if (unheard) await shell.store.deliveries.forgetAct(guid)
    await shell.store.deliveries.finish(guid, shell.now())
  })
}

/** Incidents are locked in the order of their ids, so that two deliveries never wait for each other. */
async function state(shell: Shell, place: Place, stated: readonly Stated[]): Promise<Executed[]> {
  const targets: { target: Target; facts: readonly Event[] }[] = []
  for (const { of, facts } of stated) {
    if (facts.length === 0) continue
    targets.push({ target: 'incident' in of ? of : await makeIncident(shell, place, of), facts })
  }
  targets.sort((a, b) => a.target.incident - b.target.incident)
  const executed: Executed[] = []
  for (const { target, facts } of targets)
    executed.push(await execute(shell, target, { facts, rules: place }))
  return executed
}

/** Makes the incident of an issue, with what later work needs to find it again. */
async function makeIncident(shell: Shell, place: Place, issue: DeliveredIssue): Promise<Target> {
  const { id, installation } = place.repository
  const target = await shell.store.incidents.make(
    { installation, repository: id, number: issue.number },
    shell.now(),
  )
  await rememberIssue(shell, target, issue)
  return target
}

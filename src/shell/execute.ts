import { type Placement, RANK } from '../incident/base/placement.ts'
import { nextWake } from '../incident/clock/clock.ts'
import { arrive } from '../incident/fold/arrival.ts'
import { fold, isOpen } from '../incident/fold/fold.ts'
import type { Event, Fact, Incident } from '../incident/fold/nouns.ts'
import type { RepositoryRules } from '../incident/policy/policy.ts'
import { react } from '../incident/react/react.ts'
import type { Target } from '../store/store.ts'
import { saveItems } from './item-rows.ts'
import { enqueue } from './jobs.ts'
import type { Shell } from './shell.ts'

/** Facts as they came, or as the incident itself makes them due. */
export type Facts = readonly Event[] | ((before: Incident) => readonly Event[])
export type Executed = { before: Incident; after: Incident; added: Event[]; events: Event[] }

/** Adds facts to an incident. `also` runs inside the same transaction, after the effects are queued: what must be
 * remembered together with the facts (the delivery that is done, an answer that is owed) goes there.
 * Facts whose key is known already are dropped, so that everything may be executed twice. */
export async function execute(
  shell: Shell,
  target: Target,
  {
    facts,
    rules,
    also,
  }: { facts: Facts; rules: RepositoryRules; also?: (executed: Executed) => Promise<void> },
): Promise<Executed> {
  const { store, database, now } = shell
  return database.inTx(async () => {
    await store.incidents.lock(target.incident)
    const known = await store.events.of(target.incident)
    const before = fold(known)
    const fresh = typeof facts === 'function' ? facts(before) : facts
    const { events, added, late, after } = arrive(known, fresh)
    if (added.length > 0) {
      await store.events.append(target.incident, added, now())
      await store.events.assignNumbers(target.incident, late)
      for (const effect of react(before, after, added)) await enqueue(shell, target, effect)
    }
    if (added.length > 0 || typeof facts === 'function') await keep(shell, target, { after, rules })
    const executed = { before, after, added, events }
    await also?.(executed)
    return executed
  })
}

/** What every look at open incidents reads without folding: status for the metrics, the next moment to wake. */
async function keep(
  shell: Shell,
  target: Target,
  { after, rules }: { after: Incident; rules: RepositoryRules },
): Promise<void> {
  const { id, title, status, severity, lead, drill, milestones, services } = after
  const merges = after.hotfixes.flatMap((hotfix) => hotfix.sha ?? [])
  await shell.store.incidents.keep(target.incident, {
    snapshot: {
      id,
      title,
      status,
      severity,
      lead,
      drill,
      milestones,
      services,
      merges,
      hotfixes: after.hotfixes.length,
    },
    live: isOpen(after),
    wakeAt: nextWake(after, rules),
  })
  await saveItems(shell, target, after, rules)
}

/** A fact of Mayday's own making, such as "the pull request is open": told under the time at which it was made. */
export function ownFact(
  fact: Fact,
  { key, at, by, url }: { key: string; at: number; by: string | null; url?: string },
): Event {
  const placement: Placement = {
    key,
    at,
    rank: RANK.mayday,
    origin: 0,
    index: 0,
    by,
    ...(url && { evidence: url }),
  }
  return Object.assign({}, fact, placement)
}

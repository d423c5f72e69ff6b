import { type Placement, RANK } from '../incident/base/placement.ts'
import { nextWake } from '../incident/clock/clock.ts'
import { arrive } from '../incident/fold/arrival.ts'
import { fold, isOpen } from '../incident/fold/fold.ts'
import type { Event, Fact, Incident } from '../incident/fold/nouns.ts'
import type { RepositoryRules } from '../incident/policy/policy.ts'
import { announcements } from '../incident/react/announce.ts'
import { react } from '../incident/react/react.ts'
import type { Target } from '../store/store.ts'
import { saveItems } from './item-rows.ts'
import { enqueue } from './jobs.ts'
import type { Shell } from './shell.ts'

/** Facts, or what computes them from the incident as it stands (timers that are due). */
export type Facts = readonly Event[] | ((before: Incident) => readonly Event[])
export type Executed = { before: Incident; after: Incident; added: Event[]; events: Event[] }

/** Adds facts to an incident and queues the effects that follow. Facts whose key is known are dropped, so that everything may
 * be executed twice. Joins the open transaction. */
export async function execute(
  shell: Shell,
  target: Target,
  { facts, rules }: { facts: Facts; rules: RepositoryRules },
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
      const news = announcements(before, after, { added, policy: rules.policy })
      for (const effect of [...react(before, after, added), ...news]) await enqueue(shell, target, effect)
    }
    if (added.length > 0 || typeof facts === 'function') await keep(shell, target, { after, rules })
    return { before, after, added, events }
  })
}

/** Keeps what is read of open incidents without folding them: status for the metrics, the next wake-up, action items. */
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
  await saveItems(shell, target, { after, rules })
}

/** A fact about what Mayday made itself, such as a pull request; `at` is when GitHub made it. */
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

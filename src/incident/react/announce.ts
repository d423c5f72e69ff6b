// What channels are told of an incident: that it is there, and every change that stakeholders follow.

import type { Event, Incident } from '../fold/nouns.ts'
import { findSeverity, type Policy, type Target } from '../policy/policy.ts'

/** One message to one channel: a slow one delays no other. `first` is the channel's first of this incident. */
export type Announce = { do: 'announce'; key: string; to: Target; news: 'first' | 'update' }

type Change = { added: readonly Event[]; policy: Policy }

/** A channel hears first at the declaration, or when the severity begins to announce there; then of each change of status
 * or severity and each `/update`. An exercise and a record of the past go nowhere. */
export function announcements(before: Incident, after: Incident, { added, policy }: Change): Announce[] {
  const cause = added.at(-1)
  if (!cause || !after.declared || after.drill || after.backfilled) return []
  const heard = before.declared ? channelsOf(before, policy) : []
  const isNews =
    before.status !== after.status ||
    before.severity !== after.severity ||
    added.some(({ kind }) => kind === 'updated')
  return channelsOf(after, policy).flatMap((to): Announce[] => {
    const isFirst = !heard.includes(to)
    if (!isFirst && !isNews) return []
    return [{ do: 'announce', key: `${to}:${cause.key}`, to, news: isFirst ? 'first' : 'update' }]
  })
}

const channelsOf = ({ severity }: Incident, policy: Policy): readonly Target[] =>
  findSeverity(policy, severity)?.announce ?? []

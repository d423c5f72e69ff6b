// A duplicate's timeline moves along to the incident that it was a duplicate of; pure.
import { type Event, RANK } from './fold/event.ts'
import type { Entry, Incident } from './fold/incident.ts'

type Origin = { incident: number; number: number }

/** Rows about action items, which stay where they were promised. */
const STAYS: readonly Event['kind'][] = ['item-done', 'item-reopened', 'item-declined', 'duplicate-found']

/** The duplicate's facts for the other incident: that it is one, and its shown entries with their own authors, times and
 * evidence. Keys name where an entry was first told, so that handing over twice, or along a chain of duplicates, adds
 * nothing. `incident` is unique among all incidents, `number` is the issue's. */
export function handedOver(duplicate: Incident, origin: Origin): Event[] {
  const end = duplicate.statuses.findLast((one) => one.status === 'cancelled')
  if (!end) return []
  const cause = duplicate.entries.find((entry) => entry.event.key === end.key)?.event
  const found: Event = {
    kind: 'duplicate-found',
    number: origin.number,
    id: duplicate.id,
    key: `duplicate:${origin.incident}:${end.key}`,
    at: end.at,
    rank: RANK.mayday,
    origin: origin.number,
    index: 0,
    by: end.by,
    ...(cause?.evidence && { evidence: cause.evidence }),
  }
  return [found, ...duplicate.entries.flatMap((entry) => taken(entry, duplicate.id, origin))]
}

function taken(
  { event, at, text, hidden, struck }: Entry,
  id: string,
  { incident, number }: Origin,
): Event[] {
  if (hidden || struck || STAYS.includes(event.kind)) return []
  if (event.kind === 'entry-taken') {
    const { n: _, ...again } = event
    return [again]
  }
  const { rank, origin, index, by, evidence } = event
  const words = { told: event, ...(text !== undefined && { text }) }
  const place = { key: `taken:${incident}:${event.key}`, at, rank, origin, index, by }
  return [{ kind: 'entry-taken', number, id, ...words, ...place, ...(evidence && { evidence }) }]
}

// Relations: other incidents that are linked, and a duplicate's timeline that moves along to the incident it duplicates.
import { RANK } from './base/placement.ts'
import type { Rules } from './base/rule.ts'
import type { Entry } from './entry.ts'
import type { Event, Incident } from './fold/nouns.ts'

export type RelationFact =
  | { kind: 'related'; number: number }
  /** `number` and `id` are the duplicate's. */
  | { kind: 'duplicate-found'; number: number; id: string }
  | { kind: 'entry-taken'; number: number; id: string; told: Event; text?: string | undefined }

export type RelationState = { related: number[] }

export const RELATIONS: Rules<RelationFact> = {
  related: {
    told: true,
    always: 'here',
    evolve({ related }, { number }) {
      if (!related.includes(number)) related.push(number)
    },
  },
  'duplicate-found': { told: true, always: 'anywhere', stays: true },
  'entry-taken': { told: true, words: 'text', always: 'anywhere' },
}

type Origin = { incident: number; number: number }

/** The duplicate's facts for the other incident: that it is one, and its shown entries with their own authors, times and
 * evidence. Keys name where an entry was first told, so that handing over twice, or along a chain of duplicates, adds
 * nothing. `incident` is unique among all incidents, `number` is the issue's. */
export function handedOver(duplicate: Incident, origin: Origin): Event[] {
  const end = duplicate.statuses.findLast(({ status }) => status === 'cancelled')
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
  { event, at, text, hidden, struck, stays }: Entry,
  id: string,
  { incident, number }: Origin,
): Event[] {
  if (hidden || struck || stays) return []
  if (event.kind === 'entry-taken') {
    const { n: _, ...again } = event
    return [again]
  }
  const { rank, origin, index, by, evidence } = event
  const words = { told: event, ...(text !== undefined && { text }) }
  const place = { key: `taken:${incident}:${event.key}`, at, rank, origin, index, by }
  return [{ kind: 'entry-taken', number, id, ...words, ...place, ...(evidence && { evidence }) }]
}

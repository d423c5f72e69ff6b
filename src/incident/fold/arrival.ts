// What arrives: new facts beside the known ones, each once, and the numbers of the rows that they make in the timeline.
import { fold } from './fold.ts'
import type { Event, Incident } from './nouns.ts'

export type Arrival = {
  /** All facts in the order of arrival, with their numbers. */
  events: Event[]
  /** The new ones among them. */
  added: Event[]
  /** Known ones that got their number only now: what arrived made them take effect. */
  late: Event[]
  /** The incident that all of them make. */
  after: Incident
}

/** Adds facts to the known ones (in their order of arrival); one whose key is known is dropped. A row gets its number
 * when it first shows and keeps it: a fact that was already so takes none. */
export function arrive(known: readonly Event[], facts: readonly Event[]): Arrival {
  const keys = new Set(known.map((event) => event.key))
  const fresh = facts.filter((fact) => !keys.has(fact.key) && keys.add(fact.key))
  const before = [...known, ...fresh]
  const after = fold(before)
  const shown = new Set(after.entries.map((entry) => entry.event.key))
  let last = known.reduce((highest, event) => Math.max(highest, event.n ?? 0), 0)
  const events = before.map((event) =>
    event.n === undefined && shown.has(event.key) ? { ...event, n: ++last } : event,
  )
  const numbers = new Map(events.map(({ key, n }) => [key, n]))
  for (const entry of after.entries) {
    const n = numbers.get(entry.event.key)
    if (n !== undefined && n !== entry.event.n) entry.event = { ...entry.event, n }
  }
  return {
    events,
    added: events.slice(known.length),
    late: events.slice(0, known.length).filter((event, index) => event !== known[index]),
    after,
  }
}

// What the timers that fired come to: nudges, and calls of the escalation.
import { noticeOf, nudgeOf } from '../clock/nudges.ts'
import type { Event, FactOf, Incident } from '../fold/nouns.ts'
import type { Page, Say } from './notice.ts'

type Fired = FactOf<'timer-fired'>

/** More than one timer of a kind means that the app was down: the last one speaks, of an escalation all of them in one
 * call; and a person who is paged to acknowledge is not also asked to lead. */
export function fired(before: Incident, after: Incident, added: readonly Event[]): (Say | Page)[] {
  const kinds = Map.groupBy(newlyFired(before, after, added), (event) => nudgeOf(event)?.kind)
  const [steps = [], overdue = []] = [kinds.get('escalate'), kinds.get('overdue')]
  const silenced = [...(steps.length > 0 ? ['lead'] : []), ...(overdue.length > 0 ? ['update'] : [])]
  return [
    ...call(steps, false),
    ...call(overdue, true),
    ...[...kinds]
      .filter(([kind = '']) => !silenced.includes(kind))
      .flatMap(([kind, some]) =>
        (kind === 'deadline' ? lastOfEachDeadline(some) : some.slice(-1)).flatMap(say),
      ),
  ]
}

/** The owners of action items who are reminded: once, however many reminders fired together. */
export function owners(before: Incident, after: Incident, added: readonly Event[]): string[] {
  const reminders = newlyFired(before, after, added).filter((event) => nudgeOf(event)?.kind === 'remind')
  return [...new Set(reminders.flatMap(({ names = [] }) => names))].map((name) => name.replace(/^@/, ''))
}

const newlyFired = (before: Incident, after: Incident, added: readonly Event[]): Fired[] =>
  added
    .filter((event) => event.kind === 'timer-fired')
    .filter(({ timer }) => after.fired[timer] !== undefined && before.fired[timer] === undefined)

function call(steps: readonly Fired[], overdue: boolean): Page[] {
  const [first, last] = [steps[0], steps.at(-1)]
  if (!first || !last) return []
  const to = [...new Set(steps.flatMap(({ names = [] }) => names))]
  const times = { due: first.due, at: last.at, ...(last.message && { message: last.message }) }
  const notice = { about: 'escalation' as const, overdue, to, ...times }
  return [{ do: 'page', key: last.timer, of: steps.map(({ key }) => key), notice }]
}

function lastOfEachDeadline(timers: readonly Fired[]): Fired[] {
  const nameOf = (event: Fired): string => {
    const nudge = nudgeOf(event)
    return nudge?.kind === 'deadline' ? nudge.name : ''
  }
  return [...Map.groupBy(timers, nameOf).values()].flatMap((some) => some.slice(-1))
}

/** The comment of a nudge; none of a timer that speaks otherwise. */
function say(event: Fired): Say[] {
  const nudge = nudgeOf(event)
  const { timer, names: to = [], due, at } = event
  const notice = nudge && noticeOf(nudge, { to, due, at })
  return notice ? [{ do: 'say', key: timer, notice }] : []
}

// Incidents for tests of the core: facts with a clock time, folded as the shell folds them: given(…).when(…).

import { createCalendar } from '../../src/calendar.ts'
import { parsePolicy } from '../../src/config/policy.ts'
import { type Placement, RANK } from '../../src/incident/base/placement.ts'
import type { Decision } from '../../src/incident/base/rule.ts'
import { arrive } from '../../src/incident/fold/arrival.ts'
import { decide } from '../../src/incident/fold/fold.ts'
import type { Event, Fact, Incident } from '../../src/incident/fold/nouns.ts'
import type { Calendar, Policy } from '../../src/incident/policy/policy.ts'
import { type Effect, react } from '../../src/incident/react/react.ts'

export type Rules = { policy: Policy; calendar: Calendar }

/** A repository's rules from the text of its file. */
export function rules(text = ''): Rules {
  const { policy, problems } = parsePolicy(text, 'mayday.yml')
  if (!policy) throw new TypeError(problems.map((problem) => problem.message).join('\n'))
  return { policy, calendar: createCalendar(policy) }
}

export const DEFAULT = rules()

/** `10:05` on Thursday 2025-12-18, or a whole `2025-12-21 09:00`; both UTC. */
export function at(clock: string): number {
  const time = Date.parse(`${clock.includes('-') ? clock.replace(' ', 'T') : `2025-12-18T${clock}`}Z`)
  if (Number.isNaN(time)) throw new TypeError(`not a time: ${clock}`)
  return time
}

/** The clock time of a moment as `at` reads it. */
export const clock = (time: number | null | undefined): string | null => {
  if (time === null || time === undefined) return null
  const text = new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  return text.startsWith('2025-12-18 ') ? text.slice(11) : text
}

/** One fact with its place: from a comment of ada's unless `place` says otherwise. The key names what is said and when,
 * so that the same fact is the same event wherever it is built. */
export function event(time: string, fact: Fact, place: Partial<Placement> = {}): Event {
  const placement: Placement = {
    key: `${time} ${JSON.stringify(fact)}`,
    at: at(time),
    rank: RANK.comment,
    origin: 1,
    index: 0,
    by: 'ada',
  }
  return Object.assign({}, fact, placement, place)
}

export const declared = (time: string, severity?: string): Event =>
  event(
    time,
    { kind: 'declared', id: 'INC-42', title: 'Search is down', ...(severity && { severity }) },
    { rank: RANK.label },
  )

type Happened = {
  before: Incident
  after: Incident
  decision: Decision
  effects: Effect[]
  said: string[]
}

export type Given = {
  events: Event[]
  incident: Incident
  when(...facts: Event[]): Happened
}

/** An incident with the history `facts`, which arrived in the order given. */
export function given(facts: readonly Event[]): Given {
  const { events, after: before } = arrive([], facts)
  return {
    events,
    incident: before,
    when(...facts) {
      const { added, after } = arrive(events, facts)
      const effects = react(before, after, added)
      const [first] = facts
      const decision = first ? decide(before, first) : 'already'
      return {
        before,
        after,
        decision,
        effects,
        said: [...keysOf(effects, 'say'), ...keysOf(effects, 'page')],
      }
    },
  }
}

/** What the effects of one kind are about. */
function keysOf(effects: readonly Effect[], kind: Effect['do']): string[] {
  return effects.flatMap((effect) => {
    if (effect.do !== kind) return []
    if (effect.do === 'say' || effect.do === 'page') return [effect.notice.about]
    return 'asked' in effect ? [effect.asked] : [effect.do]
  })
}

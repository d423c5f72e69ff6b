// The nudge for a lead: asks who is there to lead.
import { isOver } from '../base/lifecycle.ts'
import { ownersOf } from './escalation.ts'
import type { NudgeRule, Timed, Timer } from './nudge.ts'
import { inCharge, liveSince, rounds } from './running.ts'

export type LeadNudge = { kind: 'lead'; last: boolean }
export type LeadNotice = { about: 'nudge-lead'; last: boolean } & Timed

/** After the last time it asks those who should lead: teams of `lead`, else the services' owners. */
export const LEAD: NudgeRule<LeadNudge, LeadNotice> = {
  about: 'nudge-lead',
  timers(running) {
    const { incident, severity, policy, calendar } = running
    if (incident.lead) return []
    const { after, every, times } = policy.nudges.no_lead
    const people = severity.lead.filter((target) => !target.includes('/'))
    const asked = people.length > 0 ? people : inCharge(incident)
    const others = severity.lead.length > 0 ? severity.lead : ownersOf(incident, policy)
    const left = others.filter((target) => !asked.includes(target))
    const first = calendar.add(liveSince(incident), after)
    const moments = rounds(first, { every, count: times + 1 }, running)
    return moments.flatMap((at, index): Timer<LeadNudge>[] => {
      if (index < times)
        return [{ nudge: { kind: 'lead', last: false }, key: `lead:${index + 1}`, at, to: asked }]
      return left.length > 0 ? [{ nudge: { kind: 'lead', last: true }, key: 'lead:last', at, to: left }] : []
    })
  },
  notice: ({ last }, timed) => ({ about: 'nudge-lead', last, ...timed }),
  isStale: (incident) => isOver(incident) || incident.lead !== null,
}

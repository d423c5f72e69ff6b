// Deadlines that the type of an incident brings, such as 72 hours for the notice of a data breach: told when they begin
// and when they end, and kept as a box of the checklist until somebody ticks it.

import type { Incident } from '../fold/incident.ts'
import { type Calendar, findType, type Policy, type PolicyClock, type Target } from '../policy/policy.ts'
import { formatTime } from '../timeline/format.ts'
import { inCharge } from './began.ts'
import type { Timer } from './clock.ts'

export type Deadline = { name: string; due: number; box: string; met: boolean; to: Target[] }

/** Those of the incident's type, counted from the declaration. They outlive the incident: the law asks for its notice
 * also of what was resolved in an hour. */
export function deadlines(incident: Incident, policy: Policy, calendar: Calendar): Deadline[] {
  const { declared } = incident.milestones
  const clocks = incident.type ? (findType(policy, incident.type)?.type.clocks ?? []) : []
  if (declared === undefined || incident.backfilled) return []
  if (['triage', 'cancelled'].includes(incident.status)) return []
  return clocks.map(({ name, within, to }: PolicyClock) => {
    const due = calendar.add(declared, within)
    const box = `${name} by ${formatTime(due, declared)}`
    const met = incident.ticks[box]?.checked ?? false
    return { name, due, box, met, to: to.length > 0 ? to : inCharge(incident) }
  })
}

/** Two timers for each deadline that nobody has met. */
export function deadlineTimers(
  incident: Incident,
  { policy, calendar, wait }: { policy: Policy; calendar: Calendar; wait(at: number): number },
): Timer[] {
  const typed = incident.entries.findLast(({ event }) => event.kind === 'type-set')?.event.at ?? 0
  return deadlines(incident, policy, calendar)
    .filter(({ met }) => !met)
    .flatMap(({ name, due, to }): Timer[] => {
      const begins = Math.min(due, Math.max(typed, incident.milestones.declared ?? 0))
      return [
        { kind: 'deadline', key: `deadline:begins:${name}`, at: wait(begins), to },
        { kind: 'deadline', key: `deadline:due:${name}`, at: wait(due), to },
      ]
    })
}

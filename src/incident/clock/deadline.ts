// Deadlines that the type of an incident brings, such as 72 hours for the notice of a data breach: told when they begin
// and when they end, and kept as a box of the checklist until somebody ticks it.

import type { Incident } from '../fold/nouns.ts'
import { type Calendar, findType, type Policy, type PolicyClock, type Target } from '../policy/policy.ts'
import { formatTime } from '../timeline/format.ts'
import type { NudgeRule, Timed, Waiting } from './nudge.ts'
import { inCharge } from './running.ts'

export type DeadlineNudge = { kind: 'deadline'; name: string; over: boolean }
export type DeadlineNotice = { about: 'deadline'; name: string; over: boolean } & Timed

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
export const DEADLINE: NudgeRule<DeadlineNudge, DeadlineNotice, Waiting> = {
  about: 'deadline',
  timers({ incident, policy, calendar, wait }) {
    const typed = incident.entries.findLast(({ event }) => event.kind === 'type-set')?.event.at ?? 0
    return deadlines(incident, policy, calendar)
      .filter(({ met }) => !met)
      .flatMap(({ name, due, to }) => {
        const begins = Math.min(due, Math.max(typed, incident.milestones.declared ?? 0))
        return [
          { nudge: nudge(name, false), key: `deadline:begins:${name}`, at: wait(begins), to },
          { nudge: nudge(name, true), key: `deadline:due:${name}`, at: wait(due), to },
        ]
      })
  },
  notice: ({ name, over }, timed) => ({ about: 'deadline', name, over, ...timed }),
  isStale: ({ status }) => status === 'cancelled',
}

const nudge = (name: string, over: boolean): DeadlineNudge => ({ kind: 'deadline', name, over })

// When the clocks of an incident began, and how they wait: what every timer counts from.

import { isOver } from '../base/lifecycle.ts'
import type { Incident } from '../fold/nouns.ts'
import type { Duration } from '../policy/duration.ts'
import { type Calendar, findSeverity, type Policy, type Severity } from '../policy/policy.ts'

/** What the clocks of a live incident read. `wait` moves a moment into working hours, where its severity waits for
 * them. */
export type Running = {
  incident: Incident
  severity: Severity
  policy: Policy
  calendar: Calendar
  wait(at: number): number
}

/** The declaration, or the last time that the incident came back from being over. */
export function liveSince(incident: Incident): number {
  const back = incident.statuses.findLast((entered, index) => {
    const before = incident.statuses[index - 1]
    return before !== undefined && isOver(before) && !isOver(entered)
  })
  return Math.max(incident.milestones.declared ?? 0, back?.at ?? 0)
}

/** When a clock began: at the declaration, or at the last change to a severity whose clock is tighter (`/sev`);
 * and the severities in force since then. */
export function clockStart(
  { incident, policy, calendar }: Pick<Running, 'incident' | 'policy' | 'calendar'>,
  within: (severity: Severity) => Duration | null,
): { start: number; since: string[] } {
  let start = liveSince(incident)
  let since: string[] = []
  let current = Number.POSITIVE_INFINITY
  for (const change of incident.severities) {
    const severity = findSeverity(policy, change.severity)
    const duration = severity && within(severity)
    const length = duration ? calendar.add(start, duration) - start : Number.POSITIVE_INFINITY
    if (length < current && change.at > start) {
      start = change.at
      since = []
    }
    since.push(severity?.key ?? change.severity)
    current = length
  }
  return { start, since }
}

/** `count` moments: the first, and each a further `every` after the one before, all of them waiting alike. */
export function rounds(
  first: number,
  { every, count }: { every: Duration; count: number },
  { calendar, wait }: Pick<Running, 'calendar' | 'wait'>,
): number[] {
  const moments: number[] = []
  for (let at = wait(first); moments.length < count; at = wait(calendar.add(at, every))) moments.push(at)
  return moments
}

/** Who is spoken to while an incident runs: its lead, else who declared it. */
export const inCharge = ({ lead, declaredBy }: Incident): string[] => {
  const login = lead ?? declaredBy
  return login ? [`@${login}`] : []
}

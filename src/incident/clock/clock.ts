// What is due: the timers that an incident has under its policy, each to fire once.

import { type Event, RANK } from '../fold/event.ts'
import type { Incident } from '../fold/incident.ts'
import { type Calendar, findSeverity, type Policy, type Target } from '../policy/policy.ts'
import { isLive } from '../status.ts'
import type { Running } from './began.ts'
import { deadlineTimers } from './deadline.ts'
import { escalation } from './escalation.ts'
import { nudges } from './nudge.ts'
import { reminders } from './reminder.ts'

export type Rules = { policy: Policy; calendar: Calendar }

/** One moment at which Mayday must look and speak, and to whom. `key` begins with the kind and is unique in the
 * incident: a key that has fired never fires again. */
export type Timer = { key: string; at: number; to: Target[]; message?: string } & (
  | { kind: 'escalate' | 'lead' | 'update' | 'external' | 'handover' | 'quiet' | 'deadline' | 'remind' }
  /** Updates fail to come: the step of the escalation whose key is `takes` fires for that. */
  | { kind: 'overdue'; takes: string }
)

/** Every timer that has not fired yet, in no order. Reads nothing but its arguments, so it can be asked at any time:
 * an acknowledged, cancelled or resolved incident simply has no timer that would page. */
export function timers(incident: Incident, { policy, calendar }: Rules): Timer[] {
  const wait = waiting(incident, { policy, calendar })
  const running = runningOf(incident, { policy, calendar })
  return [
    ...(running ? [...escalation(running), ...nudges(running)] : []),
    ...deadlineTimers(incident, { policy, calendar, wait }),
    ...reminders(incident, policy, calendar),
  ].filter((timer) => incident.fired[timer.key] === undefined)
}

/** null where no clock runs: the incident is not live, or its severity is not configured any more. */
export function runningOf(incident: Incident, { policy, calendar }: Rules): Running | null {
  const severity = findSeverity(policy, incident.severity)
  if (!severity || !isLive(incident) || incident.backfilled) return null
  return { incident, severity, policy, calendar, wait: waiting(incident, { policy, calendar }) }
}

/** A severity with `always` speaks at any hour, the others wait for working hours. */
function waiting({ severity }: Incident, { policy, calendar }: Rules): (at: number) => number {
  return findSeverity(policy, severity)?.always ? (at) => at : (at) => calendar.nextWorking(at)
}

/** When the next timer fires; null while nothing will ever be due without a new fact. */
export function nextWake(incident: Incident, rules: Rules): number | null {
  const times = timers(incident, rules).map((timer) => timer.at)
  return times.length > 0 ? Math.min(...times) : null
}

/** What is due at `now`, as the facts that make it so. */
export function due(incident: Incident, rules: Rules, now: number): Event[] {
  return timers(incident, rules)
    .filter((timer) => timer.at <= now)
    .sort((a, b) => a.at - b.at)
    .map((timer, index) => ({
      kind: 'timer-fired',
      timer: timer.key,
      due: timer.at,
      names: timer.to,
      ...(timer.kind === 'overdue' && { takes: timer.takes }),
      ...(timer.message && { message: timer.message }),
      key: `timer:${timer.key}`,
      at: now,
      rank: RANK.timer,
      origin: 0,
      index,
      by: null,
    }))
}

// What is due: the timers that an incident has under its policy, each to fire once.
import { isLive } from '../base/lifecycle.ts'
import { RANK } from '../base/placement.ts'
import type { Event, Incident } from '../fold/nouns.ts'
import { findSeverity, type RepositoryRules } from '../policy/policy.ts'
import { DEADLINE } from './deadline.ts'
import { escalation } from './escalation.ts'
import type { Timer } from './nudge.ts'
import { LIVE_NUDGES, type Nudge } from './nudges.ts'
import { reminders } from './reminder.ts'
import type { Running } from './running.ts'

/** Every timer that has not fired yet, in no order. Reads nothing but its arguments, so it can be asked at any time:
 * an acknowledged, cancelled or resolved incident simply has no timer that would page. */
export function timers(incident: Incident, { policy, calendar }: RepositoryRules): Timer<Nudge>[] {
  const wait = waiting(incident, { policy, calendar })
  const running = runningOf(incident, { policy, calendar })
  return [
    ...(running
      ? [...escalation(running), ...LIVE_NUDGES.flatMap<Timer<Nudge>>((nudge) => nudge.timers(running))]
      : []),
    ...DEADLINE.timers({ incident, policy, calendar, wait }),
    ...reminders(incident, { policy, calendar }),
  ].filter((timer) => incident.fired[timer.key] === undefined)
}

/** null where no clock runs: the incident is not live, or its severity is not configured any more. */
export function runningOf(incident: Incident, { policy, calendar }: RepositoryRules): Running | null {
  const severity = findSeverity(policy, incident.severity)
  if (!severity || !isLive(incident) || incident.backfilled) return null
  return { incident, severity, policy, calendar, wait: waiting(incident, { policy, calendar }) }
}

/** A severity with `always` speaks at any hour, the others wait for working hours. */
function waiting({ severity }: Incident, { policy, calendar }: RepositoryRules): (at: number) => number {
  return findSeverity(policy, severity)?.always ? (at) => at : (at) => calendar.nextWorking(at)
}

/** When the next timer fires; null while nothing will ever be due without a new fact. */
export function nextWake(incident: Incident, rules: RepositoryRules): number | null {
  const times = timers(incident, rules).map((timer) => timer.at)
  return times.length > 0 ? Math.min(...times) : null
}

/** What is due at `now`, as the facts that make it so. */
export function due(incident: Incident, rules: RepositoryRules, now: number): Event[] {
  return timers(incident, rules)
    .filter((timer) => timer.at <= now)
    .sort((a, b) => a.at - b.at)
    .map(({ key, nudge, at, to, takes, message }, index) => ({
      kind: 'timer-fired',
      timer: key,
      nudge,
      due: at,
      names: to,
      ...(takes && { takes }),
      ...(message && { message }),
      key: `timer:${key}`,
      at: now,
      rank: RANK.timer,
      origin: 0,
      index,
      by: null,
    }))
}

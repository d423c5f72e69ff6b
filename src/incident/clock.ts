// What is due: the timers that an incident has under its policy, each to fire once.
import { dueOf, type Item } from './action-item.ts'
import type { Status } from './event.ts'
import type { Incident } from './incident.ts'
import {
  type Calendar,
  type Duration,
  type FixedDuration,
  findSeverity,
  milliseconds,
  type Policy,
  type Severity,
  zoneOf,
} from './policy.ts'
import { isLive } from './status.ts'

/** One moment at which Mayday must look and speak. `key` is unique in the incident: a key that has fired never fires
 * again. `step` is the place in the escalation, `round` how often the same thing was asked. */
export type Timer =
  | { kind: 'escalate'; key: string; at: number; step: number }
  | { kind: 'lead'; key: string; at: number; round: number }
  | { kind: 'update'; key: string; at: number; round: number }
  | { kind: 'remind'; key: string; at: number; owner: string }

/** Every timer that has not fired yet, in no order. Reads nothing but its arguments, so it can be asked at any time:
 * an acknowledged, cancelled or resolved incident simply has no timer that would page. */
export function timers(incident: Incident, policy: Policy, calendar: Calendar): Timer[] {
  const severity = findSeverity(policy, incident.severity)
  const live =
    severity && isLive(incident)
      ? [
          ...escalation(incident, severity, policy, calendar),
          ...leadNudges(incident, policy, calendar),
          ...updateNudges(incident, severity, policy, calendar),
        ].map((timer) => (severity.always ? timer : { ...timer, at: calendar.nextWorking(timer.at) }))
      : []
  return [...live, ...reminders(incident, policy, calendar)].filter(
    (timer) => incident.fired[timer.key] === undefined,
  )
}

/** When the next timer fires; null while nothing will ever be due without a new fact. */
export function nextWake(incident: Incident, policy: Policy, calendar: Calendar): number | null {
  const times = timers(incident, policy, calendar).map((timer) => timer.at)
  return times.length > 0 ? Math.min(...times) : null
}

function escalation(incident: Incident, severity: Severity, policy: Policy, calendar: Calendar): Timer[] {
  if (incident.milestones.acknowledged !== undefined) return []
  const { start, since } = clockStart(incident, policy, calendar, (one) => one.respond_within)
  const isFired = (index: number): boolean =>
    since.some((key) => incident.fired[escalationKey(key, index)] !== undefined)
  return severity.escalate.flatMap((step, index) =>
    isFired(index)
      ? []
      : [
          {
            kind: 'escalate' as const,
            key: escalationKey(severity.key, index),
            at: calendar.add(start, step.after),
            step: index,
          },
        ],
  )
}

const escalationKey = (severity: string, step: number): string => `escalate:${severity}:${step}`

/** Whom a step names: those of the policy, else the owners of the affected services, else who declared. */
export function escalationTargets(incident: Incident, policy: Policy, step: number): string[] {
  const severity = findSeverity(policy, incident.severity)
  const named = severity?.escalate[step]?.to
  return named && named.length > 0 ? named : ownersOf(incident, policy)
}

/** Who answers for the incident where nobody is configured. */
export function ownersOf(incident: Incident, policy: Policy): string[] {
  const owners = incident.services.flatMap((service) => policy.services[service]?.owners ?? [])
  if (owners.length > 0) return [...new Set(owners)]
  return incident.declaredBy ? [`@${incident.declaredBy}`] : []
}

function leadNudges(incident: Incident, policy: Policy, calendar: Calendar): Timer[] {
  if (incident.lead) return []
  const { after, every, times } = policy.nudges.no_lead
  const first = calendar.add(liveSince(incident), after)
  return Array.from({ length: times }, (_, index) => ({
    kind: 'lead' as const,
    key: `lead:${index + 1}`,
    at: repeat(first, every, { times: index, calendar }),
    round: index + 1,
  }))
}

function updateNudges(incident: Incident, severity: Severity, policy: Policy, calendar: Calendar): Timer[] {
  const next = nextUpdate(incident, severity, policy, calendar)
  if (!next || !severity.update_every) return []
  const { update_every } = severity
  return Array.from({ length: policy.nudges.update_overdue.times }, (_, index) => ({
    kind: 'update' as const,
    key: `update:${next.since}:${index + 1}`,
    at: repeat(next.at, update_every, { times: index, calendar }),
    round: index + 1,
  }))
}

/** When the next update for stakeholders is due and since when its clock runs; null where none is asked for. */
export function nextUpdate(
  incident: Incident,
  severity: Severity,
  policy: Policy,
  calendar: Calendar,
): { at: number; since: number } | null {
  if (!severity.update_every || !isLive(incident)) return null
  const { start } = clockStart(incident, policy, calendar, (one) => one.update_every)
  const since = Math.max(start, incident.updatedAt ?? 0)
  return { at: calendar.add(since, severity.update_every), since }
}

/** The declaration, or the last time that the incident came back from being over. */
function liveSince(incident: Incident): number {
  const over: readonly Status[] = ['resolved', 'closed', 'cancelled']
  const back = incident.statuses.findLast((one, index) => {
    const before = incident.statuses[index - 1]?.status
    return before !== undefined && over.includes(before) && !over.includes(one.status)
  })
  return Math.max(incident.milestones.declared ?? 0, back?.at ?? 0)
}

/** When a clock began: at the declaration, or at the last change to a severity whose clock is tighter (`/sev`);
 * and the severities in force since then. */
function clockStart(
  incident: Incident,
  policy: Policy,
  calendar: Calendar,
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

function repeat(
  first: number,
  every: Duration,
  { times, calendar }: { times: number; calendar: Calendar },
): number {
  let at = first
  for (let round = 0; round < times; round++) at = calendar.add(at, every)
  return at
}

/** The date by which an item is due; null for the backlog and where nobody has said. */
export function dueDate(item: Item, incident: Incident, policy: Policy, calendar: Calendar): string | null {
  const due = dueOf(item, incident, policy)
  if (!due || due === 'backlog') return null
  return 'date' in due ? due.date : calendar.date(calendar.add(due.from, due.after))
}

/** How many of the repeated reminders are planned ahead: the next one is always among them. */
const AHEAD = 2
const DAY = 86_400_000

function reminders(incident: Incident, policy: Policy, calendar: Calendar): Timer[] {
  if (!incident.declared || incident.status === 'cancelled') return []
  return incident.items.flatMap((item) => {
    const due = dueDate(item, incident, policy, calendar)
    const { owner } = item
    if (item.state !== 'open' || !item.issue || !owner || !due) return []
    const zone = zoneOf(policy, owner)
    const until = item.snoozedUntil ?? 0
    const told = Math.max(item.promisedAt, lastReminder(incident, item))
    const planned = reminderDates(due, Math.max(told, until), policy, calendar)
      .map((date) => ({ date, at: calendar.opens(date, zone) }))
      .filter(({ at }) => at > told)
    const kept = planned.filter(({ at }) => at >= until)
    // A snooze moves the next reminder to its end; what would have come before then is left out.
    const end = calendar.nextWorking(until, zone)
    const moved = kept.length < planned.length ? [{ date: calendar.date(end, zone), at: end }] : []
    return [...moved, ...kept].map(({ date, at }) => ({
      kind: 'remind' as const,
      key: reminderKey(item, date),
      at,
      owner,
    }))
  })
}

/** When the owner was last reminded of it; what was due before then is told. */
function lastReminder(incident: Incident, item: Item): number {
  const prefix = reminderKey(item, '')
  const times = Object.entries(incident.fired).filter(([key]) => key.startsWith(prefix))
  return Math.max(0, ...times.map(([, at]) => at))
}

const reminderKey = (item: Item, date: string): string => `remind:${item.key}:${date}`

/** 2d before, on the day, +3d, +7d, then weekly, as `reminders` says: all of the former, and of the latter
 * the last one before `from` and the next ones. */
function reminderDates(due: string, from: number, policy: Policy, calendar: Calendar): string[] {
  const { before, after, every } = policy.reminders
  const days = (duration: FixedDuration): number => Math.round(milliseconds(duration) / DAY)
  const first = [
    ...before.map((one) => calendar.addDays(due, -days(one))),
    due,
    ...after.map((one) => calendar.addDays(due, days(one))),
  ].sort()
  const last = first.at(-1) ?? due
  const step = Math.max(1, days(every))
  const passed = Math.floor(calendar.daysBetween(last, calendar.date(from)) / step)
  const repeated = Array.from({ length: AHEAD + 1 }, (_, index) => Math.max(passed, 1) + index)
  return [...new Set([...first, ...repeated.map((round) => calendar.addDays(last, round * step))])]
}

// The living comment as facts for its template: the table, what to do now, the timeline, what came after.

import { isLive, isOver } from '../incident/base/lifecycle.ts'
import { runningOf } from '../incident/clock/clock.ts'
import { deadlines } from '../incident/clock/deadline.ts'
import { nextUpdate } from '../incident/clock/update.ts'
import type { Incident } from '../incident/fold/nouns.ts'
import type { ChecklistStatus } from '../incident/policy/policy.ts'
import { type Calendar, findSeverity, type Policy } from '../incident/policy/policy.ts'
import { formatClock, formatLength, formatMoment, formatTime } from '../incident/timeline/format.ts'
import { phases, timeInSeverity } from '../incident/timeline/timeline.ts'

/** What the view depends on beside the incident; `now` in milliseconds. */
export type Surroundings = {
  now: number
  policy: Policy
  calendar: Calendar
  boardUrl: string | null
}

const ICONS: Record<string, string> = {
  triage: '🟡',
  monitoring: '🟠',
  resolved: '🟢',
  closed: '🟢',
  cancelled: '⚪',
}
/** One sign per status, always beside the word. */
export const icon = (status: string): string => ICONS[status] ?? '🔴'

/** `INC-42`, with `[DRILL]` before it on an exercise. */
export const nameOf = (incident: Incident): string =>
  incident.drill ? `[DRILL] ${incident.id}` : incident.id

/** `P0 Critical`. */
export function severityName(policy: Policy, key: string): string {
  const severity = findSeverity(policy, key)
  return severity ? `${severity.key} ${severity.name}` : key
}

/** Everything of the living comment but the words of its entries. */
export function livingView(incident: Incident, { now, policy, calendar, boardUrl }: Surroundings) {
  const declared = incident.milestones.declared ?? incident.milestones.detected
  const anchor = declared ?? now
  const time = (at: number | undefined): string | null => (at === undefined ? null : formatTime(at, anchor))
  const running = runningOf(incident, { policy, calendar })
  const update = running && nextUpdate(running)
  const previous = incident.severities.at(-2)
  const changed = incident.severities.at(-1)
  const status = incident.statuses.at(-1)
  return {
    icon: icon(incident.status),
    name: nameOf(incident),
    id: incident.id,
    title: incident.title,
    drill: incident.drill,
    severity: severityName(policy, incident.severity),
    severityWas:
      previous && changed ? { severity: previous.severity, until: formatClock(changed.at, anchor) } : null,
    severityAssumed: incident.severityAssumed,
    status: incident.status,
    statusSince: status ? formatTime(status.at, anchor) : null,
    cancelled: incident.cancelled ?? null,
    lead: incident.lead,
    roles: Object.entries(incident.roles).map(([role, user]) => ({ role: sentence(role), user })),
    started: time(incident.milestones.started),
    // Who reads of it once it is over may come much later, and the others count from this day.
    declared: isOver(incident) && declared !== undefined ? formatMoment(declared) : time(declared),
    acknowledged: time(incident.milestones.acknowledged),
    mitigated: time(incident.milestones.mitigated),
    resolved: time(incident.milestones.resolved),
    impact: incident.impact ?? null,
    cause: incident.cause ?? null,
    services: incident.services.join(', ') || null,
    nextUpdate: update ? { at: formatTime(update.at, anchor), by: incident.lead } : null,
    links: {
      hotfixes: incident.hotfixes.map(({ pull, url, state }) => ({ pull, url, state })),
      review: incident.review?.issue
        ? { issue: incident.review.issue, url: incident.review.url ?? '' }
        : null,
      board: boardUrl,
      bridge: incident.bridge ?? null,
      runbooks: runbooks(incident, policy),
      related: incident.related.map((number) => ({ number })),
    },
    suspects: incident.suspects,
    now: [...checklist(incident, policy), ...deadlineBoxes(incident, policy, calendar)],
    items: incident.items
      .filter((item) => item.issue)
      .map((item) => ({
        text: item.text,
        issue: item.issue,
        url: item.url,
        owner: item.owner,
        done: item.state !== 'open',
      })),
    after: afterwards(incident, policy, now),
  }
}

const sentence = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ')

function runbooks(incident: Incident, policy: Policy): { name: string; url: string }[] {
  const services = incident.services.flatMap((name) => {
    const url = policy.services[name]?.runbook
    return url ? [{ name: `runbook ${name}`, url }] : []
  })
  const url = incident.type ? policy.types[incident.type]?.runbook : null
  return url ? [{ name: `runbook ${incident.type}`, url }, ...services] : services
}

/** The boxes of the current status, from the repository's checklist and the type's; a person's tick is kept. */
function checklist(
  incident: Incident,
  policy: Policy,
): { text: string; checked: boolean; by: string | null }[] {
  if (!isLive(incident) && !['triage', 'resolved'].includes(incident.status)) return []
  const status = incident.status as ChecklistStatus
  const type = incident.type ? policy.types[incident.type] : undefined
  const boxes = [...(policy.checklist[status] ?? []), ...(type?.checklist[status] ?? [])]
  return [...new Set(boxes)].map((text) => ({
    text,
    checked: incident.ticks[text]?.checked ?? false,
    by: incident.ticks[text]?.by ?? null,
  }))
}

/** What the law or a contract asks for stays a box until it is ticked, also when all else is over. */
function deadlineBoxes(incident: Incident, policy: Policy, calendar: Calendar) {
  return deadlines(incident, policy, calendar)
    .filter(({ met }) => !met || incident.status !== 'closed')
    .map(({ box, met }) => ({ text: box, checked: met, by: incident.ticks[box]?.by ?? null }))
}

/** What is known once it is over: the chart of the statuses and the time in each severity. */
function afterwards(incident: Incident, policy: Policy, now: number) {
  if (!['resolved', 'closed'].includes(incident.status)) return null
  const end = incident.milestones.resolved ?? now
  const shown = phases(incident, end).filter((phase) => phase.from <= end)
  return {
    tick: tickInterval(end - (shown[0]?.from ?? end)),
    bars: shown.map((phase) => ({
      name: phase.name,
      from: minute(phase.from),
      to: minute(Math.max(phase.to, phase.from + 60_000)),
    })),
    severities: timeInSeverity(incident, now).map((one) => ({
      severity: severityName(policy, one.severity),
      length: formatLength(one.length),
    })),
  }
}

/** Mermaid's distance between two times on the axis, so that at most eight stand side by side. */
function tickInterval(length: number): string {
  const minutes = length / 60_000
  const step = [1, 5, 10, 30, 60, 180, 360, 720].find((one) => minutes / one <= 8)
  if (!step) return '1day'
  return step < 60 ? `${step}minute` : `${step / 60}hour`
}

/** `2025-12-18 10:11`, as the chart's `dateFormat YYYY-MM-DD HH:mm` reads it. */
const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

// The living comment: the table, what to do now, suspects, what was known before, what came after.
import { isOver } from '../../incident/base/lifecycle.ts'
import { runningOf } from '../../incident/clock/clock.ts'
import { nextUpdate } from '../../incident/clock/update.ts'
import type { Incident } from '../../incident/fold/nouns.ts'
import type { Policy, RepositoryRules } from '../../incident/policy/policy.ts'
import { formatClock, formatLength, formatMoment, formatTime } from '../../incident/timeline/format.ts'
import { phases, timeInSeverity } from '../../incident/timeline/timeline.ts'
import { inline, Markup, spans } from '../../markdown.ts'
import { commandViews } from '../help.ts'
import { estimateRow, takeWhileFits, truncate } from '../limits.ts'
import { icon, nameOf, severityName } from '../names.ts'
import type { LivingView } from '../views.ts'
import { boxes } from './checklist.ts'
import { linksOf } from './links.ts'

/** What the view depends on beside the incident; `now` in milliseconds, `url` is the issue's address. */
export type Surroundings = RepositoryRules & {
  now: number
  url: string
  boardUrl: string | null
  /** Why there can be no board. */
  noBoard: string | null
  knownBefore: LivingView['knownBefore']
  /** What is wrong with the configuration. */
  problems: readonly string[]
}

/** How many characters a list of the living comment may take: with all of them full there is room for a timeline. */
const ROOM = 10_000

/** Everything of the living comment but its timeline. */
export function livingView(incident: Incident, around: Surroundings): Omit<LivingView, 'entries' | 'older'> {
  const { now, policy, knownBefore, noBoard, problems } = around
  const links = linksOf(incident, around)
  return {
    icon: icon(incident.status),
    name: nameOf(incident),
    id: incident.id,
    chartTitle: new Markup(incident.id),
    ...severityOf(incident, around),
    ...statusOf(incident, around),
    ...people(incident),
    ...times(incident, now),
    impact: incident.impact ? truncate(incident.impact) : null,
    cause: incident.cause ? truncate(incident.cause) : null,
    services: incident.services.length > 0 ? truncate(incident.services.join(', ')) : null,
    nextUpdate: nextUpdateOf(incident, around),
    links,
    hasLinks: links.length > 0,
    ...boxesOf(incident, around),
    ...suspectsOf(incident, around.url),
    ...itemsOf(incident),
    knownBefore,
    after: afterwards(incident, policy, now),
    problems: problems.map(spans),
    noBoard,
    commands: commandViews(),
  }
}

/** What the times of the living comment are told beside: another day than the declaration's shows its date. */
const anchorOf = ({ milestones: { declared, detected } }: Incident, now: number): number =>
  declared ?? detected ?? now

function severityOf(
  incident: Incident,
  { policy, now }: Surroundings,
): Pick<LivingView, 'severity' | 'severityWas' | 'severityAssumed'> {
  const { severity, severities, severityAssumed } = incident
  const [previous, changed] = severities.slice(-2)
  const until = changed && formatClock(changed.at, anchorOf(incident, now))
  return {
    severity: severityName(policy, severity),
    severityWas: previous && until ? { severity: previous.severity, until } : null,
    severityAssumed,
  }
}

function statusOf(
  incident: Incident,
  { now }: Surroundings,
): Pick<LivingView, 'status' | 'statusSince' | 'cancelled'> {
  const { status, statuses, cancelled } = incident
  const entered = statuses.at(-1)
  return {
    status,
    statusSince: entered ? formatTime(entered.at, anchorOf(incident, now)) : null,
    cancelled: cancelled ? { ...cancelled, ...(cancelled.text && { text: truncate(cancelled.text) }) } : null,
  }
}

const people = ({ lead, roles }: Incident): Pick<LivingView, 'lead' | 'roles'> => ({
  lead: lead ? `@${lead}` : null,
  roles: Object.entries(roles).map(([role, user]) => ({ role: sentence(role), user: `@${user}` })),
})

const sentence = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ')

function times(
  incident: Incident,
  now: number,
): Pick<LivingView, 'started' | 'declared' | 'acknowledged' | 'mitigated' | 'resolved'> {
  const { started, detected, declared = detected, acknowledged, mitigated, resolved } = incident.milestones
  const time = (at: number | undefined): string | null =>
    at === undefined ? null : formatTime(at, anchorOf(incident, now))
  return {
    started: time(started),
    // A reader may come long after the end, and the other times count from this day.
    declared: isOver(incident) && declared !== undefined ? formatMoment(declared) : time(declared),
    acknowledged: time(acknowledged),
    mitigated: time(mitigated),
    resolved: time(resolved),
  }
}

/** When the next update is due, and by whom; null while none is asked for. */
export function nextUpdateOf(
  incident: Incident,
  { now, ...rules }: RepositoryRules & { now: number },
): LivingView['nextUpdate'] {
  const running = runningOf(incident, rules)
  const update = running && nextUpdate(running)
  if (!update) return null
  const by = incident.lead ? `@${incident.lead}` : null
  return { at: formatTime(update.at, anchorOf(incident, now)), by }
}

const sizeOf = ({ text }: { text: string }): number => estimateRow(inline(truncate(text)).toString())

function boxesOf(incident: Incident, rules: RepositoryRules): Pick<LivingView, 'now' | 'nowMore'> {
  const { shown, more } = takeWhileFits(boxes(incident, rules), ROOM, sizeOf)
  return { now: shown, nowMore: more }
}

function suspectsOf({ suspects }: Incident, url: string): Pick<LivingView, 'suspects' | 'suspectsMore'> {
  const { shown, more } = takeWhileFits(suspects, ROOM, () => estimateRow(url))
  const views = shown.map(({ number, by, cleared }) => ({
    name: new Markup(`#${number}`),
    url: url.replace(/\d+$/, String(number)),
    by: by && `@${by}`,
    cleared: cleared ? { by: cleared.by && `@${cleared.by}` } : null,
  }))
  return { suspects: views, suspectsMore: more }
}

function itemsOf({ items }: Incident): Pick<LivingView, 'items' | 'itemsMore'> {
  const { shown, more } = takeWhileFits(
    items.filter(({ issue }) => issue),
    ROOM,
    sizeOf,
  )
  const views = shown.map(({ text, issue, url, owner, state }) => ({
    text: truncate(text),
    issue: new Markup(`#${issue}`),
    url: url ?? null,
    owner: owner ? `@${owner}` : null,
    done: state !== 'open',
  }))
  return { items: views, itemsMore: more }
}

/** What is known once it is over: the chart of the statuses and the time in each severity. */
function afterwards(incident: Incident, policy: Policy, now: number): LivingView['after'] {
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
    severities: timeInSeverity(incident, now).map(({ severity, length }) => ({
      severity: severityName(policy, severity),
      length: formatLength(length),
    })),
  }
}

/** Mermaid's distance between two times on the axis, so that at most eight stand side by side. */
function tickInterval(length: number): string {
  const minutes = length / 60_000
  const step = [1, 5, 10, 30, 60, 180, 360, 720].find((minutesApart) => minutes / minutesApart <= 8)
  if (!step) return '1day'
  return step < 60 ? `${step}minute` : `${step / 60}hour`
}

/** `2025-12-18 10:11`, as the chart's `dateFormat YYYY-MM-DD HH:mm` reads it. */
const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

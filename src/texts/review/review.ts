// The words of a new review: what is known when it is opened, its metrics, its action items.

import { dueDate } from '../../incident/clock/reminder.ts'
import type { Incident } from '../../incident/fold/nouns.ts'
import type { Item } from '../../incident/item.ts'
import { type Horizon, type Policy, type RepositoryRules, severityOf } from '../../incident/policy/policy.ts'
import { formatDuration, formatLength } from '../../incident/timeline/format.ts'
import { inline, Markup } from '../../markdown.ts'
import type { Loaded } from '../../shell/load.ts'
import type { Shell } from '../../shell/shell.ts'
import { entries, entrySize } from '../entry.ts'
import { BODY_ROOM, takeWhileFits, truncate } from '../limits.ts'
import { nameOf, severityName } from '../names.ts'
import { render } from '../render.ts'
import type { MetricView, Views } from '../views.ts'
import { withNewLines } from './sections.ts'

/** How many characters each may take: with all of them full there is room for action items. */
const ROOM = { timeline: 20_000, words: 3_000 } as const

/** The review as it is opened: what is known is filled in, and what has no room is counted. */
export function newReview(shell: Shell, loaded: Loaded): string {
  const view = reviewView(shell, loaded)
  const reviewOf = (items: readonly Item[]): string =>
    render(shell, 'review', { ...view, items: itemsByHorizon(loaded, items) })
  const { shown, more } = takeWhileFits(loaded.incident.items, BODY_ROOM - reviewOf([]).length, (item) =>
    lineSize(lineOf(loaded, item)),
  )
  return withMore(shell, reviewOf(shown), more)
}

/** The action items say how many of them found no room; `more` is null where all did. */
export function withMore(shell: Pick<Shell, 'templates'>, body: string, more: number | null): string {
  const line = (count: number): string => render(shell, 'more-items', { count }).trim()
  const [before = '', after = ''] = line(7).split('7')
  const isMore = (text: string): boolean =>
    text.startsWith(before) && text.endsWith(after) && /^\d+$/.test(text.slice(before.length, -after.length))
  const lines = body.split('\n')
  const at = lines.findIndex((text) => isMore(text.trimEnd()))
  if (at < 0) return more === null ? body : withNewLines(body, [{ horizon: null, line: line(more) }])
  if (more === null) return lines.toSpliced(at, 1).join('\n')
  const end = lines[at]?.endsWith('\r') ? '\r' : ''
  return lines.with(at, line(more) + end).join('\n')
}

function reviewView(shell: Shell, loaded: Loaded): Omit<Views['review'], 'items'> {
  const { incident, place, issue } = loaded
  const { policy, calendar } = place
  const rule = severityOf(policy, incident.severity).review
  const resolved = incident.milestones.resolved ?? shell.now()
  const all = entries(shell, incident, { policy, url: loaded.url })
  const timeline = takeWhileFits(all, ROOM.timeline, entrySize)
  return {
    number: issue.number,
    id: nameOf(incident),
    title: incident.title,
    severity: severityName(policy, incident.severity),
    began: calendar.date(incident.milestones.started ?? incident.milestones.detected ?? resolved),
    lead: incident.lead,
    within: rule ? calendar.date(calendar.add(resolved, rule.within)) : null,
    required: new Markup(inWords((incident.review?.sections ?? []).map(headingOf))),
    impact: incident.impact ? truncate(incident.impact, ROOM.words) : null,
    cause: incident.cause ? truncate(incident.cause, ROOM.words) : null,
    entries: timeline.shown,
    entriesMore: timeline.more,
    url: loaded.url,
    metrics: metrics(incident, place),
    exampleDue: calendar.date(calendar.add(resolved, '14d')),
    meeting: `${calendar.date(calendar.add(resolved, policy.review.within_meeting))} ${policy.working_hours.from} (${policy.timezone})`,
  }
}

export const headingOf = (section: string): string => {
  const words = section.replaceAll('-', ' ')
  return `_${words.charAt(0).toUpperCase()}${words.slice(1)}_`
}
const inWords = (list: string[]): string =>
  list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`

/** The four times that a review is asked for, with the repository's targets; a missed one stands out. */
export function metrics(incident: Incident, { policy, calendar }: RepositoryRules): MetricView[] {
  const { started, detected, declared, acknowledged, mitigated, resolved } = incident.milestones
  const metric = (
    time: keyof Policy['targets'],
    [from, to]: [number | undefined, number | undefined],
  ): MetricView => {
    const target = policy.targets[time]
    return {
      ...{ detect: false, acknowledge: false, mitigate: false, resolve: false },
      [time]: true,
      value: from === undefined || to === undefined ? null : formatLength(to - from),
      target: target ? formatDuration(target) : null,
      missed: target !== null && from !== undefined && to !== undefined && to > calendar.add(from, target),
    }
  }
  const began = started ?? detected
  return [
    metric('detect', [started, detected]),
    metric('acknowledge', [declared, acknowledged]),
    metric('mitigate', [began, mitigated]),
    metric('resolve', [began, resolved]),
  ]
}

function itemsByHorizon(loaded: Loaded, items: readonly Item[]): Views['review']['items'] {
  const of = (horizon: Horizon) =>
    items
      .filter((item) => (item.horizon ?? 'short') === horizon)
      .map((item) => ({ done: item.state !== 'open', line: new Markup(lineOf(loaded, item)) }))
  return { immediate: of('immediate'), short: of('short'), medium: of('medium'), long: of('long') }
}

/** How many characters a line of the action items takes, with its box and its end. */
export const lineSize = (line: string): number => `- [ ] ${line}\n`.length

/** `#45 [P1] Alarm on document count @owner due:2026-12-01`, as `readLine` reads it back. */
export function lineOf({ incident, place }: Loaded, item: Item): string {
  const due = dueDate(item, incident, place)
  return [
    item.issue ? `#${item.issue}` : '',
    item.priority ? `[${item.priority}]` : '',
    inline(item.text).toString(),
    item.owner ? `@${item.owner}` : '',
    due ? `due:${due}` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

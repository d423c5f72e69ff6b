// The words of a new review: what is known when it is opened, its metrics, its action items.

import { dueDate } from '../incident/clock/reminder.ts'
import type { Incident } from '../incident/fold/nouns.ts'
import type { Item } from '../incident/item.ts'
import type { Duration } from '../incident/policy/duration.ts'
import { type Horizon, severityOf } from '../incident/policy/policy.ts'
import { formatDuration, formatLength } from '../incident/timeline/format.ts'
import { inline, Markup } from '../markdown.ts'
import type { Loaded } from '../shell/load.ts'
import type { Place, Shell } from '../shell/shell.ts'
import { entries, entrySize } from './entry.ts'
import { cut, FULL, fitting } from './limits.ts'
import { nameOf, severityName } from './living.ts'
import { withNewLines } from './review-sections.ts'

/** How many characters each may take: with all of them full there is room for action items. */
const ROOM = { timeline: 20_000, words: 3_000 } as const

/** The review as it is opened: what is known is filled in, and what has no room is counted. */
export function newReview(shell: Shell, loaded: Loaded): string {
  const view = reviewView(shell, loaded)
  const render = (items: readonly Item[]): string =>
    shell.templates.render('review', { ...view, items: itemsByHorizon(loaded, items) })
  const { shown, more } = fitting(loaded.incident.items, FULL - render([]).length, (item) =>
    lineSize(lineOf(loaded, item)),
  )
  return withMore(render(shown), more)
}

const MORE = /^- and \d+ more action items, each an issue of its own(\r?\n|$)/m

/** The action items say how many of them found no room; `more` is null where all did. */
export function withMore(body: string, more: number | null): string {
  if (more === null) return body.replace(MORE, '')
  const line = `- and ${more} more action items, each an issue of its own`
  if (MORE.test(body)) return body.replace(MORE, `${line}$1`)
  return withNewLines(body, [{ horizon: null, line }])
}

function reviewView(shell: Shell, loaded: Loaded) {
  const { incident, place, target } = loaded
  const { policy, calendar } = place
  const rule = severityOf(policy, incident.severity).review
  const resolved = incident.milestones.resolved ?? shell.now()
  const all = entries(shell, incident, { policy, url: loaded.url })
  const timeline = fitting(all, ROOM.timeline, entrySize)
  return {
    number: target.number,
    id: nameOf(incident),
    title: incident.title,
    severity: severityName(policy, incident.severity),
    began: calendar.date(incident.milestones.started ?? incident.milestones.detected ?? resolved),
    lead: incident.lead,
    within: rule ? calendar.date(calendar.add(resolved, rule.within)) : null,
    required: new Markup(inWords((incident.review?.sections ?? []).map(headingOf))),
    impact: incident.impact ? cut(incident.impact, ROOM.words) : null,
    cause: incident.cause ? cut(incident.cause, ROOM.words) : null,
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
export function metrics(incident: Incident, { policy, calendar }: Pick<Place, 'policy' | 'calendar'>) {
  const { started, detected, declared, acknowledged, mitigated, resolved } = incident.milestones
  const row = (
    what: string,
    [from, to]: [number | undefined, number | undefined],
    target: Duration | null,
  ) => ({
    what,
    value: from === undefined || to === undefined ? 'not known' : formatLength(to - from),
    target: target ? formatDuration(target) : '–',
    missed: target !== null && from !== undefined && to !== undefined && to > calendar.add(from, target),
  })
  const began = started ?? detected
  return [
    row('to detect (from the start)', [started, detected], policy.targets.detect),
    row('to acknowledge (from the declaration)', [declared, acknowledged], policy.targets.acknowledge),
    row('to mitigate (from the start)', [began, mitigated], policy.targets.mitigate),
    row('to resolve (from the start)', [began, resolved], policy.targets.resolve),
  ]
}

function itemsByHorizon(
  loaded: Loaded,
  items: readonly Item[],
): Record<Horizon, { done: boolean; line: Markup }[]> {
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
  const due = dueDate(item, incident, place.policy, place.calendar)
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

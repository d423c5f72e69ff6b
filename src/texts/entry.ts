// The timeline's rows with their words, for the living comment, the review and the record.

import type { Incident } from '../incident/fold/nouns.ts'
import type { Outcome } from '../incident/people.ts'
import type { Policy } from '../incident/policy/policy.ts'
import { formatClock, formatMoment } from '../incident/timeline/format.ts'
import { type TimelineRow, timelineRows } from '../incident/timeline/timeline.ts'
import { Markup } from '../markdown.ts'
import type { Shell } from '../shell/shell.ts'
import type { ViewValue } from '../templates/templates.ts'
import { camelCase, estimateRow, truncate } from './limits.ts'
import { severityName } from './names.ts'
import { render } from './render.ts'
import type { EntryView, Views } from './views.ts'

/** The incident's rows by time; the date shows from the second day on. `url` is its issue's address: what has no address
 * of its own, such as a moved card, is told there. */
export function entries(
  shell: Pick<Shell, 'templates'>,
  incident: Incident,
  { policy, url }: { policy: Policy; url: string },
): EntryView[] {
  const shown = timelineRows(incident)
  const anchor = shown[0]?.at ?? 0
  return shown.map((row) => ({
    n: row.n,
    time: formatClock(row.at, anchor),
    text: new Markup(render(shell, 'entry', entryView(row, incident, policy)).trim()),
    by: row.event.by ? `@${row.event.by}` : null,
    link: evidence(row, incident, url),
  }))
}

/** The view of the template `entry`: what happened stands under the fact's own name, as `severitySet`. */
function entryView(
  { event: told, text, leads, struck }: TimelineRow,
  incident: Incident,
  policy: Policy,
): Views['entry'] {
  // What was told of a duplicate reads as it did there.
  const event = told.kind === 'entry-taken' ? told.told : told
  const name = camelCase(event.kind)
  const words: Record<string, ViewValue> = { ...event }
  if (typeof words.text === 'string' || text !== undefined) words.text = truncate(text ?? String(words.text))
  // A fact about an item names it by its key; people know it by its words.
  if ('item' in event && !('text' in event))
    words.text = truncate(incident.items.find((item) => item.key === event.item)?.text ?? '')
  if ('sha' in event) words.sha = event.sha.slice(0, 7)
  // Named for the record, not called: a person is told where somebody waits for them, not by a table.
  if ('user' in event) words.user = `@${event.user}`
  if ('owner' in event && event.owner) words.owner = `@${event.owner}`
  if (leads && event.by) words.leads = `@${event.by}`
  if (event.kind === 'hotfix-reviewed') words.state = event.state.replace('_', ' ')
  if ('severity' in event && event.severity) words.severity = severityName(policy, event.severity)
  if (event.kind === 'declared' && event.since !== undefined) words.since = formatMoment(event.since)
  if (event.kind === 'declared' && event.resolved !== undefined) words.resolved = formatMoment(event.resolved)
  if ('time' in event && event.kind === 'milestone-set') words.time = formatMoment(event.time)
  const notified = incident.notified[told.key]
  if (notified) Object.assign(words, outcomeWords(notified.outcomes))
  const from = told.kind === 'entry-taken' ? told.id : null
  return {
    [name]: words,
    from,
    struck,
    amended: text !== undefined && !('text' in event) ? truncate(text) : null,
  }
}

/** Who of those who were called could not be, and why. */
function outcomeWords(outcomes: readonly Outcome[]): Record<string, ViewValue> {
  return {
    drill: outcomes.some(({ outcome }) => outcome === 'drill'),
    missed: outcomes
      .filter(({ outcome }) => outcome === 'unknown' || outcome === 'no-channel')
      .map(({ to, outcome }) => ({ to, unknown: outcome === 'unknown' })),
  }
}

function evidence({ event: told }: TimelineRow, { notified }: Incident, issue: string): EntryView['link'] {
  const event = told.kind === 'entry-taken' ? told.told : told
  if (event.kind === 'hotfix-opened') return { text: new Markup(`#${event.pull}`), url: event.url }
  const url = event.evidence ?? notified[told.key]?.url ?? issue
  if (!url) return null
  if (event.kind === 'review-opened') return { text: new Markup(`#${event.issue}`), url }
  if ('pull' in event) return { text: new Markup(`#${event.pull}`), url }
  if (url.includes('#issuecomment-')) return { text: new Markup('comment'), url }
  if (event.kind === 'deployed') return { text: new Markup('deployment'), url }
  return { text: new Markup('issue'), url }
}

/** How many characters a row of the timeline takes at most. */
export const entrySize = (entry: EntryView): number =>
  estimateRow(entry.text.toString(), entry.link?.url ?? '')

// The executive summary: what a manager asks, answered from the facts and, where it is written, the review.

import { getIssue } from '../../github/issues/issues.ts'
import { dueDate } from '../../incident/clock/reminder.ts'
import { formatLength, formatMoment, formatTime } from '../../incident/timeline/format.ts'
import { milestones } from '../../incident/timeline/timeline.ts'
import { inline, Markup } from '../../markdown.ts'
import { issueBehind, type Loaded, livingUrl, refOf } from '../../shell/load.ts'
import type { Shell } from '../../shell/shell.ts'
import { BODY_ROOM, estimateRow, takeWhileFits, truncate } from '../limits.ts'
import { nextUpdateOf } from '../living/living.ts'
import { icon, nameOf, severityName } from '../names.ts'
import { render } from '../render.ts'
import type { SummaryView } from '../views.ts'
import { metrics } from './review.ts'
import { readReview } from './sections.ts'

/** What `/summary` answers with. */
export async function summaryText(shell: Shell, loaded: Loaded): Promise<string> {
  return render(shell, 'summary', { ...factsOf(shell, loaded), ...(await judged(shell, loaded)) })
}

function factsOf(shell: Shell, loaded: Loaded): Omit<SummaryView, 'well' | 'wrong'> {
  const { incident, place } = loaded
  const { policy, calendar } = place
  const now = shell.now()
  const { started, detected, resolved, mitigated } = incident.milestones
  const began = started ?? detected
  const ended = resolved ?? mitigated
  const declared = incident.severities[0]?.severity ?? incident.severity
  const update = incident.entries.findLast(({ event, hidden }) => event.kind === 'updated' && !hidden)
  const steps = stepsOf(loaded)
  const words = (text: string | null | undefined): string | null => (text ? truncate(text) : null)
  return {
    name: nameOf(incident),
    icon: icon(incident.status),
    title: incident.title,
    severity: severityName(policy, incident.severity),
    severityDeclared: severityName(policy, declared),
    severityChanged: declared !== incident.severity,
    status: incident.status,
    over: ended !== undefined,
    nextUpdate: nextUpdateOf(incident, { policy, calendar, now })?.at ?? null,
    summary: words(incident.summary),
    began: began === undefined ? null : formatMoment(began),
    lasted: began === undefined || ended === undefined ? null : formatLength(ended - began),
    impact: words(incident.impact),
    cause: words(incident.cause),
    resolution: words(incident.resolution),
    update: words(update?.text ?? (update?.event.kind === 'updated' ? update.event.text : null)),
    cost: words(incident.cost),
    lead: incident.lead && `@${incident.lead}`,
    milestones: milestones(incident).map(({ name, at }) => ({ name, time: formatTime(at, began) })),
    metrics: metrics(incident, place),
    ...steps,
    living: livingUrl(loaded),
    review: incident.review?.url ?? null,
  }
}

/** The action items that nobody declined, as far as there is room. */
function stepsOf({ incident, place }: Loaded): Pick<SummaryView, 'steps' | 'stepsMore'> {
  const promised = incident.items.filter(({ state }) => state !== 'declined')
  const { shown, more } = takeWhileFits(promised, BODY_ROOM / 2, ({ text, url = '' }) =>
    estimateRow(inline(truncate(text)).toString(), url),
  )
  const steps = shown.map((item) => ({
    text: truncate(item.text),
    issue: new Markup(`#${item.issue}`),
    url: item.url ?? null,
    owner: item.owner ? `@${item.owner}` : null,
    due: dueDate(item, incident, place),
    done: item.state !== 'open',
  }))
  return { steps, stepsMore: more }
}

/** Which controls worked and which did not, people judge: in the review. */
async function judged(shell: Shell, loaded: Loaded): Promise<Pick<SummaryView, 'well' | 'wrong'>> {
  const number = loaded.incident.review?.issue
  if (number === undefined) return { well: null, wrong: null }
  const target = await issueBehind(shell, loaded, { ref: refOf(loaded, 'review'), number })
  const sections = readReview((await getIssue(loaded.place.github, target))?.body ?? '').sections
  const said = (section: string): string | null => {
    const text = sections.get(section)?.replaceAll(/\s+/g, ' ').trim()
    return text ? truncate(text) : null
  }
  return { well: said('what-went-well'), wrong: said('what-went-wrong') }
}

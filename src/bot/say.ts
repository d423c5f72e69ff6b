// The few new comments that Mayday writes: a change of status or severity, and what a named person must act on.
import { putComment } from '../github/comments.ts'
import { mark } from '../github/mark.ts'
import { escalationTargets, nextUpdate, ownersOf } from '../incident/clock.ts'
import { formatLength, formatTime } from '../incident/format.ts'
import type { Incident } from '../incident/incident.ts'
import { icon, nameOf, severityName } from '../incident/living.ts'
import { type Policy, severityOf } from '../incident/policy.ts'
import type { Effect, Notice } from '../incident/react.ts'
import { missingFromReview } from '../incident/review-state.ts'
import type { View } from '../templates.ts'
import { type Loaded, refOf, textOf } from './load.ts'
import { missingInWords } from './review.ts'
import type { Shell } from './shell.ts'

/** Later than this, a message says how late it is: Mayday was not running when it was due. */
const LATE = 2 * 60_000

/** Writes one notice, found again by its key, so that it is never written twice. */
export async function say(
  shell: Shell,
  loaded: Loaded,
  effect: Extract<Effect, { do: 'say' }>,
): Promise<void> {
  const { place, issue, incident, target } = loaded
  if (isStale(effect.notice, incident)) return
  const number = effect.on === 'review' ? incident.review?.issue : issue.number
  if (!number || refOf(loaded, 'said', effect.key)) return
  const body = shell.templates.render(effect.notice.about, noticeView(effect.notice, loaded))
  const put = await putComment(
    place.github,
    { ...issue, number },
    { mark: mark('say', `${target.number}-${effect.key}`), body },
  )
  await shell.store.putRef({
    incident: target.incident,
    kind: 'said',
    key: effect.key,
    number: null,
    body: { id: put.id, url: put.url },
  })
}

/** Re-read before it is said: an acknowledged, cancelled or resolved incident never pages. */
function isStale(notice: Notice, incident: Incident): boolean {
  const over = ['resolved', 'closed', 'cancelled'].includes(incident.status)
  switch (notice.about) {
    case 'escalation':
      return over || incident.milestones.acknowledged !== undefined
    case 'nudge-lead':
      return over || incident.lead !== null
    case 'nudge-update':
      return over || (incident.updatedAt ?? 0) >= notice.at
    case 'ask-severity':
      return over || !incident.severityAssumed
    case 'ask-accept':
      return incident.status !== 'triage'
    default:
      return false
  }
}

function noticeView(notice: Notice, loaded: Loaded): View {
  const { incident, place } = loaded
  const common = {
    name: nameOf(incident),
    title: incident.title,
    severity: severityName(place.policy, incident.severity),
    severityKey: incident.severity,
    icon: icon(incident.status),
    living: textOf(refOf(loaded, 'living'), 'url') || loaded.url,
  }
  return { ...common, ...noticeWords(notice, loaded) }
}

function noticeWords(notice: Notice, loaded: Loaded): View {
  const { incident, place } = loaded
  switch (notice.about) {
    case 'status':
      return { ...notice, by: notice.by ? `@${notice.by}` : null, note: notice.note ?? null }
    case 'severity':
      return {
        from: notice.from,
        to: severityName(place.policy, notice.to),
        by: notice.by ? `@${notice.by}` : null,
        reason: notice.reason ?? null,
      }
    case 'ask-severity':
      return { user: notice.user, severities: severityChoices(place.policy) }
    case 'ask-reopen':
      return { user: notice.user }
    case 'escalation':
      return { ...escalationWords(notice, loaded), late: lateness(notice) }
    case 'nudge-lead':
      return {
        targets: plain(leadTargets(incident, place.policy)),
        waited: formatLength(notice.at - (incident.milestones.declared ?? notice.at)),
        late: lateness(notice),
      }
    case 'nudge-update':
      return {
        user: incident.lead ?? incident.declaredBy,
        due: formatTime(firstDue(notice, loaded), incident.milestones.declared),
        overdue: formatLength(notice.at - firstDue(notice, loaded)),
        late: lateness(notice),
      }
    case 'review-incomplete':
      return {
        user: notice.user,
        missing: missingFromReview(incident, place.policy).map((one) => missingInWords(one, incident)),
      }
    case 'hotfix-refused':
      return { user: notice.user, why: notice.why, branch: `hotfix/incident-${incident.id}` }
    default:
      return {}
  }
}

/** When the update was due at first; the later nudges each have their own moment. */
function firstDue(notice: { due: number }, { incident, place }: Loaded): number {
  const severity = severityOf(place.policy, incident.severity)
  return nextUpdate(incident, severity, place.policy, place.calendar)?.at ?? notice.due
}

const lateness = ({ due, at }: { due: number; at: number }): string | null =>
  at - due > LATE ? formatLength(at - due) : null

const severityChoices = (policy: Policy) =>
  policy.severities.map(({ key, means }, index) => ({
    key,
    means,
    last: index === policy.severities.length - 1,
  }))

/** `@acme/on-call` as the template writes it, behind its own `@`. Channels are told apart by having none. */
const plain = (targets: readonly string[]): string[] =>
  targets.filter((one) => one.startsWith('@')).map((one) => one.slice(1))

function escalationWords(notice: Extract<Notice, { about: 'escalation' }>, { incident, place }: Loaded) {
  const severity = severityOf(place.policy, incident.severity)
  const steps = severity.escalate
  const step = steps[notice.step]
  const next = steps[notice.step + 1]
  const declared = incident.milestones.declared ?? notice.due
  // The clock may have begun anew since the declaration: this step's own moment tells when.
  const began = step ? notice.due - (place.calendar.add(notice.due, step.after) - notice.due) : notice.due
  return {
    targets: plain(escalationTargets(incident, place.policy, notice.step)),
    text: step?.text ?? null,
    waited: formatLength(notice.at - declared),
    next: next
      ? { to: next.to.join(', '), at: formatTime(place.calendar.add(began, next.after), declared) }
      : null,
  }
}

function leadTargets(incident: Incident, policy: Policy): string[] {
  const named = severityOf(policy, incident.severity).lead
  return named.length > 0 ? named : ownersOf(incident, policy)
}

// What may happen: for each fact, whether it takes effect in the incident as it stands, is already so, or is refused.

import { isLive, owesReason } from '../status.ts'
import { decideSuspect } from '../suspect.ts'
import { CANCEL_REASONS, type Event, type Fact, type FactOf, type Milestone, RANK } from './event.ts'
import type { Incident } from './incident.ts'
import type { Refusal } from './refusal.ts'

/** `already`: nothing changes and nobody needs to be told. */
export type Decision = 'takes-effect' | 'already' | Refusal

const takesEffect = 'takes-effect'
const already = 'already'
const alreadyIf = (so: boolean): Decision => (so ? already : takesEffect)

const ENTRY_USAGE = {
  'entry-amended': '/amend 3 <text>',
  'entry-hidden': '/hide 3',
  'entry-shown': '/show 3',
} as const

/** What may be said of an incident whatever its status. */
const ALWAYS: readonly Fact['kind'][] = [
  'noted',
  'entry-amended',
  'entry-hidden',
  'entry-shown',
  'comment-edited',
  'comment-deleted',
  'related',
  'suspected',
  'suspect-cleared',
  'timer-fired',
  'notified',
  'spoke',
  'renamed',
  'transferred',
  'duplicate-found',
  'entry-taken',
  'item-opened',
  'item-changed',
  'item-done',
  'item-reopened',
  'item-declined',
  'item-snoozed',
]

/** Decides one fact. Pure: permission was asked before, the time is the fact's own, and what a fact names was checked
 * against the policy when it was stated (asked.ts), so that a later policy cannot undo what happened. */
export function decide(incident: Incident, event: Event): Decision {
  if (event.kind === 'declared') return decideDeclared(incident, event)
  if (event.kind === 'drilled') return alreadyIf(incident.drill)
  if (!incident.declared) return { code: 'not-declared' }
  if (incident.status === 'cancelled' && event.kind !== 'reopened') {
    const refusal = decideCancelled(incident, event)
    if (refusal) return refusal
  }
  return (
    decideLife(incident, event) ?? decideFact(incident, event) ?? decideWork(incident, event) ?? takesEffect
  )
}

/** What people say of a timeline; of a duplicate's they say it where the timeline went. */
const SAID: readonly Fact['kind'][] = [
  'noted',
  'related',
  'suspected',
  'suspect-cleared',
  'entry-amended',
  'entry-hidden',
  'entry-shown',
]

function decideCancelled({ cancelled }: Incident, event: Event): Decision | null {
  const other = cancelled?.duplicateOf
  if (event.kind === 'cancelled') return already
  if (ALWAYS.includes(event.kind) && !(other !== undefined && SAID.includes(event.kind))) return null
  return other === undefined ? { code: 'cancelled' } : { code: 'duplicate', number: other }
}

function decideDeclared(incident: Incident, event: FactOf<'declared'>): Decision {
  const { status, severity, severityAssumed } = incident
  if (!incident.declared) return takesEffect
  // `/declare` and `/drill` in one comment: the second says only that it is an exercise.
  if (event.drill && !incident.drill && isLive(incident)) return takesEffect
  // What is over with is put on record only where nothing of it is on record yet.
  const afresh = event.since === undefined
  if (afresh && (status === 'cancelled' || (status === 'triage' && !event.triage))) return takesEffect
  const named = event.assumed ? undefined : event.severity
  if (afresh && named && severityAssumed && isLive(incident)) return takesEffect
  // Labels say it in passing; who says it in words is told that it is so already.
  const other = named !== undefined && named !== severity
  if (event.rank !== RANK.comment || (afresh && !other)) return already
  return { code: 'declared-already', usage: other ? `/sev ${named}` : '' }
}

/** Moves between the statuses. */
function decideLife(incident: Incident, event: Event): Decision | null {
  const over = incident.status === 'resolved' || incident.status === 'closed'
  switch (event.kind) {
    case 'accepted':
      return alreadyIf(incident.status !== 'triage')
    case 'acknowledged':
      if (over) return { code: 'over', status: incident.status }
      return alreadyIf(incident.milestones.acknowledged !== undefined && incident.lead !== null)
    case 'status-set':
      if (over) return { code: 'over', status: incident.status }
      return alreadyIf(incident.status === event.status)
    case 'resolved':
      return alreadyIf(over)
    case 'reopened':
      if (event.why && owesReason(incident)) return takesEffect
      return alreadyIf(isLive(incident) || incident.status === 'triage')
    case 'cancelled':
      if (!CANCEL_REASONS.includes(event.reason))
        return { code: 'reason', given: event.reason, allowed: CANCEL_REASONS }
      if (over && !event.gone) return { code: 'too-late-to-cancel', status: incident.status }
      return takesEffect
    case 'hotfix-asked':
    case 'paged':
      return over ? { code: 'over', status: incident.status } : takesEffect
    default:
      return null
  }
}

/** Facts about the incident: severity, people, times, words. */
function decideFact(incident: Incident, event: Event): Decision | null {
  switch (event.kind) {
    case 'severity-set':
      return alreadyIf(incident.severity === event.severity && !incident.severityAssumed)
    case 'lead-set':
      // Who was made lead by somebody else acknowledges with their own `/lead`.
      if (incident.milestones.acknowledged === undefined && isSame(event.user, event.by)) return takesEffect
      return alreadyIf(isSame(event.user, incident.lead))
    case 'assigned':
      return alreadyIf(incident.lead !== null)
    case 'role-set':
      return alreadyIf(incident.roles[event.role] === event.user)
    case 'services-set':
      return alreadyIf(incident.services.join() === event.services.join())
    case 'type-set':
      if (event.exposed && incident.type !== event.type && !incident.warned.includes(event.type))
        return { code: 'private-type', given: event.type, usage: `/type ${event.type}` }
      return alreadyIf(incident.type === event.type)
    case 'milestone-set':
      return decideMilestone(incident, event)
    case 'entry-amended':
    case 'entry-hidden':
    case 'entry-shown':
      return incident.entries.some((entry) => entry.event.n === event.entry)
        ? takesEffect
        : { code: 'entry', given: event.entry, usage: ENTRY_USAGE[event.kind] }
    case 'renamed':
      return alreadyIf(incident.title === event.title)
    case 'suspected':
    case 'suspect-cleared':
      return decideSuspect(incident, event)
    case 'ticked':
      return alreadyIf((incident.ticks[event.text]?.checked ?? false) === event.checked)
    case 'timer-fired':
      return alreadyIf(incident.fired[event.timer] !== undefined)
    default:
      return null
  }
}

/** Set by how an incident ends and only corrected afterwards; the others may be known before their status is. */
const AT_THE_END: readonly Milestone[] = ['resolved', 'reviewed', 'closed']

/** _started_ precedes all other milestones, or the command is refused with the reason. */
function decideMilestone(incident: Incident, event: FactOf<'milestone-set'>): Decision {
  const { milestone, time } = event
  if (AT_THE_END.includes(milestone) && incident.milestones[milestone] === undefined)
    return { code: 'not-reached', milestone, status: incident.status }
  for (const [name, at] of Object.entries(incident.milestones)) {
    if (name === milestone) continue
    if (milestone === 'started' && at < time) return { code: 'started-after', milestone: name, time: at }
    if (name === 'started' && time < at) return { code: 'before-started', milestone, time: at }
  }
  return alreadyIf(incident.milestones[milestone] === time)
}

/** Hotfixes, the review and action items. */
function decideWork(incident: Incident, event: Event): Decision | null {
  switch (event.kind) {
    case 'deployed':
      // Only what was merged as a hotfix concerns the incident; the deployment's webhook may come before the merge's.
      return alreadyIf(!incident.hotfixes.some((hotfix) => hotfix.sha?.startsWith(event.sha)))
    case 'hotfix-opened':
      return alreadyIf(incident.hotfixes.some((hotfix) => hotfix.pull === event.pull))
    case 'hotfix-ready':
    case 'hotfix-reviewed':
    case 'hotfix-merged':
    case 'hotfix-closed':
      return alreadyIf(!incident.hotfixes.some((hotfix) => hotfix.pull === event.pull))
    case 'review-asked':
      return isLive(incident) || incident.status === 'triage'
        ? { code: 'not-over' }
        : alreadyIf(incident.review !== null)
    case 'review-opened':
      return alreadyIf(incident.review?.issue === event.issue)
    case 'review-approved':
      if (!incident.review) return { code: 'no-review' }
      if (event.by && !event.alone && isSame(event.by, assigneeOf(incident)))
        return { code: 'own-review', user: event.by }
      return alreadyIf(incident.review.approvedBy !== undefined)
    case 'review-waived':
    case 'review-written':
    case 'review-closed':
    case 'review-reopened':
      return incident.review ? takesEffect : { code: 'no-review' }
    case 'item-promised':
      return alreadyIf(incident.items.some((item) => item.key === event.item))
    case 'item-opened':
      return alreadyIf(incident.items.find((item) => item.key === event.item)?.issue === event.issue)
    case 'item-changed':
    case 'item-snoozed':
    case 'item-done':
    case 'item-reopened':
    case 'item-declined':
      return decideItem(incident, event)
    default:
      return null
  }
}

/** Who writes the review: the lead, without one who resolved it. */
const assigneeOf = (incident: Incident): string | null =>
  incident.lead ?? incident.statuses.findLast((one) => one.status === 'resolved')?.by ?? null

/** GitHub's logins are the same in any case. */
export const isSame = (login: string, other: string | null): boolean =>
  login.toLowerCase() === other?.toLowerCase()

function decideItem(
  incident: Incident,
  event: Extract<Event, { kind: `item-${string}`; item: string }>,
): Decision {
  const item = incident.items.find((one) => one.key === event.item)
  if (!item) return { code: 'no-item' }
  if (event.kind === 'item-done') return alreadyIf(item.state === 'done')
  if (event.kind === 'item-reopened') return alreadyIf(item.state === 'open')
  if (event.kind === 'item-declined') return alreadyIf(item.state === 'declined')
  return takesEffect
}

// What each fact that takes effect makes of its incident.
import { evolveItem, type ItemEvent } from './action-item.ts'
import { type Event, type FactOf, RANK } from './event.ts'
import { evolveHotfix, type HotfixEvent } from './hotfix.ts'
import type { Entry, Incident } from './incident.ts'
import type { Policy } from './policy.ts'
import { evolveReview, finishReview, type ReviewEvent, reopenReview, startReview } from './review-state.ts'
import { giveReason, moveTo, owesReason, stands } from './status.ts'
import { isTold } from './timeline.ts'

export function evolve(incident: Incident, event: Event, policy: Policy): void {
  if (isTold(event)) {
    const at = event.kind === 'noted' && event.time !== undefined ? event.time : event.at
    incident.entries.push({ event, at, hidden: false, struck: false })
  }
  switch (event.kind) {
    case 'declared':
      return declare(incident, event, policy)
    case 'accepted':
      return moveTo(incident, 'investigating', event)
    case 'drilled':
      incident.drill = true
      return
    case 'acknowledged':
      acknowledge(incident, event)
      if (!incident.lead) leadByAcknowledging(incident, event)
      return
    case 'severity-set':
      incident.severity = event.severity
      incident.severityAssumed = false
      incident.severities.push({ severity: event.severity, at: event.at, by: event.by })
      return
    case 'status-set':
      if (event.rank !== RANK.mayday) acknowledge(incident, event)
      return moveTo(incident, event.status, event, event.note)
    case 'lead-set':
      if (event.by?.toLowerCase() === event.user.toLowerCase()) acknowledge(incident, event)
      return takeLead(incident, event.user, event.at)
    case 'assigned':
      return takeLead(incident, event.user, event.at)
    case 'role-set':
      incident.roles[event.role] = event.user
      return
    case 'updated':
      incident.updatedAt = Math.max(incident.updatedAt ?? 0, event.at)
      return
    case 'entry-amended':
      return onEntry(incident, event.entry, (entry) => {
        entry.text = event.text
      })
    case 'entry-hidden':
    case 'entry-shown':
      return onEntry(incident, event.entry, (entry) => {
        entry.hidden = event.kind === 'entry-hidden'
      })
    case 'comment-edited':
      for (const entry of entriesOf(incident, event.comment)) {
        const text = event.texts[entry.event.index]
        if (typeof text === 'string') entry.text = text
      }
      return
    case 'comment-deleted':
      for (const entry of entriesOf(incident, event.comment)) entry.struck = true
      return
    case 'milestone-set':
      incident.milestones[event.milestone] = event.time
      return
    case 'impact-set':
      incident.impact = event.text
      return
    case 'services-set':
      incident.services = [...event.services]
      return
    case 'type-set':
      incident.type = event.type
      return
    case 'bridge-set':
      incident.bridge = event.url
      return
    case 'cause-found':
      incident.cause = event.text
      if (stands(incident.status) < stands('identified')) moveTo(incident, 'identified', event)
      else incident.milestones.identified ??= event.at
      return
    case 'renamed':
      incident.title = event.title
      return
    case 'related':
      if (!incident.related.includes(event.number)) incident.related.push(event.number)
      return
    case 'ticked':
      incident.ticks[event.text] = { checked: event.checked, by: event.by }
      return
    case 'resolved':
      acknowledge(incident, event)
      if (event.summary) incident.resolution = event.summary
      moveTo(incident, 'resolved', event)
      return startReview(incident, event, policy)
    case 'reopened':
      if (owesReason(incident)) return giveReason(incident, event.why)
      delete incident.cancelled
      reopenReview(incident)
      return moveTo(incident, 'investigating', event, event.why)
    case 'cancelled':
      incident.cancelled = {
        reason: event.reason,
        ...(event.text && { text: event.text }),
        ...(event.duplicateOf && { duplicateOf: event.duplicateOf }),
      }
      incident.status = 'cancelled'
      incident.statuses.push({ status: 'cancelled', at: event.at, by: event.by, key: event.key })
      return
    case 'timer-fired':
      incident.fired[event.timer] = event.at
      return
    case 'noted':
    case 'deployed':
      return
    default:
      return evolveWork(incident, event, policy)
  }
}

type WorkEvent = HotfixEvent | ReviewEvent | ItemEvent
const isHotfix = (event: WorkEvent): event is HotfixEvent => event.kind.startsWith('hotfix-')
const isReview = (event: WorkEvent): event is ReviewEvent => event.kind.startsWith('review-')

/** What people do after the first minutes: hotfixes, the review, action items. */
function evolveWork(incident: Incident, event: WorkEvent, policy: Policy): void {
  if (isHotfix(event)) return evolveHotfix(incident, event)
  if (isReview(event)) return evolveReview(incident, event, policy)
  evolveItem(incident, event)
  finishReview(incident, event, policy)
}

function declare(incident: Incident, event: FactOf<'declared'>, policy: Policy): void {
  // Declared again (accepted from triage, or after it was cancelled): the id stands, and so does what people set since.
  const again = incident.declared
  incident.declared = true
  incident.declaredBy = event.by
  if (!again) incident.id = event.id
  incident.title = event.title
  if (event.summary) incident.summary = event.summary
  if (event.severity || !again) {
    incident.severity = event.severity ?? policy.default_severity
    incident.severityAssumed = event.severity === undefined
    incident.severities.push({ severity: incident.severity, at: event.at, by: event.by })
  }
  delete incident.cancelled
  incident.milestones.detected ??= event.at
  if (event.triage) {
    incident.status = 'triage'
    incident.statuses.push({ status: 'triage', at: event.at, by: event.by, key: event.key })
    return
  }
  moveTo(incident, 'investigating', event)
}

/** Who acknowledges first also leads where nobody does, and the row says so. */
function leadByAcknowledging(incident: Incident, event: Event): void {
  takeLead(incident, event.by, event.at)
  const entry = incident.entries.at(-1)
  if (entry?.event === event) entry.leads = true
}

function acknowledge(incident: Incident, event: Event): void {
  incident.milestones.acknowledged ??= event.at
}

function takeLead(incident: Incident, user: string | null, at: number): void {
  if (incident.lead?.toLowerCase() === user?.toLowerCase()) return
  incident.lead = user
  incident.leadSince = at
}

function onEntry(incident: Incident, n: number, change: (entry: Entry) => void): void {
  const entry = incident.entries.find((one) => one.event.n === n)
  if (entry) change(entry)
}

function entriesOf(incident: Incident, comment: number): Entry[] {
  return incident.entries.filter(
    (entry) => entry.event.rank === RANK.comment && entry.event.origin === comment,
  )
}

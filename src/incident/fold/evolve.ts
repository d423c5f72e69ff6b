// What each fact that takes effect makes of its incident.

import { evolveHotfix, type HotfixEvent } from '../hotfix.ts'
import { evolveItem, type ItemEvent } from '../item.ts'
import { evolveReview, finishReview, type ReviewEvent, reopenReview, startReview } from '../review.ts'
import { giveReason, isLive, moveTo, owesReason, stands } from '../status.ts'
import { suspect } from '../suspect.ts'
import { followEdit, isTold } from '../timeline/timeline.ts'
import { isSame } from './decide.ts'
import { type Event, type FactOf, RANK } from './event.ts'
import type { Entry, Incident } from './incident.ts'

export function evolve(incident: Incident, event: Event): void {
  if (event.by && event.rank !== RANK.mayday) incident.activeAt = Math.max(incident.activeAt, event.at)
  if (isTold(event)) {
    const text = event.kind === 'entry-taken' ? event.text : undefined
    incident.entries.push({
      event,
      at: toldAt(event),
      hidden: false,
      struck: false,
      ...(text !== undefined && { text }),
    })
  }
  switch (event.kind) {
    case 'declared':
      return declare(incident, event)
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
      if (isSame(event.user, event.by)) acknowledge(incident, event)
      return takeLead(incident, event.user, event.at)
    case 'assigned':
      if (isSame(event.user, event.by)) acknowledge(incident, event)
      return takeLead(incident, event.user, event.at)
    case 'role-set':
      incident.roles[event.role] = event.user
      return
    case 'updated':
      incident.updatedAt = Math.max(incident.updatedAt ?? 0, event.at)
      if (event.public) incident.publicAt = Math.max(incident.publicAt ?? 0, event.at)
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
      for (const entry of entriesOf(incident, event.comment))
        followEdit(entry, event.texts[entry.event.index])
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
    case 'cost-set':
      incident.cost = event.text
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
    case 'suspected':
    case 'suspect-cleared':
      return suspect(incident, event)
    case 'ticked':
      incident.ticks[event.text] = { checked: event.checked, by: event.by }
      return
    case 'resolved':
      acknowledge(incident, event)
      if (event.summary) incident.resolution = event.summary
      moveTo(incident, 'resolved', event)
      return startReview(incident, event, event.review)
    case 'reopened':
      if (owesReason(incident)) return giveReason(incident, event.why)
      delete incident.cancelled
      incident.backfilled = false
      reopenReview(incident)
      return moveTo(incident, 'investigating', event, event.why)
    case 'cancelled':
      if (event.gone) incident.gone = true
      if (stands(incident.status) >= stands('resolved')) return
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
      if (event.takes) incident.fired[event.takes] ??= event.at
      return
    case 'paged': {
      const { key, names, by, text } = event
      incident.pages.push({ key, names, by, ...(text && { text }) })
      return
    }
    case 'notified':
      for (const key of event.of) incident.notified[key] = { outcomes: event.outcomes, url: event.url }
      return
    case 'noted':
    case 'spoke':
    case 'deployed':
    case 'transferred':
    case 'duplicate-found':
    case 'entry-taken':
      return
    default:
      return evolveWork(incident, event)
  }
}

/** The moment under which the timeline tells it. */
function toldAt(event: Event): number {
  if (event.kind === 'noted') return event.time ?? event.at
  return event.kind === 'declared' ? (event.since ?? event.at) : event.at
}

type WorkEvent = HotfixEvent | ReviewEvent | ItemEvent
const isHotfix = (event: WorkEvent): event is HotfixEvent => event.kind.startsWith('hotfix-')
const isReview = (event: WorkEvent): event is ReviewEvent => event.kind.startsWith('review-')

/** What people do after the first minutes: hotfixes, the review, action items. */
function evolveWork(incident: Incident, event: WorkEvent): void {
  if (isHotfix(event)) return evolveHotfix(incident, event)
  if (isReview(event)) return evolveReview(incident, event)
  evolveItem(incident, event)
  finishReview(incident, event)
}

/** The documented default, for declarations of older versions, which did not say it. */
const DEFAULT_SEVERITY = 'P2'

function declare(incident: Incident, event: FactOf<'declared'>): void {
  // Declared again (accepted from triage, or after it was cancelled): the id stands, and so does what people set since.
  const again = incident.declared
  const assumed = event.assumed ?? event.severity === undefined
  if (!assumed || !again) {
    incident.severity = event.severity ?? DEFAULT_SEVERITY
    incident.severityAssumed = assumed
    incident.severities.push({ severity: incident.severity, at: event.since ?? event.at, by: event.by })
  }
  if (event.summary) incident.summary = event.summary
  if (event.drill) incident.drill = true
  if (again && isLive(incident)) return
  incident.declared = true
  incident.declaredBy = event.by
  if (!again) incident.id = event.id
  incident.title = event.title
  delete incident.cancelled
  if (event.since !== undefined) return backfill(incident, event, event.since)
  incident.milestones.detected ??= event.at
  moveTo(incident, event.triage ? 'triage' : 'investigating', event)
}

/** Milestones as given: who was told and who acknowledged is not known. */
function backfill(incident: Incident, event: FactOf<'declared'>, since: number): void {
  incident.backfilled = true
  incident.milestones.started = since
  incident.milestones.detected = since
  moveTo(incident, 'investigating', { ...event, at: since })
  if (event.resolved === undefined) return
  moveTo(incident, 'resolved', { ...event, at: event.resolved })
  startReview(incident, { at: event.resolved, by: event.by, key: event.key }, event.review)
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

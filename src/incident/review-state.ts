// What the post-incident review still lacks, and when that closes the incident.
import { dueOf, type Item } from './action-item.ts'
import type { Event } from './event.ts'
import type { Incident } from './incident.ts'
import { findSeverity, type Policy } from './policy.ts'
import { moveTo } from './status.ts'

export type Review = {
  issue?: number
  url?: string
  required: boolean
  /** Names of the sections that people have filled, as `what-happened`. */
  filled: string[]
  approvedBy?: string
  waived?: string
  /** How often somebody closed it before it was complete; the second time wins. */
  closedEarly: number
  closed: boolean
}

export type ReviewEvent = Extract<Event, { kind: `review-${string}` }>

export function evolveReview(incident: Incident, event: ReviewEvent, policy: Policy): void {
  switch (event.kind) {
    case 'review-asked':
      incident.review ??= blankReview(false)
      return
    case 'review-opened':
      incident.review = {
        ...(incident.review ?? blankReview(false)),
        issue: event.issue,
        url: event.url,
        closed: false,
      }
      return
    case 'review-written':
      return onReview(incident, event, policy, (review) => {
        review.filled = event.filled
      })
    case 'review-approved':
      return onReview(incident, event, policy, (review) => {
        if (event.by) review.approvedBy = event.by
      })
    case 'review-waived':
      return onReview(incident, event, policy, (review) => {
        review.waived = event.reason
      })
    case 'review-closed':
      return onReview(incident, event, policy, (review) => {
        review.closed = true
        if (missingFromReview(incident, policy).length > 0 && !review.waived) {
          review.closedEarly += 1
          if (review.closedEarly > 1) review.waived = 'closed again by hand'
        }
      })
    case 'review-reopened':
      return onReview(incident, event, policy, (review) => {
        review.closed = false
      })
  }
}

const blankReview = (required: boolean): Review => ({ required, filled: [], closedEarly: 0, closed: false })

/** The incident was resolved: a review that its severity asks for begins; without one it is closed at once. */
export function startReview(incident: Incident, event: Event, policy: Policy): void {
  const rule = findSeverity(policy, incident.severity)?.review
  if (rule?.required) incident.review = { ...(incident.review ?? blankReview(true)), required: true }
  finishReview(incident, event, policy)
}

function onReview(incident: Incident, event: Event, policy: Policy, change: (review: Review) => void): void {
  if (!incident.review) return
  change(incident.review)
  finishReview(incident, event, policy)
}

/** Resolved becomes closed as soon as nothing more is owed to the review. */
export function finishReview(incident: Incident, event: Event, policy: Policy): void {
  if (incident.status !== 'resolved') return
  const review = incident.review
  if (review?.required && !review.waived && missingFromReview(incident, policy).length > 0) return
  if (review?.required) incident.milestones.reviewed ??= event.at
  moveTo(incident, 'closed', event)
}

/** Whether the review's issue has done its work: complete, waived, or part of what closed the incident. */
export function isReviewOver(incident: Incident, policy: Policy): boolean {
  const review = incident.review
  if (!review) return true
  if (review.waived || missingFromReview(incident, policy).length === 0) return true
  return review.required && incident.status === 'closed'
}

/** A reopened incident is reviewed anew: what was approved or waived was about less than is known now. */
export function reopenReview(incident: Incident): void {
  const review = incident.review
  if (!review) return
  delete review.approvedBy
  delete review.waived
  review.closedEarly = 0
}

export type Missing =
  | { what: 'section'; section: string }
  | { what: 'owner' | 'due'; item: Item }
  | { what: 'approval' }

/** What a review still lacks before it is complete, in the order in which it is asked for. */
export function missingFromReview(incident: Incident, policy: Policy): Missing[] {
  const review = incident.review
  if (!review) return []
  const open = incident.items.filter((item) => item.state === 'open')
  return [
    ...policy.review.required_sections
      .filter((section) => !review.filled.includes(section))
      .map((section) => ({ what: 'section' as const, section })),
    ...open.filter((item) => !item.owner).map((item) => ({ what: 'owner' as const, item })),
    ...open.filter((item) => !dueOf(item, incident, policy)).map((item) => ({ what: 'due' as const, item })),
    ...(review.approvedBy ? [] : [{ what: 'approval' as const }]),
  ]
}

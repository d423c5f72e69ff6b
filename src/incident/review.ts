// What the post-incident review still lacks, and when that closes the incident.

import type { Event, ReviewRule } from './fold/event.ts'
import type { Incident } from './fold/incident.ts'
import { type Item, lacks } from './item.ts'
import { type Moment, moveTo } from './status.ts'

export type Review = {
  issue?: number
  url?: string
  required: boolean
  /** Names of the sections that must be filled. */
  sections: string[]
  /** Names of the sections that people have filled, as `what-happened`. */
  filled: string[]
  approvedBy?: string
  waived?: string
  /** How often somebody closed it before it was complete; the second time wins. */
  closedEarly: number
  closed: boolean
}

export type ReviewEvent = Extract<Event, { kind: `review-${string}` }>

export function evolveReview(incident: Incident, event: ReviewEvent): void {
  switch (event.kind) {
    case 'review-asked':
      incident.review ??= blankReview(event.review)
      return
    case 'review-opened':
      incident.review = {
        ...(incident.review ?? blankReview()),
        issue: event.issue,
        url: event.url,
        closed: false,
      }
      return
    case 'review-written':
      return onReview(incident, event, (review) => {
        review.filled = event.filled
      })
    case 'review-approved':
      return onReview(incident, event, (review) => {
        if (event.by) review.approvedBy = event.by
      })
    case 'review-waived':
      return onReview(incident, event, (review) => {
        review.waived = event.reason
      })
    case 'review-closed':
      return onReview(incident, event, (review) => {
        review.closed = true
        if (missingFromReview(incident).length > 0 && !review.waived) {
          review.closedEarly += 1
          if (review.closedEarly > 1) review.waived = 'closed again by hand'
        }
      })
    case 'review-reopened':
      return onReview(incident, event, (review) => {
        review.closed = false
      })
  }
}

/** What was asked of a review by default when facts did not say it yet. */
const EARLIER_RULE: ReviewRule = {
  severities: ['P0', 'P1'],
  sections: ['summary', 'what-happened', 'why-it-happened', 'lessons'],
}

const blankReview = ({ sections }: ReviewRule = EARLIER_RULE): Review => ({
  required: false,
  sections,
  filled: [],
  closedEarly: 0,
  closed: false,
})

/** The incident was resolved: a review that its severity asks for begins; without one it is closed at once. */
export function startReview(incident: Incident, moment: Moment, rule: ReviewRule = EARLIER_RULE): void {
  if (rule.severities.includes(incident.severity))
    incident.review = { ...(incident.review ?? blankReview()), required: true, sections: rule.sections }
  finishReview(incident, moment)
}

function onReview(incident: Incident, event: Event, change: (review: Review) => void): void {
  if (!incident.review) return
  change(incident.review)
  finishReview(incident, event)
}

/** Resolved becomes closed as soon as nothing more is owed to the review. */
export function finishReview(incident: Incident, moment: Moment): void {
  if (incident.status !== 'resolved') return
  const review = incident.review
  if (review?.required && !review.waived && missingFromReview(incident).length > 0) return
  if (review?.required) incident.milestones.reviewed ??= moment.at
  moveTo(incident, 'closed', moment)
}

/** Whether the review's issue has done its work: complete, waived, or part of what closed the incident. */
export function isReviewOver(incident: Incident): boolean {
  const review = incident.review
  if (!review) return true
  if (review.waived || missingFromReview(incident).length === 0) return true
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
export function missingFromReview(incident: Incident): Missing[] {
  const review = incident.review
  if (!review) return []
  const open = incident.items.filter((item) => item.state === 'open')
  return [
    ...review.sections
      .filter((section) => !review.filled.includes(section))
      .map((section) => ({ what: 'section' as const, section })),
    ...(['owner', 'due'] as const).flatMap((what) =>
      open.filter((item) => lacks(item).includes(what)).map((item) => ({ what, item })),
    ),
    ...(review.approvedBy ? [] : [{ what: 'approval' as const }]),
  ]
}

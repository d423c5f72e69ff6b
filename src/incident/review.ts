// The post-incident review: what it still lacks, and when that closes the incident.
import { isLive, moveTo, type Stamp } from './base/lifecycle.ts'
import { type At, type Decision, type Rules, unless } from './base/rule.ts'
import type { Incident } from './fold/nouns.ts'
import { isSame } from './people.ts'
import type { ReviewRule } from './policy/policy.ts'

export type { ReviewRule }

type Item = Incident['items'][number]
type Approved = { kind: 'review-approved'; alone?: true | undefined }

export type ReviewFact =
  | { kind: 'review-asked'; review?: ReviewRule }
  | { kind: 'review-opened'; issue: number; url: string }
  | { kind: 'review-written'; filled: string[] }
  | Approved
  | { kind: 'review-waived'; reason: string }
  | { kind: 'review-closed' }
  | { kind: 'review-reopened' }

type Review = {
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

export type ReviewState = { review: Review | null }

const ofReview = {
  decide: ({ review }: Incident): Decision => (review ? 'takes-effect' : { code: 'no-review' }),
}

export const REVIEWS: Rules<ReviewFact> = {
  'review-asked': {
    decide: (incident) =>
      isLive(incident) || incident.status === 'triage'
        ? { code: 'not-over' }
        : unless(incident.review !== null),
    evolve(incident, event) {
      incident.review ??= blankReview(event.review)
    },
  },
  'review-opened': {
    told: true,
    decide: ({ review }, { issue }) => unless(review?.issue === issue),
    evolve(incident, { issue, url }) {
      incident.review = { ...(incident.review ?? blankReview()), issue, url, closed: false }
    },
  },
  'review-written': {
    ...ofReview,
    evolve: (incident, event) =>
      onReview(incident, event, (review) => {
        review.filled = event.filled
      }),
  },
  'review-approved': {
    told: true,
    decide: decideApproved,
    evolve: (incident, event) =>
      onReview(incident, event, (review) => {
        if (event.by) review.approvedBy = event.by
      }),
  },
  'review-waived': {
    ...ofReview,
    told: true,
    words: 'reason',
    evolve: (incident, event) =>
      onReview(incident, event, (review) => {
        review.waived = event.reason
      }),
  },
  'review-closed': {
    ...ofReview,
    evolve: (incident, event) => onReview(incident, event, (review) => closeReview(incident, review)),
  },
  'review-reopened': {
    ...ofReview,
    evolve: (incident, event) =>
      onReview(incident, event, (review) => {
        review.closed = false
      }),
  },
}

function decideApproved(incident: Incident, { by, alone }: At<Approved>): Decision {
  if (!incident.review) return { code: 'no-review' }
  if (by && !alone && isSame(by, assigneeOf(incident))) return { code: 'own-review', user: by }
  return unless(incident.review.approvedBy !== undefined)
}

/** Who writes the review: the lead, without one who resolved it. */
const assigneeOf = ({ lead, statuses }: Incident): string | null =>
  lead ?? statuses.findLast(({ status }) => status === 'resolved')?.by ?? null

/** Closed a second time before it is complete, it counts as waived. */
function closeReview(incident: Incident, review: Review): void {
  review.closed = true
  if (missingFromReview(incident).length === 0 || review.waived) return
  review.closedEarly += 1
  if (review.closedEarly > 1) review.waived = 'closed again by hand'
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
export function startReview(incident: Incident, stamp: Stamp, rule: ReviewRule = EARLIER_RULE): void {
  if (rule.severities.includes(incident.severity))
    incident.review = { ...(incident.review ?? blankReview()), required: true, sections: rule.sections }
  finishReview(incident, stamp)
}

function onReview(incident: Incident, stamp: Stamp, change: (review: Review) => void): void {
  if (!incident.review) return
  change(incident.review)
  finishReview(incident, stamp)
}

/** Resolved becomes closed as soon as nothing more is owed to the review. */
export function finishReview(incident: Incident, { at, by, key }: Stamp): void {
  if (incident.status !== 'resolved') return
  const review = incident.review
  if (review?.required && !review.waived && missingFromReview(incident).length > 0) return
  if (review?.required) incident.milestones.reviewed ??= at
  moveTo(incident, 'closed', { at, by, key })
}

/** Whether the review's issue has done its work: complete, waived, or part of what closed the incident. */
export function isReviewOver(incident: Incident): boolean {
  const review = incident.review
  if (!review) return true
  if (review.waived || missingFromReview(incident).length === 0) return true
  return review.required && incident.status === 'closed'
}

/** A reopened incident is reviewed again: what was approved or waived was about less than is known now. */
export function reopenReview({ review }: Incident): void {
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
export function missingFromReview({ review, items }: Incident): Missing[] {
  if (!review) return []
  const open = items.filter((item) => item.state === 'open')
  return [
    ...review.sections
      .filter((section) => !review.filled.includes(section))
      .map((section) => ({ what: 'section' as const, section })),
    ...(['owner', 'due'] as const).flatMap((what) =>
      open.filter((item) => missingFields(item).includes(what)).map((item) => ({ what, item })),
    ),
    ...(review.approvedBy ? [] : [{ what: 'approval' as const }]),
  ]
}

/** What it takes to be reminded of an item: somebody, and a day. */
export const missingFields = ({
  owner,
  due,
  horizon,
}: Pick<Item, 'owner' | 'due' | 'horizon'>): ('owner' | 'due')[] => [
  ...(owner ? [] : ['owner' as const]),
  ...(due || horizon ? [] : ['due' as const]),
]

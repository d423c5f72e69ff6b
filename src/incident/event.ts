// The facts that an incident is made of: what somebody did or asked for, stored once and never changed.

import type { Horizon } from './policy.ts'

/** The statuses of an incident in the order of its life; `cancelled` stands beside them. */
export const STATUSES = [
  'triage',
  'investigating',
  'identified',
  'fixing',
  'monitoring',
  'resolved',
  'closed',
  'cancelled',
] as const
export type Status = (typeof STATUSES)[number]

/** The named times of an incident, in the order in which they may happen. */
export const MILESTONES = [
  'started',
  'detected',
  'declared',
  'acknowledged',
  'identified',
  'mitigated',
  'resolved',
  'reviewed',
  'closed',
] as const
export type Milestone = (typeof MILESTONES)[number]

export const CANCEL_REASONS = ['duplicate', 'false-alarm', 'superseded', 'external', 'other'] as const
export type CancelReason = (typeof CANCEL_REASONS)[number]

export const HORIZONS: readonly Horizon[] = ['immediate', 'short', 'medium', 'long']

/** Where a fact came from; the number is its rank where two facts carry the same second. */
export const RANK = {
  label: 1,
  issue: 2,
  comment: 3,
  /** What Mayday made on GitHub: after the comment that asked for it, before what people do to it. */
  mayday: 4,
  review: 5,
  pull: 6,
  board: 7,
  timer: 8,
} as const

/** What an action item says of itself; a field that nobody has written yet is absent. */
export type ItemWords = {
  text: string
  owner?: string
  due?: string
  priority?: string
  horizon?: Horizon
  repository?: string
}

/** What a pull request's review says; `dismissed` by somebody else, so it names its reviewer. */
export type ReviewState = 'approved' | 'changes_requested' | 'commented' | 'dismissed'

export type Fact =
  | { kind: 'declared'; id: string; title: string; severity?: string; summary?: string; triage?: true }
  | { kind: 'accepted' }
  | { kind: 'drilled' }
  | { kind: 'acknowledged' }
  | { kind: 'severity-set'; severity: string; reason?: string }
  | { kind: 'status-set'; status: Status; note?: string }
  | { kind: 'lead-set'; user: string; note?: string }
  | { kind: 'assigned'; user: string }
  | { kind: 'role-set'; role: string; user: string }
  | { kind: 'updated'; text: string; public: boolean }
  | { kind: 'noted'; text: string; time?: number }
  | { kind: 'entry-amended'; entry: number; text: string }
  | { kind: 'entry-hidden'; entry: number }
  | { kind: 'entry-shown'; entry: number }
  | { kind: 'comment-edited'; comment: number; texts: (string | null)[] }
  | { kind: 'comment-deleted'; comment: number }
  | { kind: 'milestone-set'; milestone: Milestone; time: number }
  | { kind: 'impact-set'; text: string }
  | { kind: 'services-set'; services: string[] }
  | { kind: 'type-set'; type: string }
  | { kind: 'bridge-set'; url: string }
  | { kind: 'cause-found'; text: string }
  | { kind: 'renamed'; title: string }
  | { kind: 'related'; number: number }
  | { kind: 'ticked'; text: string; checked: boolean }
  | { kind: 'resolved'; summary?: string }
  | { kind: 'reopened'; why?: string }
  | { kind: 'cancelled'; reason: CancelReason; text?: string; duplicateOf?: number }
  | { kind: 'hotfix-asked'; title?: string }
  | { kind: 'hotfix-opened'; pull: number; branch: string; url: string; from?: string; asked?: string }
  | { kind: 'hotfix-refused'; asked: string; why: string }
  | { kind: 'hotfix-reviewed'; pull: number; state: ReviewState; reviewer?: string }
  | { kind: 'hotfix-ready'; pull: number }
  | { kind: 'hotfix-merged'; pull: number; sha: string }
  | { kind: 'hotfix-closed'; pull: number }
  | { kind: 'deployed'; environment: string; sha: string; state: 'success' | 'failure'; deployUrl?: string }
  | { kind: 'review-asked' }
  | { kind: 'review-opened'; issue: number; url: string }
  | { kind: 'review-written'; filled: string[] }
  | { kind: 'review-approved' }
  | { kind: 'review-waived'; reason: string }
  | { kind: 'review-closed' }
  | { kind: 'review-reopened' }
  | ({ kind: 'item-promised'; item: string; done?: true; source: 'command' | 'review' } & ItemWords)
  | { kind: 'item-opened'; item: string; issue: number; url: string }
  | ({ kind: 'item-changed'; item: string } & Partial<ItemWords>)
  | { kind: 'item-done'; item: string }
  | { kind: 'item-reopened'; item: string }
  | { kind: 'item-declined'; item: string; reason?: string }
  | { kind: 'item-snoozed'; item: string; until: number }
  | { kind: 'timer-fired'; timer: string; due: number; names?: string[] }

/** Where a fact stands: `key` makes it unique within its incident, `at` is GitHub's own time in milliseconds, `rank`,
 * `origin` (GitHub's id of the comment, review …) and `index` (within one comment) break ties, so that the order never depends on arrival. */
export type Placement = {
  key: string
  at: number
  rank: number
  origin: number
  index: number
  by: string | null
  /** Address of the immutable thing behind it: a comment, a commit, a deployment. */
  evidence?: string
  /** Number in the timeline, given on arrival to what may be shown there; never changes. */
  n?: number
}

/** One fact with its place. */
export type Event = Fact & Placement

export type FactOf<K extends Fact['kind']> = Extract<Event, { kind: K }>

/** GitHub's time decides, then the fixed rank (kind of source, GitHub's id, place in the comment), never arrival. */
export function inOrder(a: Event, b: Event): number {
  return (
    a.at - b.at ||
    a.rank - b.rank ||
    a.origin - b.origin ||
    a.index - b.index ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  )
}

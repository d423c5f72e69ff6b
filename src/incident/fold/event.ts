// The facts that an incident is made of: what somebody did or asked for, stored once and never changed.

import type { Horizon } from '../policy/policy.ts'

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

/** What a repository asks of a review, as it stood when the fact was stated: a later configuration changes no incident
 * that is over. Missing in facts of older versions. */
export type ReviewRule = {
  /** The severities whose incidents must be reviewed. */
  severities: string[]
  /** Names of the sections that must be filled. */
  sections: string[]
}

/** Whether one target was told. `unknown`: it is nobody on GitHub, or cannot see the repository; `no-channel`: nothing of
 * that name is configured; `drill`: an exercise tells nobody. */
export type Outcome = { to: string; outcome: 'sent' | 'unknown' | 'no-channel' | 'drill' }

export type Fact =
  | {
      kind: 'declared'
      id: string
      title: string
      /** Missing in facts of older versions where nobody named one. */
      severity?: string
      /** Nobody named the severity: it is the repository's default of that moment. */
      assumed?: true
      summary?: string
      triage?: true
      /** An exercise from its first moment. */
      drill?: true
      /** Put on record afterwards: when it began and, where it is over, when it ended. */
      since?: number
      resolved?: number
      /** Where `resolved` is given. */
      review?: ReviewRule
    }
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
  /** `texts`: what the comment says now in each of the places that it had when it was written. */
  /** What each line says now; empty where its words are gone, null where nothing is known. */
  | { kind: 'comment-edited'; comment: number; texts: (string | null)[] }
  | { kind: 'comment-deleted'; comment: number }
  | { kind: 'milestone-set'; milestone: Milestone; time: number }
  | { kind: 'impact-set'; text: string }
  | { kind: 'services-set'; services: string[] }
  /** `exposed`: the type is private and everybody can read the repository, so it counts only when it is said again. */
  | { kind: 'type-set'; type: string; exposed?: true }
  | { kind: 'cost-set'; text: string }
  | { kind: 'bridge-set'; url: string }
  | { kind: 'cause-found'; text: string }
  | { kind: 'renamed'; title: string }
  | { kind: 'related'; number: number }
  | { kind: 'suspected'; number: number }
  | { kind: 'suspect-cleared'; number: number }
  | { kind: 'ticked'; text: string; checked: boolean }
  | { kind: 'resolved'; summary?: string; review?: ReviewRule }
  | { kind: 'reopened'; why?: string }
  /** `gone`: its issue is out of reach for good, deleted or moved to where Mayday is not. */
  | { kind: 'cancelled'; reason: CancelReason; text?: string; duplicateOf?: number; gone?: true }
  | { kind: 'transferred'; to: string }
  /** `number` and `id` are the duplicate's. */
  | { kind: 'duplicate-found'; number: number; id: string }
  | { kind: 'entry-taken'; number: number; id: string; told: Event; text?: string }
  /** `reverts`: the fix is to take this merged pull request back. */
  | { kind: 'hotfix-asked'; title?: string; reverts?: number }
  | {
      kind: 'hotfix-opened'
      pull: number
      branch: string
      url: string
      from?: string
      asked?: string
      reverts?: number
      /** It is no draft. */
      ready?: true
    }
  | { kind: 'hotfix-refused'; asked: string; why: string; reverts?: number }
  | { kind: 'hotfix-reviewed'; pull: number; state: ReviewState; reviewer?: string }
  | { kind: 'hotfix-ready'; pull: number }
  | { kind: 'hotfix-merged'; pull: number; sha: string }
  | { kind: 'hotfix-closed'; pull: number }
  | { kind: 'deployed'; environment: string; sha: string; state: 'success' | 'failure'; deployUrl?: string }
  | { kind: 'review-asked'; review?: ReviewRule }
  | { kind: 'review-opened'; issue: number; url: string }
  | { kind: 'review-written'; filled: string[] }
  | { kind: 'review-approved'; alone?: true }
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
  /** `names` are who is told, `message` what the policy says to them; `takes` is the step of the escalation that fires with
   * it. */
  | { kind: 'timer-fired'; timer: string; due: number; names?: string[]; takes?: string; message?: string }
  /** `target` as it was said, `names` whom that means: a service pages its owners. */
  | { kind: 'paged'; target: string; names: string[]; text?: string }
  /** What came of telling: `of` are the keys of the facts that were told. */
  | { kind: 'notified'; of: string[]; outcomes: Outcome[]; url: string }
  /** A person wrote something that states no fact: somebody is there. */
  | { kind: 'spoke' }

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

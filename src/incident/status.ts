// The status: moved by people, ended by `/resolve` or `/cancel`, taken up again by `/reopen`.

import { acknowledge, isLive, isResolved, moveTo, position, type Status } from './base/lifecycle.ts'
import { RANK } from './base/placement.ts'
import { type Rules, unless } from './base/rule.ts'
import type { Incident } from './fold/nouns.ts'
import type { ReviewRule } from './policy/policy.ts'
import { reopenReview, startReview } from './review.ts'

export const CANCEL_REASONS = ['duplicate', 'false-alarm', 'superseded', 'external', 'other'] as const
type CancelReason = (typeof CANCEL_REASONS)[number]

export type StatusFact =
  | { kind: 'status-set'; status: Status; note?: string | undefined }
  | { kind: 'resolved'; summary?: string | undefined; review?: ReviewRule }
  | { kind: 'reopened'; why?: string | undefined }
  /** `gone`: its issue is out of reach for good, deleted or moved to where Mayday is not. */
  | {
      kind: 'cancelled'
      reason: CancelReason
      text?: string | undefined
      duplicateOf?: number | undefined
      gone?: true
    }

export type StatusState = {
  status: Status
  statuses: { status: Status; at: number; by: string | null; key: string; note?: string }[]
  cancelled?: { reason: string; text?: string; duplicateOf?: number }
  /** Its issue is out of reach for good. */
  gone: boolean
  resolution?: string
}

export const STATUS: Rules<StatusFact> = {
  'status-set': {
    told: true,
    words: 'note',
    wordless: true,
    decide: (incident, event) =>
      isResolved(incident)
        ? { code: 'over', status: incident.status }
        : unless(incident.status === event.status),
    evolve(incident, event) {
      if (event.rank !== RANK.mayday) acknowledge(incident, event)
      moveTo(incident, event.status, event)
    },
  },
  resolved: {
    told: true,
    words: 'summary',
    wordless: true,
    decide: (incident) => unless(isResolved(incident)),
    evolve(incident, { summary, review, at, by, key }) {
      const stamp = { at, by, key }
      acknowledge(incident, stamp)
      if (summary) incident.resolution = summary
      moveTo(incident, 'resolved', stamp)
      startReview(incident, stamp, review)
    },
  },
  reopened: {
    told: true,
    words: 'why',
    wordless: true,
    always: 'anywhere',
    decide: (incident, { why }) =>
      why && owesReason(incident) ? 'takes-effect' : unless(isLive(incident) || incident.status === 'triage'),
    evolve(incident, { why, at, by, key }) {
      if (owesReason(incident)) return giveReason(incident, why)
      delete incident.cancelled
      incident.backfilled = false
      reopenReview(incident)
      moveTo(incident, 'investigating', { at, by, key, note: why })
    },
  },
  cancelled: {
    told: true,
    words: 'text',
    wordless: true,
    always: 'anywhere',
    decide(incident, { reason, gone }) {
      if (incident.status === 'cancelled') return 'already'
      if (!CANCEL_REASONS.includes(reason)) return { code: 'reason', given: reason, allowed: CANCEL_REASONS }
      if (isResolved(incident) && !gone) return { code: 'too-late-to-cancel', status: incident.status }
      return 'takes-effect'
    },
    evolve(incident, { reason, text, duplicateOf, gone, at, by, key }) {
      if (gone) incident.gone = true
      if (isResolved(incident)) return
      incident.cancelled = { reason, ...(text && { text }), ...(duplicateOf && { duplicateOf }) }
      incident.status = 'cancelled'
      incident.statuses.push({ status: 'cancelled', at, by, key })
    },
  },
}

/** Reopened without a reason, and its status has not changed since: the reason may still be given. */
export function owesReason({ statuses }: Pick<StatusState, 'statuses'>): boolean {
  const [before, last] = statuses.slice(-2)
  if (!before || last?.status !== 'investigating' || last.note) return false
  return position(before.status) >= position('resolved')
}

/** Records why the incident was reopened. */
function giveReason(incident: Incident, why: string | undefined): void {
  const last = incident.statuses.at(-1)
  if (last && why) incident.statuses[incident.statuses.length - 1] = { ...last, note: why }
}

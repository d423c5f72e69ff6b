// The life of an incident: its statuses, its milestones, and how it moves between them.
import type { Incident } from '../fold/nouns.ts'
import type { Placement } from './placement.ts'

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

const LIVE: readonly Status[] = ['investigating', 'identified', 'fixing', 'monitoring']
/** Declared and not over: its clocks run. */
export const isLive = ({ status }: { status: Status }): boolean => LIVE.includes(status)

const OVER: readonly Status[] = ['resolved', 'closed', 'cancelled']
/** Whether an incident, or a status that it was in, is an end of it. */
export const isOver = ({ status }: { status: Status }): boolean => OVER.includes(status)

/** Ended as an incident: `resolved`, or `closed` after its review. */
export const isResolved = ({ status }: { status: Status }): boolean =>
  status === 'resolved' || status === 'closed'

/** A status's position in the life of an incident, to compare two of them. */
export const position = (status: Status): number => STATUSES.indexOf(status)

const MILESTONE_OF: Partial<Record<Status, Milestone>> = {
  investigating: 'declared',
  identified: 'identified',
  monitoring: 'mitigated',
  resolved: 'resolved',
  closed: 'closed',
}

/** When an incident moves, and by whose act. */
export type Stamp = Pick<Placement, 'at' | 'by' | 'key'>

/** Moves forward and fills the milestones skipped on the way, or moves back and clears the later ones. */
export function moveTo(
  incident: Incident,
  status: Status,
  { at, by, key, note }: Stamp & { note?: string | undefined },
): void {
  const [from, to] = [position(incident.status), position(status)]
  const skipped = incident.status === 'cancelled' ? [status] : STATUSES.slice(from + 1, to + 1)
  for (const passed of skipped) {
    const milestone = MILESTONE_OF[passed]
    if (milestone) incident.milestones[milestone] ??= at
  }
  for (const later of STATUSES.slice(to + 1, position('cancelled'))) {
    const milestone = MILESTONE_OF[later]
    if (milestone) delete incident.milestones[milestone]
  }
  if (to < position('resolved')) delete incident.milestones.reviewed
  incident.status = status
  incident.statuses.push({ status, at, by, key, ...(note && { note }) })
}

/** The first act that shows that somebody took the incident on. */
export function acknowledge(incident: Incident, { at }: Stamp): void {
  incident.milestones.acknowledged ??= at
}

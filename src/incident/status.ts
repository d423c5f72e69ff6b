// How an incident moves between its statuses, and which milestones that sets and clears.
import { type Milestone, type Placement, STATUSES, type Status } from './fold/event.ts'
import type { Incident } from './fold/incident.ts'

const LIVE: readonly Status[] = ['investigating', 'identified', 'fixing', 'monitoring']
/** Declared and not over: its clocks run. */
export const isLive = (incident: Incident): boolean => LIVE.includes(incident.status)

const OVER: readonly Status[] = ['resolved', 'closed', 'cancelled']
/** Whether an incident, or a status that it was in, is an end of it. */
export const isOver = ({ status }: { status: Status }): boolean => OVER.includes(status)

/** A status's place in an incident's life, to compare two of them. */
export const stands = (status: Status): number => STATUSES.indexOf(status)

const MILESTONE_OF: Partial<Record<Status, Milestone>> = {
  investigating: 'declared',
  identified: 'identified',
  monitoring: 'mitigated',
  resolved: 'resolved',
  closed: 'closed',
}

/** When and by whose act an incident moves. */
export type Moment = Pick<Placement, 'at' | 'by' | 'key'>

/** Moves forward and fills the milestones skipped on the way, or back and clears the later ones. */
export function moveTo(incident: Incident, status: Status, { at, by, key }: Moment, note?: string): void {
  const [from, to] = [stands(incident.status), stands(status)]
  const skipped = incident.status === 'cancelled' ? [status] : STATUSES.slice(from + 1, to + 1)
  for (const passed of skipped) {
    const milestone = MILESTONE_OF[passed]
    if (milestone) incident.milestones[milestone] ??= at
  }
  for (const later of STATUSES.slice(to + 1, stands('cancelled'))) {
    const milestone = MILESTONE_OF[later]
    if (milestone) delete incident.milestones[milestone]
  }
  if (to < stands('resolved')) delete incident.milestones.reviewed
  incident.status = status
  incident.statuses.push({ status, at, by, key, ...(note && { note }) })
}

/** Reopened without a reason, and nothing happened to the status since: the reason may still be given. */
export function owesReason({ statuses }: Incident): boolean {
  const [before, last] = statuses.slice(-2)
  if (!before || last?.status !== 'investigating' || last.note) return false
  return stands(before.status) >= stands('resolved')
}

/** Puts on record why the incident was reopened. */
export function giveReason(incident: Incident, why: string | undefined): void {
  const last = incident.statuses.at(-1)
  if (last && why) incident.statuses[incident.statuses.length - 1] = { ...last, note: why }
}

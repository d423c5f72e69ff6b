// What is true of one incident: the fold of its facts in GitHub's order, whatever order they arrived in.

import type { Hotfix, HotfixAsked } from '../hotfix.ts'
import type { Item } from '../item.ts'
import type { Review } from '../review.ts'
import type { Suspect } from '../suspect.ts'
import { decide } from './decide.ts'
import { type Event, inOrder, type Milestone, type Outcome, type Status } from './event.ts'
import { evolve } from './evolve.ts'
import type { Refusal } from './refusal.ts'

export type Entry = {
  event: Event
  at: number
  text?: string
  /** The acknowledgement that also made its author the lead. */
  leads?: true
  hidden: boolean
  struck: boolean
}

/** Everything that is known of an incident. Times are milliseconds since the epoch. */
export type Incident = {
  id: string
  title: string
  declared: boolean
  declaredBy: string | null
  summary?: string
  drill: boolean
  /** Put on record afterwards: nobody is told, no clock runs. */
  backfilled: boolean
  severity: string
  /** No severity was given: the default stands until somebody says. */
  severityAssumed: boolean
  severities: { severity: string; at: number; by: string | null }[]
  status: Status
  statuses: { status: Status; at: number; by: string | null; key: string; note?: string }[]
  cancelled?: { reason: string; text?: string; duplicateOf?: number }
  /** Its issue is out of reach for good. */
  gone: boolean
  lead: string | null
  leadSince: number | null
  roles: Record<string, string>
  milestones: Partial<Record<Milestone, number>>
  impact?: string
  services: string[]
  type?: string
  /** Private types that somebody was warned of: said again, they count. */
  warned: string[]
  bridge?: string
  cause?: string
  cost?: string
  resolution?: string
  related: number[]
  /** Pull requests that may be the cause, in the order in which they were first named. */
  suspects: Suspect[]
  /** Time of the last update for stakeholders, and of the last public one. */
  updatedAt: number | null
  publicAt: number | null
  /** When a person last did or said anything. */
  activeAt: number
  ticks: Record<string, { checked: boolean; by: string | null }>
  hotfixes: Hotfix[]
  hotfixesAsked: HotfixAsked[]
  review: Review | null
  items: Item[]
  entries: Entry[]
  fired: Record<string, number>
  pages: { key: string; names: string[]; by: string | null; text?: string }[]
  /** What came of telling people, by the key of the fact that was told. */
  notified: Record<string, { outcomes: Outcome[]; url: string }>
  /** Why a fact did not take effect; a fact that did is absent. */
  refused: Record<string, Refusal>
}

/** Declared and neither cancelled nor finished: its issue and its work still need to be kept in step. */
export const isOpen = (incident: Incident): boolean =>
  incident.declared && incident.status !== 'cancelled' && incident.status !== 'closed'

function blank(): Incident {
  return {
    id: '',
    title: '',
    declared: false,
    declaredBy: null,
    drill: false,
    backfilled: false,
    gone: false,
    warned: [],
    severity: '',
    severityAssumed: true,
    severities: [],
    status: 'triage',
    statuses: [],
    lead: null,
    leadSince: null,
    roles: {},
    milestones: {},
    services: [],
    related: [],
    suspects: [],
    updatedAt: null,
    publicAt: null,
    activeAt: 0,
    ticks: {},
    hotfixes: [],
    hotfixesAsked: [],
    review: null,
    items: [],
    entries: [],
    fired: {},
    pages: [],
    notified: {},
    refused: {},
  }
}

function refuse(incident: Incident, event: Event, refusal: Refusal): void {
  incident.refused[event.key] = refusal
  if (refusal.code === 'private-type') incident.warned.push(refusal.given)
}

/** What happened to an issue longer (milliseconds) before its declaration is no part of the incident: it carried an old
 * label. Within it, GitHub's times are not exact enough to say what came first. What comes from a duplicate has its times
 * from there. */
const BEFORE_DECLARED = 60 * 60_000

/** The incident that the given facts make. No policy has a say: what counts is in the facts. They may come in any order and their order of
 * arrival does not matter; the first declaration counts before everything else on the issue. */
export function fold(events: readonly Event[]): Incident {
  const incident = blank()
  const ordered = [...events].sort(inOrder)
  const first = ordered.findIndex((event) => event.kind === 'declared')
  const declaration = first >= 0 ? ordered.splice(first, 1) : []
  const from = (declaration[0]?.at ?? 0) - BEFORE_DECLARED
  const own = ordered.filter(({ kind, at }) => at >= from || kind === 'entry-taken')
  for (const event of [...declaration, ...own]) {
    const decision = decide(incident, event)
    if (decision === 'takes-effect') evolve(incident, event)
    else if (decision !== 'already') refuse(incident, event, decision)
  }
  incident.entries.sort((a, b) => a.at - b.at || inOrder(a.event, b.event))
  return incident
}

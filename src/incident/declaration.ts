// The declaration: what the incident is called, how severe it seems, whether it is an exercise.

import { isLive, moveTo } from './base/lifecycle.ts'
import { RANK } from './base/placement.ts'
import { type At, type Decision, type Rules, unless } from './base/rule.ts'
import type { Incident } from './fold/nouns.ts'
import type { ReviewRule } from './policy/policy.ts'
import { startReview } from './review.ts'

type Declared = {
  kind: 'declared'
  id: string
  title: string
  /** Missing in facts of older versions where nobody named one. */
  severity?: string
  /** Nobody named the severity: it is the repository's default of that moment. */
  assumed?: true | undefined
  summary?: string | undefined
  triage?: true | undefined
  /** An exercise from its first moment. */
  drill?: true | undefined
  /** Recorded afterwards: when it began and, if it is over, when it ended. Milliseconds. */
  since?: number | undefined
  resolved?: number | undefined
  /** Present with `resolved`. */
  review?: ReviewRule | undefined
}

export type DeclarationFact =
  | Declared
  | { kind: 'accepted' }
  | { kind: 'drilled' }
  | { kind: 'renamed'; title: string }
  /** The issue moved to another repository, `owner/name#number`. */
  | { kind: 'transferred'; to: string }

export type DeclarationState = {
  id: string
  title: string
  declared: boolean
  declaredBy: string | null
  summary?: string
  drill: boolean
  /** Recorded afterwards: nobody is told, no clock runs. */
  backfilled: boolean
  /** When a person last did or said anything. */
  activeAt: number
}

export const DECLARATIONS: Rules<DeclarationFact> = {
  declared: {
    told: true,
    toldAt: ({ since, at }) => since ?? at,
    words: 'summary',
    wordless: true,
    always: 'undeclared',
    decide: decideDeclared,
    evolve: declare,
  },
  accepted: {
    told: true,
    decide: ({ status }) => unless(status !== 'triage'),
    evolve: (incident, event) => moveTo(incident, 'investigating', event),
  },
  drilled: {
    told: true,
    always: 'undeclared',
    decide: ({ drill }) => unless(drill),
    evolve(incident) {
      incident.drill = true
    },
  },
  renamed: {
    told: true,
    always: 'anywhere',
    decide: (incident, { title }) => unless(incident.title === title),
    evolve(incident, { title }) {
      incident.title = title
    },
  },
  transferred: { told: true, always: 'anywhere' },
}

function decideDeclared(incident: Incident, event: At<Declared>): Decision {
  const { status, severity, severityAssumed } = incident
  if (!incident.declared) return 'takes-effect'
  // `/declare` and `/drill` in one comment: the second says only that it is an exercise.
  if (event.drill && !incident.drill && isLive(incident)) return 'takes-effect'
  // A past incident is recorded only where nothing of it is on record yet.
  const afresh = event.since === undefined
  if (afresh && (status === 'cancelled' || (status === 'triage' && !event.triage))) return 'takes-effect'
  const named = event.assumed ? undefined : event.severity
  if (afresh && named && severityAssumed && isLive(incident)) return 'takes-effect'
  // A label says it in passing; a command deserves an answer.
  const other = named !== undefined && named !== severity
  if (event.rank !== RANK.comment || (afresh && !other)) return 'already'
  return { code: 'declared-already', usage: other ? `/sev ${named}` : '' }
}

/** The documented default, for declarations of older versions, which did not say it. */
const DEFAULT_SEVERITY = 'P2'

function declare(incident: Incident, event: At<Declared>): void {
  // Declared again (accepted from triage, or after a cancellation), the incident keeps its id and what people set since.
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
  moveTo(incident, event.triage ? 'triage' : 'investigating', stampOf(event))
}

/** Milestones as given: who was told and who acknowledged is not known. */
function backfill(incident: Incident, event: At<Declared>, since: number): void {
  incident.backfilled = true
  incident.milestones.started = since
  incident.milestones.detected = since
  moveTo(incident, 'investigating', { ...stampOf(event), at: since })
  if (event.resolved === undefined) return
  const ended = { ...stampOf(event), at: event.resolved }
  moveTo(incident, 'resolved', ended)
  startReview(incident, ended, event.review)
}

const stampOf = ({ at, by, key }: At<Declared>) => ({ at, by, key })

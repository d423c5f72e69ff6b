// How an incident is told: which facts become entries, in which order, and how long each status and severity lasted.
import { type Event, type Fact, MILESTONES, type Milestone, type Status } from '../fold/event.ts'
import type { Entry, Incident } from '../fold/incident.ts'
import { isOver } from '../status.ts'

/** Facts that people read in the timeline; the others are bookkeeping. */
const TOLD: readonly Fact['kind'][] = [
  'declared',
  'accepted',
  'drilled',
  'acknowledged',
  'severity-set',
  'status-set',
  'lead-set',
  'assigned',
  'role-set',
  'updated',
  'noted',
  'milestone-set',
  'impact-set',
  'services-set',
  'type-set',
  'cost-set',
  'cause-found',
  'renamed',
  'related',
  'suspected',
  'suspect-cleared',
  'paged',
  'ticked',
  'resolved',
  'reopened',
  'cancelled',
  'transferred',
  'duplicate-found',
  'entry-taken',
  'hotfix-opened',
  'hotfix-refused',
  'hotfix-reviewed',
  'hotfix-merged',
  'hotfix-closed',
  'deployed',
  'review-opened',
  'review-approved',
  'review-waived',
  'item-promised',
  'item-done',
  'item-reopened',
  'item-declined',
]

/** Whether a fact makes a row of the timeline where it takes effect. */
export const isTold = (fact: Fact): boolean =>
  TOLD.includes(fact.kind) || (fact.kind === 'timer-fired' && /^(escalate|overdue):/.test(fact.timer))

/** The field of a fact that holds a person's own words; the reason of a cancellation is one of a list. */
function wordsOf(fact: Fact): 'text' | 'note' | 'summary' | 'why' | 'reason' | null {
  for (const field of ['text', 'note', 'summary', 'why'] as const) if (field in fact) return field
  return 'reason' in fact && fact.kind !== 'cancelled' ? 'reason' : null
}

/** A person's words in a fact; null where it has none. */
export function wordsIn(fact: Fact): string | null {
  const field = wordsOf(fact)
  const words: unknown = field && Reflect.get(fact, field)
  return typeof words === 'string' ? words : null
}

/** What is told without words of its own, too. */
const WORDLESS: readonly Fact['kind'][] = [
  'declared',
  'status-set',
  'lead-set',
  'severity-set',
  'paged',
  'resolved',
  'reopened',
  'cancelled',
]

/** Makes an entry read as its comment does now. Words that were taken away are gone, or struck out where they were all
 * that is told. */
export function followEdit(entry: Entry, words: string | null | undefined): void {
  const field = wordsOf(entry.event)
  if (!field || typeof words !== 'string') return
  if (words === '' && !WORDLESS.includes(entry.event.kind)) {
    entry.struck = true
    return
  }
  entry.struck = false
  entry.event = Object.assign({}, entry.event, { [field]: words })
  if (words === '') Reflect.deleteProperty(entry.event, field)
  delete entry.text
}

/** One row of the timeline: the event, the moment it is told under, and its words where people changed them. */
export type Row = { n: number; at: number; event: Event; text?: string; leads?: true; struck: boolean }

/** The rows that are shown, by time; hidden ones stay in the facts. */
export function rows(incident: Incident): Row[] {
  return incident.entries.flatMap((entry) => {
    if (entry.hidden || entry.event.n === undefined) return []
    return [
      {
        n: entry.event.n,
        at: entry.at,
        event: entry.event,
        struck: entry.struck,
        ...(entry.text !== undefined && { text: entry.text }),
        ...(entry.leads && { leads: entry.leads }),
      },
    ]
  })
}

/** The named times that are known, in the order in which they may happen. */
export const milestones = (incident: Incident): { name: Milestone; at: number }[] =>
  MILESTONES.flatMap((name) => {
    const at = incident.milestones[name]
    return at === undefined ? [] : [{ name, at }]
  })

export type Phase<Name> = { name: Name; from: number; to: number }

/** The statuses that an incident has been in, each with its beginning and end; the last one ends at `now`. */
export function phases(incident: Incident, now: number): Phase<Status>[] {
  return incident.statuses.flatMap((entered, index) => {
    if (isOver(entered)) return []
    const to = incident.statuses[index + 1]?.at ?? now
    return [{ name: entered.status, from: entered.at, to }]
  })
}

/** How long the incident stood at each severity while it was open, in milliseconds, in the order first seen. */
export function timeInSeverity(incident: Incident, now: number): { severity: string; length: number }[] {
  const end = incident.milestones.resolved ?? now
  const lengths = new Map<string, number>()
  incident.severities.forEach(({ severity, at }, index) => {
    const to = Math.min(incident.severities[index + 1]?.at ?? end, end)
    lengths.set(severity, (lengths.get(severity) ?? 0) + Math.max(0, to - at))
  })
  return [...lengths].map(([severity, length]) => ({ severity, length }))
}

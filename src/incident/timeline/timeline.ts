// How an incident is told: its rows in order, its milestones, and how long each status and severity lasted.
import { isOver, MILESTONES, type Milestone, type Status } from '../base/lifecycle.ts'
import type { Event, Incident } from '../fold/nouns.ts'

/** One row of the timeline: the event, the moment it is told under, and its words where people changed them. */
export type TimelineRow = {
  n: number
  at: number
  event: Event
  text?: string
  leads?: true
  struck: boolean
}

/** The rows that are shown, by time; hidden ones stay in the facts. */
export function timelineRows(incident: Incident): TimelineRow[] {
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

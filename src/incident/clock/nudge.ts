// Nudges: what a live incident asks of one person at a time, until it is done or was asked often enough.
import { clockStart, inCharge, liveSince, type Running, rounds } from './began.ts'
import type { Timer } from './clock.ts'
import { nextStep, ownersOf } from './escalation.ts'

export const nudges = (running: Running): Timer[] => [
  ...forLead(running),
  ...forUpdate(running),
  ...forPublic(running),
  ...forHandover(running),
  ...forQuiet(running),
]

/** Asks who is there to lead; after the last time those who should: teams of `lead`, else the services' owners. */
function forLead(running: Running): Timer[] {
  const { incident, severity, policy, calendar } = running
  if (incident.lead) return []
  const { after, every, times } = policy.nudges.no_lead
  const people = severity.lead.filter((one) => !one.includes('/'))
  const asked = people.length > 0 ? people : inCharge(incident)
  const others = severity.lead.length > 0 ? severity.lead : ownersOf(incident, policy)
  const left = others.filter((one) => !asked.includes(one))
  const first = calendar.add(liveSince(incident), after)
  const moments = rounds(first, { every, count: times + 1 }, running)
  return moments.flatMap((at, index): Timer[] => {
    if (index < times) return [{ kind: 'lead', key: `lead:${index + 1}`, at, to: asked }]
    return left.length > 0 ? [{ kind: 'lead', key: 'lead:last', at, to: left }] : []
  })
}

/** At the due time and each further full period; asked in vain, the next step of the escalation hears of it. */
function forUpdate(running: Running): Timer[] {
  const { incident, severity, policy } = running
  const next = nextUpdate(running)
  if (!next || !severity.update_every) return []
  const { times } = policy.nudges.update_overdue
  const moments = rounds(next.at, { every: severity.update_every, count: times + 1 }, running)
  return moments.flatMap((at, index): Timer[] => {
    if (index < times)
      return [{ kind: 'update', key: `update:${next.since}:${index + 1}`, at, to: inCharge(incident) }]
    const step = nextStep(running)
    if (!step) return []
    const { key: takes, ...told } = step
    return [{ kind: 'overdue', key: `overdue:${next.since}`, at, ...told, takes }]
  })
}

/** When the next update for stakeholders is due and since when its clock runs; null where none is asked for. */
export function nextUpdate(running: Running): { at: number; since: number } | null {
  const { incident, severity, calendar, wait } = running
  if (!severity.update_every) return null
  const { start } = clockStart(running, (one) => one.update_every)
  const since = Math.max(start, incident.updatedAt ?? 0)
  return { at: wait(calendar.add(since, severity.update_every)), since }
}

/** The first public update; `external_within` is set only where a public channel is announced. */
function forPublic(running: Running): Timer[] {
  const { incident, severity, calendar, wait } = running
  if (!severity.external_within || incident.drill || incident.publicAt !== null) return []
  const { start } = clockStart(running, (one) => one.external_within)
  const comms = incident.roles.comms
  return [
    {
      kind: 'external',
      key: `external:${start}`,
      at: wait(calendar.add(start, severity.external_within)),
      to: comms ? [`@${comms}`] : inCharge(incident),
    },
  ]
}

/** A tired lead is offered a handover, then told to hand over; once each for every lead. */
function forHandover(running: Running): Timer[] {
  const { incident, policy, calendar, wait } = running
  const { lead, leadSince } = incident
  if (!lead || leadSince === null) return []
  const since = Math.max(leadSince, liveSince(incident))
  return (['offer', 'demand'] as const).map((what) => ({
    kind: 'handover',
    key: `handover:${since}:${what}`,
    at: wait(calendar.add(since, policy.nudges.handover[what])),
    to: [`@${lead}`],
  }))
}

/** Nobody has done or said anything: is it over? */
function forQuiet(running: Running): Timer[] {
  const { incident, policy, calendar } = running
  const { after, times } = policy.nudges.quiet
  const since = Math.max(incident.activeAt, liveSince(incident))
  const moments = rounds(calendar.add(since, after), { every: '1d', count: times }, running)
  return moments.map((at, index) => ({
    kind: 'quiet',
    key: `quiet:${since}:${index + 1}`,
    at,
    to: inCharge(incident),
  }))
}

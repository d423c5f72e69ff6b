// Escalation: the timed steps of a severity while nobody has acknowledged, or while no update comes.

import type { Incident } from '../fold/nouns.ts'
import { type EscalationStep, findSeverity, type Policy, type Target } from '../policy/policy.ts'
import type { Timer } from './nudge.ts'
import { clockStart, type Running } from './running.ts'

/** The steps that have not fired, each at its time; none once somebody has acknowledged. */
export function escalation(running: Running): Timer<{ kind: 'escalate' }>[] {
  const { incident, severity, policy, calendar, wait } = running
  if (incident.milestones.acknowledged !== undefined) return []
  const { start } = clockStart(running, ({ respond_within }) => respond_within)
  return openSteps(running).map(({ index, after, text }) => ({
    nudge: { kind: 'escalate' },
    key: stepKey(severity.key, index),
    at: wait(calendar.add(start, after)),
    to: escalationTargets(incident, policy, index),
    message: text,
  }))
}

/** The step that is next when updates fail to come: the first that has not fired and names somebody beside the lead. */
export function nextStep(running: Running): Pick<Timer<never>, 'key' | 'to' | 'message'> | null {
  const { incident, severity, policy } = running
  const lead = incident.lead?.toLowerCase()
  for (const { index, text } of openSteps(running)) {
    const to = escalationTargets(incident, policy, index).filter(
      (target) => target.toLowerCase() !== `@${lead}`,
    )
    if (to.length > 0) return { key: stepKey(severity.key, index), to, message: text }
  }
  return null
}

/** A step that fired under another severity since the clock began has fired: it never does again. */
function openSteps(running: Running): (EscalationStep & { index: number })[] {
  const { incident, severity } = running
  const { since } = clockStart(running, ({ respond_within }) => respond_within)
  const hasFired = (step: number): boolean =>
    since.some((key) => incident.fired[stepKey(key, step)] !== undefined)
  return severity.escalate.map((step, index) => ({ ...step, index })).filter(({ index }) => !hasFired(index))
}

const stepKey = (severity: string, step: number): string => `escalate:${severity}:${step}`

/** Whom a step names: those of the policy, else the owners of the affected services, else who declared. */
export function escalationTargets(incident: Incident, policy: Policy, step: number): Target[] {
  const named = findSeverity(policy, incident.severity)?.escalate[step]?.to ?? []
  if (named.length > 0) return named
  const owners = ownersOf(incident, policy)
  if (owners.length > 0) return owners
  return incident.declaredBy ? [`@${incident.declaredBy}`] : []
}

/** Who answers for the affected services, in their order. */
export function ownersOf(incident: Pick<Incident, 'services'>, policy: Policy): Target[] {
  return [...new Set(incident.services.flatMap((service) => policy.services[service]?.owners ?? []))]
}

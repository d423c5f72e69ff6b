// The four default severities, and how a configured one is completed.
import type { Duration } from '../incident/policy/duration.ts'
import type { EscalationStep, Severity, Target } from '../incident/policy/policy.ts'
import type { SeverityFile } from './severity-schema.ts'

type Defaults = Omit<Severity, 'key' | 'announce' | 'lead' | 'escalate'>

const DUE = { immediate: '7d', short: '14d', medium: '30d', long: '90d' } as const
const BACKLOG = { immediate: null, short: null, medium: null, long: null } as const

/** P0 to P3, most severe first. */
export const SEVERITY_DEFAULTS: { [key: string]: Defaults } = {
  P0: {
    name: 'Critical',
    means: 'Complete outage, data breach or data loss',
    respond_within: '5m',
    update_every: '15m',
    external_within: '1h',
    approvals: 1,
    review: { required: true, within: '3d' },
    action_items: DUE,
    always: true,
  },
  P1: {
    name: 'High',
    means: 'Part of the service is down, or many people are affected',
    respond_within: '15m',
    update_every: '30m',
    external_within: '1h',
    approvals: 1,
    review: { required: true, within: '5bd' },
    action_items: DUE,
    always: true,
  },
  P2: {
    name: 'Medium',
    means: 'Limited impact, or a way around it',
    respond_within: '1h',
    update_every: '2h',
    external_within: null,
    approvals: 1,
    review: { required: false, within: '10bd' },
    action_items: { ...DUE, immediate: '28d', short: '28d' },
    always: false,
  },
  P3: {
    name: 'Low',
    means: 'Small or cosmetic, can wait for working hours',
    respond_within: '1bd',
    update_every: null,
    external_within: null,
    approvals: null,
    review: null,
    action_items: BACKLOG,
    always: false,
  },
}

/** Severities whose default escalation is none at all. */
const QUIET = new Set(['P3'])

/** A severity of another name starts from nothing: no clock runs and nothing is owed that the file does not say. */
function emptyDefaults(key: string): Defaults {
  return {
    name: key,
    means: '',
    respond_within: null,
    update_every: null,
    external_within: null,
    approvals: null,
    review: null,
    action_items: BACKLOG,
    always: false,
  }
}

/** Completes one severity: what the file says, else the default of the same key, else the repository's own. */
export function completeSeverity(
  key: string,
  given: SeverityFile,
  general: { announce: Target[]; lead: Target[] },
): Severity {
  const base =
    (Object.hasOwn(SEVERITY_DEFAULTS, key) ? SEVERITY_DEFAULTS[key] : undefined) ?? emptyDefaults(key)
  const respond_within = durationOrOff(given.respond_within, base.respond_within)
  return {
    key,
    name: given.name ?? base.name,
    means: given.means ?? base.means,
    respond_within,
    update_every: durationOrOff(given.update_every, base.update_every),
    external_within: durationOrOff(given.external_within, base.external_within),
    announce: given.announce ?? general.announce,
    lead: given.lead ?? general.lead,
    approvals: given.approvals === 'branch' ? null : (given.approvals ?? base.approvals),
    escalate: given.escalate ?? (QUIET.has(key) ? [] : ownersAt(respond_within)),
    review: typeof given.review === 'string' ? null : (given.review ?? base.review),
    action_items: {
      immediate: durationOrBacklog(given.action_items?.immediate, base.action_items.immediate),
      short: durationOrBacklog(given.action_items?.short, base.action_items.short),
      medium: durationOrBacklog(given.action_items?.medium, base.action_items.medium),
      long: durationOrBacklog(given.action_items?.long, base.action_items.long),
    },
    always: given.always ?? base.always,
  }
}

function durationOrOff(given: Duration | 'off' | undefined, base: Duration | null): Duration | null {
  return given === 'off' ? null : (given ?? base)
}

function durationOrBacklog(given: Duration | 'backlog' | undefined, base: Duration | null): Duration | null {
  return given === 'backlog' ? null : (given ?? base)
}

/** One step when the time to respond is over; its empty `to` means the owners of what is affected. */
function ownersAt(after: Duration | null): EscalationStep[] {
  return after ? [{ after, to: [] }] : []
}

// How an incident, its status and its severity are named to people.
import type { Incident } from '../incident/fold/nouns.ts'
import { findSeverity, type Policy } from '../incident/policy/policy.ts'

const ICONS: Record<string, string> = {
  triage: '🟡',
  monitoring: '🟠',
  resolved: '🟢',
  closed: '🟢',
  cancelled: '⚪',
}
/** One sign per status, always beside the word. */
export const icon = (status: string): string => ICONS[status] ?? '🔴'

/** `INC-42`, with `[DRILL]` before it on an exercise. */
export const nameOf = (incident: Incident): string =>
  incident.drill ? `[DRILL] ${incident.id}` : incident.id

/** `P0 Critical`. */
export function severityName(policy: Policy, key: string): string {
  const severity = findSeverity(policy, key)
  return severity ? `${severity.key} ${severity.name}` : key
}

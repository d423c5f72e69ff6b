// The severity: set by people, a default until then.
import { type Rules, unless } from './base/rule.ts'

export type SeverityFact = { kind: 'severity-set'; severity: string; reason?: string | undefined }

export type SeverityState = {
  severity: string
  /** Nobody gave a severity: the default stands until somebody does. */
  severityAssumed: boolean
  severities: { severity: string; at: number; by: string | null }[]
}

export const SEVERITY: Rules<SeverityFact> = {
  'severity-set': {
    told: true,
    words: 'reason',
    wordless: true,
    decide: ({ severity, severityAssumed }, event) => unless(severity === event.severity && !severityAssumed),
    evolve(incident, { severity, at, by }) {
      incident.severity = severity
      incident.severityAssumed = false
      incident.severities.push({ severity, at, by })
    },
  },
}

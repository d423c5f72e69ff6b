// `/sev`: how severe an incident is.
import type { Refusal } from '../incident/base/refusal.ts'
import { findSeverity, type Policy } from '../incident/policy/policy.ts'
import { requireName } from './arguments/arguments.ts'
import { onIncident, row } from './row.ts'

export const sev = row({
  usage: '/sev P1 [reason]',
  does: 'Sets the severity.',
  ...onIncident,
  aliases: ['severity'],
  examples: ['/sev P1', '/sev P0 customers cannot log in'],
  read: (args) => ({ severity: unbracketed(requireName(args, 'severity')), reason: args.text() }),
  fact({ severity: given, reason }, { policy }) {
    const severity = findSeverity(policy, given)
    return severity
      ? { kind: 'severity-set', severity: severity.key, reason }
      : unknownSeverity(given, policy)
  },
})

/** `P1` of `[P1]`, `(P1)` and `sev:P1`. */
export function unbracketed(word: string): string {
  return /^[[(]([^\])]+)[\])]$/.exec(word)?.[1] ?? /^sev:(.+)$/i.exec(word)?.[1] ?? word
}

export const unknownSeverity = (given: string, policy: Policy): Refusal => ({
  code: 'severity',
  given,
  allowed: policy.severities.map((severity) => severity.key),
})

// What a declaration states: the incident's id, its severity, and when a past one began and ended.

import type { Refusal } from '../incident/base/refusal.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import { findSeverity, type Policy, type ReviewRule, reviewRule } from '../incident/policy/policy.ts'
import type { Command } from './command.ts'
import type { Asking } from './meaning.ts'

/** The fact of `/declare`, now or of a past incident. */
export function declared(command: Extract<Command, { verb: 'declare' }>, asking: Asking): Fact | Refusal {
  const { policy, issue } = asking
  const past = pastTimes(command, asking)
  if ('code' in past) return past
  const severity = command.severity ? findSeverity(policy, command.severity) : undefined
  if (command.severity && !severity) return unknownSeverity(command.severity, policy)
  return {
    kind: 'declared',
    id: incidentId(issue.number, asking),
    title: issue.title,
    ...stated(severity?.key ?? issue.severity, policy),
    ...(command.summary && { summary: command.summary }),
    ...past,
  }
}

type Past = { since?: number; resolved?: number; review?: ReviewRule }

/** When a past incident began and ended: both before the command, in this order. */
function pastTimes(
  { since, resolved }: Extract<Command, { verb: 'declare' }>,
  { calendar, at, policy }: Asking,
): Past | Refusal {
  if (since === undefined) return {}
  const usage = '/declare --since "2025-12-18 10:10"'
  const began = calendar.parseTime(since, at)
  if (began === null || began > at) return { code: 'time', given: since, usage }
  if (resolved === undefined) return { since: began }
  const ended = calendar.parseTime(resolved, at)
  if (ended === null || ended > at)
    return { code: 'time', given: resolved, usage: `${usage} --resolved 11:30` }
  if (ended < began) return { code: 'before-started', milestone: 'resolved', time: began }
  return { since: began, resolved: ended, review: reviewRule(policy) }
}

/** The severity of a declaration: the one that somebody named, else the repository's default, as such. */
export const stated = (severity: string | null, policy: Policy): { severity: string; assumed?: true } =>
  severity ? { severity } : { severity: policy.default_severity, assumed: true }

/** The incident's public id by the repository's pattern. */
export function incidentId(
  number: number,
  { policy, calendar, at }: Pick<Asking, 'policy' | 'calendar' | 'at'>,
): string {
  const parts: Record<string, string> = { number: String(number), ...calendar.parts(at) }
  return policy.id.replaceAll(/\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole)
}

export const unknownSeverity = (given: string, policy: Policy): Refusal => ({
  code: 'severity',
  given,
  allowed: policy.severities.map((severity) => severity.key),
})

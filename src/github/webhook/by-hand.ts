// What people do by hand on GitHub, read as the fact that it means; pure.

import { STATUSES, type Status } from '../../incident/base/lifecycle.ts'
import { type Placement, RANK } from '../../incident/base/placement.ts'
import type { Refusal } from '../../incident/base/refusal.ts'
import type { Event, Fact } from '../../incident/fold/nouns.ts'
import { findSeverity, type Policy, reviewRule } from '../../incident/policy/policy.ts'
import { withoutDrill } from '../../incident/timeline/format.ts'
import type { DeliveredIssue, Delivery } from './delivery.ts'

type IssueDelivery = Extract<Delivery, { kind: 'issue' }>

export const SEVERITY_LABEL = 'sev:'
export const STATUS_LABEL = 'status:'

/** Whether this delivery declares: the incident label was just put on, or the issue was opened with it. */
export function declares(delivery: IssueDelivery, policy: Policy): boolean {
  const wanted = policy.label.toLowerCase()
  if (delivery.action === 'labeled') return delivery.label?.toLowerCase() === wanted
  return delivery.action === 'opened' && delivery.issue.labels.some((label) => label.toLowerCase() === wanted)
}

/** The severity that an issue itself names: by its labels, else in its form. */
export const severityOf = (
  { labels, body }: Pick<DeliveredIssue, 'labels' | 'body'>,
  policy: Policy,
): string | null => severityOfLabels(labels, policy) ?? severityOfForm(body, policy) ?? null

/** The severity that the issue's labels name, the most severe first where there are several. */
export function severityOfLabels(labels: readonly string[], policy: Policy): string | undefined {
  const named = labels.flatMap((label) => severityOfLabel(label, policy) ?? [])
  return policy.severities.find((severity) => named.includes(severity.key))?.key
}

/** The answer that the issue form puts under the heading _Severity_: `P1`, or `P1 High` as a dropdown shows it. */
export function severityOfForm(body: string, policy: Policy): string | undefined {
  const lines = body.split(/\r?\n/).map((line) => line.trim())
  const heading = lines.findIndex((line) => /^###\s+severity$/i.test(line))
  const answer = heading < 0 ? undefined : lines.slice(heading + 1).find((line) => line !== '')
  const word = answer?.split(/[\s:,–-]/)[0]
  return word ? findSeverity(policy, word)?.key : undefined
}

function severityOfLabel(label: string, policy: Policy): string | undefined {
  if (!label.toLowerCase().startsWith(SEVERITY_LABEL)) return undefined
  return findSeverity(policy, label.slice(SEVERITY_LABEL.length).trim())?.key
}

function statusOfLabel(label: string): Status | undefined {
  const lower = label.toLowerCase()
  if (!lower.startsWith(STATUS_LABEL)) return undefined
  return STATUSES.find((status) => status === lower.slice(STATUS_LABEL.length).trim())
}

/** A label that says what no label can: an unknown severity or status, or one that Mayday alone gives. */
export function misread({ action, label = '' }: IssueDelivery, policy: Policy): Refusal | null {
  if (action !== 'labeled') return null
  const lower = label.toLowerCase()
  if (lower.startsWith(SEVERITY_LABEL) && !severityOfLabel(label, policy))
    return { code: 'severity', given: label, allowed: policy.severities.map(({ key }) => key) }
  if (lower.startsWith(STATUS_LABEL) && labeled(label, policy).length === 0)
    return { code: 'status-label', given: label }
  return null
}

/** The facts that a change of an incident's issue means; none for what means nothing. Declaring is apart. */
export function issueFacts(delivery: IssueDelivery, policy: Policy): Fact[] {
  const { issue, label } = delivery
  switch (delivery.action) {
    case 'labeled':
      return label ? labeled(label, policy) : []
    case 'unlabeled':
      return label?.toLowerCase() === policy.label.toLowerCase()
        ? [{ kind: 'cancelled', reason: 'other' }]
        : []
    case 'closed':
      return [closed(issue.stateReason, policy)]
    case 'reopened':
      return [{ kind: 'reopened' }]
    case 'assigned':
      return delivery.assignee ? [{ kind: 'assigned', user: delivery.assignee }] : []
    case 'edited':
      return delivery.titleBefore !== undefined ? [{ kind: 'renamed', title: withoutDrill(issue.title) }] : []
    case 'deleted':
      return [{ kind: 'cancelled', reason: 'other', text: 'the issue was deleted', gone: true }]
    default:
      return []
  }
}

function labeled(label: string, policy: Policy): Fact[] {
  const severity = severityOfLabel(label, policy)
  if (severity) return [{ kind: 'severity-set', severity }]
  const status = statusOfLabel(label)
  if (status === 'resolved') return [resolved(policy)]
  if (!status || status === 'triage' || status === 'closed' || status === 'cancelled') return []
  return [{ kind: 'status-set', status }]
}

function closed(reason: string | null, policy: Policy): Fact {
  if (reason === 'not_planned') return { kind: 'cancelled', reason: 'other' }
  if (reason === 'duplicate') return { kind: 'cancelled', reason: 'duplicate' }
  return resolved(policy)
}

const resolved = (policy: Policy): Fact => ({ kind: 'resolved', review: reviewRule(policy) })

/** The facts that a moved card means for an incident. */
export function cardFacts(field: string, to: string, policy: Policy): Fact[] {
  if (field === 'Status') return to === 'Done' ? [resolved(policy)] : []
  const status = STATUSES.find((name) => name === to.toLowerCase())
  if (status === 'resolved') return [resolved(policy)]
  if (!status || status === 'triage' || status === 'closed' || status === 'cancelled') return []
  return [{ kind: 'status-set', status }]
}

/** The boxes that differ between two texts, by their own words: what somebody ticked or cleared. */
export function ticks(before: string, after: string): { text: string; checked: boolean }[] {
  const old = boxes(before)
  return [...boxes(after)].flatMap(([text, checked]) => {
    const was = old.get(text)
    return was === undefined || was === checked ? [] : [{ text, checked }]
  })
}

function boxes(body: string): Map<string, boolean> {
  const found = new Map<string, boolean>()
  for (const line of body.split('\n')) {
    const match = /^\s*[-*+] \[([ xX])\] (.+?)\s*$/.exec(line)
    if (match?.[2]) found.set(match[2], match[1] !== ' ')
  }
  return found
}

/** Which of two acts by hand counts as the later where GitHub gives both the same second and no id: of two severities the
 * worse, of two statuses the further, the declaration before its end, reopening before closing. Both can be read from
 * the act alone, so the order never depends on who tells of it. */
function tie(fact: Fact, { severities }: Policy): number {
  switch (fact.kind) {
    case 'severity-set':
      return severities.length - severities.findIndex(({ key }) => key === fact.severity)
    case 'status-set':
      return STATUSES.indexOf(fact.status)
    case 'resolved':
      return STATUSES.indexOf('resolved')
    case 'declared':
    case 'reopened':
      return STATUSES.length
    default:
      return 0
  }
}

/** A fact with its place in time, from a delivery. The key names what happened, not the delivery, so that the same act
 * told twice is one fact. */
export function placed(
  fact: Fact,
  place: {
    key: string
    at: number
    rank: number
    by: string | null
    origin?: number
    index?: number
    url?: string
  },
): Event {
  const { key, at, rank, by, origin = 0, index = 0, url } = place
  const placement: Placement = { key, at, rank, origin, index, by, ...(url && { evidence: url }) }
  return Object.assign({}, fact, placement)
}

/** The facts of an issue delivery with their places: labels come before other changes of the same second. */
export function placedIssueFacts(delivery: IssueDelivery, facts: readonly Fact[], policy: Policy): Event[] {
  const { action, issue, label, at, sender, titleBefore } = delivery
  const rank = action === 'labeled' || action === 'unlabeled' || action === 'opened' ? RANK.label : RANK.issue
  const renamed = titleBefore === undefined ? undefined : issue.title
  const what =
    label ?? delivery.assignee ?? renamed ?? (action === 'closed' ? (issue.stateReason ?? 'completed') : '')
  return facts.map((fact, index) =>
    placed(fact, {
      key: `issue:${action}:${sender.login}:${what}:${at}:${index}`,
      at,
      rank,
      origin: tie(fact, policy),
      index,
      by: sender.login,
      url: issue.url,
    }),
  )
}

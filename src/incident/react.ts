// What must follow: the difference between an incident before and after new facts, as effects on the outside.

import type { Item } from './action-item.ts'
import type { Event } from './event.ts'
import type { Incident } from './incident.ts'
import type { Policy } from './policy.ts'
import { missingFromReview } from './review-state.ts'

/** What a comment of Mayday is about; its words come from the template of the same name. */
export type Notice =
  | { about: 'status'; from: string; to: string; by: string | null; note?: string }
  | { about: 'severity'; from: string; to: string; by: string | null; reason?: string }
  | { about: 'ask-severity'; user: string }
  | { about: 'ask-accept' }
  | { about: 'escalation'; step: number; due: number; at: number }
  | { about: 'nudge-lead'; round: number; due: number; at: number }
  | { about: 'nudge-update'; round: number; due: number; at: number }
  | { about: 'review-incomplete'; user: string | null }
  | { about: 'ask-item'; item: string }
  | { about: 'ask-reopen'; user: string }
  | { about: 'hotfix-refused'; why: string; user: string | null }

/** What the outside must become. `sync-…` carry no content: they read the facts when they run, so they may coalesce,
 * repeat and come late. A `say` is found again by its key. */
export type Effect =
  | { do: 'sync-issue' }
  | { do: 'sync-board' }
  | { do: 'sync-review' }
  | { do: 'sync-item'; item: string }
  | { do: 'say'; key: string; notice: Notice; on?: 'review' }
  | { do: 'open-hotfix'; asked: string }
  | { do: 'open-review' }
  | { do: 'open-item'; item: string }
  | { do: 'remind'; owner: string }

/** The effects of the facts that were just added. Compares, so a fact that arrives late or changes nothing causes
 * nothing but a look; `sync-…` compare again with GitHub before they write. */
export function react(before: Incident, after: Incident, added: readonly Event[], policy: Policy): Effect[] {
  if (!after.declared) return []
  return [
    { do: 'sync-issue' },
    ...notices(before, after, added),
    ...fired(before, after, added),
    ...hotfixes(before, after),
    ...review(before, after, policy),
    ...items(before, after),
    { do: 'sync-board' },
  ]
}

function notices(before: Incident, after: Incident, added: readonly Event[]): Effect[] {
  if (!before.declared) return firstWords(after)
  const effects: Effect[] = []
  const status = after.statuses.at(-1)
  if (status && after.status !== before.status) {
    effects.push({
      do: 'say',
      key: `status:${status.key}`,
      notice: {
        about: 'status',
        from: before.status,
        to: after.status,
        by: status.by,
        ...(status.note && { note: status.note }),
      },
    })
  }
  const change = after.severities.at(-1)
  if (change && after.severity !== before.severity) {
    const event = added.find((one) => one.kind === 'severity-set' && one.severity === after.severity)
    const reason = event?.kind === 'severity-set' ? event.reason : undefined
    effects.push({
      do: 'say',
      key: `severity:${after.severities.length}:${after.severity}`,
      notice: {
        about: 'severity',
        from: before.severity,
        to: after.severity,
        by: change.by,
        ...(reason && { reason }),
      },
    })
  }
  return effects
}

/** What is asked at the declaration: the living comment says everything else. */
function firstWords(after: Incident): Effect[] {
  if (after.status === 'triage') return [{ do: 'say', key: 'ask-accept', notice: { about: 'ask-accept' } }]
  if (!after.severityAssumed || !after.declaredBy) return []
  return [{ do: 'say', key: 'ask-severity', notice: { about: 'ask-severity', user: after.declaredBy } }]
}

/** Of several timers of one kind that fired together (the app was down), only the last one speaks. */
function fired(before: Incident, after: Incident, added: readonly Event[]): Effect[] {
  const last = new Map<string, Effect>()
  for (const event of added) {
    if (event.kind !== 'timer-fired' || after.fired[event.timer] === undefined) continue
    if (before.fired[event.timer] !== undefined) continue
    const [kind = '', , number = ''] = event.timer.split(':')
    const times = { due: event.due, at: event.at }
    const say = (notice: Notice): Effect => ({ do: 'say', key: event.timer, notice })
    if (kind === 'escalate')
      last.set(event.timer, say({ about: 'escalation', step: Number(number), ...times }))
    else if (kind === 'lead')
      last.set(kind, say({ about: 'nudge-lead', round: Number(event.timer.split(':')[1]), ...times }))
    else if (kind === 'update')
      last.set(kind, say({ about: 'nudge-update', round: Number(number), ...times }))
    else for (const owner of event.names ?? []) last.set(`remind:${owner}`, { do: 'remind', owner })
  }
  return [...last.values()]
}

function hotfixes(before: Incident, after: Incident): Effect[] {
  return after.hotfixesAsked.flatMap(({ key, by, refused }): Effect[] => {
    const known = before.hotfixesAsked.find((one) => one.key === key)
    if (!known) return [{ do: 'open-hotfix', asked: key }]
    if (refused === undefined || known.refused !== undefined) return []
    const notice: Notice = { about: 'hotfix-refused', why: refused, user: by }
    return [{ do: 'say', key: `hotfix-refused:${key}`, notice }]
  })
}

function review(before: Incident, after: Incident, policy: Policy): Effect[] {
  if (!after.review) return []
  if (!after.review.issue) return before.review ? [] : [{ do: 'open-review' }]
  const effects: Effect[] = [{ do: 'sync-review' }]
  const closedEarly = after.review.closedEarly === 1 && (before.review?.closedEarly ?? 0) === 0
  if (closedEarly && missingFromReview(after, policy).length > 0)
    effects.push({
      do: 'say',
      key: 'review-incomplete',
      on: 'review',
      notice: { about: 'review-incomplete', user: after.lead },
    })
  return effects
}

function items(before: Incident, after: Incident): Effect[] {
  return after.items.flatMap((item): Effect[] => {
    const old = before.items.find((one) => one.key === item.key)
    if (!item.issue) return old ? [] : [{ do: 'open-item', item: item.key }]
    if (old && sameItem(old, item)) return []
    return [{ do: 'sync-item', item: item.key }]
  })
}

const sameItem = (a: Item, b: Item): boolean =>
  a.issue === b.issue &&
  a.state === b.state &&
  a.text === b.text &&
  a.owner === b.owner &&
  a.due === b.due &&
  a.priority === b.priority &&
  a.horizon === b.horizon

// Action items: what is owed after the incident, by whom and until when.

import type { Event, ItemWords } from './fold/event.ts'
import type { Incident } from './fold/incident.ts'
import type { Duration } from './policy/duration.ts'
import { findSeverity, type Policy } from './policy/policy.ts'

export type Item = ItemWords & {
  key: string
  /** Its place among the incident's items, from 1. */
  place: number
  promisedAt: number
  by: string | null
  source: 'command' | 'review'
  issue?: number
  url?: string
  state: 'open' | 'done' | 'declined'
  reason?: string
  snoozedUntil?: number
}

/** What it takes to be reminded of an item: somebody, and a day. */
export const lacks = ({ owner, due, horizon }: Item): ('owner' | 'due')[] => [
  ...(owner ? [] : ['owner' as const]),
  ...(due || horizon ? [] : ['due' as const]),
]

export type ItemEvent = Extract<Event, { kind: `item-${string}` }>

export function evolveItem(incident: Incident, event: ItemEvent): void {
  if (event.kind === 'item-promised') {
    const { text, owner, due, priority, horizon, repository } = event
    incident.items.push({
      key: event.item,
      place: incident.items.length + 1,
      promisedAt: event.at,
      by: event.by,
      source: event.source,
      state: event.done ? 'done' : 'open',
      ...definedWords({ text, owner, due, priority, horizon, repository }),
    })
    return
  }
  const item = incident.items.find((one) => one.key === event.item)
  if (!item) return
  switch (event.kind) {
    case 'item-opened':
      item.issue = event.issue
      item.url = event.url
      return
    case 'item-changed': {
      const { text, owner, due, priority, horizon } = event
      Object.assign(item, definedWords({ text: text ?? item.text, owner, due, priority, horizon }))
      return
    }
    case 'item-done':
      item.state = 'done'
      delete item.reason
      return
    case 'item-reopened':
      item.state = 'open'
      delete item.reason
      return
    case 'item-declined':
      item.state = 'declined'
      if (event.reason) item.reason = event.reason
      return
    case 'item-snoozed':
      item.snoozedUntil = event.until
  }
}

type MaybeWords = { text: string } & {
  [K in Exclude<keyof ItemWords, 'text' | 'repository'>]: ItemWords[K] | undefined
} & {
  repository?: string | undefined
}
/** The words that are there, so that an absent one never overwrites. */
function definedWords(words: MaybeWords): ItemWords {
  const { text, owner, due, priority, horizon, repository } = words
  return {
    text,
    ...(owner && { owner }),
    ...(due && { due }),
    ...(priority && { priority }),
    ...(horizon && { horizon }),
    ...(repository && { repository }),
  }
}

/** When an item is due: as written, else by its horizon from the incident's resolution (from the promise, where that
 * came later). A written date stays text (`2026-12-01`), a horizon stays a duration; the calendar makes a date of it. */
export function dueOf(item: Item, incident: Incident, policy: Policy): Due | null {
  if (item.due) return { date: item.due }
  if (!item.horizon) return null
  const after = findSeverity(policy, incident.severity)?.action_items[item.horizon]
  if (!after) return 'backlog'
  return { after, from: Math.max(item.promisedAt, incident.milestones.resolved ?? 0) }
}

export type Due = { date: string } | { after: Duration; from: number } | 'backlog'

// Action items: what is owed after the incident, by whom and until when.
import { type Decision, type Rules, unless } from './base/rule.ts'
import type { Incident } from './fold/nouns.ts'
import type { Duration } from './policy/duration.ts'
import { findSeverity, type Horizon, type Policy } from './policy/policy.ts'
import { finishReview } from './review.ts'

/** What an action item says of itself; a field that nobody has written yet is absent. */
type ItemWords = {
  text: string
  owner?: string | undefined
  due?: string | undefined
  priority?: string | undefined
  horizon?: Horizon | undefined
  repository?: string | undefined
}

type Promised = {
  kind: 'item-promised'
  item: string
  done?: true | undefined
  source: 'command' | 'review'
} & ItemWords
type Changed = { kind: 'item-changed'; item: string } & Partial<ItemWords>

export type ItemFact =
  | Promised
  | { kind: 'item-opened'; item: string; issue: number; url: string }
  | Changed
  | { kind: 'item-done'; item: string }
  | { kind: 'item-reopened'; item: string }
  | { kind: 'item-declined'; item: string; reason?: string | undefined }
  | { kind: 'item-snoozed'; item: string; until: number }

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

export type ItemState = { items: Item[] }

/** An item that is known, whose change may complete the review. */
const known = {
  always: 'anywhere',
  decide: (incident: Incident, { item: key }: { item: string }): Decision =>
    itemOf(incident, key) ? 'takes-effect' : { code: 'no-item' },
} as const

export const ITEMS: Rules<ItemFact> = {
  'item-promised': {
    told: true,
    words: 'text',
    decide: (incident, { item: key }) => unless(itemOf(incident, key) !== undefined),
    evolve(incident, event) {
      const { items } = incident
      items.push({
        key: event.item,
        place: items.length + 1,
        promisedAt: event.at,
        by: event.by,
        source: event.source,
        state: event.done ? 'done' : 'open',
        ...wordsOf(event),
      })
      finishReview(incident, event)
    },
  },
  'item-opened': {
    always: 'anywhere',
    decide: (incident, { item: key, issue }) => unless(itemOf(incident, key)?.issue === issue),
    evolve: (incident, event) => onItem(incident, event, (item) => Object.assign(item, issueOf(event))),
  },
  'item-changed': {
    ...known,
    words: 'text',
    evolve: (incident, event) =>
      onItem(incident, event, (item) => {
        const { repository: _, ...words } = wordsOf({ ...event, text: event.text ?? item.text })
        Object.assign(item, words)
      }),
  },
  'item-done': { ...endedAs('done'), told: true },
  'item-reopened': { ...endedAs('open'), told: true },
  'item-declined': {
    ...endedAs('declined'),
    told: true,
    words: 'reason',
    evolve: (incident, event) =>
      onItem(incident, event, (item) => {
        item.state = 'declined'
        if (event.reason) item.reason = event.reason
      }),
  },
  'item-snoozed': {
    ...known,
    evolve: (incident, event) =>
      onItem(incident, event, (item) => {
        item.snoozedUntil = event.until
      }),
  },
}

type OfItem = { item: string; at: number; by: string | null; key: string }

/** The rule of a fact that says how an item stands; it stays with a duplicate, as the item does. */
function endedAs(state: Item['state']) {
  return {
    always: 'anywhere',
    stays: true,
    decide(incident: Incident, { item: key }: { item: string }): Decision {
      const item = itemOf(incident, key)
      return item ? unless(item.state === state) : { code: 'no-item' }
    },
    evolve: (incident: Incident, event: OfItem): void =>
      onItem(incident, event, (item) => {
        item.state = state
        delete item.reason
      }),
  } as const
}

const itemOf = ({ items }: Incident, key: string): Item | undefined => items.find((item) => item.key === key)

const issueOf = ({ issue, url }: { issue: number; url: string }) => ({ issue, url })

function onItem(incident: Incident, event: OfItem, change: (item: Item) => void): void {
  const item = itemOf(incident, event.item)
  if (item) change(item)
  finishReview(incident, event)
}

/** The words that are there, so that an absent one never overwrites. */
function wordsOf({ text, owner, due, priority, horizon, repository }: ItemWords): ItemWords {
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

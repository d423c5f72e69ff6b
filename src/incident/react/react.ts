// What must follow: the difference between an incident before and after new facts, as effects on the outside.

import type { Event, Incident } from '../fold/nouns.ts'
import type { Item } from '../item.ts'
import { missingFields, missingFromReview } from '../review.ts'
import type { Announce } from './announce.ts'
import { fired, owners } from './fired.ts'
import { changes, type Notice, type Page, pages, type Say } from './notice.ts'

/** What the outside must become. `sync-…` carry no content: they read the facts when they run, so they may coalesce,
 * repeat and come late. */
export type Effect =
  | { do: 'sync-issue' }
  | { do: 'sync-board' }
  | { do: 'sync-review' }
  | { do: 'sync-items' }
  | Say
  | Page
  | { do: 'open-hotfix'; asked: string }
  | { do: 'open-review' }
  | { do: 'hand-over'; to: number }
  | { do: 'remind'; owner: string }
  | Announce

/** The effects of the facts that were just added. Compares, so a fact that arrives late or changes nothing causes
 * nothing but a look; `sync-…` compare again with GitHub before they write. */
export function react(before: Incident, after: Incident, added: readonly Event[]): Effect[] {
  if (!after.declared) return []
  return [
    { do: 'sync-issue' },
    ...changes(before, after, added),
    ...fired(before, after, added),
    ...pages(before, after),
    ...reminded(before, after, added),
    ...hotfixes(before, after),
    ...review(before, after),
    ...items(before, after),
    ...handOver(before, after),
    { do: 'sync-board' },
  ]
}

/** One reminder for each owner. */
const reminded = (before: Incident, after: Incident, added: readonly Event[]): Effect[] =>
  owners(before, after, added).map((owner) => ({ do: 'remind', owner }))

function hotfixes(before: Incident, after: Incident): Effect[] {
  return after.hotfixesAsked.flatMap(({ key, by, refused, reverts }): Effect[] => {
    const known = before.hotfixesAsked.find((asked) => asked.key === key)
    if (!known) return [{ do: 'open-hotfix', asked: key }]
    if (refused === undefined || known.refused !== undefined) return []
    const notice: Notice = { about: 'hotfix-refused', why: refused, user: by, reverts }
    return [{ do: 'say', key: `hotfix-refused:${key}`, notice }]
  })
}

function review(before: Incident, after: Incident): Effect[] {
  if (!after.review) return []
  if (!after.review.issue) return before.review ? [] : [{ do: 'open-review' }]
  const effects: Effect[] = [{ do: 'sync-review' }]
  const closedEarly = after.review.closedEarly === 1 && (before.review?.closedEarly ?? 0) === 0
  if (closedEarly && missingFromReview(after).length > 0)
    effects.push({
      do: 'say',
      key: 'review-incomplete',
      on: 'review',
      notice: { about: 'review-incomplete', user: after.lead },
    })
  return effects
}

/** A duplicate's timeline goes where it belongs, and what arrives late follows. */
function handOver(before: Incident, after: Incident): Effect[] {
  const to = after.cancelled?.duplicateOf
  if (to === undefined) return []
  const same = before.cancelled?.duplicateOf === to && before.entries.length === after.entries.length
  return same ? [] : [{ do: 'hand-over', to }]
}

function items(before: Incident, after: Incident): Effect[] {
  const known = new Map(before.items.map((item) => [item.key, item]))
  const changed = after.items.some((item) => {
    const old = known.get(item.key)
    return !old || !sameItem(old, item)
  })
  return changed ? [{ do: 'sync-items' }, ...questions(before, after)] : []
}

/** An item whose issue is new is asked about, once, where somebody or a day is missing. */
function questions(before: Incident, after: Incident): Say[] {
  const asked = new Set(before.items.filter(({ issue }) => issue).map(({ key }) => key))
  return after.items
    .filter(
      (item) => item.issue && !asked.has(item.key) && item.state === 'open' && missingFields(item).length > 0,
    )
    .map(({ key }) => ({
      do: 'say',
      key: `ask-item:${key}`,
      on: 'item',
      notice: { about: 'ask-item', item: key },
    }))
}

const sameItem = (a: Item, b: Item): boolean =>
  a.issue === b.issue &&
  a.state === b.state &&
  a.text === b.text &&
  a.owner === b.owner &&
  a.due === b.due &&
  a.priority === b.priority &&
  a.horizon === b.horizon

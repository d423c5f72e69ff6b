// Action items: each becomes its own issue, which is kept in step with it.

import type { IssueTarget } from '../github/client/client.ts'
import {
  addAssignees,
  getIssue,
  type Issue,
  includesLogin,
  removeAssignee,
  updateIssue,
} from '../github/issues/issues.ts'
import { mark, sameText, withMark } from '../github/issues/mark.ts'
import { createIssues, ISSUES_AT_ONCE } from '../github/issues/new-issues.ts'
import type { Event, Incident } from '../incident/fold/nouns.ts'
import type { Item } from '../incident/item.ts'
import { execute, ownFact } from '../shell/execute.ts'
import { issueBehind, type Loaded, refOf } from '../shell/load.ts'
import { remember } from '../shell/remember.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { itemView } from '../texts/item.ts'
import { nameOf } from '../texts/names.ts'
import { render } from '../texts/render.ts'

/** Opens the issues that are missing, in the order of the promises, and makes the others say what is so. */
export async function syncItems(shell: Shell, loaded: Loaded): Promise<void> {
  const missing = loaded.incident.items.filter((item) => !item.issue && item.state !== 'declined')
  for (let from = 0; from < missing.length; from += ISSUES_AT_ONCE)
    await openItems(shell, loaded, missing.slice(from, from + ISSUES_AT_ONCE))
  for (const item of loaded.incident.items) if (item.issue) await syncItem(shell, loaded, item)
}

/** Opens the issues of some items, or finds those that an earlier attempt made. */
async function openItems(shell: Shell, loaded: Loaded, items: readonly Item[]): Promise<void> {
  const { place, target, issue } = loaded
  const labels = place.policy.action_items.labels
  // Every issue is made open, whatever the item's state; the sync that follows closes it.
  const wanted = items.map((item) => wantedOf(shell, loaded, { ...item, state: 'open' }))
  const made = await createIssues(place.github, addressOf(place), {
    issues: wanted.map(({ key, title, body, owner }) => ({
      mark: markOf(loaded, key),
      title,
      body,
      ...(owner && { assignee: owner }),
    })),
    labels: [labels[0] ?? 'post-incident-review', ...labels.slice(1)],
    parent: issue,
  })
  const facts = made.flatMap(({ number, url, createdAt }, index): Event[] => {
    const item = items[index]
    const from = { key: `item:${number}`, at: createdAt, by: null, url }
    return item ? [ownFact({ kind: 'item-opened', item: item.key, issue: number, url }, from)] : []
  })
  for (const [index, issue_] of made.entries()) {
    const item = wanted[index]
    if (!item) continue
    const { number, nodeId, url } = issue_
    const shown = { state: 'settled' as const, wanted: asText(item) }
    const body = { nodeId, url, given: item.body, assigned: item.owner, shown }
    await remember(shell, target, { kind: 'item', key: item.key, number, body })
  }
  await execute(shell, target, { facts, rules: place })
}

type Wanted = { key: string; title: string; body: string; owner: string; state: Item['state'] }

/** What the item's issue should say. */
function wantedOf(shell: Shell, loaded: Loaded, item: Item): Wanted {
  const { key, owner = '', state } = item
  const body = render(shell, 'item', itemView(loaded, item))
  return { key, title: itemTitle(loaded.incident, item), body, owner, state }
}

const asText = ({ title, body, owner, state }: Wanted): string => JSON.stringify([title, body, owner, state])

const itemTitle = (incident: Incident, item: Item): string =>
  `[PIR] ${nameOf(incident)}: ${item.text.replaceAll(/\s+/g, ' ')}`.slice(0, 256)

const markOf = ({ target, issue }: Loaded, key: string): string =>
  mark('item', `${target.repository}-${issue.number}-${key}`)

/** Makes an item's issue say what is so: open or closed, its title, its text unless somebody has changed it, its owner.
 * Looks at GitHub only where something of that changed since the last look. */
async function syncItem(shell: Shell, loaded: Loaded, item: Item): Promise<void> {
  const { place } = loaded
  const ref = refOf(loaded, 'item', item.key)
  const wanted = wantedOf(shell, loaded, item)
  const shown = ref?.body.shown
  if (!item.issue || (shown?.state === 'settled' && shown.wanted === asText(wanted))) return
  const target = await issueBehind(shell, loaded, { ref, number: item.issue })
  const present = await getIssue(place.github, target)
  if (!present) return
  const before = { given: ref?.body.given ?? '', assigned: ref?.body.assigned ?? '' }
  const itemMark = markOf(loaded, item.key)
  const ours = before.given !== '' && sameText(present.body, withMark(before.given, itemMark))
  await updateIssue(place.github, target, {
    ...(ours && { body: wanted.body, mark: itemMark }),
    title: wanted.title,
    state: item.state === 'open' ? 'open' : 'closed',
    ...(item.state !== 'open' && {
      reason: item.state === 'done' ? ('completed' as const) : ('not_planned' as const),
    }),
    present,
  })
  const assigned = await assignOwner(loaded, target, { item, present, before: before.assigned })
  const given = ours ? wanted.body : before.given
  if (ref)
    await shell.store.refs.settle(
      { ...ref, body: { ...ref.body, given, assigned, shown: { state: 'settled', wanted: asText(wanted) } } },
      ref,
    )
}

/** Assigns the owner and removes the person whom Mayday assigned before; those whom people assigned stay. Resolves to whom
 * Mayday has assigned now. */
async function assignOwner(
  { place }: Loaded,
  target: IssueTarget,
  { item, present, before }: { item: Item; present: Issue; before: string },
): Promise<string> {
  const { owner } = item
  if (!owner || includesLogin(present.assignees, owner)) return before
  await addAssignees(place.github, target, { logins: [owner], present: present.assignees })
  if (before !== '') await removeAssignee(place.github, target, { login: before, present: present.assignees })
  return owner
}

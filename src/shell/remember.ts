// Remembers what Mayday made on GitHub, by its number and by the node id that a card's delivery names.

import { hotfixBranch } from '../incident/timeline/names.ts'
import type { Remembered, Target } from '../store/store.ts'
import type { Shell } from './shell.ts'

type MadeIssue = { number: number; nodeId: string; url: string }

/** Keeps an incident's own issue. */
export async function rememberIssue(
  shell: Shell,
  { incident }: Target,
  { nodeId, url, number }: MadeIssue,
): Promise<void> {
  await shell.store.refs.put({ incident, kind: 'issue', key: '', number: null, body: { nodeId, url } })
  await shell.store.refs.put({ incident, kind: 'node', key: nodeId, number, body: { what: 'incident' } })
}

type Owned =
  | { kind: 'hotfix'; body: Remembered['hotfix'] }
  | { kind: 'review'; body: Remembered['review'] }
  | { kind: 'item'; body: Remembered['item'] }

/** Keeps which incident a hotfix, a review or an action item belongs to; `key` is unique among those of its kind. */
export async function remember(
  shell: Shell,
  { incident, repository }: Target,
  owned: Owned & { key: string; number: number },
): Promise<void> {
  const { kind, key, number, body } = owned
  await shell.store.refs.put({ ...owned, incident, repository })
  const behind = kind === 'item' ? { what: kind, item: key } : { what: kind }
  await shell.store.refs.put({ incident, kind: 'node', key: body.nodeId, number, body: behind })
}

/** The incident whose hotfix a branch of this repository is, by the branch's name; null where it is none. */
export async function incidentOfBranch(
  shell: Shell,
  repository: number,
  head: string,
): Promise<Target | null> {
  const all = await shell.store.incidents.names(repository)
  const matching = all.filter(({ name }) => {
    const branch = hotfixBranch(name, 1)
    return head === branch || head.startsWith(`${branch}-`)
  })
  const longest = matching.sort((a, b) => b.name.length - a.name.length)[0]
  return longest ? shell.store.incidents.get(longest.incident) : null
}

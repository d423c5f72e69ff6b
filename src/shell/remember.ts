// What Mayday made on GitHub, kept so that it is found again: by its number, and by the node id that a card names.

import { hotfixBranch } from '../incident/timeline/names.ts'
import type { Target } from '../store/store.ts'
import type { Shell } from './shell.ts'

type Made = { number: number; nodeId: string; url: string }

/** Keeps an incident's own issue. */
export async function rememberIssue(
  shell: Shell,
  { incident }: Target,
  { nodeId, url, number }: Made,
): Promise<void> {
  await shell.store.refs.put({ incident, kind: 'issue', key: '', number: null, body: { nodeId, url } })
  await shell.store.refs.put({ incident, kind: 'node', key: nodeId, number, body: { what: 'incident' } })
}

/** Keeps which incident a hotfix, a review or an action item belongs to; `key` is unique among those of its kind,
 * `body` is what later work has to know of it. */
export async function remember(
  shell: Shell,
  { incident, repository }: Target,
  {
    kind,
    key,
    made,
    body = {},
  }: { kind: 'hotfix' | 'review' | 'item'; key: string; made: Made; body?: Record<string, unknown> },
): Promise<void> {
  const { number, nodeId, url } = made
  await shell.store.refs.put({ incident, kind, key, number, repository, body: { nodeId, url, ...body } })
  const behind = { what: kind, ...(kind === 'item' && { item: key }) }
  await shell.store.refs.put({ incident, kind: 'node', key: nodeId, number, body: behind })
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

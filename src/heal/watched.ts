// Open incidents as GitHub shows them: an issue that is gone, a living comment or a review that a person edited.

import type { InstallationClient } from '../github/client/client.ts'
import { readNodes } from '../github/client/nodes.ts'
import {
  type Actor,
  type ListedRepository,
  readComment,
  readIssue,
  repositoryTarget,
} from '../github/history/changes.ts'
import {
  type Envelope,
  type SyntheticDelivery,
  synthesizeDeletion,
  synthesizeEdit,
} from '../github/history/synthesize.ts'
import { hasIssue, load } from '../shell/load.ts'
import { forgetPart } from '../shell/look-again.ts'
import type { Store } from '../store/store.ts'
import { asItStands } from '../texts/review/lines.ts'
import { type Healing, offerMissed } from './offer.ts'

type Watched = Awaited<ReturnType<Store['incidents']['watched']>>[number]

export const READ_WATCHED = `query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Issue { number lastEditedAt editor { __typename login } }
    ... on IssueComment { databaseId lastEditedAt editor { __typename login } }
  }
}`

type Node = {
  number?: number
  databaseId?: number
  lastEditedAt: string | null
  editor: { __typename: string; login: string } | null
}

/** How near to a telling of an edit its own time may be (milliseconds). */
const SAME_WITHIN = 10_000

/** A call for each hundred things that are watched; more only for what a person changed and no delivery told. */
export async function healWatched(
  healing: Healing,
  {
    github,
    installation,
    watched,
    repositories,
  }: {
    github: InstallationClient
    installation: number
    watched: readonly Watched[]
    repositories: readonly ListedRepository[]
  },
): Promise<void> {
  const nodes = await readNodes<Node>(github, READ_WATCHED, { ids: watched.map((thing) => thing.node) })
  const own = await github.slug()
  for (const [index, thing] of watched.entries()) {
    const node = nodes[index]
    const repository = repositories.find(({ id }) => id === thing.repository)
    if (!repository) continue
    if (!node) await onGone(healing, thing, { github, repository, repositories })
    else if (
      (thing.kind === 'living' || thing.kind === 'review') &&
      node.lastEditedAt &&
      node.editor &&
      node.editor.login !== own
    )
      await onEdited(healing, thing, {
        github,
        node,
        scene: { installation: { id: installation }, repository },
      })
  }
}

type Surroundings = {
  github: InstallationClient
  repository: ListedRepository
  repositories: readonly ListedRepository[]
}

/** A deleted issue cancels its incident, a transferred one takes it along; a deleted living comment, or a part of it, is
 * written anew. */
async function onGone(healing: Healing, thing: Watched, surroundings: Surroundings): Promise<void> {
  const { github, repository, repositories } = surroundings
  const { shell } = healing
  if (thing.kind === 'living' || thing.kind === 'continuation') {
    const part = await shell.store.refs.get(thing.incident, thing.kind, thing.key)
    return part ? forgetPart(shell, part) : undefined
  }
  if (thing.kind !== 'issue') return
  const issue = await readIssue(github, repositoryTarget(repository), thing.number)
  const there = issue?.repository_url.split('/').slice(-2).join('/').toLowerCase()
  if (there === repository.full_name.toLowerCase()) return
  const home = repositories.find(({ full_name }) => full_name.toLowerCase() === there)
  const to = issue && home ? { issue, repository: home } : null
  const scene = { installation: { id: github.id }, repository }
  await offerMissed(healing, [synthesizeDeletion(thing, { at: shell.now(), scene, to })])
}

type Edit = { github: InstallationClient; node: Node; scene: Envelope }

async function onEdited(healing: Healing, thing: Watched, seen: Edit): Promise<void> {
  const { node } = seen
  const at = Date.parse(node.lastEditedAt ?? '')
  const act =
    thing.kind === 'living'
      ? `comment:${node.databaseId}:edited`
      : `${thing.repository}#${node.number}:edited:`
  const heard = (await healing.shell.store.deliveries.tellings([act])).some(
    (telling) => telling.happenedAt >= at - SAME_WITHIN,
  )
  if (heard) return
  const told =
    thing.kind === 'living' ? await editedLiving(thing, seen) : await editedReview(healing, thing, seen)
  if (told) await offerMissed(healing, [told])
}

/** The edit of a living comment, from the text that Mayday wrote to the text that is there now. */
async function editedLiving(
  thing: Watched,
  { github, node, scene }: Edit,
): Promise<SyntheticDelivery | null> {
  const target = repositoryTarget(scene.repository)
  const issue = await readIssue(github, target, thing.number)
  const comment = issue && (await readComment(github, target, node.databaseId ?? 0))
  if (!issue || !comment) return null
  return synthesizeEdit({ comment, issue }, { before: thing.text ?? '', by: editorOf(node), scene })
}

/** The review as its items stand is what it said before: the difference is what the person did. */
async function editedReview(
  healing: Healing,
  thing: Watched,
  { github, node, scene }: Edit,
): Promise<SyntheticDelivery | null> {
  const loaded = await load(healing.shell, await healing.shell.store.incidents.get(thing.incident))
  if (!hasIssue(loaded)) return null
  const issue = await readIssue(github, repositoryTarget(scene.repository), node.number ?? 0)
  if (!issue) return null
  const then = { ...issue, updated_at: node.lastEditedAt ?? issue.updated_at }
  const before = asItStands(healing.shell, issue.body ?? '', loaded)
  return synthesizeEdit({ issue: then }, { before, by: editorOf(node), scene })
}

/** GraphQL leaves out the `[bot]` that webhooks carry. */
function editorOf({ editor }: Node): Actor {
  const login = editor?.login ?? 'ghost'
  return editor?.__typename === 'Bot' ? { login: `${login}[bot]`, type: 'Bot' } : { login, type: 'User' }
}

// The hotfix: a branch from what runs in production, a commit with the incident's record, a draft pull request; or a
// revert, made by GitHub.

import { Refused } from '../github/client/errors.ts'
import { addFile, branchHead, ensureBranch } from '../github/code/branches.ts'
import { ownersOf, readCodeOwners } from '../github/code/code-owners.ts'
import { readFile } from '../github/code/contents.ts'
import {
  addLabels,
  ensurePull,
  latestGoodDeployment,
  type Pull,
  readPull,
  requestReviewers,
} from '../github/code/pulls.ts'
import { revertPull } from '../github/code/revert.ts'
import { react } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import type { Event } from '../incident/fold/nouns.ts'
import type { HotfixRequest } from '../incident/hotfix.ts'
import { formatMoment } from '../incident/timeline/format.ts'
import { hotfixBranch, recordPath } from '../incident/timeline/names.ts'
import { execute, ownFact } from '../shell/execute.ts'
import { type Loaded, refOf } from '../shell/load.ts'
import { remember } from '../shell/remember.ts'
import { addressOf, type Place, type Shell } from '../shell/shell.ts'
import { hotfixView } from '../texts/hotfix.ts'
import { nameOf } from '../texts/names.ts'
import { isRecordOf, recordText } from '../texts/record.ts'
import { render } from '../texts/render.ts'

/** Opens the hotfix or the revert that a command asked for. Every step finds what an earlier attempt made. */
export async function openHotfix(shell: Shell, loaded: Loaded, askedKey: string): Promise<void> {
  const asked = loaded.incident.hotfixesAsked.find(({ key }) => key === askedKey)
  if (!asked || asked.refused !== undefined) return
  if (asked.pull !== undefined) return answer(loaded, asked, 'rocket')
  try {
    const opened =
      asked.reverts === undefined
        ? await open(shell, loaded, asked)
        : await revert(shell, loaded, { asked, number: asked.reverts })
    await tell(shell, loaded, { asked, ...opened })
  } catch (error) {
    const isFinal = error instanceof CannotOpen || (error instanceof Refused && error.kind !== 'conflict')
    if (!isFinal) throw error
    await refuse(shell, loaded, { asked, why: error.message })
  }
}

/** Why no hotfix is opened, by a rule of ours: the person is told. */
class CannotOpen extends Error {
  override name = 'CannotOpen'
}

type Opened = { pull: Pull; outcome: 'made' | 'found'; from?: string }

async function open(shell: Shell, loaded: Loaded, asked: HotfixRequest): Promise<Opened> {
  const { place, incident } = loaded
  const at = addressOf(place)
  const ours = incident.hotfixesAsked.filter(({ reverts }) => reverts === undefined)
  const branch = hotfixBranch(incident.id, ours.indexOf(asked) + 1)
  const base = baseOf(loaded)
  const from = await startingPoint(loaded, base)
  const { sha: head } = await ensureBranch(place.github, at, {
    name: branch,
    fromSha: from.sha,
    issueNodeId: refOf(loaded, 'issue')?.body.nodeId ?? '',
  })
  const record = await putRecord(shell, loaded, { branch, head })
  const body = render(shell, 'hotfix', {
    ...hotfixView(loaded, shell.now()),
    ...{ reverts: null, base, record, from: from.sha.slice(0, 7) },
    deployed: from.deployedAt ? formatMoment(from.deployedAt) : null,
  })
  const made = await ensurePull(place.github, at, {
    head: branch,
    base,
    title: titleOf(loaded, asked.title ?? incident.title),
    body,
    draft: place.policy.hotfix.draft,
  })
  return { ...made, from: from.sha.slice(0, 7) }
}

/** GitHub's own revert. What GitHub cannot revert is told with its reason. */
async function revert(
  shell: Shell,
  loaded: Loaded,
  { asked, number }: { asked: HotfixRequest; number: number },
): Promise<Opened> {
  const { place, issue } = loaded
  const pull = await readPull(place.github, { ...issue, number })
  if (!pull) throw new CannotOpen('it is no pull request of this repository')
  if (pull.mergedAt === null) throw new CannotOpen('it is not merged')
  const reverts = { number, title: pull.title, merged: formatMoment(pull.mergedAt) }
  const answer = await revertPull(place.github, addressOf(place), {
    pullNodeId: pull.nodeId,
    mark: mark('revert', asked.key),
    title: titleOf(loaded, `Revert #${number} ${pull.title}`),
    body: render(shell, 'hotfix', {
      ...hotfixView(loaded, shell.now()),
      ...{ reverts, base: pull.base, record: null, from: null, deployed: null },
    }),
  })
  if (!answer.offered) throw new CannotOpen(answer.why.replace(/\.$/, ''))
  return answer
}

const titleOf = ({ incident }: Loaded, what: string): string =>
  `Hotfix: ${nameOf(incident)} - ${what}`.slice(0, 256)

/** What follows once it is open: labels, reviewers, the fact, the comment's 🚀. */
async function tell(
  shell: Shell,
  loaded: Loaded,
  { asked, pull, outcome, from }: Opened & { asked: HotfixRequest },
): Promise<void> {
  const { place, target, issue } = loaded
  const there = { ...issue, number: pull.number }
  await addLabels(place.github, there, { labels: place.policy.hotfix.labels, present: pull.labels })
  await requestReviewers(place.github, there, await reviewers(loaded))
  const { number, nodeId, url } = pull
  await remember(shell, target, { kind: 'hotfix', key: String(number), number, body: { nodeId, url } })
  const fact = ownFact(
    {
      kind: 'hotfix-opened',
      pull: pull.number,
      branch: pull.headBranch,
      url: pull.url,
      asked: asked.key,
      ...(from && { from }),
      ...(!pull.draft && { ready: true as const }),
      ...(asked.reverts !== undefined && { reverts: asked.reverts }),
    },
    { key: `hotfix:${pull.number}`, at: pull.createdAt, by: asked.by, url: pull.url },
  )
  await execute(shell, target, { facts: [fact], rules: place })
  await answer(loaded, asked, 'rocket')
  shell.log.info({ incident: target.incident, pull: pull.number, outcome }, 'a hotfix is open')
}

async function refuse(
  shell: Shell,
  loaded: Loaded,
  { asked, why }: { asked: HotfixRequest; why: string },
): Promise<void> {
  const fact = ownFact(
    {
      kind: 'hotfix-refused',
      asked: asked.key,
      why,
      ...(asked.reverts !== undefined && { reverts: asked.reverts }),
    },
    { key: `hotfix-refused:${asked.key}`, at: shell.now(), by: null },
  )
  await execute(shell, loaded.target, { facts: [fact], rules: loaded.place })
  await answer(loaded, asked, 'confused')
}

/** Commits the record to the branch, once: it is what was known when the hotfix was opened. A file of that name that
 * belongs to another incident stays, and ours gets the issue's number. Returns its path. */
async function putRecord(
  shell: Shell,
  loaded: Loaded,
  { branch, head }: { branch: string; head: string },
): Promise<string> {
  const { place, incident, issue } = loaded
  const at = addressOf(place)
  const usual = recordPath(incident, place.policy, place.calendar)
  for (const path of [usual, usual.replace(/\.md$/, `-${issue.number}.md`)]) {
    const present = await readFile(place.github, at, { path, ref: head })
    if (present.kind === 'found' && isRecordOf(present.text, incident.id)) return path
    if (present.kind !== 'missing') continue
    const message = `Record ${incident.id} as far as it is known`
    await addFile(place.github, at, { branch, head, path, content: recordText(shell, loaded), message })
    return path
  }
  throw new CannotOpen(`\`${usual}\` belongs to another incident`)
}

/** Pull requests go against a branch: the configured one, or the default branch for `production`. */
function baseOf({ place }: Loaded): string {
  const { from } = place.policy.hotfix
  return from === 'production' ? place.repository.defaultBranch : from
}

type Start = { sha: string; deployedAt: number | null }

/** The last good production deployment's commit where it is known, else the head of the base. */
async function startingPoint({ place }: Loaded, base: string): Promise<Start> {
  if (place.policy.hotfix.from === 'production') {
    const good = await latestGoodDeployment(place.github, addressOf(place), 'production')
    if (good) return { sha: good.sha, deployedAt: good.at }
  }
  const sha = await branchHead(place.github, addressOf(place), base)
  if (sha) return { sha, deployedAt: null }
  throw new CannotOpen(`there is no branch \`${base}\``)
}

/** The owners that CODEOWNERS gives to everything: which paths a fix will touch, nobody knows yet. */
const ownersOfAll = async (place: Place): Promise<readonly string[]> =>
  ownersOf(await readCodeOwners(place.github, addressOf(place)), 'x')

/** Configured reviewers, else the owners of the affected services: in the configuration, else in CODEOWNERS. */
async function reviewers({ incident, place }: Loaded): Promise<{ users: string[]; teams: string[] }> {
  const owners = incident.services.flatMap((name) => place.policy.services[name]?.owners ?? [])
  const named = place.policy.hotfix.reviewers.length > 0 ? place.policy.hotfix.reviewers : owners
  const all = named.length > 0 ? named : await ownersOfAll(place)
  const bare = [...new Set(all.map((owner) => owner.replace(/^@/, '')))]
  return {
    users: bare.filter((owner) => !owner.includes('/')),
    teams: bare.filter((owner) => owner.includes('/')).map((team) => team.slice(team.indexOf('/') + 1)),
  }
}

/** The comment's 🚀 or 😕 comes when its work is done, not when it is queued. */
async function answer(loaded: Loaded, asked: HotfixRequest, content: 'rocket' | 'confused'): Promise<void> {
  const event: Event | undefined = loaded.events.find(({ key }) => key === asked.key)
  if (event?.origin)
    await react(loaded.place.github, addressOf(loaded.place), { commentId: event.origin, content })
}

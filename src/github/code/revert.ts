// Lets GitHub open a pull request that reverts a merged one.
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { isNotOffered } from '../client/errors.ts'
import { hasMark, withMark } from '../issues/mark.ts'
import { type Pull, toPull } from './pulls.ts'

export const REVERT_PULL = `mutation RevertPull($pull: ID!, $title: String!, $body: String!) {
  revertPullRequest(input: { pullRequestId: $pull, title: $title, body: $body }) { revertPullRequest { number } }
}`

type RevertAnswer = { revertPullRequest: { revertPullRequest: { number: number } | null } | null }

/**
 * Our revert with this mark, made where there is none among the newest hundred pull requests. Not offered where GitHub
 * cannot: not merged, a conflict, or a change of workflows, which the app may not make; `why` is GitHub's sentence.
 */
export async function revertPull(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  wanted: { pullNodeId: string; mark: string; title: string; body: string },
): Promise<{ offered: true; pull: Pull; outcome: 'made' | 'found' } | { offered: false; why: string }> {
  const present = await findByMark(github, { owner, repo }, wanted.mark)
  if (present) return { offered: true, pull: present, outcome: 'found' }
  try {
    const answer = await github.graphql<RevertAnswer>(REVERT_PULL, {
      pull: wanted.pullNodeId,
      title: wanted.title,
      body: withMark(wanted.body, wanted.mark),
      request: { kind: 'create' },
    })
    const number = answer.revertPullRequest?.revertPullRequest?.number
    if (number === undefined) return { offered: false, why: 'GitHub did not make a revert' }
    const { data } = await github.rest.pulls.get({ owner, repo, pull_number: number })
    return { offered: true, pull: toPull(data), outcome: 'made' }
  } catch (error) {
    if (isNotOffered(error)) return { offered: false, why: error.message }
    throw error
  }
}

async function findByMark(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  mark: string,
): Promise<Pull | null> {
  const { data } = await github.rest.pulls.list({
    owner,
    repo,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  })
  for (const pull of data) {
    if (hasMark(pull.body, mark) && (await github.isOurs({ user: pull.user }))) return toPull(pull)
  }
  return null
}

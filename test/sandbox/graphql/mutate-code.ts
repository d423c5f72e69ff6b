// GraphQL mutations on branches, commits and pull requests; each is the world's own mutation.

import { commitOnBranch, createLinkedBranch, createRef } from '../mutate/git.ts'
import { updateIssue } from '../mutate/issues.ts'
import { revertPull } from '../mutate/merges.ts'
import { createPull, pullOf, requestReviewers, setDraft, updatePull } from '../mutate/pulls.ts'
import { findRepository } from '../world/find.ts'
import { seesRepository } from '../world/rules.ts'
import type { Issue, LinkedBranch, Repository } from '../world/world.ts'
import { labelNames, logins } from './mutate-issue.ts'
import { nodeOf } from './query.ts'
import { findRef, type Ref } from './repository.ts'
import { type Context, GraphqlRefusal, given, isPull, missing, type Resolvers } from './resolver.ts'

type Input<Fields> = { input: Fields }

function pullNode(context: Context, id: string): Issue {
  const issue = nodeOf(context, 'Issue', id)
  if (!isPull(issue)) throw missing(`PullRequest node with the global id of '${id}'`)
  return issue
}

type CommitOnBranch = {
  branch: { repositoryNameWithOwner?: string | null; branchName?: string | null; id?: string | null }
  expectedHeadOid: string
  message: { headline: string; body?: string | null }
  fileChanges?: {
    additions?: Array<{ path: string; contents: string }> | null
    deletions?: Array<{ path: string }> | null
  } | null
}

function branchOf(branch: CommitOnBranch['branch'], context: Context): Ref {
  const [owner = '', name = ''] = (branch.repositoryNameWithOwner ?? '').split('/')
  const repository = findRepository(context.world, owner, name)
  if (!repository || !seesRepository(context.actor, repository))
    throw missing(`a Repository with the name '${branch.repositoryNameWithOwner}'`)
  const qualified = branch.branchName?.replace(/^(?!refs\/)/, 'refs/heads/') ?? ''
  const found = findRef(repository, qualified)
  if (!found) throw new GraphqlRefusal('NOT_FOUND', `No such branch: ${branch.branchName}`)
  return found
}

function commit(input: CommitOnBranch, context: Context) {
  const { repository, name } = branchOf(input.branch, context)
  const { headline, body } = input.message
  const additions = (input.fileChanges?.additions ?? []).map(({ path, contents }): [string, string] => {
    return [path, Buffer.from(contents, 'base64').toString()]
  })
  const made = commitOnBranch(context.world, context.actor, {
    repository,
    branch: name,
    message: body ? `${headline}\n\n${body}` : headline,
    additions: new Map(additions),
    deletions: (input.fileChanges?.deletions ?? []).map(({ path }) => path),
    expectedHead: input.expectedHeadOid,
  })
  return { commit: made, ref: findRef(repository, `refs/heads/${name}`) }
}

/** GitHub answers null, without an error, for a branch that exists: it links only what it makes (cli/cli#12651). */
function linkBranch(context: Context, input: Parameters<typeof createLinkedBranch>[2]): LinkedBranch | null {
  if (input.repository.branches.has(input.name)) return null
  return createLinkedBranch(context.world, context.actor, input)
}

/** GitHub's own name for a branch of an issue: its number and the title in lower case. */
function defaultBranchName(issue: Issue): string {
  const slug = issue.title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return `${issue.number}-${slug}`
}

const branches: Resolvers<unknown> = {
  createLinkedBranch: (
    _root,
    { input }: Input<{ issueId: string; oid: string; name?: string | null; repositoryId?: string | null }>,
    context,
  ) => {
    const issue = nodeOf(context, 'Issue', input.issueId)
    const repository: Repository = input.repositoryId
      ? nodeOf(context, 'Repository', input.repositoryId)
      : issue.repository
    const name = input.name ?? defaultBranchName(issue)
    const linkedBranch = linkBranch(context, { issue, repository, name, oid: input.oid })
    return { issue, linkedBranch }
  },
  createCommitOnBranch: (_root, { input }: Input<CommitOnBranch>, context) => commit(input, context),
  createRef: (_root, { input }: Input<{ repositoryId: string; name: string; oid: string }>, context) => {
    const repository = nodeOf(context, 'Repository', input.repositoryId)
    createRef(context.world, context.actor, { repository, ref: input.name, sha: input.oid })
    return { ref: findRef(repository, input.name) }
  },
}

type CreatePull = {
  repositoryId: string
  title: string
  body?: string | null
  headRefName: string
  baseRefName: string
  draft?: boolean | null
}

type UpdatePull = {
  pullRequestId: string
  title?: string | null
  body?: string | null
  baseRefName?: string | null
  state?: 'OPEN' | 'CLOSED' | null
  labelIds?: string[] | null
  assigneeIds?: string[] | null
}

function update(input: UpdatePull, context: Context): Issue {
  const { world, actor } = context
  const issue = pullNode(context, input.pullRequestId)
  const { title, body, baseRefName: base } = input
  const state =
    input.state === 'CLOSED' ? ('closed' as const) : input.state === 'OPEN' ? ('open' as const) : null
  updatePull(world, actor, { issue, ...given({ title, body, base, state }) })
  const labels = input.labelIds ? labelNames(context, input.labelIds) : null
  const assignees = input.assigneeIds ? logins(context, input.assigneeIds) : null
  if (labels || assignees) updateIssue(world, actor, { issue, ...given({ labels, assignees }) })
  return issue
}

/** Without `union` the asked replace those asked before, as on GitHub. */
function request(input: { union?: boolean | null }, context: Context, asked: Asked): Issue {
  const pull = pullOf(asked.issue)
  if (input.union !== true) {
    pull.requestedReviewers = pull.requestedReviewers.filter(({ login }) => asked.logins.includes(login))
    pull.requestedTeams = pull.requestedTeams.filter(({ slug }) => asked.teams.includes(slug))
  }
  return requestReviewers(context.world, context.actor, asked)
}

type Asked = { issue: Issue; logins: string[]; teams: string[] }

/** `acme/search-team` and `search-team` are the same team. */
const slugOf = (team: string): string => team.split('/').at(-1) ?? team

const pulls: Resolvers<unknown> = {
  createPullRequest: (_root, { input }: Input<CreatePull>, context) => {
    const pullRequest = createPull(context.world, context.actor, {
      repository: nodeOf(context, 'Repository', input.repositoryId),
      title: input.title,
      body: input.body ?? null,
      head: input.headRefName.replace(/^refs\/heads\//, ''),
      base: input.baseRefName.replace(/^refs\/heads\//, ''),
      draft: input.draft === true,
    })
    return { pullRequest }
  },
  updatePullRequest: (_root, { input }: Input<UpdatePull>, context) => ({
    pullRequest: update(input, context),
  }),
  closePullRequest: (_root, { input }: Input<{ pullRequestId: string }>, context) => ({
    pullRequest: update({ ...input, state: 'CLOSED' }, context),
  }),
  reopenPullRequest: (_root, { input }: Input<{ pullRequestId: string }>, context) => ({
    pullRequest: update({ ...input, state: 'OPEN' }, context),
  }),
  revertPullRequest: (
    _root,
    {
      input,
    }: Input<{ pullRequestId: string; title?: string | null; body?: string | null; draft?: boolean | null }>,
    context,
  ) => {
    const issue = pullNode(context, input.pullRequestId)
    const { title, body, draft } = input
    const revertPullRequest = revertPull(context.world, context.actor, {
      issue,
      ...given({ title, body, draft }),
    })
    return { pullRequest: issue, revertPullRequest }
  },
  markPullRequestReadyForReview: (_root, { input }: Input<{ pullRequestId: string }>, context) => {
    const issue = pullNode(context, input.pullRequestId)
    return { pullRequest: setDraft(context.world, context.actor, { issue, draft: false }) }
  },
  convertPullRequestToDraft: (_root, { input }: Input<{ pullRequestId: string }>, context) => {
    const issue = pullNode(context, input.pullRequestId)
    return { pullRequest: setDraft(context.world, context.actor, { issue, draft: true }) }
  },
  requestReviews: (
    _root,
    {
      input,
    }: Input<{ pullRequestId: string; userIds?: string[]; teamIds?: string[]; union?: boolean | null }>,
    context,
  ) => {
    const issue = pullNode(context, input.pullRequestId)
    const teams = (input.teamIds ?? []).map((id) => nodeOf(context, 'Team', id).slug)
    return {
      pullRequest: request(input, context, { issue, logins: logins(context, input.userIds ?? []), teams }),
    }
  },
  requestReviewsByLogin: (
    _root,
    {
      input,
    }: Input<{ pullRequestId: string; userLogins?: string[]; teamSlugs?: string[]; union?: boolean | null }>,
    context,
  ) => {
    const issue = pullNode(context, input.pullRequestId)
    const teams = (input.teamSlugs ?? []).map(slugOf)
    return { pullRequest: request(input, context, { issue, logins: input.userLogins ?? [], teams }) }
  },
}

export const codeMutations: Resolvers<unknown> = { ...branches, ...pulls }

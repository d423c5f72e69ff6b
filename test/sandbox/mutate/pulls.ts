// Pull requests: open, edit, mark ready, ask for reviews, merge, revert.

import { compare } from '../history.ts'
import { accountShape, teamShape } from '../shape/account.ts'
import { announce, checkBody, note, requireSubject } from '../subject.ts'
import { findAccount, findTeam } from '../world/find.ts'
import {
  invalid,
  newId,
  nodeId,
  register,
  requirePermission,
  requireRole,
  requireWritable,
  roleOf,
} from '../world/rules.ts'
import type { Account, Actor, Issue, PullRequest, Repository, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { closeIssue, insertIssue, reopenIssue, updateIssue } from './issues.ts'

export type NewPull = {
  repository: Repository
  title: string
  body?: string | null
  /** A branch, or `owner:branch`. */
  head: string
  base: string
  draft?: boolean
}

/** 422 for a head or base that is not there, no commits between them, and a second one for the same pair. */
export function createPull(world: World, actor: Actor, input: NewPull): Issue {
  const { repository } = input
  requirePermission(actor, repository, { name: 'pull_requests', level: 'write' })
  requireRole(actor, repository, 'read')
  requireWritable(repository)
  checkBody('PullRequest', input.body)
  if (input.title.trim() === '') throw invalid('PullRequest', 'title', { code: 'missing_field' })
  const branch = headBranch(input)
  const headSha = repository.branches.get(branch)
  const baseSha = repository.branches.get(input.base)
  if (headSha === undefined) throw invalid('PullRequest', 'head', { code: 'invalid' })
  if (baseSha === undefined) throw invalid('PullRequest', 'base', { code: 'invalid' })
  checkPair(repository, { branch, base: input.base, headSha, baseSha })
  if (input.draft === true && repository.private && repository.owner.plan === 'free') {
    throw new GitHubRefusal(422, 'Draft pull requests are not supported in this repository.')
  }
  const issue = insertIssue(world, actor, { repository, title: input.title, body: input.body ?? null })
  attachPull(world, issue, { branch, base: input.base, headSha, baseSha, draft: input.draft ?? false })
  repository.issues.set(issue.number, issue)
  register(world, issue)
  announce(world, actor, issue, { action: 'opened' })
  return issue
}

function headBranch(input: NewPull): string {
  const [owner, ...rest] = input.head.split(':')
  if (rest.length === 0) return input.head
  if (owner?.toLowerCase() !== input.repository.owner.login.toLowerCase()) {
    throw invalid('PullRequest', 'head', { code: 'invalid' })
  }
  return rest.join(':')
}

type Pair = { branch: string; base: string; headSha: string; baseSha: string }

function checkPair(repository: Repository, pair: Pair): void {
  if (compare(repository, pair.baseSha, pair.headSha).ahead.length === 0) {
    const message = `No commits between ${pair.base} and ${pair.branch}`
    throw new GitHubRefusal(422, 'Validation Failed', {
      errors: [{ resource: 'PullRequest', code: 'custom', message }],
    })
  }
  const twin = [...repository.issues.values()].some(
    (issue) =>
      issue.state === 'open' &&
      issue.pull?.head.branch === pair.branch &&
      issue.pull.base.branch === pair.base,
  )
  if (!twin) return
  const message = `A pull request already exists for ${repository.owner.login}:${pair.branch}.`
  throw new GitHubRefusal(422, 'Validation Failed', {
    errors: [{ resource: 'PullRequest', code: 'custom', message }],
  })
}

function attachPull(world: World, issue: Issue, pair: Pair & { draft: boolean }): void {
  const id = newId(world)
  const { repository } = issue
  const pull: PullRequest = {
    kind: 'PullRequest',
    id,
    nodeId: nodeId('PR', id),
    issue,
    head: { repository, branch: pair.branch, sha: pair.headSha },
    base: { repository, branch: pair.base, sha: pair.baseSha },
    draft: pair.draft,
    mergedAt: null,
    mergedBy: null,
    mergeSha: null,
    reviews: [],
    requestedReviewers: [],
    requestedTeams: [],
  }
  issue.pull = pull
  issue.nodeId = pull.nodeId
}

export function pullOf(issue: Issue): PullRequest {
  if (issue.pull === null) throw new GitHubRefusal(404, 'Not Found')
  return issue.pull
}

export function updatePull(
  world: World,
  actor: Actor,
  input: { issue: Issue; title?: string; body?: string | null; state?: 'open' | 'closed'; base?: string },
): Issue {
  const { issue, base, state, ...text } = input
  const pull = pullOf(issue)
  requireSubject(actor, issue)
  if (base !== undefined && base !== pull.base.branch) {
    const sha = issue.repository.branches.get(base)
    if (sha === undefined) throw invalid('PullRequest', 'base', { code: 'invalid' })
    const from = { ref: { from: pull.base.branch }, sha: { from: pull.base.sha } }
    pull.base = { repository: issue.repository, branch: base, sha }
    announce(world, actor, issue, { action: 'edited', payload: { changes: { base: from } } })
  }
  updateIssue(world, actor, { issue, ...text })
  if (state === 'closed') closeIssue(world, actor, issue, null)
  if (state === 'open') reopenPull(world, actor, issue)
  return issue
}

function reopenPull(world: World, actor: Actor, issue: Issue): void {
  const pull = pullOf(issue)
  if (issue.state === 'closed' && !issue.repository.branches.has(pull.head.branch)) {
    const message = `state cannot be changed. The ${pull.head.branch} branch was force-pushed or recreated.`
    throw invalid('PullRequest', 'state', { message })
  }
  reopenIssue(world, actor, issue)
}

/** Both ways; REST has no such call. */
export function setDraft(world: World, actor: Actor, input: { issue: Issue; draft: boolean }): Issue {
  const pull = pullOf(input.issue)
  requireSubject(actor, input.issue)
  if (pull.draft === input.draft) return input.issue
  pull.draft = input.draft
  note(world, actor, input.issue, { event: input.draft ? 'converted_to_draft' : 'ready_for_review' })
  announce(world, actor, input.issue, { action: input.draft ? 'converted_to_draft' : 'ready_for_review' })
  return input.issue
}

/** 422 for the author and for who is no collaborator; a team's name needs `members`. */
export function requestReviewers(
  world: World,
  actor: Actor,
  input: { issue: Issue; logins?: string[]; teams?: string[] },
): Issue {
  const { issue } = input
  const pull = pullOf(issue)
  requireSubject(actor, issue)
  const reviewers = (input.logins ?? []).map((login) => reviewer(world, pull, login))
  const teams = (input.teams ?? []).map((slug) => {
    requirePermission(actor, issue.repository.owner, { name: 'members', level: 'read' })
    const team = findTeam(world, issue.repository.owner, slug)
    if (team?.repositories.includes(issue.repository)) return team
    throw new GitHubRefusal(422, `Could not resolve to a node with the global id of '${slug}'.`)
  })
  for (const account of reviewers.filter((each) => !pull.requestedReviewers.includes(each))) {
    pull.requestedReviewers.push(account)
    note(world, actor, issue, { event: 'review_requested', detail: account.login })
    const requested = { requested_reviewer: accountShape(world, account) }
    announce(world, actor, issue, { action: 'review_requested', payload: requested })
  }
  for (const team of teams.filter((each) => !pull.requestedTeams.includes(each))) {
    pull.requestedTeams.push(team)
    note(world, actor, issue, { event: 'review_requested', detail: team.slug })
    const requested = { requested_team: teamShape(world, team) }
    announce(world, actor, issue, { action: 'review_requested', payload: requested })
  }
  return issue
}

function reviewer(world: World, pull: PullRequest, login: string): Account {
  const account = findAccount(world, login)
  if (account === pull.issue.author) {
    throw new GitHubRefusal(422, 'Review cannot be requested from pull request author.')
  }
  const role = account === undefined ? 'none' : roleOf(account, pull.base.repository)
  const belongs =
    account !== undefined &&
    (pull.base.repository.collaborators.has(account) || pull.base.repository.owner.members.has(account))
  if (account !== undefined && role !== 'none' && belongs) return account
  throw new GitHubRefusal(
    422,
    'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ' +
      `${pull.base.repository.owner.login}/${pull.base.repository.name} repository.`,
  )
}

// How a pull request ends: merged by one of three methods, or reverted by another.
import { diff } from '../history.ts'
import { announce, note } from '../subject.ts'
import { mergeState, pullComparison } from '../world/pull-facts.ts'
import { atLeast, requirePermission, roleOf } from '../world/rules.ts'
import type { Actor, GitCommit, Issue, PullRequest, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { commitOnBranch, createRef, insertCommit, requireCode, updateRef } from './git.ts'
import { closeIssue } from './issues.ts'
import { createPull, pullOf } from './pulls.ts'

export type Merge = {
  issue: Issue
  method?: 'merge' | 'squash' | 'rebase'
  sha?: string
  title?: string
  message?: string
}

/** 405 when it cannot be merged, 409 when `sha` is not its head. */
export function mergePull(world: World, actor: Actor, input: Merge): { sha: string } {
  const { issue } = input
  const pull = pullOf(issue)
  requireMerger(actor, pull)
  if (input.sha !== undefined && input.sha !== pull.head.sha) {
    throw new GitHubRefusal(409, 'Head branch was modified. Review and try the merge again.')
  }
  checkMergeable(pull)
  const { repository, branch } = pull.base
  const baseSha = repository.branches.get(branch) ?? pull.base.sha
  const commit = mergeCommit(world, actor, { ...input, baseSha })
  pull.base.sha = baseSha
  pull.mergeSha = commit.sha
  pull.mergedAt = world.now()
  pull.mergedBy = actor.account
  note(world, actor, issue, { event: 'merged', detail: commit.sha.slice(0, 7) })
  issue.state = 'closed'
  issue.closedAt = issue.updatedAt
  issue.closedBy = actor.account
  announce(world, actor, issue, { action: 'closed' })
  updateRef(world, actor, { repository, ref: `refs/heads/${branch}`, sha: commit.sha, force: true })
  closeNamed(world, actor, pull)
  return { sha: commit.sha }
}

function requireMerger(actor: Actor, pull: PullRequest): void {
  requireCode(actor, pull.base.repository)
  requirePermission(actor, pull.base.repository, { name: 'pull_requests', level: 'write' })
}

function checkMergeable(pull: PullRequest): void {
  const refuse = (message: string): GitHubRefusal => new GitHubRefusal(405, message)
  if (pull.issue.state === 'closed') throw refuse('Pull Request is not mergeable')
  const state = mergeState(pull)
  if (state === 'draft') throw refuse('Pull Request is still a draft')
  if (state === 'dirty') throw refuse('Pull Request has merge conflicts')
  if (state === 'blocked') {
    throw refuse('Repository rule violations found\n\nRequired reviews or status checks are missing.\n\n')
  }
}

function mergeCommit(world: World, actor: Actor, input: Merge & { baseSha: string }): GitCommit {
  const { issue, baseSha } = input
  const pull = pullOf(issue)
  const { repository } = pull.base
  const method = input.method ?? 'merge'
  const files = new Map(repository.commits.get(baseSha)?.files)
  for (const change of pullComparison(pull).files) {
    if (change.after === null) files.delete(change.path)
    else files.set(change.path, change.after)
  }
  const title =
    input.title ??
    (method === 'merge'
      ? `Merge pull request #${issue.number} from ${repository.owner.login}/${pull.head.branch}`
      : `${issue.title} (#${issue.number})`)
  const message = [title, input.message ?? (method === 'merge' ? issue.title : '')]
    .filter(Boolean)
    .join('\n\n')
  const parents = method === 'merge' ? [baseSha, pull.head.sha] : [baseSha]
  return insertCommit(world, actor, { repository, message, files, parents })
}

/** `Fixes #n` closes on the default branch, in the name of who merged; an app without the right closes nothing. */
function closeNamed(world: World, actor: Actor, pull: PullRequest): void {
  if (pull.base.branch !== pull.base.repository.defaultBranch) return
  if (actor.installation === null && !atLeast(roleOf(actor.account, pull.base.repository), 'write')) return
  for (const issue of closingReferences(pull)) closeIssue(world, actor, issue, 'completed')
}

export function closingReferences(pull: PullRequest): Issue[] {
  const text = pull.issue.body ?? ''
  const numbers = [...text.matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)/gi)]
  return numbers.flatMap(([, number]) => {
    const issue = pull.base.repository.issues.get(Number(number))
    return issue === undefined || issue.pull !== null ? [] : [issue]
  })
}

export type Revert = { issue: Issue; title?: string; body?: string; draft?: boolean }

/** A real revert of a merged pull request; refused when what it changed has changed again since. */
export function revertPull(world: World, actor: Actor, input: Revert): Issue {
  const { issue } = input
  const pull = pullOf(issue)
  const { repository, branch } = pull.base
  requireMerger(actor, pull)
  const head = repository.branches.get(branch)
  if (pull.mergeSha === null || head === undefined) {
    throw new GitHubRefusal(422, 'Pull request has not been merged.')
  }
  const { additions, deletions } = undoing(pull, head)
  const name = `revert-${issue.number}-${pull.head.branch}`
  createRef(world, actor, { repository, ref: `refs/heads/${name}`, sha: head })
  const title = input.title ?? `Revert "${issue.title}"`
  commitOnBranch(world, actor, {
    repository,
    branch: name,
    message: `${title}\n\nThis reverts commit ${pull.mergeSha}.`,
    additions,
    deletions,
  })
  const body = input.body ?? `Reverts ${repository.owner.login}/${repository.name}#${issue.number}`
  return createPull(world, actor, {
    repository,
    title,
    body,
    head: name,
    base: branch,
    draft: input.draft ?? false,
  })
}

function undoing(pull: PullRequest, head: string): { additions: Map<string, string>; deletions: string[] } {
  const { commits } = pull.base.repository
  const merged = commits.get(pull.mergeSha ?? '')
  const before = commits.get(merged?.parents[0] ?? '')
  const now = commits.get(head)
  const additions = new Map<string, string>()
  const deletions: string[] = []
  for (const change of diff(before?.files ?? new Map(), merged?.files ?? new Map())) {
    if ((now?.files.get(change.path) ?? null) !== change.after) {
      throw new GitHubRefusal(422, 'Could not revert: the changes conflict with later ones.')
    }
    if (change.before === null) deletions.push(change.path)
    else additions.set(change.path, change.before)
  }
  return { additions, deletions }
}

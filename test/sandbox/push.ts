// What a push sets going: its webhook, open pull requests that follow their branch, and what Actions reads.
import { emit } from './emit.ts'
import { ancestors, diff } from './history.ts'
import { emitSuite, findSuite } from './mutate/checks.ts'
import { NO_COMMIT, pushedCommitShape } from './shape/git.ts'
import { pullShape } from './shape/pull.ts'
import { repositoryPage } from './shape/repository.ts'
import { readWorkflows } from './workflows.ts'
import type { Actor, GitCommit, Repository, World } from './world/world.ts'

export type Push = {
  repository: Repository
  ref: string
  before: string
  after: string
  forced: boolean
}

export function onPush(world: World, actor: Actor, push: Push): void {
  emitPush(world, actor, push)
  if (!push.ref.startsWith('refs/heads/')) return
  const branch = push.ref.slice('refs/heads/'.length)
  if (branch === push.repository.defaultBranch) readWorkflows(world, push.repository)
  requestSuite(world, actor, push)
  followBranch(world, actor, push, branch)
}

function emitPush(world: World, actor: Actor, push: Push): void {
  const { repository } = push
  const commits = newCommits(push)
  const page = repositoryPage(world, repository)
  const shapes = commits.map((commit) => pushedCommitShape(world, commit, changesOf(commit)))
  const head = repository.commits.get(push.after)
  const created = push.before === NO_COMMIT
  const deleted = push.after === NO_COMMIT
  emit(world, actor, {
    event: 'push',
    action: null,
    repository,
    payload: {
      ref: push.ref,
      before: push.before,
      after: push.after,
      created,
      deleted,
      forced: push.forced,
      base_ref: null,
      compare:
        created || deleted ? `${page}/tree/${push.ref}` : `${page}/compare/${push.before}...${push.after}`,
      commits: shapes,
      head_commit: head === undefined ? null : pushedCommitShape(world, head, changesOf(head)),
      pusher: { name: actor.account.login, email: actor.account.email },
    },
  })
}

function changesOf(commit: GitCommit): ReturnType<typeof diff> {
  const parent = commit.repository.commits.get(commit.parents[0] ?? '')
  return diff(parent?.files ?? new Map(), commit.files)
}

/** Oldest first; of a new branch only what no other branch has. */
function newCommits(push: Push): GitCommit[] {
  if (push.after === NO_COMMIT) return []
  const known = new Set<GitCommit>()
  const others = [...push.repository.branches]
    .filter(([name]) => `refs/heads/${name}` !== push.ref)
    .map(([, sha]) => sha)
  for (const sha of push.before === NO_COMMIT ? others : [push.before]) {
    for (const commit of ancestors(push.repository, sha)) known.add(commit)
  }
  return ancestors(push.repository, push.after)
    .filter((commit) => !known.has(commit))
    .reverse()
}

/** An app with `checks: write` is asked for its checks of every new head. */
function requestSuite(world: World, actor: Actor, push: Push): void {
  const { repository, after } = push
  if (after === NO_COMMIT) return
  const known = repository.checkSuites.some(
    (suite) => suite.headSha === after && suite.app === world.app.slug,
  )
  if (known) return
  emitSuite(world, actor, findSuite(world, { repository, headSha: after, app: world.app.slug }), 'requested')
}

/** Open pull requests from the branch get `synchronize`; a deleted branch closes them. */
function followBranch(world: World, actor: Actor, push: Push, branch: string): void {
  for (const issue of push.repository.issues.values()) {
    const { pull } = issue
    if (pull === null || issue.state === 'closed' || pull.head.branch !== branch) continue
    if (pull.head.repository !== push.repository) continue
    issue.updatedAt = world.now()
    const isGone = push.after === NO_COMMIT
    if (isGone) {
      issue.state = 'closed'
      issue.closedAt = issue.updatedAt
      issue.closedBy = actor.account
    } else pull.head.sha = push.after
    emit(world, actor, {
      event: 'pull_request',
      action: isGone ? 'closed' : 'synchronize',
      repository: push.repository,
      payload: {
        number: issue.number,
        pull_request: pullShape(world, pull),
        ...(isGone ? {} : { before: push.before, after: push.after }),
      },
    })
  }
}

// REST: branches, commits and comparisons.
import { type Answer, type Call, ok, paged, pageOf, type Route, repositoryRoute } from '../api.ts'
import { ancestors, compare, diff, resolveRef } from '../history.ts'
import { branchShape, commitShape, fileChangeShape } from '../shape/git.ts'
import { simplePullShape } from '../shape/pull.ts'
import { repositoryPage, repositoryUrl } from '../shape/repository.ts'
import { brought } from '../world/pull-facts.ts'
import { notFound } from '../world/rules.ts'
import type { GitCommit, Repository } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

export function commitOf(repository: Repository, ref: string | undefined): GitCommit {
  const sha = resolveRef(repository, ref ?? '')
  const commit = sha === undefined ? undefined : repository.commits.get(sha)
  if (commit === undefined) throw new GitHubRefusal(422, `No commit found for SHA: ${ref}`)
  return commit
}

function listCommits(call: Call, repository: Repository): Answer {
  const { query } = call
  const sha = resolveRef(repository, query.get('sha') ?? repository.defaultBranch)
  if (sha === undefined) throw notFound()
  const since = Date.parse(query.get('since') ?? '')
  const until = Date.parse(query.get('until') ?? '')
  const path = query.get('path')
  const found = ancestors(repository, sha).filter(
    (commit) =>
      (Number.isNaN(since) || commit.committer.at >= since) &&
      (Number.isNaN(until) || commit.committer.at <= until) &&
      (path === null || touches(repository, commit, path)),
  )
  return paged(call, found, (commit) => commitShape(call.world, commit))
}

function changesOf(repository: Repository, commit: GitCommit): ReturnType<typeof diff> {
  return diff(repository.commits.get(commit.parents[0] ?? '')?.files ?? new Map(), commit.files)
}

function touches(repository: Repository, commit: GitCommit, path: string): boolean {
  return changesOf(repository, commit).some(
    (change) => change.path === path || change.path.startsWith(`${path.replace(/\/$/, '')}/`),
  )
}

function getCommit(call: Call, repository: Repository): Answer {
  const commit = commitOf(repository, call.params.ref)
  if (/\.sha\b/.test(call.accept)) return { status: 200, text: commit.sha }
  const changes = changesOf(repository, commit)
  const sum = (key: 'additions' | 'deletions'): number =>
    changes.reduce((total, file) => total + file[key], 0)
  const stats = { additions: sum('additions'), deletions: sum('deletions'), total: 0 }
  stats.total = stats.additions + stats.deletions
  const files = changes.map((file) => fileChangeShape(call.world, { repository, sha: commit.sha }, file))
  return ok({ ...commitShape(call.world, commit), stats, files })
}

function compareRoute(call: Call, repository: Repository): Answer {
  const [base = '', head = ''] = (call.params.basehead ?? '')
    .split('...')
    .map((side) => side.split(':').at(-1) ?? '')
  const from = resolveRef(repository, base)
  const to = resolveRef(repository, head)
  if (from === undefined || to === undefined) throw notFound()
  const { ahead, behind, mergeBase, files } = compare(repository, from, to)
  const page = repositoryPage(call.world, repository)
  const first = commitOf(repository, from)
  const commits = pageOf(call, ahead)
  const status =
    ahead.length === 0
      ? behind.length === 0
        ? 'identical'
        : 'behind'
      : behind.length === 0
        ? 'ahead'
        : 'diverged'
  const body = {
    url: `${repositoryUrl(call.world, repository)}/compare/${from}...${to}`,
    html_url: `${page}/compare/${base}...${head}`,
    permalink_url: `${page}/compare/${from}...${to}`,
    diff_url: `${page}/compare/${base}...${head}.diff`,
    patch_url: `${page}/compare/${base}...${head}.patch`,
    base_commit: commitShape(call.world, first),
    merge_base_commit: commitShape(call.world, mergeBase ?? first),
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: commits.items.map((commit) => commitShape(call.world, commit)),
    files: files.slice(0, 300).map((file) => fileChangeShape(call.world, { repository, sha: to }, file)),
  }
  return { status: 200, body, headers: commits.headers }
}

function pullsOfCommit(call: Call, repository: Repository): Answer {
  const { sha } = commitOf(repository, call.params.commit_sha)
  const pulls = [...repository.issues.values()].flatMap(({ pull }) =>
    pull !== null && brought(pull, sha) ? [pull] : [],
  )
  return paged(call, pulls, (pull) => simplePullShape(call.world, pull))
}

export const commitRoutes: Route[] = [
  repositoryRoute('GET', '/branches', 'contents', (call, repository) =>
    paged(call, [...repository.branches], ([name, sha]) => ({
      name,
      commit: { sha, url: `${repositoryUrl(call.world, repository)}/commits/${sha}` },
      protected: repository.protection.has(name),
    })),
  ),
  repositoryRoute('GET', '/branches/{branch}', 'contents', (call, repository) => {
    const name = call.params.branch ?? ''
    const sha = repository.branches.get(name)
    if (sha === undefined) throw new GitHubRefusal(404, 'Branch not found')
    return ok(branchShape(call.world, repository, { name, sha }))
  }),
  repositoryRoute('GET', '/commits', 'contents', listCommits),
  repositoryRoute('GET', '/commits/{commit_sha}/pulls', 'pull_requests', pullsOfCommit),
  repositoryRoute('GET', '/commits/{ref}', 'contents', getCommit),
  repositoryRoute('GET', '/compare/{basehead}', 'contents', compareRoute),
]

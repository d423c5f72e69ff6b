// REST: refs, git objects, branches and commits.
import { z } from 'zod'
import {
  type Answer,
  type Call,
  created,
  noContent,
  ok,
  paged,
  pageOf,
  type Route,
  read,
  repositoryRoute,
} from './api.ts'
import { ancestors, compare, diff, folder, resolveRef } from './history.ts'
import { createBlob, createCommit, createRef, createTree, deleteRef, updateRef } from './mutate-git.ts'
import { brought } from './pull-facts.ts'
import { notFound } from './rules.ts'
import {
  branchShape,
  commitShape,
  fileChangeShape,
  gitCommitShape,
  lines60,
  refNodeId,
  refShape,
} from './shape-git.ts'
import { simplePullShape } from './shape-pull.ts'
import { repositoryPage, repositoryUrl } from './shape-repository.ts'
import type { GitCommit, GitIdentity, Repository } from './world.ts'
import { GitHubRefusal } from './world.ts'

function refsOf(repository: Repository): Array<{ ref: string; sha: string }> {
  return [
    ...[...repository.branches].map(([name, sha]) => ({ ref: `refs/heads/${name}`, sha })),
    ...[...repository.tags].map(([name, sha]) => ({ ref: `refs/tags/${name}`, sha })),
  ]
}

function getRef(call: Call, repository: Repository): Answer {
  const ref = `refs/${call.params.ref}`
  const found = refsOf(repository).find((each) => each.ref === ref)
  if (found === undefined) throw notFound()
  return ok(refShape(call.world, repository, found))
}

function matchingRefs(call: Call, repository: Repository): Answer {
  const prefix = `refs/${call.params.ref}`
  const found = refsOf(repository).filter((each) => each.ref.startsWith(prefix))
  return paged(call, found, (named) => refShape(call.world, repository, named))
}

export function commitOf(repository: Repository, ref: string | undefined): GitCommit {
  const sha = resolveRef(repository, ref ?? '')
  const commit = sha === undefined ? undefined : repository.commits.get(sha)
  if (commit === undefined) throw new GitHubRefusal(422, `No commit found for SHA: ${ref}`)
  return commit
}

const person = z.object({ name: z.string(), email: z.string(), date: z.string().exactOptional() })
const newCommit = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: person.exactOptional(),
  committer: person.exactOptional(),
})

function identity(call: Call, given: z.infer<typeof person>): GitIdentity {
  const at = given.date === undefined ? call.world.now() : Date.parse(given.date)
  return { name: given.name, email: given.email, at, account: null }
}

function postCommit(call: Call, repository: Repository): Answer {
  const { tree: treeSha, author, committer, ...rest } = read(newCommit, call)
  const commit = createCommit(call.world, call.actor, {
    repository,
    treeSha,
    ...rest,
    ...(author === undefined ? {} : { author: identity(call, author) }),
    ...(committer === undefined ? {} : { committer: identity(call, committer) }),
  })
  return created(gitCommitShape(call.world, commit))
}

const newTree = z.object({
  base_tree: z.string().exactOptional(),
  tree: z.array(
    z.object({
      path: z.string(),
      content: z.string().exactOptional(),
      sha: z.string().nullable().exactOptional(),
    }),
  ),
})

function postTree(call: Call, repository: Repository): Answer {
  const { base_tree: base, tree } = read(newTree, call)
  const entries = tree.map((entry) => {
    if (entry.sha === null) return { path: entry.path, content: null }
    const content = entry.content ?? repository.blobs.get(entry.sha ?? '')
    if (content === undefined) throw new GitHubRefusal(422, `tree.sha ${entry.sha} is not a valid blob`)
    return { path: entry.path, content }
  })
  const sha = createTree(call.world, call.actor, {
    repository,
    entries,
    ...(base === undefined ? {} : { base }),
  })
  return created(treeAnswer(call, repository, sha))
}

function treeAnswer(call: Call, repository: Repository, sha: string): unknown {
  const files = repository.trees.get(sha)
  if (files === undefined) throw notFound()
  const url = repositoryUrl(call.world, repository)
  const walk = (path: string): unknown[] =>
    (folder(files, path) ?? []).flatMap((entry) => {
      const line = {
        path: entry.path,
        mode: entry.type === 'blob' ? '100644' : '040000',
        type: entry.type,
        sha: entry.sha,
        ...(entry.size === null ? {} : { size: entry.size }),
        url: `${url}/git/${entry.type}s/${entry.sha}`,
      }
      return entry.type === 'tree' && call.query.has('recursive') ? [line, ...walk(entry.path)] : [line]
    })
  return { sha, url: `${url}/git/trees/${sha}`, tree: walk(''), truncated: false }
}

function getTree(call: Call, repository: Repository): Answer {
  const wanted = call.params.tree_sha ?? ''
  const sha = repository.trees.has(wanted) ? wanted : commitOf(repository, wanted).treeSha
  return ok(treeAnswer(call, repository, sha))
}

function postBlob(call: Call, repository: Repository): Answer {
  const input = read(z.object({ content: z.string(), encoding: z.string().default('utf-8') }), call)
  const content =
    input.encoding === 'base64' ? Buffer.from(input.content, 'base64').toString() : input.content
  const sha = createBlob(call.world, call.actor, { repository, content })
  return created({ sha, url: `${repositoryUrl(call.world, repository)}/git/blobs/${sha}` })
}

function getBlob(call: Call, repository: Repository): Answer {
  const sha = call.params.file_sha ?? ''
  const content = repository.blobs.get(sha)
  if (content === undefined) throw notFound()
  return ok({
    sha,
    node_id: refNodeId(repository, sha),
    size: Buffer.byteLength(content),
    url: `${repositoryUrl(call.world, repository)}/git/blobs/${sha}`,
    content: lines60(Buffer.from(content).toString('base64')),
    encoding: 'base64',
  })
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

const ref = z.object({ ref: z.string(), sha: z.string() })
const move = z.object({ sha: z.string(), force: z.boolean().exactOptional() })

export const gitRoutes: Route[] = [
  repositoryRoute('GET', '/git/ref/{ref}', 'contents', getRef),
  repositoryRoute('GET', '/git/matching-refs/{ref}', 'contents', matchingRefs),
  repositoryRoute('POST', '/git/refs', 'metadata', (call, repository) => {
    const named = read(ref, call)
    createRef(call.world, call.actor, { repository, ...named })
    return created(refShape(call.world, repository, named))
  }),
  repositoryRoute('PATCH', '/git/refs/{ref}', 'metadata', (call, repository) => {
    const named = { ref: `refs/${call.params.ref}`, ...read(move, call) }
    updateRef(call.world, call.actor, { repository, ...named })
    return ok(refShape(call.world, repository, named))
  }),
  repositoryRoute('DELETE', '/git/refs/{ref}', 'metadata', (call, repository) => {
    deleteRef(call.world, call.actor, { repository, ref: `refs/${call.params.ref}` })
    return noContent()
  }),
  repositoryRoute('POST', '/git/commits', 'metadata', postCommit),
  repositoryRoute('GET', '/git/commits/{commit_sha}', 'contents', (call, repository) => {
    const commit = repository.commits.get(call.params.commit_sha ?? '')
    if (commit === undefined) throw notFound()
    return ok(gitCommitShape(call.world, commit))
  }),
  repositoryRoute('POST', '/git/trees', 'metadata', postTree),
  repositoryRoute('GET', '/git/trees/{tree_sha}', 'contents', getTree),
  repositoryRoute('POST', '/git/blobs', 'metadata', postBlob),
  repositoryRoute('GET', '/git/blobs/{file_sha}', 'contents', getBlob),
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

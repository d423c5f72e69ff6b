// Branches, commits and files, and the pushes that they are.
import { touch } from '../emit.ts'
import { ancestors, blobSha, diff, treeSha } from '../history.ts'
import { onPush } from '../push.ts'
import { NO_COMMIT } from '../shape/git.ts'
import { note } from '../subject.ts'
import {
  can,
  iso,
  newId,
  nodeId,
  register,
  requirePermission,
  requireRole,
  requireWritable,
  sha1,
} from '../world/rules.ts'
import type {
  Actor,
  Files,
  GitCommit,
  GitIdentity,
  Issue,
  LinkedBranch,
  Repository,
  World,
} from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

/** The rights to write code; for people, write access. */
export function requireCode(actor: Actor, repository: Repository): void {
  requirePermission(actor, repository, { name: 'contents', level: 'write' })
  requireRole(actor, repository, 'write')
  requireWritable(repository)
}

export function createRef(
  world: World,
  actor: Actor,
  input: { repository: Repository; ref: string; sha: string },
): string {
  const { repository, ref, sha } = input
  requireCode(actor, repository)
  if (!isValidRef(ref)) throw new GitHubRefusal(422, 'Reference name is not valid')
  if (!repository.commits.has(sha)) throw new GitHubRefusal(422, 'Object does not exist')
  if (namesOf(repository, ref).has(shortName(ref))) throw new GitHubRefusal(422, 'Reference already exists')
  requireUnlocked(repository, ref)
  moveRef(world, actor, { repository, ref, sha, forced: false })
  return sha
}

function isValidRef(ref: string): boolean {
  return /^refs\/(heads|tags)\/.+/.test(ref) && !/(\.\.|[\s~^:?*[\\]|\/$|\.lock$|@\{|\/\/)/.test(ref)
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '')
}

function namesOf(repository: Repository, ref: string): Map<string, string> {
  return ref.startsWith('refs/tags/') ? repository.tags : repository.branches
}

/** GitHub's words for a branch that a ruleset keeps to itself. */
function requireUnlocked(repository: Repository, ref: string): void {
  if (repository.protection.get(shortName(ref))?.locked !== true) return
  throw new GitHubRefusal(422, 'Repository rule violations found\n\nCannot update this protected ref.')
}

/** 422 when it is no fast-forward and `force` is not set. */
export function updateRef(
  world: World,
  actor: Actor,
  input: { repository: Repository; ref: string; sha: string; force?: boolean },
): string {
  const { repository, ref, sha } = input
  requireCode(actor, repository)
  const before = namesOf(repository, ref).get(shortName(ref))
  if (before === undefined) throw new GitHubRefusal(422, 'Reference does not exist')
  if (!repository.commits.has(sha)) throw new GitHubRefusal(422, 'Object does not exist')
  requireUnlocked(repository, ref)
  const isForward = ancestors(repository, sha).some((commit) => commit.sha === before)
  if (!isForward && input.force !== true) throw new GitHubRefusal(422, 'Update is not a fast forward')
  moveRef(world, actor, { repository, ref, sha, forced: !isForward })
  return sha
}

export function deleteRef(world: World, actor: Actor, input: { repository: Repository; ref: string }): void {
  const { repository, ref } = input
  requireCode(actor, repository)
  if (!namesOf(repository, ref).has(shortName(ref))) throw new GitHubRefusal(422, 'Reference does not exist')
  requireUnlocked(repository, ref)
  moveRef(world, actor, { repository, ref, sha: null, forced: false })
}

type RefMove = { repository: Repository; ref: string; sha: string | null; forced: boolean }

/** The one place where a branch or tag changes: tells of the push and of what hangs on it. */
function moveRef(world: World, actor: Actor, move: RefMove): void {
  const names = namesOf(move.repository, move.ref)
  const before = names.get(shortName(move.ref)) ?? NO_COMMIT
  if (move.sha === null) names.delete(shortName(move.ref))
  else names.set(shortName(move.ref), move.sha)
  move.repository.pushedAt = world.now()
  onPush(world, actor, { ...move, before, after: move.sha ?? NO_COMMIT })
}

export type CommitInput = {
  repository: Repository
  message: string
  files: Files
  parents: string[]
  author?: GitIdentity
  committer?: GitIdentity
}

/** A commit of an app or of the browser without an own author is signed by GitHub. */
export function insertCommit(world: World, actor: Actor, input: CommitInput): GitCommit {
  const identity = identityOf(world, actor)
  const author = input.author ?? identity
  const committer = input.committer ?? input.author ?? identity
  const tree = treeSha(input.files)
  const sha = sha1(
    [
      tree,
      ...input.parents,
      author.name,
      iso(author.at),
      committer.name,
      iso(committer.at),
      input.message,
    ].join('\n'),
  )
  const commit: GitCommit = {
    kind: 'Commit',
    nodeId: `C_${sha.slice(0, 24)}${input.repository.id}`,
    repository: input.repository,
    sha,
    message: input.message,
    author,
    committer,
    parents: input.parents,
    treeSha: tree,
    files: input.files,
    verified: input.author === undefined && input.committer === undefined,
  }
  input.repository.commits.set(sha, commit)
  input.repository.trees.set(tree, input.files)
  for (const text of input.files.values()) input.repository.blobs.set(blobSha(text), text)
  return register(world, commit)
}

function identityOf(world: World, actor: Actor): GitIdentity {
  const { account } = actor
  const email = account.email ?? `${account.id}+${account.login}@users.noreply.github.com`
  return { name: account.name ?? account.login, email, at: world.now(), account }
}

export function createCommit(
  world: World,
  actor: Actor,
  input: Omit<CommitInput, 'files'> & { treeSha: string },
): GitCommit {
  requireCode(actor, input.repository)
  const files = input.repository.trees.get(input.treeSha)
  if (files === undefined) throw new GitHubRefusal(422, 'Tree SHA does not exist')
  if (input.parents.some((sha) => !input.repository.commits.has(sha))) {
    throw new GitHubRefusal(422, 'Parent SHA does not exist or is not a commit object')
  }
  return insertCommit(world, actor, { ...input, files })
}

export function createBlob(
  world: World,
  actor: Actor,
  input: { repository: Repository; content: string },
): string {
  requireCode(actor, input.repository)
  const sha = blobSha(input.content)
  input.repository.blobs.set(sha, input.content)
  touch(world)
  return sha
}

/** `content: null` takes a path away. 422 for a base that is not there. */
export function createTree(
  world: World,
  actor: Actor,
  input: { repository: Repository; base?: string; entries: Array<{ path: string; content: string | null }> },
): string {
  requireCode(actor, input.repository)
  const base =
    input.base === undefined ? new Map<string, string>() : filesOfTree(input.repository, input.base)
  if (base === undefined) throw new GitHubRefusal(404, 'Not Found')
  const files = new Map(base)
  for (const entry of input.entries) {
    if (entry.content === null) files.delete(entry.path)
    else files.set(entry.path, entry.content)
  }
  requireNoWorkflows(actor, input.repository, { before: base, after: files })
  const sha = treeSha(files)
  input.repository.trees.set(sha, files)
  touch(world)
  return sha
}

function filesOfTree(repository: Repository, sha: string): Files | undefined {
  return repository.trees.get(sha) ?? repository.commits.get(sha)?.files
}

/** An app without `workflows` may touch no workflow file. */
function requireNoWorkflows(
  actor: Actor,
  repository: Repository,
  change: { before: Files; after: Files },
): void {
  if (can(actor, repository, { name: 'workflows', level: 'write' })) return
  const touched = diff(change.before, change.after).find((file) => file.path.startsWith('.github/workflows/'))
  if (touched === undefined) return
  const message = `refusing to allow a GitHub App to create or update workflow \`${touched.path}\` without \`workflows\` permission`
  throw new GitHubRefusal(403, message, { accepted: 'workflows=write' })
}

export type BranchCommit = {
  repository: Repository
  branch: string
  message: string
  additions: ReadonlyMap<string, string>
  deletions?: string[]
  /** Refused when the branch is elsewhere. */
  expectedHead?: string
}

export function commitOnBranch(world: World, actor: Actor, input: BranchCommit): GitCommit {
  const { repository, branch } = input
  requireCode(actor, repository)
  const head = repository.branches.get(branch)
  if (head === undefined) throw new GitHubRefusal(404, `Branch ${branch} not found`)
  if (input.expectedHead !== undefined && input.expectedHead !== head) {
    const message = `Expected branch to point to "${input.expectedHead}" but it points to "${head}". Pull and try again.`
    throw new GitHubRefusal(422, message)
  }
  requireUnlocked(repository, `refs/heads/${branch}`)
  const before = repository.commits.get(head)?.files ?? new Map<string, string>()
  const files = new Map(before)
  for (const [path, content] of input.additions) files.set(path, content)
  for (const path of input.deletions ?? []) files.delete(path)
  requireNoWorkflows(actor, repository, { before, after: files })
  const commit = insertCommit(world, actor, { repository, message: input.message, files, parents: [head] })
  moveRef(world, actor, { repository, ref: `refs/heads/${branch}`, sha: commit.sha, forced: false })
  return commit
}

/** Makes a branch and shows it in the issue's sidebar; GraphQL only, and never for a branch that exists. */
export function createLinkedBranch(
  world: World,
  actor: Actor,
  input: { issue: Issue; repository: Repository; name: string; oid: string },
): LinkedBranch {
  const { issue, repository, name } = input
  requirePermission(actor, issue.repository, { name: 'issues', level: 'write' })
  createRef(world, actor, { repository, ref: `refs/heads/${name}`, sha: input.oid })
  const id = newId(world)
  const linked: LinkedBranch = register(world, {
    kind: 'LinkedBranch',
    nodeId: nodeId('LB', id),
    issue,
    repository,
    name,
  })
  issue.linkedBranches.push(linked)
  note(world, actor, issue, { event: 'branch_linked', detail: name })
  return linked
}

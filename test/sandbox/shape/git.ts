// REST shapes of git objects: commits, trees, refs, files, comparisons, and the push webhook.

import { blobSha, type FileChange } from '../history.ts'
import { fullName } from '../world/find.ts'
import { iso, nodeId } from '../world/rules.ts'
import type { GitCommit, GitIdentity, Repository, World } from '../world/world.ts'
import { accountShape, type Shape } from './account.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'

export const NO_COMMIT = '0'.repeat(40)

function identityShape(identity: GitIdentity): Shape {
  return { name: identity.name, email: identity.email, date: iso(identity.at) }
}

function verification(commit: GitCommit): Shape {
  return {
    verified: commit.verified,
    reason: commit.verified ? 'valid' : 'unsigned',
    signature: commit.verified ? '-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n' : null,
    payload: commit.verified ? `tree ${commit.treeSha}\n` : null,
    verified_at: commit.verified ? iso(commit.committer.at) : null,
  }
}

export function gitCommitShape(world: World, commit: GitCommit): Shape {
  const url = repositoryUrl(world, commit.repository)
  const page = repositoryPage(world, commit.repository)
  return {
    sha: commit.sha,
    node_id: commit.nodeId,
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: identityShape(commit.author),
    committer: identityShape(commit.committer),
    tree: { sha: commit.treeSha, url: `${url}/git/trees/${commit.treeSha}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: verification(commit),
  }
}

export function commitShape(world: World, commit: GitCommit): Shape {
  const url = `${repositoryUrl(world, commit.repository)}/commits`
  const page = repositoryPage(world, commit.repository)
  const git = gitCommitShape(world, commit)
  const account = (identity: GitIdentity): Shape | null =>
    identity.account === null ? null : accountShape(world, identity.account)
  return {
    sha: commit.sha,
    node_id: commit.nodeId,
    commit: {
      author: git.author,
      committer: git.committer,
      message: commit.message,
      tree: git.tree,
      url: git.url,
      comment_count: 0,
      verification: git.verification,
    },
    url: `${url}/${commit.sha}`,
    html_url: git.html_url,
    comments_url: `${url}/${commit.sha}/comments`,
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
  }
}

/** In checks, suites and workflow runs. */
export function simpleCommitShape(commit: GitCommit): Shape {
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    message: commit.message,
    timestamp: iso(commit.committer.at),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  }
}

/** In a push; the changes are against the first parent. */
export function pushedCommitShape(world: World, commit: GitCommit, changes: FileChange[]): Shape {
  const person = (identity: GitIdentity): Shape => ({
    name: identity.name,
    email: identity.email,
    date: iso(identity.at),
    ...(identity.account === null ? {} : { username: identity.account.login }),
  })
  const paths = (status: FileChange['status']): string[] =>
    changes.filter((change) => change.status === status).map((change) => change.path)
  return {
    ...simpleCommitShape(commit),
    distinct: true,
    url: `${repositoryPage(world, commit.repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  }
}

export function fileChangeShape(
  world: World,
  where: { repository: Repository; sha: string },
  change: FileChange,
): Shape {
  const page = repositoryPage(world, where.repository)
  const path = encodeURI(change.path)
  return {
    sha: blobSha(change.after ?? change.before ?? ''),
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${page}/blob/${where.sha}/${path}`,
    raw_url: `${page}/raw/${where.sha}/${path}`,
    contents_url: `${repositoryUrl(world, where.repository)}/contents/${path}?ref=${where.sha}`,
    patch: change.patch,
  }
}

export function refShape(world: World, repository: Repository, named: { ref: string; sha: string }): Shape {
  const url = repositoryUrl(world, repository)
  return {
    ref: named.ref,
    node_id: refNodeId(repository, named.ref),
    url: `${url}/git/${named.ref}`,
    object: { sha: named.sha, type: 'commit', url: `${url}/git/commits/${named.sha}` },
  }
}

export function refNodeId(repository: Repository, ref: string): string {
  return `${nodeId('REF', repository.id)}${Buffer.from(ref).toString('base64url')}`
}

export function branchShape(
  world: World,
  repository: Repository,
  named: { name: string; sha: string },
): Shape {
  const url = repositoryUrl(world, repository)
  const isProtected = repository.protection.has(named.name)
  const commit = repository.commits.get(named.sha)
  return {
    name: named.name,
    commit: commit === undefined ? { sha: named.sha, url } : commitShape(world, commit),
    _links: {
      self: `${url}/branches/${named.name}`,
      html: `${repositoryPage(world, repository)}/tree/${named.name}`,
    },
    protected: isProtected,
    protection: {
      enabled: isProtected,
      required_status_checks: {
        enforcement_level: 'off',
        contexts: repository.protection.get(named.name)?.requiredChecks ?? [],
        checks: [],
      },
    },
    protection_url: `${url}/branches/${named.name}/protection`,
  }
}

export function fileShape(
  world: World,
  repository: Repository,
  file: { path: string; content: string; ref: string },
): Shape {
  const sha = blobSha(file.content)
  const url = `${repositoryUrl(world, repository)}/contents/${encodeURI(file.path)}?ref=${file.ref}`
  const git = `${repositoryUrl(world, repository)}/git/blobs/${sha}`
  const page = `${repositoryPage(world, repository)}/blob/${file.ref}/${encodeURI(file.path)}`
  return {
    name: file.path.split('/').at(-1),
    path: file.path,
    sha,
    size: Buffer.byteLength(file.content),
    url,
    html_url: page,
    git_url: git,
    download_url: `${world.url}/raw/${fullName(repository)}/${file.ref}/${encodeURI(file.path)}`,
    type: 'file',
    content: lines60(Buffer.from(file.content).toString('base64')),
    encoding: 'base64',
    _links: { self: url, git, html: page },
  }
}

/** GitHub breaks base64 after 60 characters. */
export function lines60(base64: string): string {
  return base64.replace(/.{1,60}/g, '$&\n')
}

// GraphQL: commits, trees and blobs.

import { ancestors, blobSha, diff, folder, resolveRef, treeSha } from '../history.ts'
import { repositoryPage } from '../shape/repository.ts'
import { brought } from '../world/pull-facts.ts'
import { iso } from '../world/rules.ts'
import type { Files, GitCommit, GitIdentity, Repository } from '../world/world.ts'
import { contextsOf, deploymentsOf } from './check.ts'
import { connection, type Order, type Page, type ResolverMap, type Resolvers, same } from './resolver.ts'

type Blob = { __typename: 'Blob'; repository: Repository; oid: string; text: string }
type Tree = { __typename: 'Tree'; repository: Repository; oid: string; files: Files; path: string }

/** `HEAD`, a ref, a sha, or `ref:path` as git writes it; null for what is not there. */
export function gitObject(repository: Repository, expression: string): GitCommit | Blob | Tree | null {
  const [revision = '', path] = splitOnce(expression, ':')
  const sha = resolveRef(
    repository,
    revision === 'HEAD' || revision === '' ? repository.defaultBranch : revision,
  )
  const commit = sha === undefined ? undefined : repository.commits.get(sha)
  if (!commit) return null
  return path === undefined ? commit : objectAt(repository, commit.files, path.replace(/\/$/, ''))
}

function splitOnce(text: string, by: string): [string, string | undefined] {
  const index = text.indexOf(by)
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)]
}

function objectAt(repository: Repository, files: Files, path: string): Blob | Tree | null {
  const text = files.get(path)
  if (text !== undefined) return { __typename: 'Blob', repository, oid: blobSha(text), text }
  if (folder(files, path) === undefined) return null
  const below = path === '' ? files : new Map([...files].filter(([file]) => file.startsWith(`${path}/`)))
  return { __typename: 'Tree', repository, oid: treeSha(below), files, path }
}

const object: Resolvers<{ repository: Repository; oid: string }> = {
  ...same('repository', 'oid'),
  id: (source) => `${source.repository.id}:${source.oid}`,
  abbreviatedOid: (source) => source.oid.slice(0, 7),
}

const blob: Resolvers<Blob> = {
  ...object,
  ...same('text'),
  byteSize: (source) => Buffer.byteLength(source.text),
  isBinary: () => false,
  isTruncated: () => false,
}

const tree: Resolvers<Tree> = {
  ...object,
  entries: (source) =>
    (folder(source.files, source.path) ?? []).map((entry) => ({
      name: entry.path.split('/').at(-1),
      path: entry.path,
      type: entry.type,
      mode: entry.type === 'tree' ? 0o040000 : 0o100644,
      oid: entry.sha,
      size: entry.size ?? 0,
      object: objectAt(source.repository, source.files, entry.path),
      repository: source.repository,
    })),
}

const gitActor = (identity: GitIdentity) => ({
  name: identity.name,
  email: identity.email,
  date: iso(identity.at),
  user: identity.account?.kind === 'User' ? identity.account : null,
})

type History = Page & { since?: string | null; until?: string | null; path?: string | null }

function history(source: GitCommit, args: History): GitCommit[] {
  const since = args.since ? Date.parse(args.since) : Number.NEGATIVE_INFINITY
  const until = args.until ? Date.parse(args.until) : Number.POSITIVE_INFINITY
  return ancestors(source.repository, source.sha).filter((commit) => {
    if (commit.committer.at < since || commit.committer.at > until) return false
    const { path } = args
    return !path || changesOf(commit).some((file) => file.path === path || file.path.startsWith(`${path}/`))
  })
}

const changesOf = (commit: GitCommit) =>
  diff(commit.repository.commits.get(commit.parents[0] ?? '')?.files ?? new Map(), commit.files)

const pageOf = (source: GitCommit): string => `/commit/${source.sha}`

const commit: Resolvers<GitCommit> = {
  ...same('message', 'repository'),
  id: (source) => source.nodeId,
  oid: (source) => source.sha,
  abbreviatedOid: (source) => source.sha.slice(0, 7),
  messageHeadline: (source) => source.message.split('\n')[0],
  messageBody: (source) => source.message.split('\n').slice(1).join('\n').trim(),
  committedDate: (source) => iso(source.committer.at),
  authoredDate: (source) => iso(source.author.at),
  author: (source) => gitActor(source.author),
  committer: (source) => gitActor(source.committer),
  url: (source, _: unknown, { world }) => `${repositoryPage(world, source.repository)}${pageOf(source)}`,
  commitUrl: (source, _: unknown, { world }) =>
    `${repositoryPage(world, source.repository)}${pageOf(source)}`,
  additions: (source) => changesOf(source).reduce((total, file) => total + file.additions, 0),
  deletions: (source) => changesOf(source).reduce((total, file) => total + file.deletions, 0),
  changedFilesIfAvailable: (source) => changesOf(source).length,
  tree: (source) => objectAt(source.repository, source.files, ''),
  parents: (source, args: Page) => {
    const parents = source.parents.flatMap((sha) => source.repository.commits.get(sha) ?? [])
    return connection(parents, args, 'parents')
  },
  history: (source, args: History) => connection(history(source, args), args, 'history'),
  associatedPullRequests: (source, args: Page) => {
    const pulls = [...source.repository.issues.values()].filter(
      ({ pull }) => pull && brought(pull, source.sha),
    )
    return connection(pulls, args, 'associatedPullRequests')
  },
  checkSuites: (source, args: Page) => {
    const suites = source.repository.checkSuites.filter((suite) => suite.headSha === source.sha)
    return connection(suites, args, 'checkSuites')
  },
  deployments: (source, args: Page & { environments?: string[] | null; orderBy?: Order | null }) => {
    const own = source.repository.deployments.filter((each) => each.sha === source.sha)
    return connection(deploymentsOf(own, args), args, 'deployments')
  },
  statusCheckRollup: (source) => (contextsOf(source).length === 0 ? null : source),
  signature: (source) =>
    source.verified ? { __typename: 'GpgSignature', isValid: true, state: 'VALID' } : null,
}

export const gitResolvers: ResolverMap = { Blob: blob, Tree: tree, Commit: commit }

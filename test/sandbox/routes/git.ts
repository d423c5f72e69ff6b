// REST: refs and git objects.
import { z } from 'zod'
import {
  type Answer,
  type Call,
  created,
  noContent,
  ok,
  paged,
  type Route,
  read,
  repositoryRoute,
} from '../api.ts'
import { folder } from '../history.ts'
import { createBlob, createCommit, createRef, createTree, deleteRef, updateRef } from '../mutate/git.ts'
import { gitCommitShape, lines60, refNodeId, refShape } from '../shape/git.ts'
import { repositoryUrl } from '../shape/repository.ts'
import { notFound } from '../world/rules.ts'
import type { GitIdentity, Repository } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { commitOf } from './commits.ts'

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
]

// Git as far as the sandbox needs it: ancestors, comparison, diffs and object names.
import { sha1 } from './world/rules.ts'
import type { Files, GitCommit, Repository } from './world/world.ts'

export type FileChange = {
  path: string
  status: 'added' | 'removed' | 'modified'
  additions: number
  deletions: number
  patch: string
  before: string | null
  after: string | null
}

export type Comparison = {
  ahead: GitCommit[]
  behind: GitCommit[]
  mergeBase: GitCommit | null
  files: FileChange[]
}

/** The commit and all before it, newest first (by committer time, then by distance). */
export function ancestors(repository: Repository, sha: string): GitCommit[] {
  const seen = new Map<string, GitCommit>()
  const waiting = [sha]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const commit = repository.commits.get(next)
    if (commit === undefined || seen.has(next)) continue
    seen.set(next, commit)
    waiting.push(...commit.parents)
  }
  return [...seen.values()].sort((a, b) => b.committer.at - a.committer.at)
}

/** `ahead` are head's commits that base lacks, oldest first; files are compared with the merge base. */
export function compare(repository: Repository, base: string, head: string): Comparison {
  const ofBase = ancestors(repository, base)
  const ofHead = ancestors(repository, head)
  const inBase = new Set(ofBase)
  const inHead = new Set(ofHead)
  const mergeBase = ofHead.find((commit) => inBase.has(commit)) ?? null
  return {
    ahead: ofHead.filter((commit) => !inBase.has(commit)).reverse(),
    behind: ofBase.filter((commit) => !inHead.has(commit)).reverse(),
    mergeBase,
    files: diff(mergeBase?.files ?? new Map(), repository.commits.get(head)?.files ?? new Map()),
  }
}

export function diff(before: Files, after: Files): FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => fileChange(path, before.get(path) ?? null, after.get(path) ?? null))
}

function fileChange(path: string, before: string | null, after: string | null): FileChange {
  const old = linesOf(before)
  const fresh = linesOf(after)
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1
  let tail = 0
  while (
    tail < old.length - start &&
    tail < fresh.length - start &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  ) {
    tail += 1
  }
  const removed = old.slice(start, old.length - tail)
  const added = fresh.slice(start, fresh.length - tail)
  const header = `@@ -${place(start, removed.length)} +${place(start, added.length)} @@`
  return {
    path,
    status: before === null ? 'added' : after === null ? 'removed' : 'modified',
    additions: added.length,
    deletions: removed.length,
    patch: [header, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)].join('\n'),
    before,
    after,
  }
}

function place(start: number, length: number): string {
  return `${length === 0 ? start : start + 1},${length}`
}

function linesOf(text: string | null): string[] {
  if (text === null || text === '') return []
  return text.replace(/\n$/, '').split('\n')
}

export function blobSha(content: string): string {
  return sha1(`blob ${Buffer.byteLength(content)}\0${content}`)
}

export function treeSha(files: Files): string {
  const lines = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => `${path} ${blobSha(text)}`)
  return sha1(`tree\0${lines.join('\n')}`)
}

/** Resolves a branch, tag, full ref or (abbreviated) sha; undefined when there is none. */
export function resolveRef(repository: Repository, ref: string): string | undefined {
  const plain = ref.replace(/^refs\//, '')
  const named =
    repository.branches.get(plain.replace(/^heads\//, '')) ??
    repository.tags.get(plain.replace(/^tags\//, ''))
  if (named !== undefined) return named
  if (!/^[0-9a-f]{7,40}$/.test(ref)) return undefined
  if (repository.commits.has(ref)) return ref
  return [...repository.commits.keys()].find((sha) => sha.startsWith(ref))
}

export type TreeEntry = { path: string; type: 'blob' | 'tree'; sha: string; size: number | null }

/** The entries directly below a folder (`''` is the root); undefined when there is no such folder. */
export function folder(files: Files, path: string): TreeEntry[] | undefined {
  const prefix = path === '' ? '' : `${path.replace(/\/$/, '')}/`
  const below = [...files].filter(([file]) => file.startsWith(prefix))
  if (below.length === 0 && path !== '') return undefined
  const entries = new Map<string, TreeEntry>()
  for (const [file, text] of below) {
    const [first = '', ...rest] = file.slice(prefix.length).split('/')
    if (rest.length === 0) {
      entries.set(first, {
        path: prefix + first,
        type: 'blob',
        sha: blobSha(text),
        size: Buffer.byteLength(text),
      })
    } else if (!entries.has(first)) {
      entries.set(first, {
        path: prefix + first,
        type: 'tree',
        sha: folderSha(files, prefix + first),
        size: null,
      })
    }
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function folderSha(files: Files, path: string): string {
  const below = [...files].filter(([file]) => file.startsWith(`${path}/`))
  return treeSha(new Map(below.map(([file, text]) => [file.slice(path.length + 1), text])))
}

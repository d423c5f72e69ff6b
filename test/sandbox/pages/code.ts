// The repository's files: folders, a file (Markdown rendered with its front matter), and a commit's changes.
import { parse } from 'yaml'
import { ancestors, diff, folder, resolveRef } from '../history.ts'
import type { Files, GitCommit, Repository } from '../world/world.ts'
import { changedFiles } from './diff.ts'
import { type Fragment, type Html, html, icon } from './html.ts'
import { layout } from './layout.ts'
import { renderCode, renderMarkdown } from './markdown.ts'
import { ago, author, avatar, issueLink } from './parts.ts'
import { pullOfCommit } from './pull.ts'
import { type PageAnswer, pathOf, placeOf, type Visit } from './visit.ts'

/** A branch name may hold slashes: the longest that fits wins. */
export function splitRef(repository: Repository, rest: string): { ref: string; path: string } | null {
  const parts = rest.split('/').filter(Boolean)
  for (let length = parts.length; length > 0; length -= 1) {
    const ref = parts.slice(0, length).join('/')
    if (resolveRef(repository, ref)) return { ref, path: parts.slice(length).join('/') }
  }
  return null
}

export function treePage(
  visit: Visit,
  repository: Repository,
  at: { ref: string; path: string },
): PageAnswer | null {
  const commit = repository.commits.get(resolveRef(repository, at.ref) ?? '')
  const entries = commit && folder(commit.files, at.path)
  if (!commit || !entries) return null
  const root = pathOf(repository)
  const rows = entries
    .toSorted((one, other) => one.type.localeCompare(other.type) * -1 || one.path.localeCompare(other.path))
    .map(({ path, type }) => {
      const href = `${root}/${type === 'tree' ? 'tree' : 'blob'}/${at.ref}/${path}`
      return html`<li>${icon(type === 'tree' ? 'file-directory-fill' : 'file', 'tone-folder')} <a href="${href}">${path.split('/').at(-1)}</a></li>`
    })
  const readme = commit.files.get(`${at.path ? `${at.path}/` : ''}README.md`)
  const main = html`<div class="list-head">${where(repository, at)}${branches(repository, at.ref)}</div>
  <ul class="box list files-list"><li class="latest">${commitLine(visit, commit)}</li>${rows}</ul>
  ${
    readme &&
    html`<section class="box"><header>${icon('book')} <strong>README</strong></header><div class="markdown-body padded">${renderMarkdown(
      readme,
      placeOf(visit.world, repository, false),
    )}</div></section>`
  }`
  return layout(visit, { title: repository.name, about: repository, tab: 'code', main })
}

function branches(repository: Repository, current: string): Html {
  const names = [...repository.branches.keys()]
  return html`<details class="menu right"><summary><span class="button small">${icon('git-branch')} ${current}</span></summary>
    <div class="menu-box">${names.map((name) => html`<a class="choice" href="${pathOf(repository)}/tree/${name}">${name}</a>`)}</div></details>`
}

function where(repository: Repository, { ref, path }: { ref: string; path: string }): Html {
  const parts = path.split('/').filter(Boolean)
  const links = parts.map((part, index) => {
    const kind = index === parts.length - 1 ? 'blob' : 'tree'
    return html` / <a href="${pathOf(repository)}/${kind}/${ref}/${parts.slice(0, index + 1).join('/')}">${part}</a>`
  })
  return html`<p class="where"><a href="${pathOf(repository)}/tree/${ref}"><strong>${repository.name}</strong></a>${links}</p>`
}

const commitLine = (visit: Visit, commit: GitCommit): Html => {
  const { account, name } = commit.author
  return html`${account && avatar(account)} ${account ? author(account) : name}
    <span class="grow">${commit.message.split('\n')[0]}</span> <a href="${pathOf(commit.repository)}/commit/${commit.sha}"><code>${commit.sha.slice(0, 7)}</code></a>
    <span class="muted">${ago(commit.committer.at, visit)}</span>`
}

export function blobPage(
  visit: Visit,
  repository: Repository,
  at: { ref: string; path: string },
): PageAnswer | null {
  const commit = repository.commits.get(resolveRef(repository, at.ref) ?? '')
  const text = commit?.files.get(at.path)
  if (!commit || text === undefined) return null
  const last = lastTouching(repository, commit, at.path)
  const lines = text.replace(/\n$/, '').split('\n').length
  const main = html`<div class="list-head">${where(repository, at)}${branches(repository, at.ref)}</div>
  <section class="box"><header class="latest">${commitLine(visit, last)}</header></section>
  <section class="box"><header><span class="muted">${lines} lines · ${Buffer.byteLength(text)} bytes</span></header>
  ${/\.(md|markdown)$/i.test(at.path) ? document(visit, repository, text) : source(text, at.path)}</section>`
  return layout(visit, { title: at.path, about: repository, tab: 'code', main })
}

function lastTouching(repository: Repository, head: GitCommit, path: string): GitCommit {
  const history = ancestors(repository, head.sha)
  return (
    history.find((commit) => {
      const parent = repository.commits.get(commit.parents[0] ?? '')
      return commit.files.get(path) !== parent?.files.get(path)
    }) ?? head
  )
}

const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/

function document(visit: Visit, repository: Repository, text: string): Html {
  const matter = FRONT_MATTER.exec(text)
  const body = renderMarkdown(
    matter ? text.slice(matter[0].length) : text,
    placeOf(visit.world, repository, false),
  )
  return html`<div class="markdown-body padded">${matter && frontMatter(matter[1] ?? '')}${body}</div>`
}

/** GitHub shows the keys of the front matter as a table above the text. */
function frontMatter(yaml: string): Fragment {
  try {
    const keys: unknown = parse(yaml)
    if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) return html`<pre>${yaml}</pre>`
    const rows = Object.entries(keys)
    return html`<table class="front-matter"><thead><tr>${rows.map(([key]) => html`<th>${key}</th>`)}</tr></thead>
      <tbody><tr>${rows.map(([, held]) => html`<td>${inWords(held)}</td>`)}</tr></tbody></table>`
  } catch {
    return html`<pre>${yaml}</pre>`
  }
}

function inWords(held: unknown): string {
  if (Array.isArray(held)) return held.map(inWords).join(', ')
  if (held instanceof Date) return held.toISOString()
  if (typeof held === 'object' && held !== null) return JSON.stringify(held)
  return held === null || held === undefined ? '' : String(held)
}

function source(text: string, path: string): Html {
  const numbers = text
    .replace(/\n$/, '')
    .split('\n')
    .map((_, index) => `${index + 1}\n`)
  return html`<div class="scroll source"><pre class="numbers">${numbers}</pre><pre class="code">${renderCode(text, path)}</pre></div>`
}

export function commitPage(visit: Visit, repository: Repository, ref: string): PageAnswer | null {
  const commit = repository.commits.get(resolveRef(repository, ref) ?? '')
  if (!commit) return null
  const parent: Files = repository.commits.get(commit.parents[0] ?? '')?.files ?? new Map()
  const [headline = '', ...more] = commit.message.split('\n')
  const pull = pullOfCommit(repository.issues.values(), commit.sha)
  const files = diff(parent, commit.files)
  const main = html`<header class="heading"><h1>${headline}</h1></header>
  <section class="box"><div class="padded">${more.join('\n').trim() !== '' && html`<pre class="message">${more.join('\n').trim()}</pre>`}
    <p>${commit.author.account && avatar(commit.author.account)} <strong>${commit.author.name}</strong> committed ${ago(commit.committer.at, visit)} ·
    commit <code>${commit.sha}</code></p>${pull && html`<p>${issueLink(pull)}</p>`}</div></section>
  <h2>Files changed <span class="counter">${files.length}</span></h2>${changedFiles(files)}`
  return layout(visit, { title: headline, about: repository, tab: 'code', main })
}

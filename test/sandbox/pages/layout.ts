// The frame around every page: header, the repository's tabs, and the bar of the sandbox's own controls.
import { fullName } from '../world/find.ts'
import type { Account, Repository } from '../world/world.ts'
import { type Fragment, type Html, html, icon } from './html.ts'
import { avatar } from './parts.ts'
import { type PageAnswer, pathOf, peopleOf, type Visit } from './visit.ts'

export type Sheet = {
  title: string
  /** What the header names: a repository with its tabs, or an account. */
  about?: Repository | Account
  tab?: 'code' | 'issues' | 'pulls' | 'projects' | 'actions'
  main: Fragment
  status?: number
}

/** Nothing runs but our own files and no one outside is asked, whatever a text may hold. */
const SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const HTML_HEADERS: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': SECURITY_POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

/** The whole page as an answer. */
export function layout(visit: Visit, sheet: Sheet): PageAnswer {
  const repository = sheet.about?.kind === 'Repository' ? sheet.about : null
  const page = html`<!doctype html>
<html lang="en" data-color-mode="auto" data-light-theme="light" data-dark-theme="dark">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${sheet.title} · sandbox</title>
<link rel="icon" href="/_assets/icon.svg">
<link rel="stylesheet" href="/_assets/light.css"><link rel="stylesheet" href="/_assets/dark.css">
<link rel="stylesheet" href="/_assets/markdown.css"><link rel="stylesheet" href="/_assets/style.css">
<script type="module" src="/_assets/live.js"></script>
</head>
<body data-version="${visit.world.version}">
<header class="top"><nav class="crumbs" aria-label="Where you are">
  <a class="home" href="/" title="All repositories">${icon('beaker')}</a>${crumbs(sheet.about)}</nav>
  ${repository && tabs(repository, visit, sheet.tab)}</header>
<main>${sheet.main}</main>
${controls(visit)}
</body></html>`
  return { status: sheet.status ?? 200, headers: HTML_HEADERS, body: page.toString() }
}

function crumbs(about: Repository | Account | undefined): Html {
  if (!about) return html`<strong>GitHub, played on this machine</strong>`
  if (about.kind !== 'Repository') return html`<a href="/${about.login}"><strong>${about.login}</strong></a>`
  return html`<a href="/${about.owner.login}">${about.owner.login}</a><span class="muted">/</span>
    <a href="${pathOf(about)}"><strong>${about.name}</strong></a>
    <span class="badge">${about.archived ? 'Public archive' : about.private ? 'Private' : 'Public'}</span>`
}

function tabs(repository: Repository, visit: Visit, current: Sheet['tab']): Html {
  const path = pathOf(repository)
  const open = [...repository.issues.values()].filter(({ state }) => state === 'open')
  const pulls = open.filter(({ pull }) => pull).length
  const boards = visit.world.projects.filter((one) => one.owner === repository.owner && !one.closed).length
  const rows = [
    { key: 'code', icon: 'code', text: 'Code', href: path, count: 0 },
    {
      key: 'issues',
      icon: 'issue-opened',
      text: 'Issues',
      href: `${path}/issues`,
      count: open.length - pulls,
    },
    { key: 'pulls', icon: 'git-pull-request', text: 'Pull requests', href: `${path}/pulls`, count: pulls },
    { key: 'actions', icon: 'play', text: 'Actions', href: `${path}/actions`, count: 0 },
    {
      key: 'projects',
      icon: 'table',
      text: 'Projects',
      href: `/orgs/${repository.owner.login}/projects`,
      count: boards,
    },
  ]
  return html`<nav class="tabs" aria-label="${fullName(repository)}">${rows.map(
    (
      row,
    ) => html`<a href="${row.href}" ${row.key === current && html`aria-current="page"`}>${icon(row.icon)} ${row.text}
      ${row.count > 0 && html`<span class="counter">${row.count}</span>`}</a>`,
  )}</nav>`
}

const STEPS: ReadonlyArray<[string, number]> = [
  ['1 min', 60_000],
  ['15 min', 900_000],
  ['1 h', 3_600_000],
  ['1 day', 86_400_000],
]

/** The bar that GitHub does not have: whom you act as, the clock, and the deliveries. */
function controls(visit: Visit): Html {
  const back = visit.url.pathname + visit.url.search
  const now = new Date(visit.world.now()).toISOString()
  return html`<footer class="controls" aria-label="Sandbox controls">
<form method="post" action="/_as" class="acting">${avatar(visit.person)}
  <input type="hidden" name="back" value="${back}">
  <label>Acting as <select name="login">${peopleOf(visit.world).map(
    (one) => html`<option ${one === visit.person && html`selected`}>${one.login}</option>`,
  )}</select></label><noscript><button class="button small">Switch</button></noscript></form>
<a class="deliveries" href="/_deliveries">${icon('webhook')} Deliveries</a>
<form method="post" action="/_clock" class="clock">${icon('clock')}
  <input type="hidden" name="back" value="${back}">
  <time datetime="${now}"><span class="date">${now.slice(0, 10)}</span> <strong>${now.slice(11, 16)}</strong> UTC</time>
  ${STEPS.map(([text, ms]) => html`<button class="button small" name="ms" value="${ms}">+${text}</button>`)}</form>
</footer>`
}

// Pages that list: the start page, an account, issues, pull requests, boards, and the form for a new issue.
import { fullName } from '../world/find.ts'
import type { Account, Issue, Repository } from '../world/world.ts'
import { type Fragment, type Html, html, icon } from './html.ts'
import { layout } from './layout.ts'
import { taskProgress } from './markdown.ts'
import { actForm, ago, author, avatar, issueLink, labelChip } from './parts.ts'
import { type PageAnswer, pathOf, type Visit } from './visit.ts'

const newest = (issues: Iterable<Issue>): Issue[] =>
  [...issues].sort((one, other) => other.number - one.number)

/** Where a reader lands: what there is, what is burning, what to try. */
export function startPage(visit: Visit): PageAnswer {
  const { world } = visit
  const open = world.repositories
    .flatMap((one) => newest(one.issues.values()))
    .filter(({ state }) => state === 'open')
  const incidents = open.filter(
    (issue) => !issue.pull && issue.labels.some(({ name }) => name === 'incident'),
  )
  const main = html`<div class="columns start"><div class="thread">
  <section><h2>Open incidents</h2>${listBox(visit, incidents, 'Nothing is burning.')}</section>
  <section><h2>Open issues and pull requests</h2>${listBox(
    visit,
    open.filter((one) => !incidents.includes(one)),
    'Nothing is open.',
  )}</section></div>
<aside class="sidebar"><section><h3>Repositories</h3>${world.repositories.map(
    (one) =>
      html`<p>${icon(one.private ? 'lock' : 'repo')} <a href="${pathOf(one)}">${fullName(one)}</a></p>`,
  )}</section><section><h3>Boards</h3>${boardLinks(visit, () => true)}</section>
  <section><h3>What to try</h3>${tries(world.repositories[0])}</section></aside></div>`
  return layout(visit, { title: 'Sandbox', main })
}

function tries(repository: Repository | undefined): Fragment {
  if (!repository) return null
  return html`<ol class="tries"><li><a href="${pathOf(repository)}/issues/new">Open an issue</a> and give it the label <code>incident</code>.</li>
  <li>Say <code>/ack</code>, <code>/sev P0</code> or <code>/help</code> in a comment.</li>
  <li>Act as somebody else with the bar below, and take the lead or approve a hotfix.</li>
  <li>Move the clock and see who is reminded.</li></ol>`
}

function boardLinks(visit: Visit, wanted: (owner: Account) => boolean): Fragment {
  const boards = visit.world.projects.filter(({ owner }) => wanted(owner))
  if (boards.length === 0) return html`<p class="muted">None yet</p>`
  return boards.map(
    (
      one,
    ) => html`<p>${icon('table')} <a href="/orgs/${one.owner.login}/projects/${one.number}">${one.title}</a>
      <span class="muted">${one.items.length} items</span></p>`,
  )
}

function listBox(visit: Visit, issues: readonly Issue[], nothing: string): Html {
  if (issues.length === 0) return html`<div class="box"><p class="blank-slate">${nothing}</p></div>`
  return html`<ul class="box list">${issues.map((issue) => row(visit, issue))}</ul>`
}

function row(visit: Visit, issue: Issue): Html {
  const tasks = taskProgress(issue.body ?? '')
  const marks = [
    tasks.all > 0 && html`<span title="Tasks">${icon('checklist')} ${tasks.done} / ${tasks.all}</span>`,
    issue.comments.length > 0 &&
      html`<span title="Comments">${icon('comment')} ${issue.comments.length}</span>`,
  ]
  return html`<li><div class="grow">${issueLink(issue)} ${issue.labels.map(labelChip)}
    <p class="muted small">${fullName(issue.repository)} · ${author(issue.author)} opened ${ago(issue.createdAt, visit)}</p></div>
    <span class="marks">${issue.assignees.map((one) => avatar(one))}${marks}</span></li>`
}

/** `?q=closed` shows what is over, `?label=` what carries it. */
export function issuesPage(visit: Visit, repository: Repository, kind: 'issues' | 'pulls'): PageAnswer {
  const closed = visit.url.searchParams.get('q') === 'closed'
  const label = visit.url.searchParams.get('label')
  const all = newest(repository.issues.values()).filter(
    (issue) =>
      (issue.pull !== null) === (kind === 'pulls') &&
      (!label || issue.labels.some(({ name }) => name === label)),
  )
  const open = all.filter(({ state }) => state === 'open')
  const path = `${pathOf(repository)}/${kind}`
  const main = html`<div class="list-head"><nav><a href="${path}" ${!closed && html`aria-current="page"`}>Open <span class="counter">${open.length}</span></a>
    <a href="${path}?q=closed" ${closed && html`aria-current="page"`}>Closed <span class="counter">${all.length - open.length}</span></a></nav>
    ${kind === 'issues' && html`<a class="button primary" href="${path}/new">New issue</a>`}</div>
  ${listBox(visit, closed ? all.filter(({ state }) => state === 'closed') : open, 'No results matched your search.')}`
  return layout(visit, {
    title: kind === 'pulls' ? 'Pull requests' : 'Issues',
    about: repository,
    tab: kind,
    main,
  })
}

export function newIssuePage(visit: Visit, repository: Repository): PageAnswer {
  const labels = repository.labels.map(
    (label) =>
      html`<label class="choice"><input type="checkbox" name="label" value="${label.name}"> ${labelChip(label)}</label>`,
  )
  const inside = html`<label>Title <input name="title" required autofocus></label>
    <label>Description <textarea name="text" rows="8"></textarea></label>
    <fieldset><legend>Labels</legend>${labels}</fieldset>
    <div class="buttons"><button class="button primary">Create</button></div>`
  const about = { owner: repository.owner.login, repo: repository.name }
  const main = html`<section class="card"><div class="gutter">${avatar(visit.person, 'large')}</div>
    <div class="grow new-issue"><h2>Create new issue as ${visit.person.login}</h2>${actForm(visit, 'open', about, inside)}</div></section>`
  return layout(visit, { title: 'New issue', about: repository, tab: 'issues', main })
}

/** A person or an organization: what is theirs. */
export function accountPage(visit: Visit, account: Account): PageAnswer {
  const owned = visit.world.repositories.filter(({ owner }) => owner === account)
  const theirs = visit.world.repositories
    .flatMap((one) => newest(one.issues.values()))
    .filter((issue) => issue.state === 'open' && issue.assignees.includes(account))
  const main = html`<header class="heading account"><h1>${avatar(account, 'large')} ${account.name ?? account.login} <span class="muted">${account.login}</span></h1></header>
  ${
    owned.length > 0 &&
    html`<h2>Repositories</h2><ul class="box list">${owned.map(
      (one) =>
        html`<li>${icon('repo')} <a class="title" href="${pathOf(one)}">${one.name}</a> <span class="muted">${one.description}</span></li>`,
    )}</ul><h2>Boards</h2>${boardLinks(visit, (owner) => owner === account)}`
  }
  ${account.kind === 'User' && html`<h2>Assigned and open</h2>${listBox(visit, theirs, 'Nothing is waiting.')}`}`
  return layout(visit, { title: account.login, about: account, main })
}

export function projectsPage(visit: Visit, account: Account): PageAnswer {
  const main = html`<h2>Projects</h2><div class="box"><div class="padded">${boardLinks(visit, (owner) => owner === account)}</div></div>`
  return layout(visit, { title: 'Projects', about: account, main })
}

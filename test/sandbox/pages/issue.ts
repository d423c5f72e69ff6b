// The issue page, and what it shares with the pull request's: heading, comment box, sidebar.
import { atLeast, roleOf } from '../world/rules.ts'
import type { Issue, ProjectItem } from '../world/world.ts'
import { fieldText } from './board-fields.ts'
import { bodyCard, conversation, pinnedCards } from './conversation.ts'
import { type Fragment, type Html, html, icon } from './html.ts'
import { layout } from './layout.ts'
import {
  about,
  actButton,
  actForm,
  ago,
  author,
  avatar,
  issueLink,
  labelChip,
  menu,
  statePill,
  teamName,
} from './parts.ts'
import { type PageAnswer, pathOf, peopleOf, type Visit } from './visit.ts'

export function issuePage(visit: Visit, issue: Issue): PageAnswer {
  const main = html`${heading(
    visit,
    issue,
    html`${author(issue.author)} opened this issue ${ago(issue.createdAt, visit)} ·
      ${issue.comments.length} comment${issue.comments.length === 1 ? '' : 's'}`,
  )}
<div class="columns"><div class="thread">
  ${pinnedCards(visit, issue)}${bodyCard(visit, issue)}${subIssues(issue)}
  ${conversation(visit, issue)}${commentBox(visit, issue)}</div>
${sidebar(visit, issue)}</div>`
  return layout(visit, {
    title: `${issue.title} · #${issue.number}`,
    about: issue.repository,
    tab: 'issues',
    main,
  })
}

export function heading(visit: Visit, issue: Issue, beneath: Fragment): Html {
  const rename = html`<input name="title" value="${issue.title}" aria-label="Title"><button class="button">Save</button>`
  return html`<header class="heading"><h1>${issue.title} <span class="muted">#${issue.number}</span></h1>
    ${menu(html`<span class="button small">Edit</span>`, actForm(visit, 'rename', about(issue), rename), 'wide right')}
    <p>${statePill(issue)} ${
      issue.parent &&
      html`<span class="muted">${icon('issue-tracked-by')} Parent: <a
      href="${pathOf(issue.parent.repository)}/issues/${issue.parent.number}">${issue.parent.title} #${issue.parent.number}</a></span>`
    }
      <span class="muted beneath">${beneath}</span></p></header>`
}

function subIssues(issue: Issue): Fragment {
  if (issue.subIssues.length === 0) return null
  const done = issue.subIssues.filter(({ state }) => state === 'closed').length
  return html`<section class="box sub-issues"><header><strong>Sub-issues</strong>
    <span class="counter">${done} of ${issue.subIssues.length}</span>
    <progress max="${issue.subIssues.length}" value="${done}"></progress></header>
    <ul>${issue.subIssues.map(
      (child) =>
        html`<li><span class="grow">${issueLink(child)}</span>${child.assignees.map((one) => avatar(one))}</li>`,
    )}</ul></section>`
}

const HINT = 'Write as you would on GitHub. A line that begins with / is a command: /help'

/** The box under the conversation, with the buttons that also close or reopen. */
export function commentBox(visit: Visit, issue: Issue): Html {
  const what = issue.pull ? 'pull request' : 'issue'
  const closer = issue.pull
    ? icon('git-pull-request-closed', 'tone-closed')
    : icon('issue-closed', 'tone-done')
  const closers =
    issue.state === 'closed'
      ? !issue.pull?.mergedAt &&
        html`<button class="button" name="state" value="reopen">${icon('issue-reopened')} Reopen ${what}</button>`
      : html`<button class="button" name="state" value="completed">${closer} Close ${what}</button>
        ${!issue.pull && html`<button class="button" name="state" value="not_planned">${icon('skip')} Close as not planned</button>`}`
  const inside = html`<textarea name="text" rows="4" placeholder="${HINT}" aria-label="Comment"></textarea>
    <div class="buttons">${closers}<button class="button primary">Comment</button></div>`
  return html`<section class="card new-comment" id="new-comment"><div class="gutter">${avatar(visit.person, 'large')}</div>
    <div class="grow"><h2>Add a comment as ${visit.person.login}</h2>${actForm(visit, 'comment', about(issue), inside)}</div></section>`
}

const section = (title: Fragment, inside: Fragment): Html =>
  html`<section><h3>${title}</h3>${inside}</section>`

export function sidebar(visit: Visit, issue: Issue): Html {
  const nobody = html`<p class="muted">None yet</p>`
  const assignees = issue.assignees.map((one) => html`<p>${avatar(one)} ${author(one)}</p>`)
  const labels = html`<p class="labels">${issue.labels.map(labelChip)}</p>`
  return html`<aside class="sidebar" aria-label="About this">
    ${issue.pull && reviewers(visit, issue)}
    ${section(picker(visit, issue, 'Assignees'), assignees.length > 0 ? assignees : nobody)}
    ${section(picker(visit, issue, 'Labels'), issue.labels.length > 0 ? labels : nobody)}
    ${section('Projects', cards(visit, issue) ?? nobody)}
    ${section('Development', development(visit, issue) ?? nobody)}
  </aside>`
}

function picker(visit: Visit, issue: Issue, what: 'Assignees' | 'Labels'): Html {
  const labels = issue.repository.labels.map((label) => {
    const has = issue.labels.includes(label)
    const text = html`${has ? icon('check') : html`<span class="blank"></span>`} ${labelChip(label)}`
    return actButton(
      visit,
      has ? 'unlabel' : 'label',
      { ...about(issue), name: label.name },
      { text, look: 'choice' },
    )
  })
  const people = peopleOf(visit.world).filter((one) => roleOf(one, issue.repository) !== 'none')
  const faces = people.map((one) => {
    const has = issue.assignees.includes(one)
    const text = html`${has ? icon('check') : html`<span class="blank"></span>`} ${avatar(one)} ${one.login}`
    return actButton(
      visit,
      has ? 'unassign' : 'assign',
      { ...about(issue), login: one.login },
      { text, look: 'choice' },
    )
  })
  return menu(html`${what} ${icon('gear')}`, what === 'Labels' ? labels : faces, 'picker')
}

function reviewers(visit: Visit, issue: Issue): Fragment {
  const pull = issue.pull
  if (!pull) return null
  const latest = new Map(pull.reviews.map((review) => [review.author, review.state]))
  const asked = pull.requestedReviewers.filter((one) => !latest.has(one))
  const marks = { approved: 'check', changes_requested: 'file-diff', commented: 'comment', dismissed: 'x' }
  const rows = [
    ...[...latest].map(
      ([who, state]) => html`<p>${avatar(who)} ${author(who)} ${icon(marks[state], `verdict-${state}`)}</p>`,
    ),
    ...asked.map((who) => html`<p>${avatar(who)} ${author(who)} ${icon('dot-fill', 'tone-waiting')}</p>`),
    ...pull.requestedTeams.map(
      (team) => html`<p>${icon('people')} ${teamName(team)} ${icon('dot-fill', 'tone-waiting')}</p>`,
    ),
  ]
  const candidates = peopleOf(visit.world).filter(
    (one) => one !== issue.author && atLeast(roleOf(one, issue.repository), 'read'),
  )
  const choices = candidates.map((one) =>
    actButton(
      visit,
      'request-review',
      { ...about(issue), login: one.login },
      { text: html`${avatar(one)} ${one.login}`, look: 'choice' },
    ),
  )
  return section(
    menu(html`Reviewers ${icon('gear')}`, choices, 'picker'),
    rows.length > 0 ? rows : html`<p class="muted">None yet</p>`,
  )
}

/** The issue's cards with their fields, as GitHub shows them beside it. */
function cards(visit: Visit, issue: Issue): Fragment {
  const items = visit.world.projects
    .flatMap(({ items: all }) => all)
    .filter(({ content }) => content === issue)
  return items.length === 0 ? null : items.map(cardSummary)
}

function cardSummary(item: ProjectItem): Html {
  const { project } = item
  const fields = project.fields.filter((field) => item.values.has(field))
  return html`<div class="project-card"><p>${icon('table')} <a href="/orgs/${project.owner.login}/projects/${project.number}">${project.title}</a>
      ${item.archivedAt && html`<span class="badge">Archived</span>`}</p>
    <dl>${fields.map((field) => html`<div><dt>${field.name}</dt><dd>${fieldText(item, field)}</dd></div>`)}</dl></div>`
}

function development(visit: Visit, issue: Issue): Fragment {
  const { repository } = issue
  const branches = issue.linkedBranches.map(
    ({ name }) =>
      html`<p>${icon('git-branch')} <a class="branch" href="${pathOf(repository)}/tree/${name}">${name}</a></p>`,
  )
  const heads = new Set(issue.linkedBranches.map(({ name }) => name))
  const pulls = visit.world.repositories
    .flatMap((one) => [...one.issues.values()])
    .filter(({ pull }) => pull && pull.head.repository === repository && heads.has(pull.head.branch))
    .map((pull) => html`<p>${issueLink(pull)}</p>`)
  return branches.length + pulls.length === 0 ? null : [...branches, ...pulls]
}

// The project page: its views as a board of columns or a table of groups, and its newest status update.
import { findAccount } from '../world/find.ts'
import type {
  Project,
  ProjectField,
  ProjectItem,
  ProjectView,
  SingleSelectOption,
  World,
} from '../world/world.ts'
import { byField, fieldNamed, fieldText, issueOf, passesFilter } from './board-fields.ts'
import { type Fragment, type Html, html, icon } from './html.ts'
import { layout } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { actForm, ago, author, avatar, labelChip, menu, stateIcon } from './parts.ts'
import { issuePath, type PageAnswer, placeOf, type Visit } from './visit.ts'

type View = Pick<
  ProjectView,
  'number' | 'name' | 'layout' | 'filter' | 'visibleFields' | 'groupBy' | 'verticalGroupBy' | 'sortBy'
>

export function findProject(world: World, owner: string, number: number): Project | undefined {
  const account = findAccount(world, owner)
  return world.projects.find((project) => project.owner === account && project.number === number)
}

/** Without a view's number: the first board, else the first view. */
export function boardPage(visit: Visit, project: Project, viewNumber: number | null): PageAnswer | null {
  const views = viewsOf(project)
  const view =
    viewNumber === null
      ? (views.find((one) => one.layout === 'board') ?? views[0])
      : views.find(({ number }) => number === viewNumber)
  if (!view) return null
  const items = project.items.filter(
    (item) => !item.archivedAt && passesFilter(item, view.filter, visit.world.now()),
  )
  for (const [id, direction] of view.sortBy.toReversed()) {
    const field = project.fields.find((one) => one.id === id)
    if (field) items.sort(byField(field, direction))
  }
  const path = `/orgs/${project.owner.login}/projects/${project.number}`
  const tabs = views.map(
    (one) =>
      html`<a href="${path}/views/${one.number}" ${one === view && html`aria-current="page"`}>${icon(
        one.layout === 'board' ? 'project' : 'table',
      )} ${one.name}</a>`,
  )
  const main = html`<header class="heading project"><h1>${project.title} <span class="muted">#${project.number}</span></h1>
    ${project.shortDescription && html`<p class="muted">${project.shortDescription}</p>`}</header>
  ${statusUpdate(visit, project)}<nav class="tabs views">${tabs}</nav>
  ${view.filter && html`<p class="filter">${icon('filter')} <code>${view.filter}</code></p>`}
  ${view.layout === 'board' ? columns(visit, view, items, project) : table(visit, view, items, project)}`
  return layout(visit, { title: project.title, about: project.owner, main })
}

/** A new project has one table, as on GitHub; a field that columns could follow gives a board beside it. */
function viewsOf(project: Project): View[] {
  if (project.views.length > 0) return project.views
  const plain = { filter: null, visibleFields: [], groupBy: [], verticalGroupBy: [], sortBy: [] }
  return [
    { ...plain, number: 1, name: 'Board', layout: 'board' },
    { ...plain, number: 2, name: 'Table', layout: 'table' },
  ]
}

const STATUSES: Record<string, { text: string; tone: string }> = {
  ON_TRACK: { text: 'On track', tone: 'success' },
  AT_RISK: { text: 'At risk', tone: 'attention' },
  OFF_TRACK: { text: 'Off track', tone: 'danger' },
  COMPLETE: { text: 'Complete', tone: 'done' },
  INACTIVE: { text: 'Inactive', tone: 'muted' },
}

function statusUpdate(visit: Visit, project: Project): Fragment {
  const update = project.statusUpdates.at(-1)
  if (!update) return null
  const look = STATUSES[update.status ?? ''] ?? { text: 'Update', tone: 'muted' }
  const repository =
    project.repositories[0] ?? visit.world.repositories.find(({ owner }) => owner === project.owner)
  const text = repository ? renderMarkdown(update.body, placeOf(visit.world, repository)) : update.body
  return html`<section class="status-update ${look.tone}"><span class="status-pill">${look.text}</span>
    <div class="markdown-body">${text}</div><p class="muted">${avatar(update.creator)} ${author(update.creator)} ${ago(update.createdAt, visit)}</p></section>`
}

/** The field whose options are the columns: the view's own, else `Phase`, else `Status`. */
function columnField(view: View, project: Project): ProjectField | undefined {
  const chosen = project.fields.find(({ id }) => id === (view.verticalGroupBy[0] ?? view.groupBy[0]))
  return chosen ?? fieldNamed(project.fields, 'Phase') ?? fieldNamed(project.fields, 'Status')
}

function columns(visit: Visit, view: View, items: readonly ProjectItem[], project: Project): Html {
  const field = columnField(view, project)
  const options = field?.options ?? []
  const without = items.filter((item) => !field || fieldText(item, field) === '')
  const nothing = without.length > 0 && column(visit, { option: null, field }, without)
  return html`<div class="board">${nothing}${options.map((option) => {
    const held = items.filter((item) => field && fieldText(item, field) === option.name)
    return column(visit, { option, field }, held)
  })}</div>`
}

type Column = { option: SingleSelectOption | null; field: ProjectField | undefined }

function column(visit: Visit, { option, field }: Column, items: readonly ProjectItem[]): Html {
  return html`<section class="column"><header><span class="ring option-${(option?.color ?? 'GRAY').toLowerCase()}"></span>
    <strong>${option?.name ?? `No ${field?.name ?? 'value'}`}</strong> <span class="counter">${items.length}</span></header>
    ${option?.description && html`<p class="muted">${option.description}</p>`}
    ${items.map((item) => card(visit, item, field))}</section>`
}

function card(visit: Visit, item: ProjectItem, columnOf: ProjectField | undefined): Html {
  const issue = issueOf(item)
  const chips = item.project.fields
    .filter((field) => field !== columnOf && item.values.has(field) && fieldText(item, field) !== '')
    .map(
      (field) =>
        html`<span class="chip ${optionTone(item, field)}" title="${field.name}">${fieldText(item, field)}</span>`,
    )
  return html`<article class="board-card" id="item-${item.id}"><p class="muted small">${
    issue
      ? html`${stateIcon(issue)} ${issue.repository.name} #${issue.number}`
      : html`${icon('issue-draft')} Draft`
  } <span class="grow"></span>${issue?.assignees.map((one) => avatar(one))}</p>
    <h3>${issue ? html`<a href="${issuePath(issue)}">${issue.title}</a>` : item.content.title}</h3>
    <p class="chips">${chips}</p>${issue && html`<p class="chips">${issue.labels.map(labelChip)}</p>`}
    ${menu(html`${icon('arrow-switch')} Move`, moves(visit, item), 'move')}</article>`
}

function optionTone(item: ProjectItem, field: ProjectField): string {
  const value = item.values.get(field)
  if (value?.type !== 'option') return ''
  return `option-${(field.options.find(({ id }) => id === value.optionId)?.color ?? 'GRAY').toLowerCase()}`
}

/** A select for each field with options; choosing is the move. */
const moves = (visit: Visit, item: ProjectItem): Html[] =>
  item.project.fields
    .filter(({ dataType }) => dataType === 'SINGLE_SELECT')
    .map((field) => chooser(visit, item, field))

function chooser(visit: Visit, item: ProjectItem, field: ProjectField): Html {
  const current = fieldText(item, field)
  const options = field.options.map(
    ({ id, name }) => html`<option value="${id}" ${name === current && html`selected`}>${name}</option>`,
  )
  const about = { project: item.project.nodeId, item: item.nodeId, field: field.nodeId }
  const select = html`<label><span>${field.name}</span> <select name="option" data-submits><option value="">–</option>${options}</select></label>
    <noscript><button class="button small">Set</button></noscript>`
  return actForm(visit, 'move', about, select)
}

function table(visit: Visit, view: View, items: readonly ProjectItem[], project: Project): Html {
  const group = project.fields.find(({ id }) => id === view.groupBy[0])
  const shown = project.fields.filter((field) =>
    view.visibleFields.length > 0
      ? view.visibleFields.includes(field.id)
      : items.some((item) => fieldText(item, field) !== '') &&
        !['LABELS', 'REPOSITORY'].includes(field.dataType),
  )
  const fields = shown.filter(({ dataType }) => dataType !== 'TITLE')
  const groups = group
    ? Map.groupBy(items, (item) => fieldText(item, group) || `No ${group.name}`)
    : new Map([['', items]])
  const head = html`<tr><th>Title</th>${fields.map(({ name }) => html`<th>${name}</th>`)}</tr>`
  const bodies = [...groups].map(([name, held]) => {
    const bar =
      name !== '' &&
      html`<tr class="group"><th colspan="${fields.length + 1}">${name} <span class="counter">${held.length}</span></th></tr>`
    return html`<tbody>${bar}${held.map((item) => tableRow(visit, item, fields))}</tbody>`
  })
  return html`<div class="scroll box"><table class="items"><thead>${head}</thead>${bodies}</table></div>
    ${items.length === 0 && html`<p class="blank-slate">No items here.</p>`}`
}

function tableRow(visit: Visit, item: ProjectItem, fields: readonly ProjectField[]): Html {
  const issue = issueOf(item)
  const title = issue
    ? html`${stateIcon(issue)} <a href="${issuePath(issue)}">${issue.title}</a> <span class="muted">#${issue.number}</span>`
    : html`${icon('issue-draft')} ${item.content.title}`
  const today = new Date(visit.world.now()).toISOString().slice(0, 10)
  const cells = fields.map((field) => {
    const text = fieldText(item, field)
    const late = field.dataType === 'DATE' && text !== '' && text < today && issue?.state === 'open'
    const look =
      field.dataType === 'SINGLE_SELECT' && text !== ''
        ? `chip ${optionTone(item, field)}`
        : late
          ? 'late'
          : ''
    return html`<td><span class="${look}">${text}</span></td>`
  })
  return html`<tr><td>${title}</td>${cells}</tr>`
}

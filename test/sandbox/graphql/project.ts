// GraphQL: Projects v2, their fields, items, values, views and status updates.

import { iso, seesProjects, seesRepository } from '../world/rules.ts'
import type {
  Account,
  DraftIssue,
  FieldValue,
  Issue,
  Project,
  ProjectField,
  ProjectItem,
  ProjectStatusUpdate,
  ProjectView,
} from '../world/world.ts'
import {
  type Context,
  connection,
  ids,
  missing,
  type Order,
  ordered,
  type Page,
  type ResolverMap,
  type Resolvers,
  same,
  times,
} from './resolver.ts'

export type { Project } from '../world/world.ts'

/** An app sees no user's project: GitHub answers an empty list, not a refusal. */
export function ownedProjects(owner: Account, { world, actor }: Context): Project[] {
  return world.projects.filter((each) => each.owner === owner && seesProjects(actor, each.owner))
}

export function projectByNumber(projects: Project[], number: number): Project {
  const found = projects.find((each) => each.number === number)
  if (!found) throw missing(`a ProjectV2 with the number ${number}`)
  return found
}

/** `query` filters by words of the title and by `is:open` and `is:closed`; by default the newest comes first. */
export function projectConnection(
  projects: Project[],
  args: Page & { query?: string | null; orderBy?: Order },
) {
  const words = (args.query ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const matching = projects.filter((project) =>
    words.every((word) => {
      if (word === 'is:open') return !project.closed
      if (word === 'is:closed') return project.closed
      return project.title.toLowerCase().includes(word.replaceAll('"', ''))
    }),
  )
  const keys = {
    NUMBER: (project: Project) => project.number,
    TITLE: (project: Project) => project.title,
    CREATED_AT: (project: Project) => project.createdAt,
    UPDATED_AT: (project: Project) => project.updatedAt,
  }
  const sorted = ordered(matching, args.orderBy ?? { field: 'NUMBER', direction: 'DESC' }, keys)
  return connection(sorted, args, 'projectsV2')
}

const projectPath = (project: Project): string =>
  `/${project.owner.kind === 'Organization' ? 'orgs' : 'users'}/${project.owner.login}/projects/${project.number}`

const project: Resolvers<Project> = {
  ...ids,
  ...times,
  ...same('number', 'owner', 'title', 'shortDescription', 'readme', 'public', 'closed', 'creator'),
  closedAt: (source) => (source.closed ? iso(source.updatedAt) : null),
  template: () => false,
  resourcePath: (source) => projectPath(source),
  url: (source, _: unknown, { world }) => `${world.url}${projectPath(source)}`,
  viewerCanUpdate: () => true,
  viewerCanClose: (source) => !source.closed,
  viewerCanReopen: (source) => source.closed,
  field: (source, { name }: { name: string }) =>
    source.fields.find((each) => each.name.toLowerCase() === name.toLowerCase()) ?? null,
  fields: (source, args: Page) => connection(source.fields, args, 'fields'),
  items: (source, args: Page) => {
    const active = source.items.filter((item) => item.archivedAt === null)
    return connection(active, args, 'items')
  },
  statusUpdates: (source, args: Page & { orderBy?: Order }) => {
    const updates = source.statusUpdates.map((update) => ({ ...update, project: source }))
    const keys = { CREATED_AT: (update: ProjectStatusUpdate) => update.createdAt }
    return connection(ordered(updates, args.orderBy, keys), args, 'statusUpdates')
  },
  view: (source, { number }: { number: number }) =>
    viewsOf(source).find((each) => each.number === number) ?? null,
  views: (source, args: Page) => connection(viewsOf(source), args, 'views'),
  repositories: (source, args: Page, { actor }) => {
    const visible = source.repositories.filter((each) => seesRepository(actor, each))
    return connection(visible, args, 'repositories')
  },
  teams: (_source, args: Page) => connection([], args, 'teams'),
}

/** An item whose content the viewer may not see is REDACTED on GitHub; it stays in the list. */
const seesContent = (item: ProjectItem, { actor }: Context): boolean =>
  item.content.kind === 'DraftIssue' || seesRepository(actor, item.content.repository)

type ViewInProject = ProjectView & { project: Project }

const viewsOf = (source: Project): ViewInProject[] =>
  source.views.map((view) => ({ ...view, project: source }))

function fieldsById(source: ViewInProject, wanted: number[]): ProjectField[] {
  return source.project.fields.filter((field) => wanted.includes(field.id))
}

const view: Resolvers<ViewInProject> = {
  ...ids,
  ...same('number', 'name', 'filter', 'project'),
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.createdAt),
  layout: (source) => `${source.layout.toUpperCase()}_LAYOUT`,
  fields: (source, args: Page) => connection(fieldsById(source, source.visibleFields), args, 'fields'),
  groupByFields: (source, args: Page) =>
    connection(fieldsById(source, source.groupBy), args, 'groupByFields'),
  verticalGroupByFields: (source, args: Page) =>
    connection(fieldsById(source, source.verticalGroupBy), args, 'verticalGroupByFields'),
  sortByFields: (source, args: Page) => {
    const sorted = source.sortBy.flatMap(([id, direction]) =>
      fieldsById(source, [id]).map((field) => ({ field, direction: direction.toUpperCase() })),
    )
    return connection(sorted, args, 'sortByFields')
  },
}

const field: Resolvers<ProjectField> = {
  ...times,
  ...same('name', 'dataType', 'project'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
}

const singleSelectField: Resolvers<ProjectField> = {
  ...field,
  options: (source, { names }: { names?: string[] | null }) =>
    source.options
      .filter((option) => !names || names.includes(option.name))
      .map((option) => ({ ...option, nameHTML: option.name, descriptionHTML: option.description })),
}

const item: Resolvers<ProjectItem> = {
  ...ids,
  ...times,
  ...same('project', 'creator'),
  isArchived: (source) => source.archivedAt !== null,
  type: (source, _: unknown, context) => {
    if (!seesContent(source, context)) return 'REDACTED'
    if (source.content.kind === 'DraftIssue') return 'DRAFT_ISSUE'
    return source.content.pull === null ? 'ISSUE' : 'PULL_REQUEST'
  },
  content: (source, _: unknown, context) => (seesContent(source, context) ? source.content : null),
  fieldValueByName: (source, { name }: { name: string }) =>
    valuesOf(source).find((value) => value.field.name.toLowerCase() === name.toLowerCase()) ?? null,
  fieldValues: (source, args: Page) => connection(valuesOf(source), args, 'fieldValues'),
}

type Value = { __typename: string; [key: string]: unknown }
type ItemValue = Value & { field: ProjectField }

/** What the item shows: title, assignees, labels and repository of its content, then the board's own values. */
function valuesOf(source: ProjectItem): ItemValue[] {
  return source.project.fields.flatMap((each) => {
    const stored = source.values.get(each)
    const value = stored ? ownValue(each, stored) : contentValue(each, source.content)
    return value ? [{ ...common(source, each), ...value, field: each }] : []
  })
}

function common(source: ProjectItem, each: ProjectField) {
  return {
    id: `PVTFV_${source.id}_${each.id}`,
    databaseId: source.id,
    item: source,
    creator: source.creator,
    createdAt: iso(source.createdAt),
    updatedAt: iso(source.updatedAt),
  }
}

function ownValue(each: ProjectField, value: FieldValue): Value | undefined {
  if (value.type === 'text') return { __typename: 'ProjectV2ItemFieldTextValue', ...value }
  if (value.type === 'number') return { __typename: 'ProjectV2ItemFieldNumberValue', ...value }
  if (value.type === 'date') return { __typename: 'ProjectV2ItemFieldDateValue', ...value }
  // An option that was replaced leaves the card without a value.
  const option = each.options.find(({ id }) => id === value.optionId)
  if (!option) return undefined
  const { id, ...rest } = option
  const html = { nameHTML: rest.name, descriptionHTML: rest.description }
  return { __typename: 'ProjectV2ItemFieldSingleSelectValue', ...rest, ...html, optionId: id }
}

function contentValue(each: ProjectField, content: Issue | DraftIssue): Value | undefined {
  if (each.dataType === 'TITLE') return { __typename: 'ProjectV2ItemFieldTextValue', text: content.title }
  if (content.kind === 'DraftIssue') return undefined
  const { labels, assignees, repository } = content
  if (each.dataType === 'LABELS' && labels.length > 0) {
    return { __typename: 'ProjectV2ItemFieldLabelValue', content }
  }
  if (each.dataType === 'ASSIGNEES' && assignees.length > 0) {
    return { __typename: 'ProjectV2ItemFieldUserValue', content }
  }
  if (each.dataType === 'REPOSITORY') return { __typename: 'ProjectV2ItemFieldRepositoryValue', repository }
  return undefined
}

type ListValue = { field: ProjectField; content: Issue }

const labelValue: Resolvers<ListValue> = {
  ...same('field'),
  labels: (source, args: Page) => connection(source.content.labels, args, 'labels'),
}

const userValue: Resolvers<ListValue> = {
  ...same('field'),
  users: (source, args: Page) => connection(source.content.assignees, args, 'users'),
}

const draft: Resolvers<DraftIssue> = {
  ...same('title', 'body', 'creator'),
  id: (source) => source.nodeId,
  bodyText: (source) => source.body,
  assignees: (_source, args: Page) => connection([], args, 'assignees'),
}

const statusUpdate: Resolvers<ProjectStatusUpdate & { project: Project }> = {
  ...ids,
  ...times,
  ...same('body', 'status', 'startDate', 'targetDate', 'creator', 'project'),
}

export const projectResolvers: ResolverMap = {
  ProjectV2: project,
  ProjectV2View: view,
  ProjectV2Field: field,
  ProjectV2SingleSelectField: singleSelectField,
  ProjectV2Item: item,
  ProjectV2ItemFieldLabelValue: labelValue,
  ProjectV2ItemFieldUserValue: userValue,
  DraftIssue: draft,
  ProjectV2StatusUpdate: statusUpdate,
}

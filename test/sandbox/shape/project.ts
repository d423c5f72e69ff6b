// REST and webhook shapes of Projects v2.
import { iso, isoOrNull } from '../world/rules.ts'
import type {
  FieldValue,
  Project,
  ProjectField,
  ProjectItem,
  ProjectStatusUpdate,
  ProjectView,
  World,
} from '../world/world.ts'
import { accountShape, type Shape } from './account.ts'
import { issueShape } from './issue.ts'
import { simplePullShape } from './pull.ts'
import { repositoryShape } from './repository.ts'

function ownerPath(project: Project): string {
  return project.owner.kind === 'Organization'
    ? `orgs/${project.owner.login}`
    : `users/${project.owner.login}`
}

function projectUrl(world: World, project: Project): string {
  return `${world.apiUrl}/${ownerPath(project)}/projectsV2/${project.number}`
}

function projectPage(world: World, project: Project): string {
  return `${world.url}/${ownerPath(project)}/projects/${project.number}`
}

export function projectShape(world: World, project: Project): Shape {
  const latest = project.statusUpdates.at(-1)
  return {
    id: project.id,
    node_id: project.nodeId,
    owner: accountShape(world, project.owner),
    creator: accountShape(world, project.creator),
    title: project.title,
    description: project.readme,
    public: project.public,
    closed_at: project.closed ? iso(project.updatedAt) : null,
    created_at: iso(project.createdAt),
    updated_at: iso(project.updatedAt),
    number: project.number,
    short_description: project.shortDescription,
    deleted_at: null,
    deleted_by: null,
    state: project.closed ? 'closed' : 'open',
    latest_status_update: latest === undefined ? null : statusUpdateShape(world, project, latest),
    is_template: false,
  }
}

export function statusUpdateShape(world: World, project: Project, update: ProjectStatusUpdate): Shape {
  return {
    id: update.id,
    node_id: update.nodeId,
    project_node_id: project.nodeId,
    creator: accountShape(world, update.creator),
    created_at: iso(update.createdAt),
    updated_at: iso(update.updatedAt),
    status: update.status,
    body: update.body,
    ...(update.startDate === null ? {} : { start_date: update.startDate }),
    ...(update.targetDate === null ? {} : { target_date: update.targetDate }),
  }
}

export function fieldShape(world: World, field: ProjectField): Shape {
  return {
    id: field.id,
    node_id: field.nodeId,
    name: field.name,
    data_type: field.dataType.toLowerCase(),
    project_url: projectUrl(world, field.project),
    created_at: iso(field.createdAt),
    updated_at: iso(field.updatedAt),
    ...(field.dataType === 'SINGLE_SELECT'
      ? {
          options: field.options.map((option) => ({
            id: option.id,
            name: { raw: option.name, html: option.name },
            color: option.color,
            description: { raw: option.description, html: option.description },
          })),
        }
      : {}),
  }
}

function contentType(item: ProjectItem): 'Issue' | 'PullRequest' | 'DraftIssue' {
  if (item.content.kind === 'DraftIssue') return 'DraftIssue'
  return item.content.pull === null ? 'Issue' : 'PullRequest'
}

/** Of webhooks. */
export function itemShape(world: World, item: ProjectItem): Shape {
  return {
    id: item.id,
    node_id: item.nodeId,
    project_node_id: item.project.nodeId,
    content_node_id: item.content.nodeId,
    content_type: contentType(item),
    creator: accountShape(world, item.creator),
    created_at: iso(item.createdAt),
    updated_at: iso(item.updatedAt),
    archived_at: isoOrNull(item.archivedAt),
  }
}

/** Of REST; `fields` are the ones asked for. */
export function itemWithContentShape(world: World, item: ProjectItem, fields: ProjectField[]): Shape {
  const url = projectUrl(world, item.project)
  return {
    id: item.id,
    node_id: item.nodeId,
    project_url: url,
    content_type: contentType(item),
    content: contentShape(world, item),
    creator: accountShape(world, item.creator),
    created_at: iso(item.createdAt),
    updated_at: iso(item.updatedAt),
    archived_at: isoOrNull(item.archivedAt),
    item_url: `${url}/items/${item.id}`,
    fields: fields.map((field) => ({
      id: field.id,
      name: field.name,
      data_type: field.dataType.toLowerCase(),
      value: fieldValueShape(item, field),
    })),
  }
}

function contentShape(world: World, item: ProjectItem): Shape {
  const { content } = item
  if (content.kind === 'DraftIssue') {
    return {
      id: content.id,
      node_id: content.nodeId,
      title: content.title,
      body: content.body,
      user: accountShape(world, content.creator),
      created_at: iso(item.createdAt),
      updated_at: iso(item.updatedAt),
    }
  }
  if (content.pull !== null) return simplePullShape(world, content.pull)
  return { ...issueShape(world, content), repository: repositoryShape(world, content.repository) }
}

function fieldValueShape(item: ProjectItem, field: ProjectField): unknown {
  if (field.dataType === 'TITLE') return { raw: item.content.title, html: item.content.title }
  const value: FieldValue | undefined = item.values.get(field)
  if (value === undefined) return null
  if (value.type === 'text') return { raw: value.text, html: value.text }
  if (value.type === 'number') return value.number
  if (value.type === 'date') return value.date
  const option = field.options.find((each) => each.id === value.optionId)
  return option === undefined ? null : { id: option.id, name: { raw: option.name, html: option.name } }
}

export function viewShape(world: World, project: Project, view: ProjectView): Shape {
  return {
    id: view.id,
    number: view.number,
    name: view.name,
    layout: view.layout,
    node_id: view.nodeId,
    project_url: projectUrl(world, project),
    html_url: `${projectPage(world, project)}/views/${view.number}`,
    creator: accountShape(world, view.creator),
    created_at: iso(view.createdAt),
    updated_at: iso(view.createdAt),
    filter: view.filter,
    visible_fields: view.visibleFields,
    sort_by: view.sortBy,
    group_by: view.groupBy,
    vertical_group_by: view.verticalGroupBy,
  }
}

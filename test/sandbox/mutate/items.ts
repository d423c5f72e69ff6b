// Cards on a board: added, valued, archived, deleted.
import { emit, touch } from '../emit.ts'
import { itemShape } from '../shape/project.ts'
import { newId, nodeId, personActor, register } from '../world/rules.ts'
import type {
  Account,
  Actor,
  DraftIssue,
  FieldValue,
  Issue,
  Project,
  ProjectField,
  ProjectFieldType,
  ProjectItem,
  World,
} from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { requireProject } from './projects.ts'

/** The same content twice is the same card. */
export function addItem(
  world: World,
  actor: Actor,
  input: { project: Project; content: Issue },
): ProjectItem {
  const { project, content } = input
  requireProject(actor, project.owner)
  const existing = project.items.find((item) => item.content === content)
  if (existing !== undefined) return existing
  if (project.items.length >= 50_000)
    throw new GitHubRefusal(422, 'Project cannot have more than 50000 items')
  return insertItem(world, actor, project, content)
}

export function addDraft(
  world: World,
  actor: Actor,
  input: { project: Project; title: string; body?: string | null },
): ProjectItem {
  requireProject(actor, input.project.owner)
  const id = newId(world)
  const draft: DraftIssue = register(world, {
    kind: 'DraftIssue',
    id,
    nodeId: nodeId('DI', id),
    title: input.title,
    body: input.body ?? '',
    creator: actor.account,
  })
  return insertItem(world, actor, input.project, draft)
}

function insertItem(
  world: World,
  actor: Actor,
  project: Project,
  content: ProjectItem['content'],
): ProjectItem {
  const id = newId(world)
  const now = world.now()
  const item: ProjectItem = register(world, {
    kind: 'ProjectItem',
    id,
    nodeId: nodeId('PVTI', id),
    project,
    content,
    creator: actor.account,
    archivedAt: null,
    values: new Map(),
    createdAt: now,
    updatedAt: now,
  })
  project.items.push(item)
  emitItem(world, actor, item, { action: 'created' })
  return item
}

const SETTABLE: ReadonlySet<ProjectFieldType> = new Set(['TEXT', 'NUMBER', 'DATE', 'SINGLE_SELECT'])
const TYPE_OF: Record<FieldValue['type'], ProjectFieldType> = {
  text: 'TEXT',
  number: 'NUMBER',
  date: 'DATE',
  option: 'SINGLE_SELECT',
}

type ValueInput = { project: Project; item: ProjectItem; field: ProjectField; value: FieldValue }

/** Title, assignees, labels and so on are not settable here; an unknown option is refused. */
export function setFieldValue(world: World, actor: Actor, input: ValueInput): ProjectItem {
  const { item, field, value } = input
  requireProject(actor, input.project.owner)
  checkValue(input)
  const from = item.values.get(field) ?? null
  item.values.set(field, value)
  item.updatedAt = world.now()
  input.project.updatedAt = item.updatedAt
  emitValue(world, actor, { item, field, from, to: value })
  return item
}

function checkValue(input: ValueInput): void {
  const { field, value } = input
  if (field.project !== input.project || input.item.project !== input.project) {
    throw new GitHubRefusal(422, 'The field or the item does not belong to the project.')
  }
  if (input.item.archivedAt !== null) {
    throw new GitHubRefusal(422, 'The item is archived and cannot be updated.')
  }
  if (!SETTABLE.has(field.dataType)) {
    throw new GitHubRefusal(
      422,
      `The field of type ${field.dataType.toLowerCase()} is currently not supported.`,
    )
  }
  if (TYPE_OF[value.type] !== field.dataType) {
    throw new GitHubRefusal(
      422,
      `Did not receive a ${field.dataType.toLowerCase().replace('_', ' ')} value to update a field of type ${field.dataType.toLowerCase()}`,
    )
  }
  if (value.type === 'option' && !field.options.some((option) => option.id === value.optionId)) {
    throw new GitHubRefusal(422, 'The single select option Id does not belong to the field')
  }
  if (value.type === 'date' && !/^\d{4}-\d{2}-\d{2}/.test(value.date)) {
    throw new GitHubRefusal(422, 'The date is not valid')
  }
}

export function clearFieldValue(
  world: World,
  actor: Actor,
  input: { project: Project; item: ProjectItem; field: ProjectField },
): ProjectItem {
  requireProject(actor, input.project.owner)
  const from = input.item.values.get(input.field)
  if (from === undefined) return input.item
  input.item.values.delete(input.field)
  input.item.updatedAt = world.now()
  emitValue(world, actor, { item: input.item, field: input.field, from, to: null })
  return input.item
}

type CardInput = { project: Project; item: ProjectItem }

export function archiveItem(world: World, actor: Actor, input: CardInput): ProjectItem {
  requireProject(actor, input.project.owner)
  if (input.item.archivedAt !== null) return input.item
  input.item.archivedAt = world.now()
  input.item.updatedAt = input.item.archivedAt
  emitArchival(world, actor, input.item, { from: null, to: input.item.archivedAt })
  return input.item
}

export function unarchiveItem(world: World, actor: Actor, input: CardInput): ProjectItem {
  requireProject(actor, input.project.owner)
  const from = input.item.archivedAt
  if (from === null) return input.item
  input.item.archivedAt = null
  input.item.updatedAt = world.now()
  emitArchival(world, actor, input.item, { from, to: null })
  return input.item
}

function emitArchival(
  world: World,
  actor: Actor,
  item: ProjectItem,
  at: { from: number | null; to: number | null },
): void {
  const written = (time: number | null): string | null =>
    time === null ? null : new Date(time).toISOString()
  emitItem(world, actor, item, {
    action: at.to === null ? 'restored' : 'archived',
    changes: { archived_at: { from: written(at.from), to: written(at.to) } },
  })
}

export function deleteItem(world: World, actor: Actor, input: CardInput): ProjectItem {
  requireProject(actor, input.project.owner)
  input.project.items = input.project.items.filter((other) => other !== input.item)
  world.nodes.delete(input.item.nodeId)
  emitItem(world, actor, input.item, { action: 'deleted' })
  return input.item
}

type ValueChange = { item: ProjectItem; field: ProjectField; from: FieldValue | null; to: FieldValue | null }

function emitValue(world: World, actor: Actor, change: ValueChange): void {
  const { field } = change
  emitItem(world, actor, change.item, {
    action: 'edited',
    changes: {
      field_value: {
        field_node_id: field.nodeId,
        field_type: field.dataType.toLowerCase(),
        field_name: field.name,
        project_number: field.project.number,
        from: changedValue(field, change.from),
        to: changedValue(field, change.to),
      },
    },
  })
}

function changedValue(field: ProjectField, value: FieldValue | null): unknown {
  if (value === null) return null
  if (value.type === 'text') return value.text
  if (value.type === 'number') return value.number
  if (value.type === 'date') return `${value.date}T00:00:00+00:00`
  return field.options.find((option) => option.id === value.optionId) ?? null
}

/** A user's board tells no app. */
function emitItem(
  world: World,
  actor: Actor,
  item: ProjectItem,
  what: { action: string; changes?: Record<string, unknown> },
): void {
  touch(world)
  if (item.project.owner.kind !== 'Organization') return
  const changes = what.changes === undefined ? {} : { changes: what.changes }
  emit(world, actor, {
    event: 'projects_v2_item',
    action: what.action,
    organization: item.project.owner,
    payload: { projects_v2_item: itemShape(world, item), ...changes },
  })
}

/** The built-in workflow of a new board: a closed issue's card gets Status Done, in the automation's name. */
export function automateClosed(world: World, automation: Account, issue: Issue): void {
  for (const project of world.projects) {
    const item = project.items.find((each) => each.content === issue && each.archivedAt === null)
    const status = project.fields.find((field) => field.name === 'Status')
    const done = status?.options.find((option) => option.name === 'Done')
    if (!project.automation || item === undefined || status === undefined || done === undefined) continue
    const current = item.values.get(status)
    if (current?.type === 'option' && current.optionId === done.id) continue
    const value: FieldValue = { type: 'option', optionId: done.id }
    item.values.set(status, value)
    item.updatedAt = world.now()
    emitValue(world, personActor(automation), { item, field: status, from: current ?? null, to: value })
  }
}

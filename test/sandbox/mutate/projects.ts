// Boards (Projects v2): the project itself, its fields, status updates and views.
import { emit, touch } from '../emit.ts'
import { statusUpdateShape } from '../shape/project.ts'
import {
  checkOptions,
  freshOption,
  insertField,
  insertSystemFields,
  insertView,
  type ViewInput,
} from '../world/project-parts.ts'
import {
  hasPermission,
  newId,
  nodeId,
  permissionsOf,
  register,
  requirePermission,
  seesProjects,
} from '../world/rules.ts'
import type {
  Account,
  Actor,
  Project,
  ProjectField,
  ProjectFieldType,
  ProjectStatusUpdate,
  ProjectView,
  Repository,
  World,
} from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

/** A board that the actor cannot see is not there for it; one that it sees but may not write is refused. */
export function requireProject(actor: Actor, owner: Account): void {
  if (!seesProjects(actor, owner)) {
    const granted =
      owner.kind === 'Organization' && hasPermission(permissionsOf(actor), 'organization_projects', 'read')
    throw granted
      ? new GitHubRefusal(404, 'Not Found')
      : new GitHubRefusal(403, 'Resource not accessible by integration', {
          accepted: 'organization_projects=write',
        })
  }
  requirePermission(actor, owner, { name: 'organization_projects', level: 'write' })
}

/** With GitHub's own fields, a Status of three options and one table view. */
export function createProject(
  world: World,
  actor: Actor,
  input: { owner: Account; title: string; repository?: Repository | null },
): Project {
  requireProject(actor, input.owner)
  const id = newId(world)
  const now = world.now()
  const project: Project = register(world, {
    kind: 'Project',
    id,
    nodeId: nodeId('PVT', id),
    number:
      1 +
      Math.max(0, ...world.projects.filter((each) => each.owner === input.owner).map((each) => each.number)),
    owner: input.owner,
    title: input.title,
    shortDescription: null,
    readme: null,
    public: false,
    closed: false,
    automation: true,
    creator: actor.account,
    fields: [],
    items: [],
    statusUpdates: [],
    views: [],
    repositories: [],
    createdAt: now,
    updatedAt: now,
  })
  insertSystemFields(world, project)
  world.projects.push(project)
  insertView(world, actor, project, { name: 'View 1', layout: 'table' })
  if (input.repository) project.repositories.push(input.repository)
  touch(world)
  return project
}

export function updateProject(
  world: World,
  actor: Actor,
  input: {
    project: Project
    title?: string | null
    shortDescription?: string | null
    readme?: string | null
    public?: boolean | null
    closed?: boolean | null
  },
): Project {
  const { project } = input
  requireProject(actor, project.owner)
  project.title = input.title ?? project.title
  project.shortDescription = input.shortDescription ?? project.shortDescription
  project.readme = input.readme ?? project.readme
  project.public = input.public ?? project.public
  project.closed = input.closed ?? project.closed
  project.updatedAt = world.now()
  touch(world)
  return project
}

export function linkRepository(
  world: World,
  actor: Actor,
  input: { project: Project; repository: Repository },
): Repository {
  requireProject(actor, input.project.owner)
  if (input.repository.owner !== input.project.owner) {
    throw new GitHubRefusal(422, 'Repository must belong to the owner of the project.')
  }
  if (!input.project.repositories.includes(input.repository))
    input.project.repositories.push(input.repository)
  touch(world)
  return input.repository
}

export type OptionInput = { id?: string | null; name: string; color: string; description: string }

/** At most 50 fields with GitHub's own, 50 options, and no name twice. */
export function createField(
  world: World,
  actor: Actor,
  input: { project: Project; name: string; dataType: ProjectFieldType; options?: OptionInput[] },
): ProjectField {
  const { project, name } = input
  requireProject(actor, project.owner)
  if (project.fields.some((field) => field.name.toLowerCase() === name.toLowerCase())) {
    throw new GitHubRefusal(422, 'Name has already been taken')
  }
  if (project.fields.length >= 50) throw new GitHubRefusal(422, 'Project cannot have more than 50 fields')
  if (input.dataType === 'SINGLE_SELECT') checkOptions(input.options)
  const field = insertField(world, project, input)
  touch(world)
  return field
}

/** Overwrites all options: those sent without their id are new ones, and the values of the old are orphans. */
export function updateField(
  world: World,
  actor: Actor,
  input: { field: ProjectField; name?: string | null; options?: OptionInput[] | null },
): ProjectField {
  const { field } = input
  requireProject(actor, field.project.owner)
  field.name = input.name ?? field.name
  if (input.options) {
    checkOptions(input.options)
    field.options = input.options.map((option) => {
      const known = field.options.find((each) => each.id === option.id)
      return known === undefined ? freshOption(world, option) : { ...known, ...option, id: known.id }
    })
  }
  field.updatedAt = world.now()
  touch(world)
  return field
}

export function deleteField(world: World, actor: Actor, input: { field: ProjectField }): ProjectField {
  const { field } = input
  requireProject(actor, field.project.owner)
  field.project.fields = field.project.fields.filter((other) => other !== field)
  for (const item of field.project.items) item.values.delete(field)
  world.nodes.delete(field.nodeId)
  touch(world)
  return field
}

export type StatusUpdateInput = {
  project: Project
  status?: ProjectStatusUpdate['status']
  body?: string | null
  startDate?: string | null
  targetDate?: string | null
}

export function createStatusUpdate(
  world: World,
  actor: Actor,
  input: StatusUpdateInput,
): ProjectStatusUpdate {
  const { project } = input
  requireProject(actor, project.owner)
  const id = newId(world)
  const now = world.now()
  const update: ProjectStatusUpdate = {
    id,
    nodeId: nodeId('PVTSU', id),
    status: input.status ?? null,
    body: input.body ?? '',
    creator: actor.account,
    startDate: input.startDate ?? null,
    targetDate: input.targetDate ?? null,
    createdAt: now,
    updatedAt: now,
  }
  project.statusUpdates.push(update)
  project.updatedAt = now
  emit(world, actor, {
    event: 'projects_v2_status_update',
    action: 'created',
    organization: project.owner,
    payload: { projects_v2_status_update: statusUpdateShape(world, project, update) },
  })
  return update
}

export function createView(world: World, actor: Actor, input: ViewInput & { project: Project }): ProjectView {
  requireProject(actor, input.project.owner)
  const known = new Set(input.project.fields.map((field) => field.id))
  const named = [...(input.visibleFields ?? []), ...(input.groupBy ?? []), ...(input.verticalGroupBy ?? [])]
  if (named.some((id) => !known.has(id))) throw new GitHubRefusal(422, 'Invalid field IDs')
  if (input.name.trim() === '') throw new GitHubRefusal(422, 'Name cannot be blank')
  return insertView(world, actor, input.project, input)
}

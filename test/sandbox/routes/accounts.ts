// REST: users, organizations, teams and their boards.
import { z } from 'zod'
import { type Answer, accountOf, type Call, created, noContent, ok, paged, type Route, read } from '../api.ts'
import { addDraft, addItem, clearFieldValue, deleteItem, setFieldValue } from '../mutate/items.ts'
import { createField, createView } from '../mutate/projects.ts'
import {
  accountShape,
  fullOrganizationShape,
  fullTeamShape,
  publicAccountShape,
  teamShape,
} from '../shape/account.ts'
import { fieldShape, itemWithContentShape, projectShape, viewShape } from '../shape/project.ts'
import { repositoryShape } from '../shape/repository.ts'
import { findTeam } from '../world/find.ts'
import { hasPermission, notFound, permissionsOf, requirePermission, seesProjects } from '../world/rules.ts'
import type { Account, FieldValue, Project, ProjectField, ProjectItem, Team } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

function organizationOf(call: Call): Account {
  const account = accountOf(call, call.params.org)
  if (account.kind !== 'Organization') throw notFound()
  return account
}

function membersOnly(call: Call): Account {
  const organization = organizationOf(call)
  requirePermission(call.actor, organization, { name: 'members', level: 'read' })
  return organization
}

function teamOf(call: Call): Team {
  const team = findTeam(call.world, membersOnly(call), call.params.team_slug ?? '')
  if (team === undefined) throw notFound()
  return team
}

function boardsOf(call: Call): Project[] {
  const organization = organizationOf(call)
  if (!hasPermission(permissionsOf(call.actor), 'organization_projects', 'read')) {
    throw new GitHubRefusal(403, 'Resource not accessible by integration', {
      accepted: 'organization_projects=read',
    })
  }
  if (!seesProjects(call.actor, organization)) throw notFound()
  return call.world.projects.filter((project) => project.owner === organization)
}

function boardOf(call: Call): Project {
  const found = boardsOf(call).find((project) => project.number === Number(call.params.project_number))
  if (found === undefined) throw notFound()
  return found
}

function fieldsAsked(call: Call, project: Project): ProjectField[] {
  const asked = (call.query.get('fields') ?? '').split(',').filter(Boolean).map(Number)
  const title = project.fields.filter((field) => field.dataType === 'TITLE')
  return asked.length === 0 ? title : project.fields.filter((field) => asked.includes(field.id))
}

function listItems(call: Call): Answer {
  const project = boardOf(call)
  const items = project.items.filter((item) => item.archivedAt === null)
  return paged(call, items, (item) => itemWithContentShape(call.world, item, fieldsAsked(call, project)))
}

function itemOf(call: Call, project: Project): ProjectItem {
  const found = project.items.find((item) => item.id === Number(call.params.item_id))
  if (found === undefined) throw notFound()
  return found
}

const newItem = z.object({
  type: z.enum(['Issue', 'PullRequest']),
  id: z.number().exactOptional(),
  owner: z.string().exactOptional(),
  repo: z.string().exactOptional(),
  number: z.number().exactOptional(),
})

function postItem(call: Call): Answer {
  const project = boardOf(call)
  const input = read(newItem, call)
  const issues = call.world.repositories.flatMap((repository) => [...repository.issues.values()])
  const content = issues.find(({ id, number, pull, repository }) =>
    input.id !== undefined
      ? (pull?.id ?? id) === input.id
      : number === input.number && repository.name === input.repo && repository.owner.login === input.owner,
  )
  if (content === undefined) throw notFound()
  const item = addItem(call.world, call.actor, { project, content })
  return created(itemWithContentShape(call.world, item, fieldsAsked(call, project)))
}

const itemChange = z.object({
  fields: z.array(z.object({ id: z.number(), value: z.union([z.string(), z.number()]).nullable() })),
})

/** Several values in one call. */
function patchItem(call: Call): Answer {
  const project = boardOf(call)
  const item = itemOf(call, project)
  for (const { id, value } of read(itemChange, call).fields) {
    const field = project.fields.find((each) => each.id === id)
    if (field === undefined) throw new GitHubRefusal(422, `Field ${id} does not exist`)
    if (value === null) clearFieldValue(call.world, call.actor, { project, item, field })
    else setFieldValue(call.world, call.actor, { project, item, field, value: givenValue(field, value) })
  }
  return ok(itemWithContentShape(call.world, item, project.fields))
}

function givenValue(field: ProjectField, value: string | number): FieldValue {
  if (field.dataType === 'NUMBER') return { type: 'number', number: Number(value) }
  if (field.dataType === 'DATE') return { type: 'date', date: String(value).slice(0, 10) }
  if (field.dataType === 'SINGLE_SELECT') return { type: 'option', optionId: String(value) }
  return { type: 'text', text: String(value) }
}

const newField = z.object({
  name: z.string(),
  data_type: z.enum(['text', 'number', 'date', 'single_select']),
  single_select_options: z
    .array(
      z.object({
        name: z.union([z.string(), z.object({ raw: z.string() }).transform((name) => name.raw)]),
        color: z.string().default('GRAY'),
        description: z
          .union([z.string(), z.object({ raw: z.string() }).transform((text) => text.raw)])
          .default(''),
      }),
    )
    .exactOptional(),
})
const FIELD_TYPES = { text: 'TEXT', number: 'NUMBER', date: 'DATE', single_select: 'SINGLE_SELECT' } as const

function postField(call: Call): Answer {
  const { name, data_type: type, single_select_options: options } = read(newField, call)
  const field = createField(call.world, call.actor, {
    project: boardOf(call),
    name,
    dataType: FIELD_TYPES[type],
    ...(options === undefined ? {} : { options }),
  })
  return created(fieldShape(call.world, field))
}

const newView = z.object({
  name: z.string(),
  layout: z.enum(['table', 'board', 'roadmap']),
  filter: z.string().nullable().exactOptional(),
  visible_fields: z.array(z.number()).exactOptional(),
  group_by: z.array(z.number()).exactOptional(),
  vertical_group_by: z.array(z.number()).exactOptional(),
  sort_by: z.array(z.tuple([z.number(), z.enum(['asc', 'desc'])])).exactOptional(),
})

function postView(call: Call): Answer {
  const project = boardOf(call)
  const input = read(newView, call)
  const view = createView(call.world, call.actor, {
    project,
    name: input.name,
    layout: input.layout,
    filter: input.filter ?? null,
    groupBy: input.group_by ?? [],
    verticalGroupBy: input.vertical_group_by ?? [],
    sortBy: input.sort_by ?? [],
    ...(input.visible_fields === undefined ? {} : { visibleFields: input.visible_fields }),
  })
  return created(viewShape(call.world, project, view))
}

function route(method: Route['method'], pattern: string, handle: Route['handle']): Route {
  return { method, pattern, handle }
}

const team = '/orgs/{org}/teams/{team_slug}'
const board = '/orgs/{org}/projectsV2/{project_number}'

export const accountRoutes: Route[] = [
  route('GET', '/users/{username}', (call) =>
    ok(publicAccountShape(call.world, accountOf(call, call.params.username))),
  ),
  route('GET', '/orgs/{org}', (call) => ok(fullOrganizationShape(call.world, organizationOf(call)))),
  route('GET', '/orgs/{org}/teams', (call) => {
    const organization = membersOnly(call)
    const teams = call.world.teams.filter((each) => each.organization === organization)
    return paged(call, teams, (each) => teamShape(call.world, each))
  }),
  route('GET', team, (call) => ok(fullTeamShape(call.world, teamOf(call)))),
  route('GET', `${team}/members`, (call) =>
    paged(call, teamOf(call).members, (account) => accountShape(call.world, account)),
  ),
  route('GET', `${team}/memberships/{username}`, (call) => {
    const found = teamOf(call)
    const account = found.members.find((each) => each.login === call.params.username)
    if (account === undefined) throw notFound()
    const url = `${call.world.apiUrl}/organizations/${found.organization.id}/team/${found.id}/memberships`
    return ok({ url: `${url}/${account.login}`, role: 'member', state: 'active' })
  }),
  route('GET', `${team}/repos`, (call) =>
    paged(call, teamOf(call).repositories, (repository) => repositoryShape(call.world, repository)),
  ),
  route('GET', '/orgs/{org}/members', (call) =>
    paged(call, [...membersOnly(call).members.keys()], (account) => accountShape(call.world, account)),
  ),
  route('GET', '/orgs/{org}/projectsV2', (call) =>
    paged(call, boardsOf(call), (project) => projectShape(call.world, project)),
  ),
  route('GET', board, (call) => ok(projectShape(call.world, boardOf(call)))),
  route('GET', `${board}/fields`, (call) =>
    paged(call, boardOf(call).fields, (field) => fieldShape(call.world, field)),
  ),
  route('POST', `${board}/fields`, postField),
  route('GET', `${board}/items`, listItems),
  route('POST', `${board}/items`, postItem),
  route('GET', `${board}/items/{item_id}`, (call) => {
    const project = boardOf(call)
    return ok(itemWithContentShape(call.world, itemOf(call, project), fieldsAsked(call, project)))
  }),
  route('PATCH', `${board}/items/{item_id}`, patchItem),
  route('DELETE', `${board}/items/{item_id}`, (call) => {
    const project = boardOf(call)
    deleteItem(call.world, call.actor, { project, item: itemOf(call, project) })
    return noContent()
  }),
  route('POST', `${board}/drafts`, (call) => {
    const input = read(z.object({ title: z.string(), body: z.string().exactOptional() }), call)
    const item = addDraft(call.world, call.actor, { project: boardOf(call), ...input })
    return created(itemWithContentShape(call.world, item, []))
  }),
  route('POST', `${board}/views`, postView),
]

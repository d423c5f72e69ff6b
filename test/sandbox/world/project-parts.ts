// Fields, options and views of a board, put in without asking who may.
import { touch } from '../emit.ts'
import type { OptionInput } from '../mutate/projects.ts'
import { newId, nodeId, register, sha1 } from './rules.ts'
import type {
  Actor,
  Project,
  ProjectField,
  ProjectFieldType,
  ProjectView,
  SingleSelectOption,
  World,
} from './world.ts'
import { GitHubRefusal } from './world.ts'

const SYSTEM_FIELDS: ReadonlyArray<[string, ProjectFieldType]> = [
  ['Title', 'TITLE'],
  ['Assignees', 'ASSIGNEES'],
  ['Labels', 'LABELS'],
  ['Linked pull requests', 'LINKED_PULL_REQUESTS'],
  ['Milestone', 'MILESTONE'],
  ['Repository', 'REPOSITORY'],
  ['Reviewers', 'REVIEWERS'],
  ['Parent issue', 'PARENT_ISSUE'],
  ['Sub-issues progress', 'SUB_ISSUES_PROGRESS'],
]

/** GitHub's own, and a Status of three options. */
export function insertSystemFields(world: World, project: Project): void {
  for (const [name, dataType] of SYSTEM_FIELDS) insertField(world, project, { name, dataType })
  insertField(world, project, {
    name: 'Status',
    dataType: 'SINGLE_SELECT',
    options: ['Todo', 'In Progress', 'Done'].map((name) => ({ name, color: 'GRAY', description: '' })),
  })
}

export function insertField(
  world: World,
  project: Project,
  input: { name: string; dataType: ProjectFieldType; options?: OptionInput[] },
): ProjectField {
  const id = newId(world)
  const now = world.now()
  const field: ProjectField = register(world, {
    kind: 'ProjectField',
    id,
    nodeId: nodeId(input.dataType === 'SINGLE_SELECT' ? 'PVTSSF' : 'PVTF', id),
    project,
    name: input.name,
    dataType: input.dataType,
    options: (input.options ?? []).map((option) => freshOption(world, option)),
    createdAt: now,
    updatedAt: now,
  })
  project.fields.push(field)
  return field
}

export function freshOption(world: World, option: OptionInput): SingleSelectOption {
  const id = sha1(`option ${newId(world)}`).slice(0, 8)
  return { id, name: option.name, color: option.color, description: option.description }
}

export function checkOptions(options: OptionInput[] | undefined): void {
  if (options === undefined || options.length === 0) {
    throw new GitHubRefusal(422, 'singleSelectOptions is required for single select fields')
  }
  if (options.length > 50)
    throw new GitHubRefusal(422, 'A single select field cannot have more than 50 options')
}

export type ViewInput = {
  name: string
  layout: ProjectView['layout']
  filter?: string | null
  visibleFields?: number[]
  groupBy?: number[]
  verticalGroupBy?: number[]
  sortBy?: Array<[number, 'asc' | 'desc']>
}

export function insertView(world: World, actor: Actor, project: Project, input: ViewInput): ProjectView {
  const id = newId(world)
  const view: ProjectView = {
    id,
    nodeId: nodeId('PVTV', id),
    number: project.views.length + 1,
    name: input.name,
    layout: input.layout,
    filter: input.filter ?? null,
    visibleFields: input.visibleFields ?? project.fields.slice(0, 2).map((field) => field.id),
    groupBy: input.groupBy ?? [],
    verticalGroupBy: input.verticalGroupBy ?? [],
    sortBy: input.sortBy ?? [],
    creator: actor.account,
    createdAt: world.now(),
  }
  project.views.push(view)
  touch(world)
  return view
}

// The board of the example incident: fields, cards, sub-issues, views and a status update.
import { addSubIssue } from '../mutate/issue-life.ts'
import { createIssue, updateIssue } from '../mutate/issues.ts'
import { addItem, setFieldValue } from '../mutate/items.ts'
import { createField, createProject, createStatusUpdate, createView } from '../mutate/projects.ts'
import type { Issue, Project, ProjectField, ProjectItem, World } from '../world/world.ts'
import { fieldNamed } from './board-fields.ts'
import type { Crew } from './incident-scene.ts'

type On = { incident: Issue; hotfix: Issue; crew: Crew }
type Board = { world: World; project: Project; crew: Crew }

export function makeBoard(
  world: World,
  { incident, hotfix, crew }: On,
): { project: Project; card: ProjectItem } {
  const { repository } = incident
  const project = createProject(world, crew.app, { owner: repository.owner, title: 'Incidents', repository })
  const board: Board = { world, project, crew }
  makeFields(board)
  const card = put(board, incident, { Kind: 'Incident', Phase: 'Fixing', Severity: 'P0' })
  put(board, hotfix, { Kind: 'Hotfix', Phase: 'Fixing' })
  promise(board, incident, { title: 'Validate network access', assignee: 'eli', due: '2026-10-01' })
  const alarm = promise(board, incident, {
    title: 'Alarm on document count',
    assignee: 'ada',
    due: '2026-12-01',
  })
  updateIssue(world, crew.ada, { issue: alarm, state: 'closed' })
  makeViews(board)
  const body = '1 live P0 (INC-1, fixing, 26 min). 1 action item overdue, longest **31 days** (@eli).'
  createStatusUpdate(world, crew.app, { project, status: 'OFF_TRACK', body })
  return { project, card }
}

const OPTIONS: Record<string, Record<string, string>> = {
  Kind: { Incident: 'RED', Hotfix: 'PURPLE', Review: 'BLUE', 'Action item': 'GREEN' },
  Phase: { Triage: 'GRAY', Investigating: 'RED', Fixing: 'YELLOW', Monitoring: 'BLUE', Resolved: 'GREEN' },
  Severity: { P0: 'RED', P1: 'ORANGE', P2: 'YELLOW', P3: 'GRAY' },
}

function makeFields({ world, project, crew }: Board): void {
  for (const [name, colours] of Object.entries(OPTIONS)) {
    const options = Object.entries(colours).map(([option, color]) => ({
      name: option,
      color,
      description: '',
    }))
    createField(world, crew.app, { project, name, dataType: 'SINGLE_SELECT', options })
  }
  createField(world, crew.app, { project, name: 'Due', dataType: 'DATE' })
}

function field(project: Project, name: string): ProjectField {
  const found = fieldNamed(project.fields, name)
  if (!found) throw new Error(`There is no field ${name} on this board.`)
  return found
}

/** Adds a card with its options by name. */
function put({ world, project, crew }: Board, content: Issue, chosen: Record<string, string>): ProjectItem {
  const item = addItem(world, crew.app, { project, content })
  for (const [name, option] of Object.entries(chosen)) {
    const of = field(project, name)
    const optionId = of.options.find((one) => one.name === option)?.id ?? ''
    setFieldValue(world, crew.app, { project, item, field: of, value: { type: 'option', optionId } })
  }
  return item
}

/** An action item: a sub-issue with an owner, a card and a due date. */
function promise(board: Board, parent: Issue, item: { title: string; assignee: string; due: string }): Issue {
  const { world, project, crew } = board
  const { repository } = parent
  const title = `[PIR] INC-1: ${item.title}`
  const labels = ['post-incident-review']
  const child = createIssue(world, crew.app, { repository, title, labels, assignees: [item.assignee] })
  addSubIssue(world, crew.app, { parent, child })
  const card = put(board, child, { Kind: 'Action item' })
  const value = { type: 'date', date: item.due } as const
  setFieldValue(world, crew.app, { project, item: card, field: field(project, 'Due'), value })
  return child
}

function makeViews({ world, project, crew }: Board): void {
  const id = (name: string): number => field(project, name).id
  const visibleFields = ['Title', 'Assignees', 'Due', 'Kind'].map(id)
  const live = { project, name: 'Live incidents', layout: 'board', filter: '-kind:"Action item"' } as const
  createView(world, crew.app, { ...live, verticalGroupBy: [id('Phase')] })
  const actions = { project, name: 'Action items', layout: 'table', filter: 'kind:"Action item"' } as const
  createView(world, crew.app, {
    ...actions,
    visibleFields,
    groupBy: [id('Assignees')],
    sortBy: [[id('Due'), 'asc']],
  })
  const overdue = { project, name: 'Overdue', layout: 'table', filter: 'is:open due:<@today' } as const
  createView(world, crew.app, { ...overdue, visibleFields })
}

// GraphQL mutations on Projects v2; each is the world's own mutation.

import {
  addDraft,
  addItem,
  archiveItem,
  clearFieldValue,
  deleteItem,
  setFieldValue,
  unarchiveItem,
} from '../mutate/items.ts'
import {
  createField,
  createProject,
  createStatusUpdate,
  deleteField,
  linkRepository,
  type OptionInput,
  updateField,
  updateProject,
} from '../mutate/projects.ts'
import type {
  Account,
  FieldValue,
  Project,
  ProjectFieldType,
  ProjectItem,
  ProjectStatusUpdate,
} from '../world/world.ts'
import { nodeOf } from './query.ts'
import { type Context, GraphqlRefusal, given, missingNode, type Resolvers } from './resolver.ts'

type Input<Fields> = { input: Fields }

function ownerOf(context: Context, id: string): Account {
  const node = context.world.nodes.get(id)
  if (node?.kind === 'Organization' || node?.kind === 'User') return node
  throw missingNode(id)
}

type Card = { projectId: string; itemId: string }

function cardOf(context: Context, input: Card): { project: Project; item: ProjectItem } {
  const project = nodeOf(context, 'Project', input.projectId)
  const item = nodeOf(context, 'ProjectItem', input.itemId)
  if (item.project !== project) throw missingNode(input.itemId)
  return { project, item }
}

type ValueInput = {
  text?: string | null
  number?: number | null
  date?: string | null
  singleSelectOptionId?: string | null
}

/** Exactly one kind of value. */
function fieldValueOf(value: ValueInput): FieldValue {
  const { text, number, date, singleSelectOptionId: optionId } = given(value)
  const kinds: FieldValue[] = []
  if (text !== undefined) kinds.push({ type: 'text', text })
  if (number !== undefined) kinds.push({ type: 'number', number })
  if (date !== undefined) kinds.push({ type: 'date', date })
  if (optionId !== undefined) kinds.push({ type: 'option', optionId })
  const [only, ...more] = kinds
  if (only && more.length === 0) return only
  throw new GraphqlRefusal('UNPROCESSABLE', 'Exactly one field value must be provided.')
}

const projects: Resolvers<unknown> = {
  createProjectV2: (
    _root,
    { input }: Input<{ ownerId: string; title: string; repositoryId?: string | null }>,
    context,
  ) => {
    const owner = ownerOf(context, input.ownerId)
    const repository = input.repositoryId ? nodeOf(context, 'Repository', input.repositoryId) : null
    return {
      projectV2: createProject(context.world, context.actor, { owner, title: input.title, repository }),
    }
  },
  updateProjectV2: (
    _root,
    {
      input,
    }: Input<{
      projectId: string
      title?: string | null
      shortDescription?: string | null
      readme?: string | null
      public?: boolean | null
      closed?: boolean | null
    }>,
    context,
  ) => {
    const { projectId, ...change } = input
    const project = nodeOf(context, 'Project', projectId)
    return { projectV2: updateProject(context.world, context.actor, { project, ...change }) }
  },
  linkProjectV2ToRepository: (
    _root,
    { input }: Input<{ projectId: string; repositoryId: string }>,
    context,
  ) => {
    const project = nodeOf(context, 'Project', input.projectId)
    const repository = nodeOf(context, 'Repository', input.repositoryId)
    return { repository: linkRepository(context.world, context.actor, { project, repository }) }
  },
  createProjectV2StatusUpdate: (
    _root,
    {
      input,
    }: Input<{
      projectId: string
      status?: ProjectStatusUpdate['status']
      body?: string | null
      startDate?: string | null
      targetDate?: string | null
    }>,
    context,
  ) => {
    const { projectId, ...update } = input
    const project = nodeOf(context, 'Project', projectId)
    const statusUpdate = createStatusUpdate(context.world, context.actor, { project, ...update })
    return { statusUpdate: { ...statusUpdate, project } }
  },
}

const fields: Resolvers<unknown> = {
  createProjectV2Field: (
    _root,
    {
      input,
    }: Input<{
      projectId: string
      name: string
      dataType: ProjectFieldType
      singleSelectOptions?: OptionInput[] | null
    }>,
    context,
  ) => {
    const project = nodeOf(context, 'Project', input.projectId)
    const { name, dataType, singleSelectOptions: options } = input
    const made = createField(context.world, context.actor, { project, name, dataType, ...given({ options }) })
    return { projectV2Field: made }
  },
  updateProjectV2Field: (
    _root,
    { input }: Input<{ fieldId: string; name?: string | null; singleSelectOptions?: OptionInput[] | null }>,
    context,
  ) => {
    const field = nodeOf(context, 'ProjectField', input.fieldId)
    const { name, singleSelectOptions: options } = input
    return {
      projectV2Field: updateField(context.world, context.actor, { field, ...given({ name, options }) }),
    }
  },
  deleteProjectV2Field: (_root, { input }: Input<{ fieldId: string }>, context) => ({
    projectV2Field: deleteField(context.world, context.actor, {
      field: nodeOf(context, 'ProjectField', input.fieldId),
    }),
  }),
}

const items: Resolvers<unknown> = {
  addProjectV2ItemById: (_root, { input }: Input<{ projectId: string; contentId: string }>, context) => {
    const project = nodeOf(context, 'Project', input.projectId)
    const content = nodeOf(context, 'Issue', input.contentId)
    return { item: addItem(context.world, context.actor, { project, content }) }
  },
  addProjectV2DraftIssue: (
    _root,
    { input }: Input<{ projectId: string; title: string; body?: string | null }>,
    context,
  ) => {
    const project = nodeOf(context, 'Project', input.projectId)
    const { title, body = null } = input
    return { projectItem: addDraft(context.world, context.actor, { project, title, body }) }
  },
  updateProjectV2ItemFieldValue: (
    _root,
    { input }: Input<Card & { fieldId: string; value: ValueInput }>,
    context,
  ) => {
    const card = cardOf(context, input)
    const field = nodeOf(context, 'ProjectField', input.fieldId)
    const change = { ...card, field, value: fieldValueOf(input.value) }
    return { projectV2Item: setFieldValue(context.world, context.actor, change) }
  },
  clearProjectV2ItemFieldValue: (_root, { input }: Input<Card & { fieldId: string }>, context) => {
    const field = nodeOf(context, 'ProjectField', input.fieldId)
    return {
      projectV2Item: clearFieldValue(context.world, context.actor, { ...cardOf(context, input), field }),
    }
  },
  archiveProjectV2Item: (_root, { input }: Input<Card>, context) => ({
    item: archiveItem(context.world, context.actor, cardOf(context, input)),
  }),
  unarchiveProjectV2Item: (_root, { input }: Input<Card>, context) => ({
    item: unarchiveItem(context.world, context.actor, cardOf(context, input)),
  }),
  deleteProjectV2Item: (_root, { input }: Input<Card>, context) => {
    deleteItem(context.world, context.actor, cardOf(context, input))
    return { deletedItemId: input.itemId }
  },
}

export const projectMutations: Resolvers<unknown> = { ...projects, ...fields, ...items }

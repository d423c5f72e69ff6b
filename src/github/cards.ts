// Cards on the board: one per issue or pull request, their values written in one call.
import type { Board } from './board.ts'
import { type BoardField, type FieldName, fieldNamed } from './board-layout.ts'
import type { InstallationClient } from './client.ts'
import { isMissing, Refused } from './errors.ts'

/** Options by their names, `Due` as `YYYY-MM-DD`; null empties a field, what is left out stays. */
export type CardValues = { [field in FieldName]?: string | null }

export type Card = {
  itemId: string
  boardId: string
  archived: boolean
  /** null: a draft, or something hidden from us. */
  content: { nodeId: string; owner: string; repo: string; number: number } | null
  values: CardValues
}

export const ADD_CARD = `mutation AddCard($board: ID!, $content: ID!) {
  addProjectV2ItemById(input: { projectId: $board, contentId: $content }) { item { id } }
}`

export const READ_CARD = `query ReadCard($item: ID!) {
  node(id: $item) {
    ... on ProjectV2Item {
      id
      isArchived
      project { id }
      content {
        ... on Issue { id number repository { name owner { login } } }
        ... on PullRequest { id number repository { name owner { login } } }
      }
      fieldValues(first: 50) {
        nodes {
          ... on ProjectV2ItemFieldSingleSelectValue { name field { ... on ProjectV2FieldCommon { name } } }
          ... on ProjectV2ItemFieldTextValue { text field { ... on ProjectV2FieldCommon { name } } }
          ... on ProjectV2ItemFieldDateValue { date field { ... on ProjectV2FieldCommon { name } } }
        }
      }
    }
  }
}`

type Added = { addProjectV2ItemById: { item: { id: string } | null } | null }
type Content = { id?: string; number?: number; repository?: { name: string; owner: { login: string } } }
type FieldValue = { name?: string; text?: string; date?: string; field?: { name?: string } }
type ReadCard = {
  node: {
    id?: string
    isArchived: boolean
    project: { id: string }
    content: Content | null
    fieldValues: { nodes: (FieldValue | null)[] }
  } | null
}
type Change = { fieldId: string; value: object | null }

const FIELD_NAMES: readonly FieldName[] = [
  'Kind',
  'Phase',
  'Severity',
  'Priority',
  'Horizon',
  'Incident',
  'Due',
  'Status',
]

/**
 * Puts an issue or pull request on the board with these values, in at most two writes. `itemId` and `last` are the card and
 * the values of an earlier call: what is unchanged is not sent (without `last` the card is read). `skipped` are fields that
 * the board lacks, or that lack the option. A card that a person removed is `missing`, one put away is `archived`: neither
 * is brought back; leave `itemId` out to add it again.
 */
export async function putCard(
  github: InstallationClient,
  wanted: { board: Board; contentNodeId: string; values: CardValues; itemId?: string; last?: CardValues },
): Promise<{
  itemId: string
  outcome: 'made' | 'changed' | 'same' | 'missing' | 'archived'
  skipped: FieldName[]
}> {
  const { board, values, itemId } = wanted
  const isNew = itemId === undefined
  const item = itemId ?? (await add(github, board.id, wanted.contentNodeId))
  const card = isNew || wanted.last ? null : await readCard(github, item)
  if (!isNew && !wanted.last && card === null) return { itemId: item, outcome: 'missing', skipped: [] }
  const { changes, skipped } = compare(board.fields, values, isNew ? {} : (wanted.last ?? card?.values ?? {}))
  if (changes.length === 0) return { itemId: item, outcome: isNew ? 'made' : 'same', skipped }
  try {
    await github.graphql(valuesDocument(changes.map(({ value }) => value !== null)), {
      board: board.id,
      item,
      ...Object.fromEntries(
        changes.flatMap(({ fieldId, value }, index) => variablesOf(index, fieldId, value)),
      ),
    })
    return { itemId: item, outcome: isNew ? 'made' : 'changed', skipped }
  } catch (error) {
    if (error instanceof Refused && /archived/i.test(error.message)) {
      return { itemId: item, outcome: 'archived', skipped }
    }
    if (isMissing(error) && error instanceof Refused && error.message.includes(item)) {
      return { itemId: item, outcome: 'missing', skipped }
    }
    throw error
  }
}

/** A card by its item's node id; null when it was removed. */
export async function readCard(github: InstallationClient, itemId: string): Promise<Card | null> {
  try {
    const { node } = await github.graphql<ReadCard>(READ_CARD, { item: itemId })
    if (!node?.id) return null
    const pairs = node.fieldValues.nodes.flatMap((entry) => {
      const name = FIELD_NAMES.find((field) => field.toLowerCase() === entry?.field?.name?.toLowerCase())
      return name === undefined ? [] : [[name, entry?.name ?? entry?.text ?? entry?.date ?? null] as const]
    })
    return {
      itemId: node.id,
      boardId: node.project.id,
      archived: node.isArchived,
      content: contentOf(node.content),
      values: Object.fromEntries(pairs),
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** The document that sets (true) or empties (false) so many fields of one card. */
export function valuesDocument(sets: readonly boolean[]): string {
  const variables = sets.map(
    (set, index) => `$field${index}: ID!${set ? `, $value${index}: ProjectV2FieldValue!` : ''}`,
  )
  const calls = sets.map((set, index) => {
    const input = `projectId: $board, itemId: $item, fieldId: $field${index}`
    return set
      ? `set${index}: updateProjectV2ItemFieldValue(input: { ${input}, value: $value${index} }) { clientMutationId }`
      : `clear${index}: clearProjectV2ItemFieldValue(input: { ${input} }) { clientMutationId }`
  })
  return `mutation PutValues($board: ID!, $item: ID!, ${variables.join(', ')}) {\n  ${calls.join('\n  ')}\n}`
}

/** Adding what is there already gives its card. */
async function add(github: InstallationClient, board: string, content: string): Promise<string> {
  const answer = await github.graphql<Added>(ADD_CARD, { board, content })
  const id = answer.addProjectV2ItemById?.item?.id
  if (id === undefined)
    throw new Refused({ kind: 'forbidden', status: 200, message: 'The card was not added' })
  return id
}

function compare(
  fields: readonly BoardField[],
  values: CardValues,
  last: CardValues,
): { changes: Change[]; skipped: FieldName[] } {
  const changes: Change[] = []
  const skipped: FieldName[] = []
  for (const name of FIELD_NAMES) {
    const value = values[name]
    if (value === undefined || value === (last[name] ?? null)) continue
    const field = fieldNamed(fields, name)
    const input = field && value !== null ? inputOf(field, value) : null
    if (!field || (value !== null && input === null)) skipped.push(name)
    else changes.push({ fieldId: field.id, value: input })
  }
  return { changes, skipped }
}

/** null: the field cannot hold this value. */
function inputOf(field: BoardField, value: string): object | null {
  if (field.type === 'TEXT') return { text: value }
  if (field.type === 'DATE') return { date: value }
  const option = field.options.find(({ name }) => name.toLowerCase() === value.toLowerCase())
  return option ? { singleSelectOptionId: option.id } : null
}

function variablesOf(index: number, fieldId: string, value: object | null): [string, unknown][] {
  const field: [string, unknown] = [`field${index}`, fieldId]
  return value === null ? [field] : [field, [`value${index}`, value]]
}

function contentOf(content: Content | null): Card['content'] {
  if (!content?.id || content.number === undefined || !content.repository) return null
  const { name: repo, owner } = content.repository
  return { nodeId: content.id, owner: owner.login, repo, number: content.number }
}

// Writes cards to the board: one per issue or pull request, all values of a card in one call.

import type { InstallationClient } from '../client/client.ts'
import { isMissing, isNotOffered, Refused } from '../client/errors.ts'
import type { Board } from './board.ts'
import { addDocument, READ_CARD, valuesDocument } from './card-documents.ts'
import { type BoardField, type FieldName, fieldNamed } from './layout.ts'

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

type AddedCards = { [alias: string]: { item: { id: string } | null } | null }
type CardContent = { id?: string; number?: number; repository?: { name: string; owner: { login: string } } }
type FieldValue = { name?: string; text?: string; date?: string; field?: { name?: string } }
type CardAnswer = {
  node: {
    id?: string
    isArchived: boolean
    project: { id: string }
    content: CardContent | null
    fieldValues: { nodes: (FieldValue | null)[] }
  } | null
}
type FieldChange = { fieldId: string; value: object | null }

export type WantedCard = { contentNodeId: string; values: CardValues; itemId?: string; last?: CardValues }
export type PutCard = {
  itemId: string
  outcome: 'made' | 'changed' | 'same' | 'missing' | 'archived'
  skipped: FieldName[]
}

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
  wanted: WantedCard & { board: Board },
): Promise<PutCard> {
  const { board, values, itemId } = wanted
  const isNew = itemId === undefined
  const [item = ''] = isNew ? await addCards(github, board.id, [wanted.contentNodeId]) : [itemId]
  const card = isNew || wanted.last ? null : await readCard(github, item)
  if (!isNew && !wanted.last && card === null) return { itemId: item, outcome: 'missing', skipped: [] }
  const { changes, skipped } = compareValues(
    board.fields,
    values,
    isNew ? {} : (wanted.last ?? card?.values ?? {}),
  )
  if (changes.length === 0) return { itemId: item, outcome: isNew ? 'made' : 'same', skipped }
  try {
    await writeValues(github, board.id, [{ itemId: item, changes }])
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

/** So many cards have at most forty values, which GitHub writes within the time that it gives one document. */
export const CARDS_AT_ONCE = 4

/**
 * Puts several cards, at most `CARDS_AT_ONCE`, as `putCard` puts one: all in two writes. Those that have to be read first,
 * or where GitHub refuses something of one, go one by one.
 */
export async function putCards(
  github: InstallationClient,
  { board, cards }: { board: Board; cards: readonly WantedCard[] },
): Promise<PutCard[]> {
  if (cards.every(({ itemId, last }) => itemId === undefined || last !== undefined)) {
    try {
      return await putTogether(github, board, cards)
    } catch (error) {
      if (!isNotOffered(error) || cards.length === 1) throw error
    }
  }
  const put: PutCard[] = []
  for (const card of cards) put.push(await putCard(github, { board, ...card }))
  return put
}

async function putTogether(
  github: InstallationClient,
  board: Board,
  cards: readonly WantedCard[],
): Promise<PutCard[]> {
  const fresh = cards.filter(({ itemId }) => itemId === undefined)
  const added = await addCards(
    github,
    board.id,
    fresh.map(({ contentNodeId }) => contentNodeId),
  )
  const compared = cards.map(({ values, itemId, last = {}, ...card }) => {
    const isNew = itemId === undefined
    const item = itemId ?? added[fresh.findIndex((other) => other.contentNodeId === card.contentNodeId)] ?? ''
    return { itemId: item, isNew, ...compareValues(board.fields, values, last) }
  })
  await writeValues(github, board.id, compared)
  return compared.map(({ itemId, isNew, changes, skipped }) => {
    const outcome = isNew ? 'made' : changes.length > 0 ? 'changed' : 'same'
    return { itemId, outcome, skipped }
  })
}

/** A card by its item's node id; null when it was removed. */
export async function readCard(github: InstallationClient, itemId: string): Promise<Card | null> {
  try {
    const { node } = await github.graphql<CardAnswer>(READ_CARD, { item: itemId })
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

/** Writes the changes of some cards in one call; in none where there are none. */
async function writeValues(
  github: InstallationClient,
  board: string,
  cards: readonly { itemId: string; changes: readonly FieldChange[] }[],
): Promise<void> {
  const flat = cards.flatMap(({ changes }, card) => changes.map((change) => ({ card, ...change })))
  if (flat.length === 0) return
  await github.graphql(valuesDocument(flat.map(({ card, value }) => ({ card, sets: value !== null }))), {
    board,
    ...Object.fromEntries(
      cards.flatMap(({ itemId, changes }, card) => (changes.length > 0 ? [[`card${card}`, itemId]] : [])),
    ),
    ...Object.fromEntries(flat.flatMap(({ fieldId, value }, index) => variablesOf(index, fieldId, value))),
  })
}

/** The cards of these contents, in their order. Adding what is there already gives its card. */
async function addCards(
  github: InstallationClient,
  board: string,
  contents: readonly string[],
): Promise<string[]> {
  if (contents.length === 0) return []
  const answer = await github.graphql<AddedCards>(addDocument(contents.length), {
    board,
    ...Object.fromEntries(contents.map((content, index) => [`content${index}`, content])),
  })
  return contents.map((_, index) => {
    const id = answer[`card${index}`]?.item?.id
    if (id !== undefined) return id
    throw new Refused({ kind: 'forbidden', status: 200, message: 'The card was not added' })
  })
}

function compareValues(
  fields: readonly BoardField[],
  values: CardValues,
  last: CardValues,
): { changes: FieldChange[]; skipped: FieldName[] } {
  const changes: FieldChange[] = []
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

function contentOf(content: CardContent | null): Card['content'] {
  if (!content?.id || content.number === undefined || !content.repository) return null
  const { name: repo, owner } = content.repository
  return { nodeId: content.id, owner: owner.login, repo, number: content.number }
}

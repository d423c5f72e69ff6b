// What all GraphQL resolvers of the sandbox share: their context, refusals in GitHub's words, connections.
import { iso } from '../world/rules.ts'
import type { Actor, Issue, Millis, World, WorldNode } from '../world/world.ts'

export type Context = { world: World; actor: Actor }

/** The resolvers of one GraphQL type whose source is `Source`; a field that has none is not answered. */
export type Resolvers<Source> = {
  [field: string]: (source: Source, args: never, context: Context) => unknown
}

/** All types together; a method's type, for the engine passes each resolver what its type's resolvers return. */
export type ResolverMap = { [type: string]: { [field: string]: Answer['answer'] } }
type Answer = { answer(source: unknown, args: unknown, context: Context): unknown }

/** A refusal that only GraphQL words so; `type` is what GitHub puts beside the message. */
export class GraphqlRefusal extends Error {
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.name = 'GraphqlRefusal'
    this.type = type
  }
}

/** Fields that are named alike in the world and in GraphQL. */
export function same<Key extends string>(...keys: Key[]): Resolvers<Record<Key, unknown>> {
  return Object.fromEntries(keys.map((key) => [key, (source: Record<Key, unknown>) => source[key]]))
}

/** `id`, `databaseId` and `fullDatabaseId` of what has both kinds of id. */
export const ids: Resolvers<{ id: number; nodeId: string }> = {
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  fullDatabaseId: (source) => String(source.id),
}

export const times: Resolvers<{ createdAt: Millis; updatedAt: Millis }> = {
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.updatedAt),
}

export type Page = {
  first?: number | null
  last?: number | null
  after?: string | null
  before?: string | null
}

export type Connection<Node> = {
  nodes: Node[]
  edges: Array<{ node: Node; cursor: string }>
  totalCount: number
  pageInfo: {
    startCursor: string | null
    endCursor: string | null
    hasNextPage: boolean
    hasPreviousPage: boolean
  }
}

const cursorOf = (index: number): string => Buffer.from(`cursor:v2:${index}`).toString('base64')

function indexOf(cursor: string): number {
  const [, index] = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? []
  if (index === undefined) {
    throw new GraphqlRefusal(
      'INVALID_CURSOR_ARGUMENTS',
      `\`${cursor}\` does not appear to be a valid cursor.`,
    )
  }
  return Number(index)
}

/** One page of a list. GitHub refuses the nodes of a connection without `first` or `last`, and more than 100 at once. */
export function connection<Node>(list: readonly Node[], page: Page, name: string): Connection<Node> {
  if (typeof page.first !== 'number' && typeof page.last !== 'number') return unbounded(list, name)
  checkSize(page, name)
  const from = page.after ? indexOf(page.after) + 1 : 0
  const to = page.before ? indexOf(page.before) : list.length
  let edges = list.map((node, index) => ({ node, cursor: cursorOf(index) })).slice(from, to)
  let hasNextPage = to < list.length
  let hasPreviousPage = from > 0
  if (typeof page.first === 'number') {
    hasNextPage ||= edges.length > page.first
    edges = edges.slice(0, page.first)
  }
  if (typeof page.last === 'number') {
    hasPreviousPage ||= edges.length > page.last
    edges = edges.slice(Math.max(0, edges.length - page.last))
  }
  const pageInfo = {
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
    hasNextPage,
    hasPreviousPage,
  }
  return { nodes: edges.map(({ node }) => node), edges, totalCount: list.length, pageInfo }
}

/** Counting needs no bounds. */
function unbounded<Node>(list: readonly Node[], name: string): Connection<Node> {
  const refuse = (): never => {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`
    throw new GraphqlRefusal('MISSING_PAGINATION_BOUNDARIES', message)
  }
  return {
    totalCount: list.length,
    get nodes() {
      return refuse()
    },
    get edges() {
      return refuse()
    },
    get pageInfo() {
      return refuse()
    },
  }
}

function checkSize(page: Page, name: string): void {
  for (const side of ['first', 'last'] as const) {
    const size = page[side]
    if (typeof size !== 'number' || size <= 100) continue
    throw new GraphqlRefusal(
      'EXCESSIVE_PAGINATION',
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`${side}\` limit of 100 records.`,
    )
  }
}

export type Order = { field: string; direction: 'ASC' | 'DESC' }

/** Sorted by the key that `order` names; the list as it is, reversed for DESC, where the key is not known. */
export function ordered<Item>(
  list: readonly Item[],
  order: Order | null | undefined,
  keys: { [field: string]: (item: Item) => number | string },
): Item[] {
  const key = order ? keys[order.field] : undefined
  const sorted = key ? [...list].sort((left, right) => compareKeys(key(left), key(right))) : [...list]
  return order?.direction === 'DESC' ? sorted.reverse() : sorted
}

function compareKeys(left: number | string, right: number | string): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return String(left) < String(right) ? -1 : 1
}

export function missing(what: string): GraphqlRefusal {
  return new GraphqlRefusal('NOT_FOUND', `Could not resolve to ${what}.`)
}

export function missingNode(id: string): GraphqlRefusal {
  return new GraphqlRefusal('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`)
}

export const isPull = (node: WorldNode): node is Issue => node.kind === 'Issue' && node.pull !== null

export const upper = (word: string | null): string | null => word?.toUpperCase() ?? null

/** The fields that the caller gave: GraphQL's null and nothing at all mean "leave it". */
export function given<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  const kept: unknown[][] = Object.entries(fields).filter(
    ([, value]) => value !== null && value !== undefined,
  )
  return Object.fromEntries(kept)
}

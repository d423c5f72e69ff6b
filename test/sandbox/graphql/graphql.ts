// Answers GraphQL as GitHub does: its published schema, its refusals, the world's own mutations.
import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLTypeResolver,
  getOperationAST,
  parse,
  validate,
} from 'graphql'
import type { Actor, World } from '../world/world.ts'
import { accountResolvers } from './account.ts'
import { checkResolvers } from './check.ts'
import { gitResolvers } from './git.ts'
import { issueResolvers } from './issue.ts'
import { codeMutations } from './mutate-code.ts'
import { issueMutations } from './mutate-issue.ts'
import { projectMutations } from './mutate-project.ts'
import { projectResolvers } from './project.ts'
import { pullResolvers } from './pull.ts'
import { query } from './query.ts'
import { formatExecutionError, formatRequestError, type GraphqlProblem } from './refusal.ts'
import { repositoryResolvers } from './repository.ts'
import type { Context, ResolverMap } from './resolver.ts'
import { githubSchema } from './schema.ts'

export type GraphqlRequest = {
  query: string
  variables?: { [name: string]: unknown } | null
  operationName?: string | null
}

/** GitHub answers refusals inside the document with status 200 as well. */
export type GraphqlAnswer = {
  status: number
  body: { data?: unknown; errors?: GraphqlProblem[]; message?: string }
}

/** By type and field; types that are not here are answered by their properties. */
export const resolvers: ResolverMap = {
  Query: query,
  Mutation: { ...issueMutations, ...codeMutations, ...projectMutations },
  ...accountResolvers,
  ...issueResolvers,
  ...pullResolvers,
  ...repositoryResolvers,
  ...gitResolvers,
  ...checkResolvers,
  ...projectResolvers,
}

/** Documents that were found sound, by their text: a program sends the same few again and again. */
const sound = new Map<string, DocumentNode>()

/** Carries a document out for the actor, with mutations in their order. Never throws for what the document asks. */
export async function executeGraphql(
  world: World,
  actor: Actor,
  request: GraphqlRequest,
): Promise<GraphqlAnswer> {
  if (typeof request.query !== 'string') {
    return { status: 400, body: { message: 'A query attribute must be specified and must be a string.' } }
  }
  const document = read(request.query)
  if (Array.isArray(document)) return { status: 200, body: { errors: document } }
  const contextValue: Context = { world, actor }
  const result = await execute({
    schema: githubSchema(),
    document,
    variableValues: request.variables ?? {},
    operationName: request.operationName ?? null,
    contextValue,
    fieldResolver,
    typeResolver,
  })
  const errors = result.errors?.map(formatExecutionError)
  const body = result.data === undefined ? {} : { data: result.data }
  return { status: 200, body: errors ? { ...body, errors } : body }
}

/** What a document does, for a log of calls: its name, whether it mutates, and its top fields (not their aliases). */
export function describeGraphql(request: GraphqlRequest): {
  name: string | null
  isMutation: boolean
  fields: string[]
} {
  const document = read(request.query)
  const operation = Array.isArray(document) ? undefined : getOperationAST(document, request.operationName)
  const selections = operation?.selectionSet.selections ?? []
  return {
    name: operation?.name?.value ?? null,
    isMutation: operation?.operation === 'mutation',
    fields: selections.flatMap((each) => (each.kind === 'Field' ? [each.name.value] : [])),
  }
}

function read(text: string): DocumentNode | GraphqlProblem[] {
  const known = sound.get(text)
  if (known) return known
  try {
    const document = parse(text)
    const errors = validate(githubSchema(), document)
    if (errors.length > 0) return errors.map(formatRequestError)
    sound.set(text, document)
    return document
  } catch (error) {
    if (error instanceof GraphQLError) return [formatRequestError(error)]
    throw error
  }
}

/** A world's object answers only what is resolved for its type: the names alone would give wrong shapes. */
const fieldResolver: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
  const fields = resolvers[info.parentType.name]
  if (!fields) return propertyOf(source, info.fieldName)
  const resolve = fields[info.fieldName]
  if (!resolve) throw new Error(`The sandbox does not answer ${info.parentType.name}.${info.fieldName}`)
  const answer = resolve(source, args, context)
  if (info.parentType.name !== 'Mutation') return answer
  return { actor: context.actor.account, clientMutationId: null, ...inputId(args), ...Object(answer) }
}

function inputId(args: { input?: { clientMutationId?: string } }): { clientMutationId?: string } {
  const id = args.input?.clientMutationId
  return id === undefined ? {} : { clientMutationId: id }
}

function propertyOf(source: unknown, name: string): unknown {
  if (typeof source === 'object' && source !== null && name in source) return Reflect.get(source, name)
  throw new Error(`The sandbox does not answer ${name} here`)
}

const TYPE_OF_KIND: { [kind: string]: string } = { Project: 'ProjectV2', ProjectItem: 'ProjectV2Item' }

const typeResolver: GraphQLTypeResolver<
  { __typename?: string; kind?: string; pull?: unknown; dataType?: string },
  Context
> = (node) => {
  if (node.__typename) return node.__typename
  if (node.kind === 'Issue' && node.pull) return 'PullRequest'
  if (node.kind === 'ProjectField') {
    return node.dataType === 'SINGLE_SELECT' ? 'ProjectV2SingleSelectField' : 'ProjectV2Field'
  }
  return TYPE_OF_KIND[node.kind ?? ''] ?? node.kind
}

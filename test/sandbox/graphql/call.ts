// One GraphQL call: what it asks, for the log and the faults, and carrying it out.
import type { Answer } from '../api.ts'
import { authenticate } from '../auth.ts'
import type { CallRecord, Desk } from '../server.ts'
import { GitHubRefusal } from '../world/world.ts'

/** Loads what answers GraphQL at its first use: its schema is large. */
export async function planGraphql(
  desk: Desk,
  record: CallRecord,
  authorization: string | undefined,
): Promise<() => Promise<Answer>> {
  const graphql = await import('./graphql.ts')
  const asked = graphqlRequest(record.requestBody)
  const description = graphql.describeGraphql(asked)
  record.route = '/graphql'
  record.operations = description.fields
  record.mutates = description.isMutation
  return async () => {
    const caller = authenticate(desk.world, desk.tokens, authorization)
    if (caller.kind !== 'installation') throw new GitHubRefusal(401, 'Bad credentials')
    return graphql.executeGraphql(desk.world, caller.actor, asked)
  }
}

type GraphqlRequest = { query: string; variables: Record<string, unknown>; operationName: string | null }

function graphqlRequest(body: unknown): GraphqlRequest {
  const value: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {}
  const variables =
    typeof value.variables === 'object' && value.variables !== null ? { ...value.variables } : {}
  return {
    query: typeof value.query === 'string' ? value.query : '',
    variables,
    operationName: typeof value.operationName === 'string' ? value.operationName : null,
  }
}

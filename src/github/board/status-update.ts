// Posts status updates of the board: one line for people who look at the board alone.
// For the project's status update, a later work: until then only tests call this.
import type { InstallationClient } from '../client/client.ts'
import { isNotOffered } from '../client/errors.ts'
import { sameText } from '../issues/mark.ts'

export type BoardStatus = 'ON_TRACK' | 'AT_RISK' | 'OFF_TRACK'

export const LATEST_STATUS = `query LatestStatus($board: ID!) {
  node(id: $board) {
    ... on ProjectV2 { statusUpdates(first: 1) { nodes { status body createdAt } } }
  }
}`

export const POST_STATUS = `mutation PostStatus($board: ID!, $status: ProjectV2StatusUpdateStatus!, $body: String!) {
  createProjectV2StatusUpdate(input: { projectId: $board, status: $status, body: $body }) { clientMutationId }
}`

type LatestStatus = {
  node: {
    statusUpdates?: { nodes: ({ status: string | null; body: string | null; createdAt: string } | null)[] }
  } | null
}

/** Posts a status update unless the newest one says the same, or is younger than `notWithin` (milliseconds before `now`). */
export async function postBoardStatus(
  github: InstallationClient,
  board: string,
  wanted: { status: BoardStatus; body: string; now: number; notWithin: number },
): Promise<'made' | 'same' | 'too soon' | 'not offered'> {
  const { status, body } = wanted
  try {
    const { node } = await github.graphql<LatestStatus>(LATEST_STATUS, { board })
    const latest = node?.statusUpdates?.nodes[0]
    if (latest?.status === status && sameText(latest.body, body)) return 'same'
    if (latest && Date.parse(latest.createdAt) > wanted.now - wanted.notWithin) return 'too soon'
    await github.graphql(POST_STATUS, { board, status, body, request: { kind: 'create' } })
    return 'made'
  } catch (error) {
    if (isNotOffered(error)) return 'not offered'
    throw error
  }
}

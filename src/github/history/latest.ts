// Reads when each repository changed last, and its latest deployments, a hundred repositories per call.
import type { InstallationClient } from '../client/client.ts'
import { readNodes } from '../client/nodes.ts'
import type { ListedRepository } from './changes.ts'

/** When an issue or pull request of a repository changed last (milliseconds; 0: never), the pull requests that did lately,
 * and its latest deployments, each with the state that it came to. */
export type LatestChanges = {
  repository: number
  changedAt: number
  pulls: { number: number; branch: string; changedAt: number }[]
  deployments: DeploymentState[]
}

/** `state` as webhooks write it, since `at` (milliseconds). */
export type DeploymentState = { id: number; sha: string; environment: string; state: string; at: number }

export const LATEST_CHANGES = `query ($ids: [ID!]!, $pulls: Boolean!, $deployments: Boolean!) {
  nodes(ids: $ids) {
    ... on Repository {
      databaseId
      issues(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { updatedAt } }
      pullRequests(first: 10, orderBy: { field: UPDATED_AT, direction: DESC }) @include(if: $pulls) {
        nodes { number headRefName updatedAt }
      }
      deployments(first: 10, orderBy: { field: CREATED_AT, direction: DESC }) @include(if: $deployments) {
        nodes { databaseId commitOid environment latestStatus { state createdAt } }
      }
    }
  }
}`

type RepositoryNode = {
  databaseId: number
  issues: { nodes: { updatedAt: string }[] }
  pullRequests?: { nodes: { number: number; headRefName: string; updatedAt: string }[] }
  deployments?: { nodes: DeploymentNode[] }
}

type DeploymentNode = {
  databaseId: number
  commitOid: string
  environment: string | null
  latestStatus: { state: string; createdAt: string } | null
}

/** When each repository changed last; `pulls`, `deployments`: the installation may read them. A call for each hundred; what
 * is gone is left out. */
export async function latestChanges(
  github: InstallationClient,
  {
    repositories,
    ...may
  }: { repositories: readonly ListedRepository[]; pulls: boolean; deployments: boolean },
): Promise<LatestChanges[]> {
  const nodes = await readNodes<RepositoryNode>(github, LATEST_CHANGES, {
    ids: repositories.map(({ node_id }) => node_id),
    ...may,
  })
  return nodes.flatMap((node) => {
    if (!node) return []
    const lately = node.pullRequests?.nodes ?? []
    const changed = lately.map(({ number, headRefName, updatedAt }) => ({
      number,
      branch: headRefName,
      changedAt: Date.parse(updatedAt),
    }))
    const times = [
      ...node.issues.nodes.map((issue) => Date.parse(issue.updatedAt)),
      ...changed.map((pull) => pull.changedAt),
    ]
    return [
      {
        repository: node.databaseId,
        changedAt: Math.max(0, ...times),
        pulls: changed,
        deployments: (node.deployments?.nodes ?? []).flatMap(deploymentStates),
      },
    ]
  })
}

const deploymentStates = ({
  databaseId: id,
  commitOid: sha,
  environment,
  latestStatus,
}: DeploymentNode): DeploymentState[] =>
  latestStatus
    ? [
        {
          ...{ id, sha, environment: environment ?? '' },
          ...{ state: latestStatus.state.toLowerCase(), at: Date.parse(latestStatus.createdAt) },
        },
      ]
    : []

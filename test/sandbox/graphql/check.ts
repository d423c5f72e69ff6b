// GraphQL: what happens to commits: checks, statuses and deployments.

import { repositoryPage } from '../shape/repository.ts'
import { latestCheckRuns } from '../world/pull-facts.ts'
import { iso, isoOrNull } from '../world/rules.ts'
import type {
  CheckRun,
  CheckSuite,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  GitCommit,
} from '../world/world.ts'
import {
  connection,
  type Order,
  ordered,
  type Page,
  type ResolverMap,
  type Resolvers,
  same,
  times,
  upper,
} from './resolver.ts'

type StatusContext = CommitStatus & { __typename: 'StatusContext'; commit: GitCommit }

/** The newest check run of each name and the newest status of each context. */
export function contextsOf(source: GitCommit): Array<CheckRun | StatusContext> {
  const statuses = new Map<string, StatusContext>()
  for (const status of source.repository.statuses) {
    if (status.sha !== source.sha) continue
    statuses.set(status.context, { ...status, __typename: 'StatusContext', commit: source })
  }
  return [...latestCheckRuns(source.repository, source.sha), ...statuses.values()]
}

const GOOD = new Set(['success', 'neutral', 'skipped'])

/** The worst of all: one failure fails it, one that runs keeps it pending. */
function rollup(source: GitCommit): string {
  const states = contextsOf(source).map((each) => {
    if ('state' in each) return each.state
    if (each.status !== 'completed') return 'pending'
    return GOOD.has(each.conclusion ?? '') ? 'success' : 'failure'
  })
  if (states.includes('failure')) return 'FAILURE'
  if (states.includes('error')) return 'ERROR'
  return states.includes('pending') ? 'PENDING' : 'SUCCESS'
}

const statusCheckRollup: Resolvers<GitCommit> = {
  id: (source) => `SCR_${source.sha}`,
  commit: (source) => source,
  state: rollup,
  contexts: (source, args: Page) => connection(contextsOf(source), args, 'contexts'),
}

const statusContext: Resolvers<StatusContext> = {
  ...same('context', 'description', 'targetUrl', 'creator', 'commit'),
  id: (source) => source.nodeId,
  state: (source) => upper(source.state),
  createdAt: (source) => iso(source.createdAt),
}

const checkRun: Resolvers<CheckRun> = {
  ...same('name', 'externalId', 'detailsUrl', 'repository'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  status: (source) => upper(source.status),
  conclusion: (source) => upper(source.conclusion),
  checkSuite: (source) => source.suite,
  title: (source) => source.output.title,
  summary: (source) => source.output.summary,
  text: (source) => source.output.text,
  startedAt: (source) => iso(source.startedAt),
  completedAt: (source) => isoOrNull(source.completedAt),
  url: (source, _: unknown, { world }) => `${repositoryPage(world, source.repository)}/runs/${source.id}`,
}

const checkSuite: Resolvers<CheckSuite> = {
  ...times,
  ...same('repository'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  status: (source) => upper(source.status),
  conclusion: (source) => upper(source.conclusion),
  commit: (source) => source.repository.commits.get(source.headSha) ?? null,
  checkRuns: (source, args: Page) => {
    const runs = source.repository.checkRuns.filter((run) => run.suite === source)
    return connection(runs, args, 'checkRuns')
  },
}

/** Oldest first unless ordered otherwise, so that `last: 1` is the newest. */
export function deploymentsOf(
  list: Deployment[],
  args: { environments?: string[] | null; orderBy?: Order | null },
): Deployment[] {
  const wanted = list.filter((each) => !args.environments || args.environments.includes(each.environment))
  return ordered(wanted, args.orderBy, { CREATED_AT: (each) => each.createdAt })
}

type StatusOfDeployment = DeploymentStatus & { deployment: Deployment }

const statusesOf = (source: Deployment): StatusOfDeployment[] =>
  source.statuses.map((status) => ({ ...status, deployment: source }))

const deployment: Resolvers<Deployment> = {
  ...times,
  ...same('environment', 'description', 'task', 'creator', 'repository'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  commit: (source) => source.repository.commits.get(source.sha) ?? null,
  commitOid: (source) => source.sha,
  originalEnvironment: (source) => source.environment,
  latestEnvironment: (source) => source.environment,
  payload: (source) => JSON.stringify(source.payload),
  // A deployment that succeeded is ACTIVE, until a newer one makes it INACTIVE.
  state: (source) => {
    const latest = source.statuses.at(-1)?.state ?? 'pending'
    return latest === 'success' ? 'ACTIVE' : upper(latest)
  },
  ref: (source) => {
    const sha = source.repository.branches.get(source.ref)
    return sha === undefined
      ? null
      : { repository: source.repository, prefix: 'refs/heads/', name: source.ref, sha }
  },
  latestStatus: (source) => statusesOf(source).at(-1) ?? null,
  // Newest first, unlike the deployments themselves.
  statuses: (source, args: Page) => connection(statusesOf(source).reverse(), args, 'statuses'),
}

const deploymentStatus: Resolvers<StatusOfDeployment> = {
  ...same('creator', 'description', 'deployment'),
  id: (source) => source.nodeId,
  state: (source) => upper(source.state),
  environment: (source) => source.deployment.environment,
  environmentUrl: (source) => source.environmentUrl || null,
  logUrl: (source) => source.logUrl || null,
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.createdAt),
}

export const checkResolvers: ResolverMap = {
  StatusCheckRollup: statusCheckRollup,
  StatusContext: statusContext,
  CheckRun: checkRun,
  CheckSuite: checkSuite,
  Deployment: deployment,
  DeploymentStatus: deploymentStatus,
}

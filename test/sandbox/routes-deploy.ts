// REST: checks, statuses, deployments and Actions.
import { z } from 'zod'
import {
  type Answer,
  type Call,
  created,
  noContent,
  ok,
  paged,
  pageOf,
  type Route,
  read,
  repositoryRoute,
} from './api.ts'
import { createCheckRun, createStatus, updateCheckRun } from './mutate-checks.ts'
import { createDeployment, createDeploymentStatus, dispatchWorkflow } from './mutate-deploy.ts'
import { latestCheckRuns } from './pull-facts.ts'
import { commitOf } from './routes-git.ts'
import { notFound } from './rules.ts'
import {
  checkRunShape,
  deploymentShape,
  deploymentStatusShape,
  listedCheckSuiteShape,
  runUrls,
  statusShape,
  workflowRunShape,
  workflowShape,
} from './shape-deploy.ts'
import { minimalRepositoryShape, repositoryUrl } from './shape-repository.ts'
import type { CheckRun, CommitStatus, Deployment, Repository, Workflow, WorkflowRun } from './world.ts'

const annotation = z.object({
  path: z.string(),
  start_line: z.number().int(),
  end_line: z.number().int(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string(),
  title: z.string().nullable().exactOptional(),
  raw_details: z.string().nullable().exactOptional(),
})
const change = z.object({
  name: z.string().exactOptional(),
  status: z.enum(['queued', 'in_progress', 'completed']).exactOptional(),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .exactOptional(),
  details_url: z.string().exactOptional(),
  external_id: z.string().exactOptional(),
  output: z
    .object({
      title: z.string().exactOptional(),
      summary: z.string().exactOptional(),
      text: z.string().nullable().exactOptional(),
      annotations: z.array(annotation).exactOptional(),
    })
    .exactOptional(),
})

function changeOf(input: z.infer<typeof change>) {
  const { details_url: detailsUrl, external_id: externalId, ...rest } = input
  return {
    ...rest,
    ...(detailsUrl === undefined ? {} : { detailsUrl }),
    ...(externalId === undefined ? {} : { externalId }),
  }
}

function postCheckRun(call: Call, repository: Repository): Answer {
  const { head_sha: headSha, name } = read(z.object({ head_sha: z.string(), name: z.string() }), call)
  const input = { repository, headSha, ...changeOf(read(change, call)), name }
  return created(checkRunShape(call.world, createCheckRun(call.world, call.actor, input)))
}

function runOf(call: Call, repository: Repository): CheckRun {
  const found = repository.checkRuns.find((run) => run.id === Number(call.params.check_run_id))
  if (found === undefined) throw notFound()
  return found
}

function checkRunsFor(call: Call, repository: Repository): Answer {
  const { sha } = commitOf(repository, call.params.ref)
  const name = call.query.get('check_name')
  const status = call.query.get('status')
  const all =
    call.query.get('filter') === 'all'
      ? repository.checkRuns.filter((run) => run.headSha === sha)
      : latestCheckRuns(repository, sha)
  const found = all.filter(
    (run) => (name === null || run.name === name) && (status === null || run.status === status),
  )
  const page = pageOf(call, found)
  const runs = page.items.map((run) => checkRunShape(call.world, run))
  return { status: 200, body: { total_count: found.length, check_runs: runs }, headers: page.headers }
}

function checkSuitesFor(call: Call, repository: Repository): Answer {
  const { sha } = commitOf(repository, call.params.ref)
  const found = repository.checkSuites.filter((suite) => suite.headSha === sha)
  const suites = found.map((suite) => listedCheckSuiteShape(call.world, suite))
  return ok({ total_count: found.length, check_suites: suites })
}

function combinedStatus(call: Call, repository: Repository): Answer {
  const { sha } = commitOf(repository, call.params.ref)
  const latest = new Map<string, CommitStatus>()
  for (const status of repository.statuses) if (status.sha === sha) latest.set(status.context, status)
  const statuses = [...latest.values()]
  const bad = statuses.some((status) => status.state === 'failure' || status.state === 'error')
  const pending = statuses.length === 0 || statuses.some((status) => status.state === 'pending')
  const url = repositoryUrl(call.world, repository)
  return ok({
    state: bad ? 'failure' : pending ? 'pending' : 'success',
    statuses: statuses.map((status) => statusShape(call.world, repository, status)),
    sha,
    total_count: statuses.length,
    repository: minimalRepositoryShape(call.world, repository),
    commit_url: `${url}/commits/${sha}`,
    url: `${url}/commits/${sha}/status`,
  })
}

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().exactOptional(),
  description: z.string().nullable().exactOptional(),
  target_url: z.string().nullable().exactOptional(),
})

function postStatus(call: Call, repository: Repository): Answer {
  const { target_url: targetUrl, ...rest } = read(newStatus, call)
  const status = createStatus(call.world, call.actor, {
    repository,
    sha: call.params.sha ?? '',
    ...rest,
    ...(targetUrl === undefined ? {} : { targetUrl }),
  })
  return created(statusShape(call.world, repository, status))
}

function deploymentOf(call: Call, repository: Repository): Deployment {
  const found = repository.deployments.find((each) => each.id === Number(call.params.deployment_id))
  if (found === undefined) throw notFound()
  return found
}

function listDeployments(call: Call, repository: Repository): Answer {
  const wanted = (key: 'environment' | 'sha' | 'ref' | 'task', deployment: Deployment): boolean => {
    const value = call.query.get(key)
    return value === null || value === '' || deployment[key] === value
  }
  const found = repository.deployments
    .filter((each) => (['environment', 'sha', 'ref', 'task'] as const).every((key) => wanted(key, each)))
    .reverse()
  return paged(call, found, (deployment) => deploymentShape(call.world, deployment))
}

const newDeployment = z.object({
  ref: z.string(),
  task: z.string().exactOptional(),
  environment: z.string().exactOptional(),
  description: z.string().nullable().exactOptional(),
  payload: z.record(z.string(), z.unknown()).exactOptional(),
  required_contexts: z.array(z.string()).exactOptional(),
})
const deploymentState = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const

function postDeployment(call: Call, repository: Repository): Answer {
  const { required_contexts: requiredContexts, ...rest } = read(newDeployment, call)
  const deployment = createDeployment(call.world, call.actor, {
    repository,
    ...rest,
    ...(requiredContexts === undefined ? {} : { requiredContexts }),
  })
  return created(deploymentShape(call.world, deployment))
}

function postDeploymentStatus(call: Call, repository: Repository): Answer {
  const deployment = deploymentOf(call, repository)
  const input = read(
    z.object({ state: z.enum(deploymentState), description: z.string().exactOptional() }),
    call,
  )
  const status = createDeploymentStatus(call.world, call.actor, { deployment, ...input })
  return created(deploymentStatusShape(call.world, deployment, status))
}

function workflowOf(call: Call, repository: Repository): Workflow {
  const wanted = call.params.workflow_id ?? ''
  const found = repository.workflows.find(
    (each) => String(each.id) === wanted || each.path.split('/').at(-1) === wanted,
  )
  if (found === undefined) throw notFound()
  return found
}

function dispatch(call: Call, repository: Repository): Answer {
  const schema = z.object({
    ref: z.string(),
    inputs: z.record(z.string(), z.unknown()).exactOptional(),
    return_run_details: z.boolean().exactOptional(),
  })
  const { return_run_details: details, ...input } = read(schema, call)
  const run = dispatchWorkflow(call.world, call.actor, { workflow: workflowOf(call, repository), ...input })
  if (details !== true) return noContent()
  const { url, page } = runUrls(call.world, run)
  return ok({ workflow_run_id: run.id, run_url: url, html_url: page })
}

function listRuns(call: Call, repository: Repository, workflow?: Workflow): Answer {
  const { query } = call
  const status = query.get('status')
  const [, sign, day] = /^([<>]=?)?(.*)$/.exec(query.get('created') ?? '') ?? []
  const at = Date.parse(day ?? '')
  const matches = (run: WorkflowRun): boolean =>
    (workflow === undefined || run.workflow === workflow) &&
    (query.get('event') === null || run.event === query.get('event')) &&
    (query.get('branch') === null || run.headBranch === query.get('branch')) &&
    (query.get('head_sha') === null || run.headSha === query.get('head_sha')) &&
    (status === null || run.status === status || run.conclusion === status) &&
    (Number.isNaN(at) || (sign?.startsWith('<') ? run.createdAt <= at : run.createdAt >= at))
  const found = repository.workflowRuns.filter(matches).reverse()
  const page = pageOf(call, found)
  const runs = page.items.map((run) => workflowRunShape(call.world, run))
  return { status: 200, body: { total_count: found.length, workflow_runs: runs }, headers: page.headers }
}

export const deployRoutes: Route[] = [
  repositoryRoute('POST', '/check-runs', 'metadata', postCheckRun),
  repositoryRoute('GET', '/check-runs/{check_run_id}', 'checks', (call, repository) =>
    ok(checkRunShape(call.world, runOf(call, repository))),
  ),
  repositoryRoute('PATCH', '/check-runs/{check_run_id}', 'metadata', (call, repository) => {
    const input = { run: runOf(call, repository), ...changeOf(read(change, call)) }
    return ok(checkRunShape(call.world, updateCheckRun(call.world, call.actor, input)))
  }),
  repositoryRoute('GET', '/check-runs/{check_run_id}/annotations', 'checks', (call, repository) => {
    const { annotations } = runOf(call, repository).output
    const page = `${repositoryUrl(call.world, repository)}/blob`
    return paged(call, annotations, (each) => ({
      start_column: null,
      end_column: null,
      title: null,
      raw_details: null,
      ...each,
      blob_href: `${page}/${each.path}`,
    }))
  }),
  repositoryRoute('GET', '/commits/{ref}/check-runs', 'checks', checkRunsFor),
  repositoryRoute('GET', '/commits/{ref}/check-suites', 'checks', checkSuitesFor),
  repositoryRoute('GET', '/commits/{ref}/status', 'statuses', combinedStatus),
  repositoryRoute('POST', '/statuses/{sha}', 'metadata', postStatus),
  repositoryRoute('GET', '/deployments', 'deployments', listDeployments),
  repositoryRoute('POST', '/deployments', 'metadata', postDeployment),
  repositoryRoute('GET', '/deployments/{deployment_id}', 'deployments', (call, repository) =>
    ok(deploymentShape(call.world, deploymentOf(call, repository))),
  ),
  repositoryRoute('GET', '/deployments/{deployment_id}/statuses', 'deployments', (call, repository) => {
    const deployment = deploymentOf(call, repository)
    const newest = [...deployment.statuses].reverse()
    return paged(call, newest, (status) => deploymentStatusShape(call.world, deployment, status))
  }),
  repositoryRoute('POST', '/deployments/{deployment_id}/statuses', 'metadata', postDeploymentStatus),
  repositoryRoute('GET', '/actions/workflows', 'actions', (call, repository) => {
    const page = pageOf(call, repository.workflows)
    const workflows = page.items.map((workflow) => workflowShape(call.world, workflow))
    return ok({ total_count: repository.workflows.length, workflows })
  }),
  repositoryRoute('GET', '/actions/workflows/{workflow_id}', 'actions', (call, repository) =>
    ok(workflowShape(call.world, workflowOf(call, repository))),
  ),
  repositoryRoute('POST', '/actions/workflows/{workflow_id}/dispatches', 'metadata', dispatch),
  repositoryRoute('GET', '/actions/workflows/{workflow_id}/runs', 'actions', (call, repository) =>
    listRuns(call, repository, workflowOf(call, repository)),
  ),
  repositoryRoute('GET', '/actions/runs', 'actions', (call, repository) => listRuns(call, repository)),
  repositoryRoute('GET', '/actions/runs/{run_id}', 'actions', (call, repository) => {
    const run = repository.workflowRuns.find((each) => each.id === Number(call.params.run_id))
    if (run === undefined) throw notFound()
    return ok(workflowRunShape(call.world, run))
  }),
]

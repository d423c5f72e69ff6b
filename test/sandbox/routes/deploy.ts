// REST: deployments and Actions.
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
} from '../api.ts'
import { createDeployment, createDeploymentStatus, dispatchWorkflow } from '../mutate/deploy.ts'
import {
  deploymentShape,
  deploymentStatusShape,
  runUrls,
  workflowRunShape,
  workflowShape,
} from '../shape/deploy.ts'
import { notFound } from '../world/rules.ts'
import type { Deployment, Repository, Workflow, WorkflowRun } from '../world/world.ts'

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

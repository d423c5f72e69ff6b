// Deployments and workflow runs.
import { emit } from '../emit.ts'
import { resolveRef } from '../history.ts'
import { deploymentShape, deploymentStatusShape, workflowRunShape, workflowShape } from '../shape/deploy.ts'
import { repositoryPage } from '../shape/repository.ts'
import { latestCheckRuns } from '../world/pull-facts.ts'
import { newId, nodeId, register, requirePermission, requireRole, requireWritable } from '../world/rules.ts'
import type {
  Account,
  Actor,
  CheckConclusion,
  Deployment,
  DeploymentState,
  DeploymentStatus,
  Repository,
  Workflow,
  WorkflowRun,
  World,
} from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { findSuite } from './checks.ts'

export type NewDeployment = {
  repository: Repository
  ref: string
  environment?: string
  task?: string
  description?: string | null
  payload?: Record<string, unknown>
  /** Undefined: every check on the commit; `[]`: none. */
  requiredContexts?: string[]
}

/** 422 for an unknown ref, 409 where required checks are not green. */
export function createDeployment(world: World, actor: Actor, input: NewDeployment): Deployment {
  const { repository } = input
  requirePermission(actor, repository, { name: 'deployments', level: 'write' })
  requireRole(actor, repository, 'write')
  requireWritable(repository)
  const sha = resolveRef(repository, input.ref)
  if (sha === undefined) throw new GitHubRefusal(422, `No ref found for: ${input.ref}`)
  requireGreen(repository, sha, input.requiredContexts)
  const id = newId(world)
  const now = world.now()
  const deployment: Deployment = register(world, {
    kind: 'Deployment',
    id,
    nodeId: nodeId('DE', id),
    repository,
    sha,
    ref: input.ref,
    task: input.task ?? 'deploy',
    environment: input.environment ?? 'production',
    description: input.description ?? null,
    payload: input.payload ?? {},
    creator: actor.account,
    statuses: [],
    createdAt: now,
    updatedAt: now,
  })
  repository.deployments.push(deployment)
  emit(world, actor, {
    event: 'deployment',
    action: 'created',
    repository,
    payload: { deployment: deploymentShape(world, deployment), workflow: null, workflow_run: null },
  })
  return deployment
}

function requireGreen(repository: Repository, sha: string, contexts: string[] | undefined): void {
  const runs = latestCheckRuns(repository, sha)
  const relevant = contexts === undefined ? runs : runs.filter((run) => contexts.includes(run.name))
  if (relevant.every((run) => run.conclusion === 'success')) return
  throw new GitHubRefusal(409, 'Conflict: Commit status checks failed for ref.')
}

export type NewDeploymentStatus = {
  deployment: Deployment
  state: DeploymentState
  description?: string
  environmentUrl?: string
  logUrl?: string
  /** The workflow run that deployed, where one did. */
  run?: WorkflowRun
}

/** `inactive` sends no event. */
export function createDeploymentStatus(
  world: World,
  actor: Actor,
  input: NewDeploymentStatus,
): DeploymentStatus {
  const { deployment } = input
  const { repository } = deployment
  requirePermission(actor, repository, { name: 'deployments', level: 'write' })
  requireRole(actor, repository, 'write')
  const id = newId(world)
  const page = repositoryPage(world, repository)
  const status: DeploymentStatus = {
    id,
    nodeId: nodeId('DES', id),
    state: input.state,
    creator: actor.account,
    description: input.description ?? '',
    environmentUrl: input.environmentUrl ?? '',
    logUrl: input.logUrl ?? `${page}/deployments/${deployment.id}`,
    createdAt: world.now(),
  }
  deployment.statuses.push(status)
  deployment.updatedAt = status.createdAt
  if (input.state === 'inactive') return status
  const run = input.run
  emit(world, actor, {
    event: 'deployment_status',
    action: 'created',
    repository,
    payload: {
      deployment_status: deploymentStatusShape(world, deployment, status),
      deployment: deploymentShape(world, deployment),
      check_run: null,
      workflow: run === undefined ? null : workflowShape(world, run.workflow),
      workflow_run: run === undefined ? null : { ...workflowRunShape(world, run), head_commit: null },
    },
  })
  return status
}

export type Dispatch = { workflow: Workflow; ref: string; inputs?: Record<string, unknown> }

/** 422 without the trigger, for an unknown ref, and for inputs that the file does not name or misses. */
export function dispatchWorkflow(world: World, actor: Actor, input: Dispatch): WorkflowRun {
  const { workflow } = input
  const { repository } = workflow
  requirePermission(actor, repository, { name: 'actions', level: 'write' })
  requireRole(actor, repository, 'write')
  requireWritable(repository)
  if (workflow.inputs === null)
    throw new GitHubRefusal(422, "Workflow does not have 'workflow_dispatch' trigger")
  const sha = resolveRef(repository, input.ref)
  if (sha === undefined) throw new GitHubRefusal(422, `No ref found for: ${input.ref}`)
  const inputs = checkInputs(workflow.inputs, input.inputs ?? {})
  return startRun(world, actor, {
    workflow,
    headSha: sha,
    headBranch: input.ref,
    event: 'workflow_dispatch',
    inputs,
  })
}

function checkInputs(
  known: NonNullable<Workflow['inputs']>,
  given: Record<string, unknown>,
): Record<string, string> {
  const unexpected = Object.keys(given).filter((key) => !known.has(key))
  if (unexpected.length > 0) {
    throw new GitHubRefusal(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  }
  const inputs: Record<string, string> = {}
  for (const [key, input] of known) {
    const value = given[key]
    if (value === undefined && input.required && input.default === null) {
      throw new GitHubRefusal(422, `Required input '${key}' not provided`)
    }
    const text = value === undefined ? input.default : String(value)
    if (text === null) continue
    if (input.options !== null && !input.options.includes(text)) {
      throw new GitHubRefusal(
        422,
        `Provided value '${text}' for input '${key}' not in the list of allowed values`,
      )
    }
    inputs[key] = text
  }
  return inputs
}

export type NewRun = {
  workflow: Workflow
  headSha: string
  headBranch: string
  event: string
  inputs?: Record<string, string>
}

/** A run that nobody asked the app about, such as one of a push; `requested` is told. */
export function startRun(world: World, actor: Actor, input: NewRun): WorkflowRun {
  const { workflow } = input
  const { repository } = workflow
  const id = newId(world)
  const run: WorkflowRun = {
    id,
    nodeId: nodeId('WFR', id),
    repository,
    workflow,
    runNumber: 1 + repository.workflowRuns.filter((each) => each.workflow === workflow).length,
    event: input.event,
    headSha: input.headSha,
    headBranch: input.headBranch.replace(/^refs\/heads\//, ''),
    inputs: input.inputs ?? {},
    status: 'queued',
    conclusion: null,
    actor: actor.account,
    suite: findSuite(world, { repository, headSha: input.headSha, app: 'github-actions' }),
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  repository.workflowRuns.push(run)
  emitRun(world, run, 'requested')
  return run
}

/** Only Actions itself moves a run on. */
export function progressRun(world: World, run: WorkflowRun): void {
  run.status = 'in_progress'
  run.updatedAt = world.now()
  emitRun(world, run, 'in_progress')
}

export function finishRun(world: World, run: WorkflowRun, conclusion: CheckConclusion): void {
  run.status = 'completed'
  run.conclusion = conclusion
  run.updatedAt = world.now()
  emitRun(world, run, 'completed')
}

function emitRun(world: World, run: WorkflowRun, action: string): void {
  const sender: Account = run.actor
  emit(
    world,
    { account: sender, installation: null, permissions: null, repositories: null },
    {
      event: 'workflow_run',
      action,
      repository: run.repository,
      payload: { workflow_run: workflowRunShape(world, run), workflow: workflowShape(world, run.workflow) },
    },
  )
}

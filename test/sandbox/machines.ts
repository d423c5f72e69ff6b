// What machines report: deployments, workflow runs and checks of somebody else's CI.

import { type CheckOutput, createCheckRun } from './mutate/checks.ts'
import {
  createDeployment,
  createDeploymentStatus,
  finishRun,
  progressRun,
  startRun,
} from './mutate/deploy.ts'
import { findAccount } from './world/find.ts'
import { personActor } from './world/rules.ts'
import type {
  Actor,
  CheckConclusion,
  CheckRun,
  Deployment,
  DeploymentState,
  Repository,
  WorkflowRun,
  World,
} from './world/world.ts'

export type ReportedDeployment = {
  repo?: Repository
  /** A branch, a tag or a commit; the default branch when not given. */
  ref?: string
  environment?: string
  state: DeploymentState
  description?: string
  /** The workflow run that deploys. */
  run?: WorkflowRun
  /** One that was reported before; else the unfinished one of the same commit and environment, or a new one. */
  deployment?: Deployment
}

export type ReportedCheck = {
  repo?: Repository
  sha: string
  name: string
  conclusion?: CheckConclusion
  output?: CheckOutput
}

export function makeMachines(world: World) {
  const actor = actions(world)
  const first = (): Repository => {
    const [repository] = world.repositories
    if (repository === undefined) throw new Error('There is no repository')
    return repository
  }
  return {
    deployments: {
      /** Makes the deployment at its first report, and adds a status to it. */
      report: (input: ReportedDeployment): Deployment => report(world, actor, { repo: first(), ...input }),
    },
    actions: {
      /** A run that Actions starts by itself. */
      start: (path: string, event = 'push', repository = first()): WorkflowRun => {
        const workflow = repository.workflows.find((each) => each.path.endsWith(`/${path}`))
        if (workflow === undefined) throw new Error(`There is no workflow ${path}`)
        const headSha = repository.branches.get(repository.defaultBranch) ?? ''
        return startRun(world, actor, { workflow, headSha, headBranch: repository.defaultBranch, event })
      },
      progress: (run: WorkflowRun): void => progressRun(world, run),
      finish: (run: WorkflowRun, conclusion: CheckConclusion = 'success'): void => {
        if (run.status === 'queued') progressRun(world, run)
        finishRun(world, run, conclusion)
      },
    },
    checks: {
      report: ({ repo, sha, ...input }: ReportedCheck): CheckRun =>
        createCheckRun(world, actor, { repository: repo ?? first(), headSha: sha, ...input }),
    },
  }
}

/** GitHub's own machine may do what a workflow's token may. */
function actions(world: World): Actor {
  const account = findAccount(world, 'github-actions[bot]')
  if (account === undefined) throw new Error('There is no github-actions[bot]')
  return personActor(account)
}

function report(world: World, actor: Actor, input: ReportedDeployment & { repo: Repository }): Deployment {
  const { repo: repository, environment = 'production', state, run } = input
  const ref = input.ref ?? run?.headSha ?? repository.defaultBranch
  const known =
    input.deployment ??
    repository.deployments.findLast(
      (each) => each.environment === environment && each.ref === ref && isUnfinished(each),
    )
  const deployment =
    known ?? createDeployment(world, actor, { repository, ref, environment, requiredContexts: [] })
  createDeploymentStatus(world, actor, {
    deployment,
    state,
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(run === undefined ? {} : { run }),
  })
  return deployment
}

function isUnfinished(deployment: Deployment): boolean {
  const state = deployment.statuses.at(-1)?.state
  return state === undefined || state === 'in_progress' || state === 'queued' || state === 'pending'
}

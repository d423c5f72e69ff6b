// REST and webhook shapes of checks, statuses, deployments and Actions.
import { fullName } from '../world/find.ts'
import { iso, isoOrNull } from '../world/rules.ts'
import type {
  CheckRun,
  CheckSuite,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  Repository,
  Workflow,
  WorkflowRun,
  World,
} from '../world/world.ts'
import { accountShape, foreignAppShape, type Shape } from './account.ts'
import { commitShape, simpleCommitShape } from './git.ts'
import { minimalPullShape } from './pull.ts'
import { minimalRepositoryShape, repositoryPage, repositoryUrl } from './repository.ts'

function pullsOn(world: World, repository: Repository, sha: string): Shape[] {
  return [...repository.issues.values()].flatMap(({ pull, state }) =>
    pull !== null && state === 'open' && pull.head.sha === sha ? [minimalPullShape(world, pull)] : [],
  )
}

export function checkRunShape(world: World, run: CheckRun): Shape {
  const url = `${repositoryUrl(world, run.repository)}/check-runs/${run.id}`
  const page = `${repositoryPage(world, run.repository)}/runs/${run.id}`
  return {
    id: run.id,
    name: run.name,
    node_id: run.nodeId,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: iso(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: foreignAppShape(world, run.suite.app),
    pull_requests: pullsOn(world, run.repository, run.headSha),
  }
}

export function checkRunEventShape(world: World, run: CheckRun): Shape {
  const { suite } = run
  return {
    ...checkRunShape(world, run),
    check_suite: {
      id: suite.id,
      node_id: suite.nodeId,
      head_branch: suite.headBranch,
      head_sha: suite.headSha,
      status: suite.status,
      conclusion: suite.conclusion,
      url: `${repositoryUrl(world, suite.repository)}/check-suites/${suite.id}`,
      before: null,
      after: suite.headSha,
      pull_requests: pullsOn(world, suite.repository, suite.headSha),
      app: foreignAppShape(world, suite.app),
      created_at: iso(suite.createdAt),
      updated_at: iso(suite.updatedAt),
    },
  }
}

export function checkSuiteShape(world: World, suite: CheckSuite): Shape {
  const url = `${repositoryUrl(world, suite.repository)}/check-suites/${suite.id}`
  const commit = suite.repository.commits.get(suite.headSha)
  return {
    id: suite.id,
    node_id: suite.nodeId,
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url,
    before: commit?.parents[0] ?? null,
    after: suite.headSha,
    pull_requests: pullsOn(world, suite.repository, suite.headSha),
    app: foreignAppShape(world, suite.app),
    created_at: iso(suite.createdAt),
    updated_at: iso(suite.updatedAt),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: suite.repository.checkRuns.filter((run) => run.suite === suite).length,
    check_runs_url: `${url}/check-runs`,
    head_commit: commit === undefined ? null : simpleCommitShape(commit),
  }
}

/** REST lists a suite with its repository, a webhook does not. */
export function listedCheckSuiteShape(world: World, suite: CheckSuite): Shape {
  return { ...checkSuiteShape(world, suite), repository: minimalRepositoryShape(world, suite.repository) }
}

export function statusShape(world: World, repository: Repository, status: CommitStatus): Shape {
  const creator = accountShape(world, status.creator)
  return {
    url: `${repositoryUrl(world, repository)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    creator,
  }
}

/** What the webhook of a status tells: its commit, and the branches that end in it, ten at most. */
export function statusEventShape(world: World, repository: Repository, status: CommitStatus): Shape {
  const { sha } = status
  const commit = repository.commits.get(sha)
  const heads = [...repository.branches].filter(([, head]) => head === sha).slice(0, 10)
  const url = `${repositoryUrl(world, repository)}/commits/${sha}`
  return {
    ...statusShape(world, repository, status),
    name: fullName(repository),
    sha,
    commit: commit ? commitShape(world, commit) : null,
    branches: heads.map(([name]) => ({ name, commit: { sha, url }, protected: false })),
  }
}

export function deploymentShape(world: World, deployment: Deployment): Shape {
  const url = `${repositoryUrl(world, deployment.repository)}/deployments/${deployment.id}`
  return {
    url,
    id: deployment.id,
    node_id: deployment.nodeId,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: accountShape(world, deployment.creator),
    created_at: iso(deployment.createdAt),
    updated_at: iso(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(world, deployment.repository),
    transient_environment: false,
    production_environment: deployment.environment === 'production',
    performed_via_github_app: null,
  }
}

export function deploymentStatusShape(world: World, deployment: Deployment, status: DeploymentStatus): Shape {
  const url = `${repositoryUrl(world, deployment.repository)}/deployments/${deployment.id}`
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    creator: accountShape(world, status.creator),
    description: status.description,
    environment: deployment.environment,
    target_url: status.logUrl,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    deployment_url: url,
    repository_url: repositoryUrl(world, deployment.repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  }
}

export function workflowShape(world: World, workflow: Workflow): Shape {
  const { repository } = workflow
  const page = repositoryPage(world, repository)
  const file = workflow.path.split('/').at(-1)
  return {
    id: workflow.id,
    node_id: workflow.nodeId,
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: iso(workflow.createdAt),
    updated_at: iso(workflow.createdAt),
    url: `${repositoryUrl(world, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(file ?? '')}/badge.svg`,
  }
}

export function runUrls(world: World, run: WorkflowRun): { url: string; page: string } {
  return {
    url: `${repositoryUrl(world, run.repository)}/actions/runs/${run.id}`,
    page: `${world.url}/${fullName(run.repository)}/actions/runs/${run.id}`,
  }
}

export function workflowRunShape(world: World, run: WorkflowRun): Shape {
  const { url, page } = runUrls(world, run)
  const commit = run.repository.commits.get(run.headSha)
  const repository = minimalRepositoryShape(world, run.repository)
  const actor = accountShape(world, run.actor)
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: run.nodeId,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow.path,
    display_title: run.workflow.name,
    run_number: run.runNumber,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow.id,
    check_suite_id: run.suite.id,
    check_suite_node_id: run.suite.nodeId,
    url,
    html_url: page,
    pull_requests: pullsOn(world, run.repository, run.headSha),
    created_at: iso(run.createdAt),
    updated_at: iso(run.updatedAt),
    actor,
    run_attempt: 1,
    referenced_workflows: [],
    run_started_at: iso(run.createdAt),
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(world, run.repository)}/check-suites/${run.suite.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repositoryUrl(world, run.repository)}/actions/workflows/${run.workflow.id}`,
    head_commit: commit === undefined ? null : simpleCommitShape(commit),
    repository,
    head_repository: repository,
  }
}

// Check runs, their suites, and commit statuses.
import { emit } from '../emit.ts'
import { checkRunEventShape, checkSuiteShape, statusEventShape } from '../shape/deploy.ts'
import {
  invalid,
  newId,
  nodeId,
  register,
  requirePermission,
  requireRole,
  requireWritable,
} from '../world/rules.ts'
import type {
  Actor,
  CheckAnnotation,
  CheckConclusion,
  CheckRun,
  CheckSuite,
  CommitStatus,
  Repository,
  World,
} from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

export type CheckOutput = {
  title?: string
  summary?: string
  text?: string | null
  annotations?: CheckAnnotation[]
}

export type CheckRunChange = {
  name?: string
  status?: CheckRun['status']
  conclusion?: CheckConclusion
  output?: CheckOutput
  detailsUrl?: string
  externalId?: string
}

export type NewCheckRun = CheckRunChange & {
  repository: Repository
  name: string
  headSha: string
  /** Who reports it where it is not the app: `github-actions` by default. */
  app?: string
}

/** Only apps make check runs; a conclusion completes one, and 50 annotations go into one call. */
export function createCheckRun(world: World, actor: Actor, input: NewCheckRun): CheckRun {
  const { repository } = input
  requirePermission(actor, repository, { name: 'checks', level: 'write' })
  requireWritable(repository)
  if (!repository.commits.has(input.headSha)) {
    throw new GitHubRefusal(422, `No commit found for SHA: ${input.headSha}`)
  }
  checkOutput(input)
  const app = actor.installation === null ? (input.app ?? 'github-actions') : world.app.slug
  const suite = findSuite(world, { repository, headSha: input.headSha, app })
  const id = newId(world)
  const run: CheckRun = register(world, {
    kind: 'CheckRun',
    id,
    nodeId: nodeId('CR', id),
    repository,
    suite,
    name: input.name,
    headSha: input.headSha,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    startedAt: world.now(),
    completedAt: null,
  })
  repository.checkRuns.push(run)
  applyChange(world, run, input)
  settleSuite(world, suite)
  emitRun(world, actor, run, 'created')
  if (run.status === 'completed') emitCompleted(world, actor, run)
  return run
}

/** 403 for another app's run. */
export function updateCheckRun(
  world: World,
  actor: Actor,
  input: CheckRunChange & { run: CheckRun },
): CheckRun {
  const { run } = input
  requirePermission(actor, run.repository, { name: 'checks', level: 'write' })
  if (actor.installation !== null && run.suite.app !== world.app.slug) {
    throw new GitHubRefusal(
      403,
      `Invalid app_id \`${world.app.id}\` - check run can only be modified by the GitHub App that created it.`,
    )
  }
  checkOutput(input)
  const wasCompleted = run.status === 'completed'
  applyChange(world, run, input)
  settleSuite(world, run.suite)
  if (run.status === 'completed' && (!wasCompleted || input.conclusion !== undefined)) {
    emitCompleted(world, actor, run)
  }
  return run
}

function checkOutput(input: CheckRunChange): void {
  const { output } = input
  if (output === undefined) return
  if (output.summary === undefined) throw invalid('CheckRun', 'output.summary', { code: 'missing_field' })
  if (output.summary.length > 65_535)
    throw invalid('CheckRun', 'output.summary', { message: 'summary exceeds a maximum bytesize of 65535' })
  if ((output.text ?? '').length > 65_535)
    throw invalid('CheckRun', 'output.text', { message: 'text exceeds a maximum bytesize of 65535' })
  if ((output.annotations ?? []).length > 50) {
    throw invalid('CheckRun', 'output.annotations', {
      message: 'annotations exceeds a maximum quantity of 50',
    })
  }
}

function applyChange(world: World, run: CheckRun, change: CheckRunChange): void {
  run.name = change.name ?? run.name
  run.detailsUrl = change.detailsUrl ?? run.detailsUrl
  run.externalId = change.externalId ?? run.externalId
  if (change.status !== undefined) run.status = change.status
  if (change.conclusion !== undefined) {
    run.status = 'completed'
    run.conclusion = change.conclusion
  } else if (change.status !== undefined && change.status !== 'completed') run.conclusion = null
  run.completedAt = run.status === 'completed' ? world.now() : null
  if (change.output === undefined) return
  run.output = {
    title: change.output.title ?? run.output.title,
    summary: change.output.summary ?? run.output.summary,
    text: change.output.text ?? run.output.text,
    annotations: [...run.output.annotations, ...(change.output.annotations ?? [])],
  }
}

/** One suite per commit and app. */
export function findSuite(
  world: World,
  input: { repository: Repository; headSha: string; app: string },
): CheckSuite {
  const { repository, headSha, app } = input
  const known = repository.checkSuites.find((suite) => suite.headSha === headSha && suite.app === app)
  if (known !== undefined) return known
  const id = newId(world)
  const branch = [...repository.branches].find(([, sha]) => sha === headSha)
  const suite: CheckSuite = {
    id,
    nodeId: nodeId('CS', id),
    repository,
    headSha,
    headBranch: branch?.[0] ?? null,
    app,
    status: 'queued',
    conclusion: null,
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  repository.checkSuites.push(suite)
  return suite
}

function settleSuite(world: World, suite: CheckSuite): void {
  const runs = suite.repository.checkRuns.filter((run) => run.suite === suite)
  const done = runs.every((run) => run.status === 'completed')
  suite.status = done ? 'completed' : 'in_progress'
  const bad = runs.find((run) => run.conclusion !== 'success' && run.conclusion !== 'neutral')
  suite.conclusion = done ? (bad?.conclusion ?? 'success') : null
  suite.updatedAt = world.now()
}

function emitRun(world: World, actor: Actor, run: CheckRun, action: string): void {
  emit(world, actor, {
    event: 'check_run',
    action,
    repository: run.repository,
    payload: { check_run: checkRunEventShape(world, run) },
  })
}

function emitCompleted(world: World, actor: Actor, run: CheckRun): void {
  emitRun(world, actor, run, 'completed')
  if (run.suite.status === 'completed') emitSuite(world, actor, run.suite, 'completed')
}

export function emitSuite(world: World, actor: Actor, suite: CheckSuite, action: string): void {
  emit(world, actor, {
    event: 'check_suite',
    action,
    repository: suite.repository,
    payload: { check_suite: checkSuiteShape(world, suite) },
  })
}

export function createStatus(
  world: World,
  actor: Actor,
  input: Pick<CommitStatus, 'sha' | 'state'> &
    Partial<Pick<CommitStatus, 'context' | 'description' | 'targetUrl'>> & { repository: Repository },
): CommitStatus {
  const { repository } = input
  requirePermission(actor, repository, { name: 'statuses', level: 'write' })
  requireRole(actor, repository, 'write')
  if (!repository.commits.has(input.sha))
    throw new GitHubRefusal(422, `No commit found for SHA: ${input.sha}`)
  const id = newId(world)
  const status: CommitStatus = {
    id,
    nodeId: nodeId('SC', id),
    sha: input.sha,
    state: input.state,
    context: input.context ?? 'default',
    description: input.description ?? null,
    targetUrl: input.targetUrl ?? null,
    creator: actor.account,
    createdAt: world.now(),
  }
  repository.statuses.push(status)
  emit(world, actor, {
    event: 'status',
    action: null,
    repository,
    payload: statusEventShape(world, repository, status),
  })
  return status
}

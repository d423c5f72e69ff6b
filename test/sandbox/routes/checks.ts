// REST: check runs, check suites and commit statuses.
import { z } from 'zod'
import {
  type Answer,
  type Call,
  created,
  ok,
  paged,
  pageOf,
  type Route,
  read,
  repositoryRoute,
} from '../api.ts'
import { createCheckRun, createStatus, updateCheckRun } from '../mutate/checks.ts'
import { checkRunShape, listedCheckSuiteShape, statusShape } from '../shape/deploy.ts'
import { minimalRepositoryShape, repositoryUrl } from '../shape/repository.ts'
import { latestCheckRuns } from '../world/pull-facts.ts'
import { notFound } from '../world/rules.ts'
import type { CheckRun, CommitStatus, Repository } from '../world/world.ts'
import { commitOf } from './commits.ts'

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

export const checkRoutes: Route[] = [
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
]

// REST: pull requests and reviews.
import { z } from 'zod'
import {
  type Answer,
  type Call,
  created,
  issueOf,
  ok,
  paged,
  type Route,
  read,
  repositoryRoute,
} from '../api.ts'
import { mergePull } from '../mutate/merges.ts'
import { createPull, pullOf, requestReviewers, updatePull } from '../mutate/pulls.ts'
import { createReview, dismissReview } from '../mutate/reviews.ts'
import { accountShape, teamShape } from '../shape/account.ts'
import { commitShape, fileChangeShape } from '../shape/git.ts'
import { pullShape, reviewShape, simplePullShape } from '../shape/pull.ts'
import { pullComparison } from '../world/pull-facts.ts'
import { notFound } from '../world/rules.ts'
import type { Issue, PullRequest, Repository } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

const newPull = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullable().exactOptional(),
  draft: z.boolean().exactOptional(),
})
const pullChange = z.object({
  title: z.string().exactOptional(),
  body: z.string().nullable().exactOptional(),
  state: z.enum(['open', 'closed']).exactOptional(),
  base: z.string().exactOptional(),
})
const merge = z.object({
  merge_method: z.enum(['merge', 'squash', 'rebase']).exactOptional(),
  sha: z.string().exactOptional(),
  commit_title: z.string().exactOptional(),
  commit_message: z.string().exactOptional(),
})
const newReview = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).default('COMMENT'),
  body: z.string().exactOptional(),
})
const reviewers = z.object({
  reviewers: z.array(z.string()).exactOptional(),
  team_reviewers: z.array(z.string()).exactOptional(),
})

function findPull(call: Call, repository: Repository): Issue {
  const issue = issueOf(call, repository)
  if (issue.pull === null) throw notFound()
  return issue
}

function listPulls(call: Call, repository: Repository): Answer {
  const { query } = call
  const state = query.get('state') ?? 'open'
  const head = query.get('head')
  const base = query.get('base')
  const found = [...repository.issues.values()]
    .flatMap((issue) => (issue.pull === null ? [] : [issue.pull]))
    .filter(
      (pull) =>
        (state === 'all' || pull.issue.state === state) &&
        (base === null || pull.base.branch === base) &&
        (head === null || `${pull.head.repository.owner.login}:${pull.head.branch}` === head),
    )
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
  const up = query.get('direction') === 'asc' || (!query.has('direction') && query.has('sort'))
  const order = (a: PullRequest, b: PullRequest): number =>
    a.issue[key] - b.issue[key] || a.issue.number - b.issue.number
  found.sort((a, b) => (up ? order(a, b) : order(b, a)))
  return paged(call, found, (pull) => simplePullShape(call.world, pull))
}

function mergeRoute(call: Call, repository: Repository): Answer {
  const input = read(merge, call)
  const { sha } = mergePull(call.world, call.actor, {
    issue: findPull(call, repository),
    method: input.merge_method ?? 'merge',
    ...(input.sha === undefined ? {} : { sha: input.sha }),
    ...(input.commit_title === undefined ? {} : { title: input.commit_title }),
    ...(input.commit_message === undefined ? {} : { message: input.commit_message }),
  })
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' })
}

function askReviewers(call: Call, repository: Repository): Answer {
  const input = read(reviewers, call)
  const logins = input.reviewers ?? []
  const teams = input.team_reviewers ?? []
  if (logins.length > 15) throw new GitHubRefusal(422, 'Too many reviewers')
  const issue = requestReviewers(call.world, call.actor, { issue: findPull(call, repository), logins, teams })
  return created(simplePullShape(call.world, pullOf(issue)))
}

const one = '/pulls/{pull_number}'

export const pullRoutes: Route[] = [
  repositoryRoute('GET', '/pulls', 'pull_requests', listPulls),
  repositoryRoute('POST', '/pulls', 'metadata', (call, repository) => {
    const issue = createPull(call.world, call.actor, { repository, ...read(newPull, call) })
    return created(pullShape(call.world, pullOf(issue)))
  }),
  repositoryRoute('GET', one, 'pull_requests', (call, repository) =>
    ok(pullShape(call.world, pullOf(findPull(call, repository)))),
  ),
  repositoryRoute('PATCH', one, 'metadata', (call, repository) => {
    const issue = updatePull(call.world, call.actor, {
      issue: findPull(call, repository),
      ...read(pullChange, call),
    })
    return ok(pullShape(call.world, pullOf(issue)))
  }),
  repositoryRoute('PUT', `${one}/merge`, 'metadata', mergeRoute),
  repositoryRoute('GET', `${one}/merge`, 'pull_requests', (call, repository) => {
    if (pullOf(findPull(call, repository)).mergedAt === null) throw notFound()
    return { status: 204 }
  }),
  repositoryRoute('GET', `${one}/files`, 'pull_requests', (call, repository) => {
    const pull = pullOf(findPull(call, repository))
    const where = { repository, sha: pull.head.sha }
    return paged(call, pullComparison(pull).files, (file) => fileChangeShape(call.world, where, file))
  }),
  repositoryRoute('GET', `${one}/commits`, 'pull_requests', (call, repository) =>
    paged(call, pullComparison(pullOf(findPull(call, repository))).ahead, (commit) =>
      commitShape(call.world, commit),
    ),
  ),
  repositoryRoute('GET', `${one}/reviews`, 'pull_requests', (call, repository) =>
    paged(call, pullOf(findPull(call, repository)).reviews, (review) =>
      reviewShape(call.world, review, 'rest'),
    ),
  ),
  repositoryRoute('POST', `${one}/reviews`, 'metadata', (call, repository) => {
    const review = { issue: findPull(call, repository), ...read(newReview, call) }
    return ok(reviewShape(call.world, createReview(call.world, call.actor, review), 'rest'))
  }),
  repositoryRoute('PUT', `${one}/reviews/{review_id}/dismissals`, 'metadata', (call, repository) => {
    const { reviews } = pullOf(findPull(call, repository))
    const review = reviews.find((each) => each.id === Number(call.params.review_id))
    if (review === undefined) throw notFound()
    const { message } = read(z.object({ message: z.string() }), call)
    return ok(reviewShape(call.world, dismissReview(call.world, call.actor, { review, message }), 'rest'))
  }),
  repositoryRoute('GET', `${one}/requested_reviewers`, 'pull_requests', (call, repository) => {
    const pull = pullOf(findPull(call, repository))
    return ok({
      users: pull.requestedReviewers.map((account) => accountShape(call.world, account)),
      teams: pull.requestedTeams.map((team) => teamShape(call.world, team)),
    })
  }),
  repositoryRoute('POST', `${one}/requested_reviewers`, 'metadata', askReviewers),
]

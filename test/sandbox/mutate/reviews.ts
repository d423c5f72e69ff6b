// Reviews of pull requests.
import { emit } from '../emit.ts'
import { reviewShape, simplePullShape } from '../shape/pull.ts'
import { checkBody, note, requireSubject } from '../subject.ts'
import { newId, nodeId, register, requireRole } from '../world/rules.ts'
import type { Actor, Issue, Review, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { pullOf } from './pulls.ts'

const STATES = { APPROVE: 'approved', REQUEST_CHANGES: 'changes_requested', COMMENT: 'commented' } as const
export type ReviewEvent = keyof typeof STATES

/** 422 for the author's own approval or refusal, and for a comment or refusal without words. */
export function createReview(
  world: World,
  actor: Actor,
  input: { issue: Issue; event: ReviewEvent; body?: string | null },
): Review {
  const { issue, event } = input
  const pull = pullOf(issue)
  requireSubject(actor, issue)
  checkBody('PullRequestReview', input.body)
  const own = issue.author === actor.account
  const refuse = (message: string): GitHubRefusal =>
    new GitHubRefusal(422, 'Unprocessable Entity', { errors: [message] })
  if (own && event === 'APPROVE') throw refuse('Can not approve your own pull request')
  if (own && event === 'REQUEST_CHANGES') throw refuse('Can not request changes on your own pull request')
  if (event !== 'APPROVE' && (input.body ?? '').trim() === '') throw refuse('Body cannot be blank')
  const id = newId(world)
  const review: Review = register(world, {
    kind: 'PullRequestReview',
    id,
    nodeId: nodeId('PRR', id),
    pull,
    author: actor.account,
    body: input.body ?? null,
    state: STATES[event],
    commitSha: pull.head.sha,
    submittedAt: world.now(),
  })
  pull.reviews.push(review)
  pull.requestedReviewers = pull.requestedReviewers.filter((account) => account !== actor.account)
  note(world, actor, issue, { event: 'reviewed', detail: review.state })
  emitReview(world, actor, review, 'submitted')
  return review
}

export function dismissReview(
  world: World,
  actor: Actor,
  input: { review: Review; message: string },
): Review {
  const { review } = input
  requireSubject(actor, review.pull.issue)
  requireRole(actor, review.pull.base.repository, 'write')
  if (review.state === 'commented')
    throw new GitHubRefusal(422, 'Can not dismiss a commented pull request review')
  review.state = 'dismissed'
  note(world, actor, review.pull.issue, {
    event: 'review_dismissed',
    detail: input.message,
    about: { review },
  })
  emitReview(world, actor, review, 'dismissed')
  return review
}

function emitReview(world: World, actor: Actor, review: Review, action: string): void {
  emit(world, actor, {
    event: 'pull_request_review',
    action,
    repository: review.pull.base.repository,
    payload: {
      review: reviewShape(world, review, 'webhook'),
      pull_request: simplePullShape(world, review.pull),
    },
  })
}

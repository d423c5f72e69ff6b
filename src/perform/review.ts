// The post-incident review: opened from its template with what is known, its lines kept in step with the items.

import { getIssue, updateIssue } from '../github/issues/issues.ts'
import { mark } from '../github/issues/mark.ts'
import { createIssue } from '../github/issues/new-issue.ts'
import { isReviewOver } from '../incident/review.ts'
import { execute, ownFact } from '../shell/execute.ts'
import { issueBehind, type Loaded, refOf } from '../shell/load.ts'
import { remember } from '../shell/remember.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { REVIEW_LABEL } from '../texts/label.ts'
import { nameOf } from '../texts/names.ts'
import { asItStands } from '../texts/review/lines.ts'
import { newReview } from '../texts/review/review.ts'

/** Opens the review's issue, or finds the one that an earlier attempt made. */
export async function openReview(shell: Shell, loaded: Loaded): Promise<void> {
  const { incident, place, target, issue } = loaded
  if (!incident.review || incident.review.issue) return
  const body = newReview(shell, loaded)
  // An incident without a lead: its review goes to who resolved it.
  const resolver = incident.statuses.findLast((change) => change.status === 'resolved')?.by
  const author = incident.lead ?? resolver
  const made = await createIssue(place.github, addressOf(place), {
    mark: mark('review', `${target.repository}-${issue.number}`),
    title: `Post-incident review: ${nameOf(incident)} ${incident.title}`.slice(0, 256),
    body,
    labels: [REVIEW_LABEL],
    ...(author && { assignees: [author] }),
    parent: issue,
  })
  const { number, nodeId, url, createdAt } = made.issue
  await remember(shell, target, {
    kind: 'review',
    key: '',
    number,
    body: { nodeId, url, given: body, assignee: author ?? null },
  })
  const fact = ownFact(
    { kind: 'review-opened', issue: number, url },
    { key: `review:${number}`, at: createdAt, by: null, url },
  )
  await execute(shell, target, { facts: [fact], rules: place })
}

/** Makes the review's issue say what is so: each line a link to its issue, ticked as the item stands; closed with the
 * incident, open again once where somebody closed it too early. */
export async function syncReview(shell: Shell, loaded: Loaded): Promise<void> {
  const { incident, place } = loaded
  const review = incident.review
  if (!review?.issue) return
  const target = await issueBehind(shell, loaded, { ref: refOf(loaded, 'review'), number: review.issue })
  const present = await getIssue(place.github, target)
  if (!present) return
  const body = asItStands(shell, present.body, loaded)
  const complete = isReviewOver(incident)
  const reopen = review.closed && !complete && review.closedEarly <= 1
  await updateIssue(place.github, target, {
    body,
    ...(complete && { state: 'closed' as const, reason: 'completed' as const }),
    ...(reopen && { state: 'open' as const }),
    present,
  })
}

// Turns GitHub's records of a pull request into the deliveries that should have come.
import type { Actor, IssueEvent } from './changes.ts'
import { type Envelope, SYNTHETIC_PREFIX, type SyntheticDelivery } from './synthesize.ts'

/** A pull request as REST gives it; what we do not read is passed on as it came. */
export type ListedPull = {
  number: number
  user: Actor | null
  merged_by: Actor | null
  created_at: string
  updated_at: string
  closed_at: string | null
}

export type ListedReview = {
  id: number
  user: Actor | null
  state: string
  submitted_at?: string | undefined
}

/** What happened to a pull request since: opened, ready, reviewed, merged or closed. `events` are the repository's. */
export function synthesizePull(
  pull: ListedPull,
  {
    reviews,
    events,
    since,
    scene,
  }: { reviews: readonly ListedReview[]; events: readonly IssueEvent[]; since: number; scene: Envelope },
): SyntheticDelivery[] {
  const own = events.filter(({ issue }) => issue.number === pull.number)
  const isNew = (time: string | null | undefined): boolean =>
    typeof time === 'string' && Date.parse(time) >= since
  const closer = pull.merged_by ?? own.findLast(({ event }) => event === 'closed')?.actor ?? null
  const tell = (action: string, at: string, sender: Actor | null): SyntheticDelivery[] =>
    sender
      ? [
          {
            guid: `${SYNTHETIC_PREFIX}pull:${scene.repository.id}#${pull.number}:${action}:${at}`,
            event: 'pull_request',
            action,
            payload: { action, ...scene, sender, pull_request: { ...pull, updated_at: at } },
          },
        ]
      : []
  return [
    ...(isNew(pull.created_at) ? tell('opened', pull.created_at, pull.user) : []),
    ...own
      .filter(({ event }) => event === 'ready_for_review')
      .flatMap(({ created_at, actor }) => tell('ready_for_review', created_at, actor)),
    ...reviews.flatMap((review) =>
      isNew(review.submitted_at) ? synthesizeReview(review, { pull, scene }) : [],
    ),
    ...own.flatMap((event) => synthesizeDismissal(event, { pull, reviews, scene })),
    ...(pull.closed_at && isNew(pull.closed_at) ? tell('closed', pull.closed_at, closer) : []),
  ]
}

function synthesizeReview(
  review: ListedReview,
  { pull, scene }: { pull: ListedPull; scene: Envelope },
): SyntheticDelivery[] {
  const { user: sender } = review
  if (!sender) return []
  const payload = { action: 'submitted', ...scene, sender, review, pull_request: pull }
  return [
    {
      guid: `${SYNTHETIC_PREFIX}review:${review.id}`,
      event: 'pull_request_review',
      action: 'submitted',
      payload,
    },
  ]
}

function synthesizeDismissal(
  { id, event, actor: sender, dismissed_review }: IssueEvent,
  { pull, reviews, scene }: { pull: ListedPull; reviews: readonly ListedReview[]; scene: Envelope },
): SyntheticDelivery[] {
  const review = reviews.find(({ id }) => id === dismissed_review?.review_id)
  if (event !== 'review_dismissed' || !review || !sender) return []
  const payload = { action: 'dismissed', ...scene, sender, review, pull_request: pull }
  return [
    { guid: `${SYNTHETIC_PREFIX}event:${id}`, event: 'pull_request_review', action: 'dismissed', payload },
  ]
}

// Turns GitHub's records into the deliveries that should have come, so that one parser reads both.

import type { Actor, EventIssue, IssueEvent, ListedRepository, RecentComment } from './changes.ts'
import type { DeploymentState } from './latest.ts'

/** A delivery made from a record. Its guid names the record, so that the door stores it once. */
export type SyntheticDelivery = {
  guid: string
  event: string
  action: string
  payload: Record<string, unknown>
}

/** The fields that every webhook has. */
export type Envelope = { installation: { id: number }; repository: ListedRepository }

/** GitHub's name for a deleted or unknown account. */
const NOBODY: Actor = { login: 'ghost', type: 'User' }

/** The start of the guid of every synthetic delivery. */
export const SYNTHETIC_PREFIX = 'heal:'

const ACTIONS: { readonly [event: string]: string } = {
  labeled: 'labeled',
  unlabeled: 'unlabeled',
  closed: 'closed',
  reopened: 'reopened',
  assigned: 'assigned',
  unassigned: 'unassigned',
  renamed: 'edited',
}

/** What was done to the issues of a repository, oldest first, each with its issue as it was then: labels and title are those
 * of now, with everything undone that came later. What was done at once (several labels) shows in each. */
export function synthesizeEvents(events: readonly IssueEvent[], scene: Envelope): SyntheticDelivery[] {
  return events.flatMap((event) => {
    const later = events.filter(
      (other) => other.issue.number === event.issue.number && other.created_at > event.created_at,
    )
    const { labels, title } = event.issue
    const then = later.reduceRight<LabelsAndTitle>((shown, other) => before(other, shown), { labels, title })
    return synthesizeEvent(event, then, scene) ?? []
  })
}

type LabelsAndTitle = Pick<EventIssue, 'labels' | 'title'>

function before({ event, label, rename }: IssueEvent, { labels, title }: LabelsAndTitle): LabelsAndTitle {
  const others = labels.filter(({ name }) => name !== label?.name)
  if (event === 'labeled') return { labels: others, title }
  if (event === 'unlabeled' && label) return { labels: [...others, label], title }
  return { labels, title: rename?.from ?? title }
}

/** Null where no webhook of an issue exists for the event, or the actor is unknown. */
function synthesizeEvent(event: IssueEvent, then: LabelsAndTitle, scene: Envelope): SyntheticDelivery | null {
  const action = ACTIONS[event.event]
  // GitHub names who was assigned as the actor of old events, and who did it apart.
  const sender = event.assigner ?? event.actor
  if (!action || !sender || event.issue.pull_request) return null
  return {
    guid: `${SYNTHETIC_PREFIX}event:${event.id}`,
    event: 'issues',
    action,
    payload: {
      action,
      ...scene,
      sender,
      issue: { ...issueThen(event), ...then },
      ...(event.label && { label: event.label }),
      ...(event.assignee && { assignee: event.assignee }),
      ...(event.rename && { changes: { title: { from: event.rename.from } } }),
    },
  }
}

/** The issue as it is now, with what the event says of that moment. */
function issueThen({ event, created_at, issue, state_reason }: IssueEvent): object {
  return {
    ...issue,
    updated_at: created_at,
    ...(event === 'closed' && {
      closed_at: created_at,
      state_reason: state_reason ?? issue.state_reason ?? null,
    }),
  }
}

/** The delivery for an issue that was deleted, or moved to `to`. GitHub does not say by whom, so the sender is a ghost. */
export function synthesizeDeletion(
  { number, node }: { number: number; node: string },
  {
    at,
    scene,
    to,
  }: { at: number; scene: Envelope; to: { issue: EventIssue; repository: ListedRepository } | null },
): SyntheticDelivery {
  const action = to ? 'transferred' : 'deleted'
  const { owner, name, id } = scene.repository
  const time = new Date(at).toISOString()
  return {
    guid: `${SYNTHETIC_PREFIX}gone:${id}#${number}`,
    event: 'issues',
    action,
    payload: {
      action,
      ...scene,
      sender: NOBODY,
      issue: {
        ...{ number, node_id: node, title: '', html_url: `/${owner.login}/${name}/issues/${number}` },
        ...{ created_at: time, updated_at: time, labels: [] },
      },
      ...(to && { changes: { new_issue: to.issue, new_repository: to.repository } }),
    },
  }
}

/** A comment that nobody changed since it was written. What was changed is told as the change alone: whether it held a
 * command from the beginning is not known, and an edit never runs one. Null where its author is gone. */
export function synthesizeComment(
  comment: RecentComment,
  issue: EventIssue,
  scene: Envelope,
): SyntheticDelivery | null {
  const action = comment.created_at === comment.updated_at ? 'created' : 'edited'
  const { user: sender, ...rest } = comment
  if (!sender) return null
  return {
    guid: `${SYNTHETIC_PREFIX}comment:${comment.id}:${comment.updated_at}`,
    event: 'issue_comment',
    action,
    payload: { action, ...scene, sender, issue, comment: rest },
  }
}

/** A text of Mayday's that a person edited: the living comment, or a review's issue. */
export function synthesizeEdit(
  edited: { comment: RecentComment; issue: EventIssue } | { issue: EventIssue },
  { before, by: sender, scene }: { before: string; by: Actor; scene: Envelope },
): SyntheticDelivery {
  const comment = 'comment' in edited ? edited.comment : null
  const { issue } = edited
  return {
    guid: comment
      ? `${SYNTHETIC_PREFIX}comment:${comment.id}:${comment.updated_at}`
      : `${SYNTHETIC_PREFIX}issue:${scene.repository.id}#${issue.number}:${issue.updated_at}`,
    event: comment ? 'issue_comment' : 'issues',
    action: 'edited',
    payload: {
      action: 'edited',
      ...scene,
      sender,
      issue,
      ...(comment && { comment }),
      changes: { body: { from: before } },
    },
  }
}

/** A report on a deployment as REST gives it; what we do not read is passed on as it came. */
export type ListedDeploymentStatus = { id: number; creator: Actor | null }

/** The delivery for a deployment's state; the account that reported it may be deleted. */
export function synthesizeDeployment(
  status: ListedDeploymentStatus,
  { id, sha, environment }: DeploymentState,
  scene: Envelope,
): SyntheticDelivery {
  return {
    guid: `${SYNTHETIC_PREFIX}deployment:${status.id}`,
    event: 'deployment_status',
    action: 'created',
    payload: {
      action: 'created',
      ...scene,
      sender: status.creator ?? NOBODY,
      deployment: { id, sha, environment },
      deployment_status: status,
    },
  }
}

// REST shapes of issues, comments and reactions.
import { iso, isoOrNull, nodeId } from '../world/rules.ts'
import type {
  Account,
  Issue,
  IssueComment,
  Reaction,
  Repository,
  TimelineItem,
  World,
} from '../world/world.ts'
import { accountShape, appShape, type Shape } from './account.ts'
import { labelShape, repositoryPage, repositoryUrl } from './repository.ts'

/**
 * The author's tie to the repository as a webhook computes it: without a viewer, so that private members
 * of the organization come as contributors or none.
 */
export function association(account: Account, repository: Repository): string {
  if (account === repository.owner) return 'OWNER'
  if (repository.collaborators.has(account)) return 'COLLABORATOR'
  return account.kind === 'Bot' ? 'CONTRIBUTOR' : 'NONE'
}

export function issueUrl(world: World, issue: Issue): string {
  return `${repositoryUrl(world, issue.repository)}/issues/${issue.number}`
}

export function issuePage(world: World, issue: Issue): string {
  const kind = issue.pull === null ? 'issues' : 'pull'
  return `${repositoryPage(world, issue.repository)}/${kind}/${issue.number}`
}

export function issueShape(world: World, issue: Issue): Shape {
  const url = issueUrl(world, issue)
  const done = issue.subIssues.filter((child) => child.state === 'closed').length
  const total = issue.subIssues.length
  const pinned = issue.comments.find((comment) => comment.pinned !== null)
  return {
    url,
    repository_url: repositoryUrl(world, issue.repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(world, issue),
    id: issue.id,
    node_id: issue.nodeId,
    number: issue.number,
    title: issue.title,
    user: accountShape(world, issue.author),
    labels: issue.labels.map((label) => labelShape(world, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: issue.assignees[0] === undefined ? null : accountShape(world, issue.assignees[0]),
    assignees: issue.assignees.map((account) => accountShape(world, account)),
    milestone: null,
    comments: issue.comments.length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    author_association: association(issue.author, issue.repository),
    active_lock_reason: issue.lockReason,
    body: issue.body,
    closed_by: issue.closedBy === null ? null : accountShape(world, issue.closedBy),
    reactions: reactionRollup(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: issue.viaApp ? appShape(world) : null,
    state_reason: issue.stateReason,
    ...(issue.pull === null
      ? {
          sub_issues_summary: {
            total,
            completed: done,
            percent_completed: total === 0 ? 0 : Math.floor((done * 100) / total),
          },
          issue_dependencies_summary: { blocked_by: 0, total_blocked_by: 0, blocking: 0, total_blocking: 0 },
          ...(issue.parent === null ? {} : { parent_issue_url: issueUrl(world, issue.parent) }),
          pinned_comment: pinned === undefined ? null : commentShape(world, pinned),
        }
      : { draft: issue.pull.draft, pull_request: pullLinks(world, issue) }),
  }
}

/** An entry of a repository's record of issue events. */
export function eventShape(
  world: World,
  issue: Issue,
  { id, at, actor, event, about = {} }: TimelineItem,
): Shape {
  const { label, assignee, rename, review } = about
  return {
    id,
    node_id: nodeId('IE', id),
    url: `${repositoryUrl(world, issue.repository)}/issues/events/${id}`,
    actor: accountShape(world, actor),
    event,
    commit_id: event === 'merged' ? (issue.pull?.mergeSha ?? null) : null,
    commit_url: null,
    created_at: iso(at),
    issue: issueShape(world, issue),
    performed_via_github_app: null,
    ...(label && { label: { name: label.name, color: label.color } }),
    ...(assignee && { assignee: accountShape(world, assignee), assigner: accountShape(world, actor) }),
    ...(rename && { rename }),
    ...(review && {
      dismissed_review: { state: 'approved', review_id: review.id, dismissal_message: 'Not yet' },
    }),
  }
}

function pullLinks(world: World, issue: Issue): Shape {
  const page = issuePage(world, issue)
  return {
    url: `${repositoryUrl(world, issue.repository)}/pulls/${issue.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: isoOrNull(issue.pull?.mergedAt ?? null),
  }
}

export function commentShape(world: World, comment: IssueComment): Shape {
  const url = `${repositoryUrl(world, comment.issue.repository)}/issues/comments/${comment.id}`
  return {
    url,
    html_url: `${issuePage(world, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: issueUrl(world, comment.issue),
    id: comment.id,
    node_id: comment.nodeId,
    user: accountShape(world, comment.author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(comment.author, comment.issue.repository),
    body: comment.body,
    reactions: reactionRollup(url, comment.reactions),
    performed_via_github_app: comment.viaApp ? appShape(world) : null,
    pin:
      comment.pinned === null
        ? null
        : { pinned_at: iso(comment.pinned.at), pinned_by: accountShape(world, comment.pinned.by) },
  }
}

const CONTENTS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const

function reactionRollup(url: string, reactions: Reaction[]): Shape {
  const counts = CONTENTS.map((content) => [
    content,
    reactions.filter((reaction) => reaction.content === content).length,
  ])
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) }
}

export function reactionShape(world: World, reaction: Reaction): Shape {
  return {
    id: reaction.id,
    node_id: reaction.nodeId,
    user: accountShape(world, reaction.user),
    content: reaction.content,
    created_at: iso(reaction.createdAt),
  }
}

// What issues and pull requests share: their page's timeline, their webhook, and who may write on them.
import { emit } from './emit.ts'
import { issueShape } from './shape/issue.ts'
import { pullShape } from './shape/pull.ts'
import { invalid, newId, requirePermission, requireRole, requireWritable } from './world/rules.ts'
import type { Actor, Issue, TimelineItem, World } from './world/world.ts'
import { GitHubRefusal } from './world/world.ts'

const MAX_BODY = 65_536

/** Adds a line to the page's timeline and moves `updated_at`. */
export function note(
  world: World,
  actor: Actor,
  issue: Issue,
  line: { event: string; detail?: string; about?: TimelineItem['about'] },
): void {
  issue.updatedAt = world.now()
  issue.timeline.push({
    id: newId(world),
    at: issue.updatedAt,
    actor: actor.account,
    event: line.event,
    detail: line.detail ?? '',
    ...(line.about && { about: line.about }),
  })
}

/** Emits `issues.*` or, on a pull request, `pull_request.*`, as GitHub does for labels, assignees and edits. */
export function announce(
  world: World,
  actor: Actor,
  issue: Issue,
  what: { action: string; payload?: Record<string, unknown> },
): void {
  const common = { action: what.action, repository: issue.repository }
  if (issue.pull === null) {
    emit(world, actor, {
      ...common,
      event: 'issues',
      payload: { issue: issueShape(world, issue), ...what.payload },
    })
    return
  }
  emit(world, actor, {
    ...common,
    event: 'pull_request',
    payload: { number: issue.number, pull_request: pullShape(world, issue.pull), ...what.payload },
  })
}

/** Commenting on a pull request needs `pull_requests`; `issues` alone is refused. */
export function requireSubject(actor: Actor, issue: Issue): void {
  const name = issue.pull === null ? 'issues' : 'pull_requests'
  requirePermission(actor, issue.repository, { name, level: 'write' })
  requireWritable(issue.repository)
  requireRole(actor, issue.repository, 'read')
}

export function requireIssues(issue: { repository: { hasIssues: boolean } }): void {
  if (issue.repository.hasIssues) return
  throw new GitHubRefusal(410, 'Issues has been disabled in this repository.')
}

/** 422 as GitHub words it for a body over 65,536 characters. */
export function checkBody(resource: string, body: string | null | undefined): void {
  if (body === null || body === undefined || [...body].length <= MAX_BODY) return
  throw invalid(resource, 'body', { message: `body is too long (maximum is ${MAX_BODY} characters)` })
}

// What seldom happens to an issue: lock, transfer, deletion, and being put under another.
import { emit } from '../emit.ts'
import { issueShape } from '../shape/issue.ts'
import { repositoryShape } from '../shape/repository.ts'
import { announce, note, requireSubject } from '../subject.ts'
import { findLabel } from '../world/find.ts'
import { invalid, register, requirePermission, requireRole } from '../world/rules.ts'
import type { Actor, Issue, Repository, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { insertIssue } from './issues.ts'
import { putLabels } from './labels.ts'

export function lockIssue(world: World, actor: Actor, input: { issue: Issue; reason?: string | null }): void {
  requireSubject(actor, input.issue)
  requireRole(actor, input.issue.repository, 'write')
  if (input.issue.locked) return
  input.issue.locked = true
  input.issue.lockReason = input.reason ?? null
  note(world, actor, input.issue, { event: 'locked', detail: input.reason ?? '' })
  announce(world, actor, input.issue, { action: 'locked' })
}

export function unlockIssue(world: World, actor: Actor, input: { issue: Issue }): void {
  requireSubject(actor, input.issue)
  requireRole(actor, input.issue.repository, 'write')
  if (!input.issue.locked) return
  input.issue.locked = false
  input.issue.lockReason = null
  note(world, actor, input.issue, { event: 'unlocked' })
  announce(world, actor, input.issue, { action: 'unlocked' })
}

/** The issue gets a new id and number there; the old number leads to it. `transferred` here, `opened` there. */
export function transferIssue(world: World, actor: Actor, input: { issue: Issue; to: Repository }): Issue {
  const { issue, to } = input
  requireRole(actor, issue.repository, 'write')
  requireRole(actor, to, 'write')
  if (to.owner !== issue.repository.owner)
    throw new GitHubRefusal(422, 'Repository must have the same owner.')
  const copy = insertIssue(world, actor, { repository: to, title: issue.title, body: issue.body })
  Object.assign(copy, {
    author: issue.author,
    viaApp: issue.viaApp,
    createdAt: issue.createdAt,
    state: issue.state,
    assignees: issue.assignees,
    reactions: issue.reactions,
    parent: issue.parent,
    subIssues: issue.subIssues,
  })
  copy.comments = issue.comments
  for (const comment of copy.comments) comment.issue = copy
  const known = issue.labels.map((label) => label.name).filter((name) => findLabel(to, name) !== undefined)
  putLabels(world, actor, { issue: copy, names: known })
  to.issues.set(copy.number, copy)
  register(world, copy)
  const changes = { new_issue: issueShape(world, copy), new_repository: repositoryShape(world, to) }
  emit(world, actor, {
    event: 'issues',
    action: 'transferred',
    repository: issue.repository,
    payload: { issue: issueShape(world, issue), changes },
  })
  announce(world, actor, copy, {
    action: 'opened',
    payload: {
      changes: {
        old_issue: issueShape(world, issue),
        old_repository: repositoryShape(world, issue.repository),
      },
    },
  })
  forget(world, issue, copy)
  return copy
}

export function deleteIssue(world: World, actor: Actor, input: { issue: Issue }): void {
  const { issue } = input
  requireRole(actor, issue.repository, 'admin')
  emit(world, actor, {
    event: 'issues',
    action: 'deleted',
    repository: issue.repository,
    payload: { issue: issueShape(world, issue) },
  })
  forget(world, issue, null)
}

function forget(world: World, issue: Issue, heir: Issue | null): void {
  const { repository } = issue
  repository.issues.delete(issue.number)
  repository.moved.set(issue.number, heir)
  world.nodes.delete(issue.nodeId)
  if (issue.parent !== null) {
    issue.parent.subIssues = issue.parent.subIssues.flatMap((child) =>
      child !== issue ? [child] : heir === null ? [] : [heir],
    )
  }
  for (const child of issue.subIssues) child.parent = heir
  for (const project of world.projects) {
    project.items = project.items.filter((item) => item.content !== issue)
  }
}

/** At most 100 below one issue, 8 levels, one owner; a child that has a parent only moves with `replaceParent`. */
export function addSubIssue(
  world: World,
  actor: Actor,
  input: { parent: Issue; child: Issue; replaceParent?: boolean },
): Issue {
  const { parent, child } = input
  requirePermission(actor, parent.repository, { name: 'issues', level: 'write' })
  requireRole(actor, parent.repository, 'triage')
  checkSubIssue(input)
  if (child.parent !== null) removeSubIssue(world, actor, { parent: child.parent, child })
  child.parent = parent
  parent.subIssues.push(child)
  note(world, actor, parent, { event: 'sub_issue_added', detail: `#${child.number}` })
  note(world, actor, child, { event: 'parent_issue_added', detail: `#${parent.number}` })
  emitSubIssue(world, actor, { parent, child, verb: 'added' })
  return parent
}

function checkSubIssue(input: { parent: Issue; child: Issue; replaceParent?: boolean }): void {
  const { parent, child } = input
  const refuse = (message: string): GitHubRefusal => new GitHubRefusal(422, message)
  if (parent.repository.owner !== child.repository.owner) {
    throw refuse(
      'An error occurred while adding the sub-issue to the parent issue. Sub-issue must have the same owner',
    )
  }
  if (parent.pull !== null || child.pull !== null) throw invalid('Issue', 'sub_issue_id', { code: 'invalid' })
  if (child.parent === parent) {
    throw refuse(
      'An error occurred while adding the sub-issue to the parent issue. Issue may not contain duplicate sub-issues',
    )
  }
  if (child.parent !== null && input.replaceParent !== true) {
    throw refuse(
      'An error occurred while adding the sub-issue to the parent issue. Sub issue may only have one parent',
    )
  }
  if (parent.subIssues.length >= 100) {
    throw refuse(
      'An error occurred while adding the sub-issue to the parent issue. Parent cannot have more than 100 sub-issues',
    )
  }
  const above: Issue[] = []
  for (let each: Issue | null = parent; each !== null; each = each.parent) above.push(each)
  if (above.includes(child))
    throw refuse(
      'An error occurred while adding the sub-issue to the parent issue. Sub-issue creates a cycle',
    )
  if (above.length + depth(child) > 9) {
    throw refuse(
      'An error occurred while adding the sub-issue to the parent issue. Sub-issues may be at most 8 levels deep',
    )
  }
}

function depth(issue: Issue): number {
  return 1 + Math.max(0, ...issue.subIssues.map(depth))
}

/** 404 when it is not a child of that parent. */
export function removeSubIssue(world: World, actor: Actor, input: { parent: Issue; child: Issue }): Issue {
  const { parent, child } = input
  requirePermission(actor, parent.repository, { name: 'issues', level: 'write' })
  requireRole(actor, parent.repository, 'triage')
  if (child.parent !== parent) throw new GitHubRefusal(404, 'Not Found')
  parent.subIssues = parent.subIssues.filter((other) => other !== child)
  child.parent = null
  note(world, actor, parent, { event: 'sub_issue_removed', detail: `#${child.number}` })
  note(world, actor, child, { event: 'parent_issue_removed', detail: `#${parent.number}` })
  emitSubIssue(world, actor, { parent, child, verb: 'removed' })
  return parent
}

/** GitHub tells of one edge twice: once from each end. */
function emitSubIssue(
  world: World,
  actor: Actor,
  edge: { parent: Issue; child: Issue; verb: 'added' | 'removed' },
): void {
  const { parent, child, verb } = edge
  const both = {
    parent_issue_id: parent.id,
    parent_issue: issueShape(world, parent),
    sub_issue_id: child.id,
    sub_issue: issueShape(world, child),
  }
  emit(world, actor, {
    event: 'sub_issues',
    action: `parent_issue_${verb}`,
    repository: child.repository,
    payload: { ...both, parent_issue_repo: repositoryShape(world, parent.repository) },
  })
  emit(world, actor, {
    event: 'sub_issues',
    action: `sub_issue_${verb}`,
    repository: parent.repository,
    payload: { ...both, sub_issue_repo: repositoryShape(world, child.repository) },
  })
}

// Comments, their pins, and reactions on issues and comments.
import { emit, touch } from '../emit.ts'
import { commentShape, issueShape } from '../shape/issue.ts'
import { checkBody, requireIssues, requireSubject } from '../subject.ts'
import { invalid, newId, nodeId, register, requirePermission, requireRole, roleOf } from '../world/rules.ts'
import type { Actor, Issue, IssueComment, Reaction, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

/** 403 on a locked conversation for everybody without write access; an installation is not held back. */
export function addComment(world: World, actor: Actor, input: { issue: Issue; body: string }): IssueComment {
  const { issue } = input
  requireSubject(actor, issue)
  if (issue.pull === null) requireIssues(issue)
  if (issue.locked && actor.installation === null) requireCollaborator(actor, issue)
  if (input.body.trim() === '') throw invalid('IssueComment', 'body', { code: 'missing_field' })
  checkBody('IssueComment', input.body)
  const id = newId(world)
  const now = world.now()
  const comment: IssueComment = register(world, {
    kind: 'IssueComment',
    id,
    nodeId: nodeId('IC', id),
    issue,
    author: actor.account,
    body: input.body,
    viaApp: actor.installation !== null,
    edited: null,
    pinned: null,
    reactions: [],
    createdAt: now,
    updatedAt: now,
  })
  issue.comments.push(comment)
  issue.updatedAt = now
  emitComment(world, actor, comment, { action: 'created' })
  return comment
}

export function updateComment(
  world: World,
  actor: Actor,
  input: { comment: IssueComment; body: string },
): IssueComment {
  const { comment } = input
  requireSubject(actor, comment.issue)
  requireAuthorOrWriter(actor, comment)
  checkBody('IssueComment', input.body)
  const from = comment.body
  comment.body = input.body
  comment.updatedAt = world.now()
  comment.edited = { at: comment.updatedAt, by: actor.account }
  comment.issue.updatedAt = comment.updatedAt
  if (from !== input.body) {
    emitComment(world, actor, comment, { action: 'edited', changes: { body: { from } } })
  }
  return comment
}

export function deleteComment(world: World, actor: Actor, input: { comment: IssueComment }): void {
  const { comment } = input
  requireSubject(actor, comment.issue)
  requireAuthorOrWriter(actor, comment)
  comment.issue.comments = comment.issue.comments.filter((other) => other !== comment)
  comment.issue.updatedAt = world.now()
  world.nodes.delete(comment.nodeId)
  emitComment(world, actor, comment, { action: 'deleted' })
}

/** One comment is pinned at a time: the newer takes the place. No webhook tells of it. */
export function pinComment(world: World, actor: Actor, input: { comment: IssueComment }): IssueComment {
  const { comment } = input
  requireSubject(actor, comment.issue)
  requireRole(actor, comment.issue.repository, 'write')
  for (const other of comment.issue.comments) other.pinned = null
  comment.pinned = { at: world.now(), by: actor.account }
  touch(world)
  return comment
}

export function unpinComment(world: World, actor: Actor, input: { comment: IssueComment }): IssueComment {
  const { comment } = input
  requireSubject(actor, comment.issue)
  requireRole(actor, comment.issue.repository, 'write')
  if (comment.pinned === null) return comment
  comment.pinned = null
  touch(world)
  return comment
}

function emitComment(
  world: World,
  actor: Actor,
  comment: IssueComment,
  what: { action: string; changes?: Record<string, unknown> },
): void {
  const changes = what.changes === undefined ? {} : { changes: what.changes }
  emit(world, actor, {
    event: 'issue_comment',
    action: what.action,
    repository: comment.issue.repository,
    payload: { issue: issueShape(world, comment.issue), comment: commentShape(world, comment), ...changes },
  })
}

function requireAuthorOrWriter(actor: Actor, comment: IssueComment): void {
  if (comment.author === actor.account || actor.installation !== null) return
  requireRole(actor, comment.issue.repository, 'write')
}

function requireCollaborator(actor: Actor, issue: Issue): void {
  const role = roleOf(actor.account, issue.repository)
  if (role !== 'none' && role !== 'read' && role !== 'triage') return
  throw new GitHubRefusal(403, 'Unable to create comment because issue is locked.')
}

const CONTENTS: readonly string[] = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes']

/** A second like it by the same account is the first one (`created` false). No webhook tells of reactions. */
export function react(
  world: World,
  actor: Actor,
  input: { subject: Issue | IssueComment; content: string },
): { reaction: Reaction; created: boolean } {
  const { subject } = input
  requireSubject(actor, subject.kind === 'Issue' ? subject : subject.issue)
  const content = input.content
  if (!isContent(content)) throw invalid('Reaction', 'content', { code: 'invalid' })
  const existing = subject.reactions.find(
    (reaction) => reaction.user === actor.account && reaction.content === content,
  )
  if (existing !== undefined) return { reaction: existing, created: false }
  const id = newId(world)
  const reaction: Reaction = {
    kind: 'Reaction',
    id,
    nodeId: nodeId('REA', id),
    content,
    user: actor.account,
    createdAt: world.now(),
  }
  subject.reactions.push(reaction)
  touch(world)
  return { reaction, created: true }
}

function isContent(text: string): text is Reaction['content'] {
  return CONTENTS.includes(text)
}

export function unreact(
  world: World,
  actor: Actor,
  input: { subject: Issue | IssueComment; reaction: Reaction },
): void {
  const issue = input.subject.kind === 'Issue' ? input.subject : input.subject.issue
  requirePermission(actor, issue.repository, { name: 'issues', level: 'write' })
  if (input.reaction.user !== actor.account) throw new GitHubRefusal(403, 'Must be the reactor to delete it.')
  input.subject.reactions = input.subject.reactions.filter((other) => other !== input.reaction)
  touch(world)
}

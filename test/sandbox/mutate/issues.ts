// Issues: open, edit, close, assign, lock, sub-issues.

import { accountShape } from '../shape/account.ts'
import { announce, checkBody, note, requireIssues, requireSubject } from '../subject.ts'
import { findAccount } from '../world/find.ts'
import {
  atLeast,
  invalid,
  newId,
  nodeId,
  register,
  requirePermission,
  requireRole,
  requireWritable,
  roleOf,
} from '../world/rules.ts'
import type { Account, Actor, Issue, Repository, World } from '../world/world.ts'
import { announceLabels, putLabels, setLabels } from './labels.ts'

export type NewIssue = {
  repository: Repository
  title: string
  body?: string | null
  labels?: string[]
  assignees?: string[]
  /** A form's labels are set whoever opens the issue. */
  fromForm?: boolean
}

/** 410 where issues are off; labels and assignees of somebody without triage are dropped in silence. */
export function createIssue(world: World, actor: Actor, input: NewIssue): Issue {
  const { repository } = input
  requirePermission(actor, repository, { name: 'issues', level: 'write' })
  requireRole(actor, repository, 'read')
  requireWritable(repository)
  requireIssues({ repository })
  checkTitle(input.title)
  checkBody('Issue', input.body)
  const mayTriage = actor.installation !== null || atLeast(roleOf(actor.account, repository), 'triage')
  const names = mayTriage || input.fromForm === true ? (input.labels ?? []) : []
  if (new Set(names).size > 100) throw invalid('Issue', 'labels', { code: 'invalid' })
  const issue = insertIssue(world, actor, { ...input, body: input.body ?? null })
  repository.issues.set(issue.number, issue)
  register(world, issue)
  // GitHub's `opened` shows the labels already; each then comes again as `labeled`.
  const labels = putLabels(world, actor, { issue, names })
  announce(world, actor, issue, { action: 'opened' })
  announceLabels(world, actor, issue, labels)
  if (mayTriage && input.assignees !== undefined) assign(world, actor, issue, input.assignees)
  return issue
}

/** The record alone, not yet anywhere; pull requests start from it too. */
export function insertIssue(
  world: World,
  actor: Actor,
  input: { repository: Repository; title: string; body: string | null },
): Issue {
  const id = newId(world)
  const now = world.now()
  const number = input.repository.nextNumber
  input.repository.nextNumber += 1
  return {
    kind: 'Issue',
    id,
    nodeId: nodeId('I', id),
    repository: input.repository,
    number,
    title: input.title,
    body: input.body,
    state: 'open',
    stateReason: null,
    duplicateOf: null,
    author: actor.account,
    viaApp: actor.installation !== null,
    edited: null,
    labels: [],
    assignees: [],
    locked: false,
    lockReason: null,
    comments: [],
    reactions: [],
    parent: null,
    subIssues: [],
    linkedBranches: [],
    timeline: [],
    pull: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
  }
}

function checkTitle(title: string): void {
  if (title.trim() === '') throw invalid('Issue', 'title', { code: 'missing_field' })
  if (title.length > 256)
    throw invalid('Issue', 'title', { message: 'title is too long (maximum is 256 characters)' })
}

export type IssueChange = {
  issue: Issue
  title?: string
  body?: string | null
  state?: 'open' | 'closed'
  stateReason?: Issue['stateReason']
  labels?: string[]
  assignees?: string[]
}

/** Serves pull requests too, but for their state (see `updatePull`). */
export function updateIssue(world: World, actor: Actor, input: IssueChange): Issue {
  const { issue } = input
  requireSubject(actor, issue)
  requireEditor(actor, issue)
  if (input.title !== undefined) checkTitle(input.title)
  checkBody('Issue', input.body)
  editText(world, actor, input)
  if (input.labels !== undefined) setLabels(world, actor, { issue, names: input.labels })
  if (input.assignees !== undefined) setAssignees(world, actor, issue, input.assignees)
  if (input.state === 'closed') closeIssue(world, actor, issue, input.stateReason ?? 'completed')
  if (input.state === 'open') reopenIssue(world, actor, issue)
  return issue
}

function requireEditor(actor: Actor, issue: Issue): void {
  if (actor.installation !== null || issue.author === actor.account) return
  requireRole(actor, issue.repository, 'triage')
}

function editText(world: World, actor: Actor, input: IssueChange): void {
  const { issue } = input
  const changes: Record<string, { from: string | null }> = {}
  if (input.title !== undefined && input.title !== issue.title) {
    changes.title = { from: issue.title }
    const rename = { from: issue.title, to: input.title }
    note(world, actor, issue, {
      event: 'renamed',
      detail: `${rename.from} → ${rename.to}`,
      about: { rename },
    })
    issue.title = input.title
  }
  if (input.body !== undefined && input.body !== issue.body) {
    changes.body = { from: issue.body ?? '' }
    issue.body = input.body
    issue.updatedAt = world.now()
    issue.edited = { at: issue.updatedAt, by: actor.account }
  }
  if (Object.keys(changes).length > 0)
    announce(world, actor, issue, { action: 'edited', payload: { changes } })
}

export function closeIssue(world: World, actor: Actor, issue: Issue, reason: Issue['stateReason']): void {
  if (issue.state === 'closed') {
    if (issue.pull === null && reason !== null) issue.stateReason = reason
    return
  }
  note(world, actor, issue, { event: 'closed', detail: reason ?? '' })
  issue.state = 'closed'
  issue.stateReason = issue.pull === null ? (reason ?? 'completed') : null
  issue.closedAt = issue.updatedAt
  issue.closedBy = actor.account
  announce(world, actor, issue, { action: 'closed' })
}

export function reopenIssue(world: World, actor: Actor, issue: Issue): void {
  if (issue.state === 'open') return
  if (issue.pull?.mergedAt)
    throw invalid('PullRequest', 'state', {
      message: 'state cannot be changed. The pull request has been merged.',
    })
  note(world, actor, issue, { event: 'reopened' })
  issue.state = 'open'
  issue.stateReason = issue.pull === null ? 'reopened' : null
  issue.closedAt = null
  issue.closedBy = null
  announce(world, actor, issue, { action: 'reopened' })
}

export function addAssignees(world: World, actor: Actor, input: { issue: Issue; logins: string[] }): Issue {
  requireSubject(actor, input.issue)
  requireRole(actor, input.issue.repository, 'triage')
  assign(world, actor, input.issue, input.logins)
  return input.issue
}

export function removeAssignees(
  world: World,
  actor: Actor,
  input: { issue: Issue; logins: string[] },
): Issue {
  requireSubject(actor, input.issue)
  requireRole(actor, input.issue.repository, 'triage')
  for (const login of input.logins) {
    const account = input.issue.assignees.find((each) => each.login.toLowerCase() === login.toLowerCase())
    if (account !== undefined) unassign(world, actor, input.issue, account)
  }
  return input.issue
}

function setAssignees(world: World, actor: Actor, issue: Issue, logins: string[]): void {
  const kept = new Set(logins.map((login) => login.toLowerCase()))
  for (const account of issue.assignees.filter((each) => !kept.has(each.login.toLowerCase()))) {
    unassign(world, actor, issue, account)
  }
  assign(world, actor, issue, logins)
}

/** Those who may not be assigned are left out in silence, and so is the eleventh. */
function assign(world: World, actor: Actor, issue: Issue, logins: string[]): void {
  for (const login of logins) {
    const account = findAccount(world, login)
    if (account === undefined || account.kind !== 'User' || issue.assignees.includes(account)) continue
    const role = roleOf(account, issue.repository)
    if (role === 'none' || (role === 'read' && !isMember(account, issue.repository))) continue
    if (issue.assignees.length >= 10) return
    issue.assignees.push(account)
    note(world, actor, issue, { event: 'assigned', detail: account.login, about: { assignee: account } })
    announce(world, actor, issue, { action: 'assigned', payload: { assignee: accountShape(world, account) } })
  }
}

function isMember(account: Account, repository: Repository): boolean {
  return repository.collaborators.has(account) || repository.owner.members.has(account)
}

function unassign(world: World, actor: Actor, issue: Issue, account: Account): void {
  issue.assignees = issue.assignees.filter((other) => other !== account)
  note(world, actor, issue, { event: 'unassigned', detail: account.login, about: { assignee: account } })
  announce(world, actor, issue, { action: 'unassigned', payload: { assignee: accountShape(world, account) } })
}

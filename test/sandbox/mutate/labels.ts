// Labels of a repository and on issues.
import { emit, touch } from '../emit.ts'
import { labelShape } from '../shape/repository.ts'
import { announce, note } from '../subject.ts'
import { findLabel } from '../world/find.ts'
import {
  atLeast,
  invalid,
  newId,
  nodeId,
  notFound,
  register,
  requirePermission,
  requireRole,
  requireWritable,
  roleOf,
} from '../world/rules.ts'
import type { Actor, Issue, Label, Repository, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

export type LabelInput = { repository: Repository; name: string; color?: string; description?: string | null }

/** 422 `already_exists` for a taken name, `invalid` for a colour that is not six hex digits. */
export function createLabel(world: World, actor: Actor, input: LabelInput): Label {
  requirePermission(actor, input.repository, { name: 'issues', level: 'write' })
  requireRole(actor, input.repository, 'write')
  requireWritable(input.repository)
  checkLabel(input)
  return insertLabel(world, actor, input)
}

function checkLabel(input: LabelInput): void {
  if (input.name.trim() === '') throw invalid('Label', 'name', { code: 'missing_field' })
  if (input.name.length > 50)
    throw invalid('Label', 'name', { message: 'name is too long (maximum is 50 characters)' })
  if (findLabel(input.repository, input.name) !== undefined) {
    throw invalid('Label', 'name', { code: 'already_exists' })
  }
  checkAppearance(input)
}

function checkAppearance(input: { color?: string; description?: string | null }): void {
  if (input.color !== undefined && !/^[0-9a-f]{6}$/i.test(input.color)) {
    throw invalid('Label', 'color', { code: 'invalid' })
  }
  if ((input.description ?? '').length > 100) {
    throw invalid('Label', 'description', { message: 'description is too long (maximum is 100 characters)' })
  }
}

function insertLabel(world: World, actor: Actor, input: LabelInput): Label {
  const id = newId(world)
  const label: Label = register(world, {
    kind: 'Label',
    id,
    nodeId: nodeId('LA', id),
    repository: input.repository,
    name: input.name,
    color: input.color ?? 'ededed',
    description: input.description ?? null,
  })
  input.repository.labels.push(label)
  emitLabel(world, actor, label, { action: 'created' })
  return label
}

export function updateLabel(
  world: World,
  actor: Actor,
  input: { label: Label; name?: string; color?: string; description?: string | null },
): Label {
  const { label } = input
  requirePermission(actor, label.repository, { name: 'issues', level: 'write' })
  requireRole(actor, label.repository, 'write')
  requireWritable(label.repository)
  checkAppearance(input)
  const changes: Record<string, { from: string }> = {}
  if (input.name !== undefined && input.name !== label.name) {
    const other = findLabel(label.repository, input.name)
    if (other !== undefined && other !== label) throw invalid('Label', 'name', { code: 'already_exists' })
    changes.name = { from: label.name }
    label.name = input.name
  }
  if (input.color !== undefined && input.color !== label.color) {
    changes.color = { from: label.color }
    label.color = input.color
  }
  if (input.description !== undefined && input.description !== label.description) {
    changes.description = { from: label.description ?? '' }
    label.description = input.description
  }
  if (Object.keys(changes).length > 0) emitLabel(world, actor, label, { action: 'edited', changes })
  return label
}

export function deleteLabel(world: World, actor: Actor, input: { label: Label }): void {
  const { label } = input
  requirePermission(actor, label.repository, { name: 'issues', level: 'write' })
  requireRole(actor, label.repository, 'write')
  label.repository.labels = label.repository.labels.filter((other) => other !== label)
  world.nodes.delete(label.nodeId)
  for (const issue of label.repository.issues.values()) {
    issue.labels = issue.labels.filter((other) => other !== label)
  }
  emitLabel(world, actor, label, { action: 'deleted' })
}

function emitLabel(
  world: World,
  actor: Actor,
  label: Label,
  what: { action: string; changes?: Record<string, unknown> },
): void {
  const changes = what.changes === undefined ? {} : { changes: what.changes }
  emit(world, actor, {
    event: 'label',
    action: what.action,
    repository: label.repository,
    payload: { label: labelShape(world, label), ...changes },
  })
}

export function addLabels(world: World, actor: Actor, input: { issue: Issue; names: string[] }): Label[] {
  requireLabelling(actor, input.issue)
  attachLabels(world, actor, input)
  return input.issue.labels
}

function attachLabels(world: World, actor: Actor, input: { issue: Issue; names: string[] }): void {
  announceLabels(world, actor, input.issue, putLabels(world, actor, input))
}

/** Creates what is missing, as GitHub does, refuses the 101st label, and returns those that are new on the issue. */
export function putLabels(world: World, actor: Actor, input: { issue: Issue; names: string[] }): Label[] {
  const { issue } = input
  const present = new Set(issue.labels.map((label) => label.name.toLowerCase()))
  const fresh = new Map(
    input.names.filter((name) => !present.has(name.toLowerCase())).map((name) => [name.toLowerCase(), name]),
  )
  if (issue.labels.length + fresh.size > 100) {
    throw invalid('Issue', 'labels', { message: 'You can only add up to 100 labels to an issue' })
  }
  const { repository } = issue
  const labels = [...fresh.values()].map(
    (name) => findLabel(repository, name) ?? insertLabel(world, actor, { repository, name }),
  )
  issue.labels.push(...labels)
  touch(world)
  return labels
}

/** One `labeled` each, all of them showing the issue with all its labels. */
export function announceLabels(world: World, actor: Actor, issue: Issue, labels: Label[]): void {
  for (const label of labels) {
    note(world, actor, issue, { event: 'labeled', detail: label.name, about: { label } })
    announce(world, actor, issue, { action: 'labeled', payload: { label: labelShape(world, label) } })
  }
}

export function setLabels(world: World, actor: Actor, input: { issue: Issue; names: string[] }): Label[] {
  requireLabelling(actor, input.issue)
  const wanted = new Set(input.names.map((name) => name.toLowerCase()))
  for (const label of input.issue.labels.filter((each) => !wanted.has(each.name.toLowerCase()))) {
    detachLabel(world, actor, { issue: input.issue, label })
  }
  attachLabels(world, actor, input)
  return input.issue.labels
}

/** 404 `Label does not exist` when it is not on the issue. */
export function removeLabel(world: World, actor: Actor, input: { issue: Issue; name: string }): Label[] {
  requireLabelling(actor, input.issue)
  const label = input.issue.labels.find((each) => each.name.toLowerCase() === input.name.toLowerCase())
  if (label === undefined) throw new GitHubRefusal(404, 'Label does not exist')
  detachLabel(world, actor, { issue: input.issue, label })
  return input.issue.labels
}

function detachLabel(world: World, actor: Actor, input: { issue: Issue; label: Label }): void {
  const { issue, label } = input
  issue.labels = issue.labels.filter((other) => other !== label)
  note(world, actor, issue, { event: 'unlabeled', detail: label.name, about: { label } })
  announce(world, actor, issue, { action: 'unlabeled', payload: { label: labelShape(world, label) } })
}

function requireLabelling(actor: Actor, issue: Issue): void {
  const name = issue.pull === null ? 'issues' : 'pull_requests'
  requirePermission(actor, issue.repository, { name, level: 'write' })
  requireWritable(issue.repository)
  if (actor.installation !== null) return
  const role = roleOf(actor.account, issue.repository)
  if (role === 'none') throw notFound()
  if (!atLeast(role, 'triage')) throw new GitHubRefusal(403, 'Must have triage access to label.')
}

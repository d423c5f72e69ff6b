// GraphQL mutations on issues, comments, labels, assignees and reactions; each is the world's own mutation.

import {
  addComment,
  deleteComment,
  pinComment,
  react,
  unpinComment,
  unreact,
  updateComment,
} from '../mutate/comments.ts'
import { addSubIssue, lockIssue, removeSubIssue, unlockIssue } from '../mutate/issue-life.ts'
import { addAssignees, createIssue, removeAssignees, updateIssue } from '../mutate/issues.ts'
import { addItem } from '../mutate/items.ts'
import { addLabels, createLabel, removeLabel } from '../mutate/labels.ts'
import { issuePage } from '../shape/issue.ts'
import type { Issue, IssueComment } from '../world/world.ts'
import { reactionContent } from './issue.ts'
import { nodeOf } from './query.ts'
import { type Context, connection, GraphqlRefusal, given, missingNode, type Resolvers } from './resolver.ts'

type Input<Fields> = { input: Fields }

type CreateIssue = {
  repositoryId: string
  title: string
  body?: string | null
  labelIds?: string[] | null
  assigneeIds?: string[] | null
  parentIssueId?: string | null
  projectV2Ids?: string[] | null
}

export const labelNames = (context: Context, ids: string[]): string[] =>
  ids.map((id) => nodeOf(context, 'Label', id).name)

/** Users and bots may be assigned and asked. */
export function logins(context: Context, ids: string[]): string[] {
  return ids.map((id) => {
    const node = context.world.nodes.get(id)
    if (node?.kind === 'User' || node?.kind === 'Bot') return node.login
    throw missingNode(id)
  })
}

function create(input: CreateIssue, context: Context): Issue {
  const { world, actor } = context
  // All ids are looked up first: a wrong one makes nothing.
  const repository = nodeOf(context, 'Repository', input.repositoryId)
  const parent = input.parentIssueId ? nodeOf(context, 'Issue', input.parentIssueId) : null
  const projects = (input.projectV2Ids ?? []).map((id) => nodeOf(context, 'Project', id))
  const labels = labelNames(context, input.labelIds ?? [])
  const assignees = logins(context, input.assigneeIds ?? [])
  const issue = createIssue(world, actor, {
    repository,
    title: input.title,
    body: input.body ?? null,
    labels,
    assignees,
  })
  if (parent) addSubIssue(world, actor, { parent, child: issue })
  for (const project of projects) addItem(world, actor, { project, content: issue })
  return issue
}

type UpdateIssue = {
  id: string
  title?: string | null
  body?: string | null
  state?: 'OPEN' | 'CLOSED' | null
  labelIds?: string[] | null
  assigneeIds?: string[] | null
}

function update(input: UpdateIssue, context: Context): Issue {
  const change = given({
    title: input.title,
    body: input.body,
    state: input.state === 'CLOSED' ? ('closed' as const) : input.state === 'OPEN' ? ('open' as const) : null,
    labels: input.labelIds ? labelNames(context, input.labelIds) : null,
    assignees: input.assigneeIds ? logins(context, input.assigneeIds) : null,
  })
  return updateIssue(context.world, context.actor, { issue: nodeOf(context, 'Issue', input.id), ...change })
}

const REASONS: { [word: string]: Issue['stateReason'] } = {
  COMPLETED: 'completed',
  NOT_PLANNED: 'not_planned',
  DUPLICATE: 'duplicate',
}

/** By its node id or by its address. */
function subIssueOf(
  input: { subIssueId?: string | null; subIssueUrl?: string | null },
  context: Context,
): Issue {
  if (input.subIssueId) return nodeOf(context, 'Issue', input.subIssueId)
  const { world } = context
  const found = world.repositories
    .flatMap((repository) => [...repository.issues.values()])
    .find((issue) => issuePage(world, issue) === input.subIssueUrl)
  if (found) return found
  throw new GraphqlRefusal('UNPROCESSABLE', 'subIssueId or subIssueUrl must be provided')
}

function reactable(context: Context, id: string): Issue | IssueComment {
  const node = context.world.nodes.get(id)
  return node?.kind === 'IssueComment' ? nodeOf(context, 'IssueComment', id) : nodeOf(context, 'Issue', id)
}

const issues: Resolvers<unknown> = {
  createIssue: (_root, { input }: Input<CreateIssue>, context) => ({ issue: create(input, context) }),
  updateIssue: (_root, { input }: Input<UpdateIssue>, context) => ({ issue: update(input, context) }),
  closeIssue: (_root, { input }: Input<{ issueId: string; stateReason?: string | null }>, context) => {
    const issue = nodeOf(context, 'Issue', input.issueId)
    const stateReason = REASONS[input.stateReason ?? 'COMPLETED'] ?? null
    return { issue: updateIssue(context.world, context.actor, { issue, state: 'closed', stateReason }) }
  },
  reopenIssue: (_root, { input }: Input<{ issueId: string }>, context) => {
    const issue = nodeOf(context, 'Issue', input.issueId)
    return { issue: updateIssue(context.world, context.actor, { issue, state: 'open' }) }
  },
  addSubIssue: (
    _root,
    {
      input,
    }: Input<{ issueId: string; subIssueId?: string; subIssueUrl?: string; replaceParent?: boolean | null }>,
    context,
  ) => {
    const parent = nodeOf(context, 'Issue', input.issueId)
    const child = subIssueOf(input, context)
    addSubIssue(context.world, context.actor, { parent, child, replaceParent: input.replaceParent === true })
    return { issue: parent, subIssue: child }
  },
  removeSubIssue: (_root, { input }: Input<{ issueId: string; subIssueId: string }>, context) => {
    const parent = nodeOf(context, 'Issue', input.issueId)
    const child = nodeOf(context, 'Issue', input.subIssueId)
    removeSubIssue(context.world, context.actor, { parent, child })
    return { issue: parent, subIssue: child }
  },
  lockLockable: (_root, { input }: Input<{ lockableId: string; lockReason?: string | null }>, context) => {
    const issue = nodeOf(context, 'Issue', input.lockableId)
    const reason = input.lockReason?.toLowerCase().replace('too_', 'too ').replace('off_', 'off-') ?? null
    lockIssue(context.world, context.actor, { issue, reason })
    return { lockedRecord: issue }
  },
  unlockLockable: (_root, { input }: Input<{ lockableId: string }>, context) => {
    const issue = nodeOf(context, 'Issue', input.lockableId)
    unlockIssue(context.world, context.actor, { issue })
    return { unlockedRecord: issue }
  },
}

const comments: Resolvers<unknown> = {
  addComment: (_root, { input }: Input<{ subjectId: string; body: string }>, context) => {
    const issue = nodeOf(context, 'Issue', input.subjectId)
    addComment(context.world, context.actor, { issue, body: input.body })
    return { subject: issue, commentEdge: connection(issue.comments, { last: 1 }, 'comments').edges[0] }
  },
  updateIssueComment: (_root, { input }: Input<{ id: string; body: string }>, context) => {
    const comment = nodeOf(context, 'IssueComment', input.id)
    return { issueComment: updateComment(context.world, context.actor, { comment, body: input.body }) }
  },
  deleteIssueComment: (_root, { input }: Input<{ id: string }>, context) => {
    deleteComment(context.world, context.actor, { comment: nodeOf(context, 'IssueComment', input.id) })
    return {}
  },
  pinIssueComment: (_root, { input }: Input<{ issueCommentId: string }>, context) => {
    const comment = nodeOf(context, 'IssueComment', input.issueCommentId)
    if (comment.issue.pull !== null) {
      throw new GraphqlRefusal('UNPROCESSABLE', 'Comment pinning is not supported on Pull Requests.')
    }
    return { issueComment: pinComment(context.world, context.actor, { comment }) }
  },
  unpinIssueComment: (_root, { input }: Input<{ issueCommentId: string }>, context) => {
    const comment = nodeOf(context, 'IssueComment', input.issueCommentId)
    return { issueComment: unpinComment(context.world, context.actor, { comment }) }
  },
  addReaction: (_root, { input }: Input<{ subjectId: string; content: string }>, context) => {
    const subject = reactable(context, input.subjectId)
    const { reaction } = react(context.world, context.actor, {
      subject,
      content: reactionContent(input.content),
    })
    return { reaction, subject }
  },
  removeReaction: (_root, { input }: Input<{ subjectId: string; content: string }>, context) => {
    const subject = reactable(context, input.subjectId)
    const content = reactionContent(input.content)
    const reaction = subject.reactions.find(
      (each) => each.user === context.actor.account && each.content === content,
    )
    if (!reaction) throw new GraphqlRefusal('NOT_FOUND', 'Could not find the reaction.')
    unreact(context.world, context.actor, { subject, reaction })
    return { reaction, subject }
  },
}

const labels: Resolvers<unknown> = {
  addLabelsToLabelable: (_root, { input }: Input<{ labelableId: string; labelIds: string[] }>, context) => {
    const issue = nodeOf(context, 'Issue', input.labelableId)
    addLabels(context.world, context.actor, { issue, names: labelNames(context, input.labelIds) })
    return { labelable: issue }
  },
  removeLabelsFromLabelable: (
    _root,
    { input }: Input<{ labelableId: string; labelIds: string[] }>,
    context,
  ) => {
    const issue = nodeOf(context, 'Issue', input.labelableId)
    const worn = labelNames(context, input.labelIds).filter((name) =>
      issue.labels.some((each) => each.name === name),
    )
    for (const name of worn) removeLabel(context.world, context.actor, { issue, name })
    return { labelable: issue }
  },
  createLabel: (
    _root,
    { input }: Input<{ repositoryId: string; name: string; color: string; description?: string | null }>,
    context,
  ) => {
    const repository = nodeOf(context, 'Repository', input.repositoryId)
    const { name, color, description = null } = input
    return { label: createLabel(context.world, context.actor, { repository, name, color, description }) }
  },
  addAssigneesToAssignable: (
    _root,
    { input }: Input<{ assignableId: string; assigneeIds: string[] }>,
    context,
  ) => {
    const issue = nodeOf(context, 'Issue', input.assignableId)
    addAssignees(context.world, context.actor, { issue, logins: logins(context, input.assigneeIds) })
    return { assignable: issue }
  },
  removeAssigneesFromAssignable: (
    _root,
    { input }: Input<{ assignableId: string; assigneeIds: string[] }>,
    context,
  ) => {
    const issue = nodeOf(context, 'Issue', input.assignableId)
    removeAssignees(context.world, context.actor, { issue, logins: logins(context, input.assigneeIds) })
    return { assignable: issue }
  },
}

export const issueMutations: Resolvers<unknown> = { ...issues, ...comments, ...labels }

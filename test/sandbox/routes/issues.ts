// REST: issues, their labels, assignees, sub-issues and lock.
import { z } from 'zod'
import {
  type Answer,
  type Call,
  created,
  issueOf,
  noContent,
  ok,
  paged,
  type Route,
  read,
  repositoryRoute,
} from '../api.ts'
import { addSubIssue, lockIssue, removeSubIssue, unlockIssue } from '../mutate/issue-life.ts'
import { addAssignees, createIssue, removeAssignees, updateIssue } from '../mutate/issues.ts'
import { addLabels, removeLabel, setLabels } from '../mutate/labels.ts'
import { eventShape, issueShape } from '../shape/issue.ts'
import { labelShape } from '../shape/repository.ts'
import { requireIssues } from '../subject.ts'
import { invalid } from '../world/rules.ts'
import type { Issue, Repository, TimelineItem } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

const labelNames = z
  .array(z.union([z.string(), z.object({ name: z.string() }).transform((label) => label.name)]))
  .exactOptional()

const newIssue = z.object({
  title: z.union([z.string(), z.number().transform(String)]),
  body: z.string().nullable().exactOptional(),
  labels: labelNames,
  assignees: z.array(z.string()).exactOptional(),
})

const issueChange = z.object({
  title: z.string().exactOptional(),
  body: z.string().nullable().exactOptional(),
  state: z.enum(['open', 'closed']).exactOptional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened', 'duplicate']).nullable().exactOptional(),
  labels: labelNames,
  assignees: z.array(z.string()).exactOptional(),
})

const someLabels = z.union([
  z.object({
    labels: z.array(z.union([z.string(), z.object({ name: z.string() }).transform((it) => it.name)])),
  }),
  z.array(z.string()).transform((labels) => ({ labels })),
])

function listIssues(call: Call, repository: Repository): Answer {
  requireIssues({ repository })
  const { query } = call
  const state = query.get('state') ?? 'open'
  const labels = (query.get('labels') ?? '').split(',').filter(Boolean)
  const since = Date.parse(query.get('since') ?? '')
  const assignee = query.get('assignee')
  const found = [...repository.issues.values()].filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      labels.every((name) => hasLabel(issue, name)) &&
      (Number.isNaN(since) || issue.updatedAt >= since) &&
      matchesAssignee(issue, assignee) &&
      matchesCreator(issue, query.get('creator')),
  )
  return paged(call, sorted(found, query), (issue) => issueShape(call.world, issue))
}

function hasLabel(issue: Issue, name: string): boolean {
  return issue.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())
}

function matchesAssignee(issue: Issue, assignee: string | null): boolean {
  if (assignee === null || assignee === '*') return assignee === null || issue.assignees.length > 0
  if (assignee === 'none') return issue.assignees.length === 0
  return issue.assignees.some((account) => account.login.toLowerCase() === assignee.toLowerCase())
}

function matchesCreator(issue: Issue, creator: string | null): boolean {
  return creator === null || issue.author.login.toLowerCase() === creator.toLowerCase()
}

function sorted(issues: Issue[], query: URLSearchParams): Issue[] {
  const key = query.get('sort') ?? 'created'
  const up = query.get('direction') === 'asc'
  const value = (issue: Issue): number =>
    key === 'updated' ? issue.updatedAt : key === 'comments' ? issue.comments.length : issue.createdAt
  const order = (a: Issue, b: Issue): number => value(a) - value(b) || a.number - b.number
  return issues.sort((a, b) => (up ? order(a, b) : order(b, a)))
}

function changeIssue(call: Call, repository: Repository): Answer {
  const { state_reason: stateReason, ...change } = read(issueChange, call)
  const issue = issueOf(call, repository)
  const reason = stateReason === undefined ? {} : { stateReason }
  return ok(issueShape(call.world, updateIssue(call.world, call.actor, { issue, ...change, ...reason })))
}

function labelsAnswer(call: Call, issue: Issue): Answer {
  return ok(issue.labels.map((label) => labelShape(call.world, label)))
}

function changeLabels(change: typeof addLabels) {
  return (call: Call, repository: Repository): Answer => {
    const issue = issueOf(call, repository)
    change(call.world, call.actor, { issue, names: read(someLabels, call).labels })
    return labelsAnswer(call, issue)
  }
}

function changeAssignees(change: typeof addAssignees, answer: (body: unknown) => Answer) {
  return (call: Call, repository: Repository): Answer => {
    const logins = read(z.object({ assignees: z.array(z.string()) }), call).assignees
    if (logins.length > 10) throw invalid('Issue', 'assignees', { code: 'invalid' })
    return answer(
      issueShape(call.world, change(call.world, call.actor, { issue: issueOf(call, repository), logins })),
    )
  }
}

const subIssue = z.object({ sub_issue_id: z.number(), replace_parent: z.boolean().exactOptional() })

function childOf(call: Call, repository: Repository, id: number): Issue {
  for (const each of call.world.repositories) {
    for (const issue of each.issues.values()) if (issue.id === id) return issue
  }
  throw new GitHubRefusal(404, `The provided sub-issue does not exist in ${repository.owner.login}`)
}

function attachChild(call: Call, repository: Repository): Answer {
  const { sub_issue_id: id, replace_parent: replaceParent = false } = read(subIssue, call)
  const parent = issueOf(call, repository)
  const child = childOf(call, repository, id)
  return created(
    issueShape(call.world, addSubIssue(call.world, call.actor, { parent, child, replaceParent })),
  )
}

function detachChild(call: Call, repository: Repository): Answer {
  const parent = issueOf(call, repository)
  const child = childOf(call, repository, read(subIssue, call).sub_issue_id)
  return ok(issueShape(call.world, removeSubIssue(call.world, call.actor, { parent, child })))
}

function lock(call: Call, repository: Repository): Answer {
  const reasons = z.enum(['off-topic', 'too heated', 'resolved', 'spam'])
  const { lock_reason: reason = null } = read(
    z.object({ lock_reason: reasons.nullable().exactOptional() }),
    call,
  )
  lockIssue(call.world, call.actor, { issue: issueOf(call, repository), reason })
  return noContent()
}

function unlock(call: Call, repository: Repository): Answer {
  unlockIssue(call.world, call.actor, { issue: issueOf(call, repository) })
  return noContent()
}

/** GitHub's record of what was done, newest first; reviews, links and sub-issues have other places. */
const RECORDED = [
  'labeled',
  'unlabeled',
  'closed',
  'reopened',
  'assigned',
  'unassigned',
  'renamed',
  'locked',
  'unlocked',
  'merged',
  'ready_for_review',
  'converted_to_draft',
  'review_requested',
  'review_dismissed',
]

type Recorded = { issue: Issue; item: TimelineItem }

function listEvents(call: Call, issues: readonly Issue[]): Answer {
  const all = issues.flatMap((issue) => issue.timeline.map((item): Recorded => ({ issue, item })))
  const recorded = all.filter(({ item }) => RECORDED.includes(item.event))
  recorded.sort((a, b) => b.item.id - a.item.id)
  return paged(call, recorded, ({ issue, item }) => eventShape(call.world, issue, item))
}

const one = '/issues/{issue_number}'

export const issueRoutes: Route[] = [
  repositoryRoute('GET', '/issues', 'issues', listIssues),
  repositoryRoute('POST', '/issues', 'metadata', (call, repository) =>
    created(
      issueShape(call.world, createIssue(call.world, call.actor, { repository, ...read(newIssue, call) })),
    ),
  ),
  repositoryRoute('GET', '/issues/events', 'issues', (call, repository) =>
    listEvents(call, [...repository.issues.values()]),
  ),
  repositoryRoute('GET', one, 'issues', (call, repository) =>
    ok(issueShape(call.world, issueOf(call, repository))),
  ),
  repositoryRoute('PATCH', one, 'metadata', changeIssue),
  repositoryRoute('GET', `${one}/labels`, 'issues', (call, repository) =>
    paged(call, issueOf(call, repository).labels, (label) => labelShape(call.world, label)),
  ),
  repositoryRoute('POST', `${one}/labels`, 'metadata', changeLabels(addLabels)),
  repositoryRoute('PUT', `${one}/labels`, 'metadata', changeLabels(setLabels)),
  repositoryRoute('DELETE', `${one}/labels`, 'metadata', (call, repository) => {
    setLabels(call.world, call.actor, { issue: issueOf(call, repository), names: [] })
    return noContent()
  }),
  repositoryRoute('DELETE', `${one}/labels/{name}`, 'metadata', (call, repository) => {
    const issue = issueOf(call, repository)
    removeLabel(call.world, call.actor, { issue, name: call.params.name ?? '' })
    return labelsAnswer(call, issue)
  }),
  repositoryRoute('POST', `${one}/assignees`, 'metadata', changeAssignees(addAssignees, created)),
  repositoryRoute('DELETE', `${one}/assignees`, 'metadata', changeAssignees(removeAssignees, ok)),
  repositoryRoute('GET', `${one}/sub_issues`, 'issues', (call, repository) =>
    paged(call, issueOf(call, repository).subIssues, (child) => issueShape(call.world, child)),
  ),
  repositoryRoute('POST', `${one}/sub_issues`, 'metadata', attachChild),
  repositoryRoute('DELETE', `${one}/sub_issue`, 'metadata', detachChild),
  repositoryRoute('PUT', `${one}/lock`, 'metadata', lock),
  repositoryRoute('DELETE', `${one}/lock`, 'metadata', unlock),
]

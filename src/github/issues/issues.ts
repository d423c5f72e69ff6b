// Reads issues, and changes only what differs.
import type { Authorship, InstallationClient, IssueTarget, RepositoryTarget } from '../client/client.ts'
import { isMissing, Refused } from '../client/errors.ts'
import { sameText, withMark } from './mark.ts'

export type Issue = {
  id: number
  nodeId: string
  number: number
  /** Where it is now: an issue that was transferred answers from its new place. */
  owner: string
  repo: string
  url: string
  title: string
  body: string
  state: 'open' | 'closed'
  stateReason: string | null
  labels: string[]
  assignees: string[]
  author: string | null
  isPull: boolean
  locked: boolean
  /** Milliseconds. */
  createdAt: number
  updatedAt: number
  closedAt: number | null
}

type StateReason = 'completed' | 'not_planned' | 'reopened'

/** What an issue should say; what is left out stays. The body goes without its mark: give `mark` to keep it. */
export type IssueChange = {
  title?: string
  body?: string
  mark?: string
  state?: 'open' | 'closed'
  reason?: StateReason
}

/** An issue as REST gives it, as far as we read it. */
export type RestIssue = Authorship & {
  id: number
  node_id: string
  number: number
  repository_url: string
  html_url: string
  title: string
  body?: string | null | undefined
  state: string
  state_reason?: string | null
  labels: (string | { name?: string | undefined })[]
  assignees?: { login: string }[] | null
  pull_request?: object
  locked: boolean
  created_at: string
  updated_at: string
  closed_at: string | null
}

const ASSIGNEES_AT_MOST = 10

/** An issue or pull request; null when it was deleted or is hidden from us. */
export async function getIssue(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
): Promise<Issue | null> {
  try {
    const { data } = await github.rest.issues.get({ owner, repo, issue_number: number })
    return toIssue(data)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Makes title, body and state so in one call, or in none where `present` (read unless given) says the same already. */
export async function updateIssue(
  github: InstallationClient,
  target: IssueTarget,
  { present, ...wanted }: IssueChange & { present?: Issue | undefined },
): Promise<'changed' | 'same' | 'missing'> {
  const issue = present ?? (await getIssue(github, target))
  if (issue === null) return 'missing'
  const body = wanted.body !== undefined && wanted.mark ? withMark(wanted.body, wanted.mark) : wanted.body
  const reason = wanted.state === 'closed' ? (wanted.reason ?? 'completed') : 'reopened'
  const changes = {
    ...(wanted.title !== undefined && wanted.title !== issue.title ? { title: wanted.title } : {}),
    ...(body !== undefined && !sameText(body, issue.body) ? { body } : {}),
    ...(wanted.state && !isInState(issue, wanted.state, reason)
      ? { state: wanted.state, state_reason: reason }
      : {}),
  }
  if (Object.keys(changes).length === 0) return 'same'
  const { owner, repo, number } = target
  await github.rest.issues.update({ owner, repo, issue_number: number, ...changes })
  return 'changed'
}

/**
 * Of the labels that are `managed`, the issue carries exactly those in `want` afterwards; others stay. `present` (read
 * unless given) are the names on it now. The new come before the old go, so that there is no moment without any.
 */
export async function setLabels(
  github: InstallationClient,
  target: IssueTarget,
  {
    want,
    managed,
    present,
  }: { want: readonly string[]; managed: (name: string) => boolean; present?: string[] },
): Promise<{ added: string[]; removed: string[] }> {
  const names = present ?? (await getIssue(github, target))?.labels ?? []
  const has = new Set(names.map((name) => name.toLowerCase()))
  const wants = new Set(want.map((name) => name.toLowerCase()))
  const added = want.filter((name) => !has.has(name.toLowerCase()))
  const removed = names.filter((name) => managed(name) && !wants.has(name.toLowerCase()))
  const { owner, repo, number } = target
  if (added.length > 0) {
    await github.rest.issues.addLabels({ owner, repo, issue_number: number, labels: added })
  }
  for (const name of removed) await removeLabel(github, target, name)
  return { added, removed }
}

/** Assigns those who can be; at most ten people fit on an issue. `dropped` are unknown here or may not be assigned: GitHub
 * leaves them out without a word, or refuses them all. */
export async function addAssignees(
  github: InstallationClient,
  target: IssueTarget,
  { logins, present = [] }: { logins: readonly string[]; present?: readonly string[] },
): Promise<{ assigned: string[]; dropped: string[] }> {
  const wanted = logins.filter((login) => !includesLogin(present, login))
  const tried = wanted.slice(0, Math.max(0, ASSIGNEES_AT_MOST - present.length))
  const now = await assign(github, target, tried)
  return {
    assigned: tried.filter((login) => includesLogin(now, login)),
    dropped: wanted.filter((login) => !includesLogin(now, login)),
  }
}

/** Takes somebody off an issue; who is not assigned costs nothing. */
export async function removeAssignee(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
  { login, present }: { login: string; present: readonly string[] },
): Promise<void> {
  if (!includesLogin(present, login)) return
  await github.rest.issues.removeAssignees({ owner, repo, issue_number: number, assignees: [login] })
}

/** The logins that are assigned afterwards. */
async function assign(github: InstallationClient, target: IssueTarget, logins: string[]): Promise<string[]> {
  if (logins.length === 0) return []
  const { owner, repo, number } = target
  try {
    const { data } = await github.rest.issues.addAssignees({
      owner,
      repo,
      issue_number: number,
      assignees: logins,
    })
    return toIssue(data).assignees
  } catch (error) {
    if (!(error instanceof Refused) || error.kind !== 'invalid') throw error
    const assignable: string[] = []
    for (const login of logins) if (await isAssignable(github, target, login)) assignable.push(login)
    return assignable.length < logins.length ? assign(github, target, assignable) : []
  }
}

async function removeLabel(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
  name: string,
): Promise<void> {
  try {
    await github.rest.issues.removeLabel({ owner, repo, issue_number: number, name })
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

async function isAssignable(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  login: string,
): Promise<boolean> {
  try {
    await github.rest.issues.checkUserCanBeAssigned({ owner, repo, assignee: login })
    return true
  } catch (error) {
    if (error instanceof Refused && (error.kind === 'missing' || error.kind === 'invalid')) return false
    throw error
  }
}

export function includesLogin(logins: readonly string[], login: string): boolean {
  return logins.some((other) => other.toLowerCase() === login.toLowerCase())
}

function isInState(issue: Issue, state: 'open' | 'closed', reason: StateReason): boolean {
  if (issue.state !== state) return false
  // GitHub's own "closed as duplicate" says what we call not planned.
  const present = issue.stateReason === 'duplicate' ? 'not_planned' : (issue.stateReason ?? 'completed')
  return state === 'open' || present === reason
}

/** GitHub's issue, cut to what we use. */
export function toIssue(issue: RestIssue): Issue {
  const [owner = '', repo = ''] = issue.repository_url.split('/').slice(-2)
  return {
    id: issue.id,
    nodeId: issue.node_id,
    number: issue.number,
    owner,
    repo,
    url: issue.html_url,
    title: issue.title,
    body: issue.body ?? '',
    state: issue.state === 'closed' ? 'closed' : 'open',
    stateReason: issue.state_reason ?? null,
    labels: issue.labels.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? []))),
    assignees: (issue.assignees ?? []).map(({ login }) => login),
    author: issue.user?.login ?? null,
    isPull: issue.pull_request !== undefined,
    locked: issue.locked,
    createdAt: Date.parse(issue.created_at),
    updatedAt: Date.parse(issue.updated_at),
    closedAt: issue.closed_at === null ? null : Date.parse(issue.closed_at),
  }
}

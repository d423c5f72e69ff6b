// Creates issues of the app, unless it finds them by mark and authorship.
import type { InstallationClient, IssueTarget, RepositoryTarget } from '../client/client.ts'
import { addAssignees, type Issue, toIssue } from './issues.ts'
import { hasMark, withMark } from './mark.ts'
import { attachSubIssue } from './sub-issues.ts'

// Without a time to stop at, an issue that we made is looked for among this many pages of 100, newest first: it is looked for
// again because its making was not heard to end, minutes later. One that three hundred others have followed is made anew.
const PAGES_AT_MOST = 3
// Our clock may differ from GitHub's by this much (milliseconds).
const CLOCK_SKEW = 10 * 60_000

/**
 * Our issue with this mark, made where there is none. It is looked for among the issues with its first label, back to
 * `since` (milliseconds), so an issue needs a label. With a `parent` it becomes its sub-issue where GitHub offers that:
 * `attached` says whether it did.
 */
export async function createIssue(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  wanted: {
    mark: string
    title: string
    body: string
    labels: [string, ...string[]]
    assignees?: readonly string[]
    parent?: IssueTarget
    since?: number
  },
): Promise<{ issue: Issue; outcome: 'made' | 'found'; attached: boolean; dropped: string[] }> {
  const found = await findIssue(github, { owner, repo }, { ...wanted, label: wanted.labels[0] })
  const issue = found ?? (await create(github, { owner, repo }, wanted))
  const target = { owner, repo, number: issue.number }
  const { dropped } = await addAssignees(github, target, {
    logins: wanted.assignees ?? [],
    present: issue.assignees,
  })
  const attached = wanted.parent ? await attachSubIssue(github, wanted.parent, issue.id) : false
  return { issue, outcome: found ? 'found' : 'made', attached, dropped }
}

/** Our issue with this mark and label, open or closed; null when there is none. `since`: as in `createIssue`. */
async function findIssue(
  github: InstallationClient,
  repository: RepositoryTarget,
  { mark, ...wanted }: { mark: string; label: string; since?: number },
): Promise<Issue | null> {
  const found = await findIssues(github, repository, { ...wanted, marks: [mark] })
  return found.get(mark) ?? null
}

/** Our issues with these marks, by their mark, as `findIssue` finds one; those that are not there are left out. */
export async function findIssues(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  wanted: { marks: readonly string[]; label: string; since?: number },
): Promise<ReadonlyMap<string, Issue>> {
  const found = new Map<string, Issue>()
  const pages = github.rest.paginate.iterator(github.rest.issues.listForRepo, {
    owner,
    repo,
    labels: wanted.label,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  })
  let page = 0
  for await (const { data: issues } of pages) {
    page += 1
    for (const issue of issues) {
      const mark = wanted.marks.find((ownMark) => hasMark(issue.body, ownMark))
      if (mark !== undefined && (await github.isOurs(issue))) found.set(mark, toIssue(issue))
    }
    if (found.size === wanted.marks.length) return found
    const oldest = issues.at(-1)
    const past = wanted.since === undefined ? page === PAGES_AT_MOST : isBefore(oldest, wanted.since)
    if (past) return found
  }
  return found
}

async function create(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  wanted: { mark: string; title: string; body: string; labels: string[] },
): Promise<Issue> {
  const { title, labels } = wanted
  const body = withMark(wanted.body, wanted.mark)
  const { data } = await github.rest.issues.create({ owner, repo, title, body, labels })
  return toIssue(data)
}

function isBefore(issue: { created_at: string } | undefined, at: number): boolean {
  return issue === undefined || Date.parse(issue.created_at) < at - CLOCK_SKEW
}

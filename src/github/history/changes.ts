// Reads from GitHub's records what happened in a repository since a given time.
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { isMissing } from '../client/errors.ts'

/** A repository of an installation, as REST gives it and a webhook would. */
export type ListedRepository = {
  id: number
  node_id: string
  name: string
  full_name: string
  private: boolean
  default_branch: string
  archived: boolean
  has_issues: boolean
  owner: { login: string; type: string }
}

/** As every REST call wants it. */
export const repositoryTarget = ({ owner, name }: ListedRepository): RepositoryTarget => ({
  owner: owner.login,
  repo: name,
})

/** Every repository that the installation reaches. A call for each hundred. */
export async function listRepositories({ rest }: InstallationClient): Promise<ListedRepository[]> {
  const found: ListedRepository[] = []
  const pages = rest.paginate.iterator(rest.apps.listReposAccessibleToInstallation, { per_page: 100 })
  for await (const { data } of pages)
    for (const repository of data) {
      const { id, node_id, name, full_name, default_branch, owner } = repository
      found.push({
        ...{ id, node_id, name, full_name, default_branch, private: repository.private },
        archived: repository.archived || repository.disabled,
        has_issues: repository.has_issues,
        owner: { login: owner.login, type: owner.type },
      })
    }
  return found
}

export type Actor = { login: string; type: string }

/** An issue as REST gives it; what we do not read is passed on as it came. */
export type EventIssue = {
  number: number
  html_url: string
  title: string
  body?: string | null
  created_at: string
  updated_at: string
  repository_url: string
  labels: { name: string }[]
  state_reason?: string | null
  pull_request?: unknown
}

/** An entry of the repository's record of what was done to its issues. */
export type IssueEvent = {
  id: number
  event: string
  created_at: string
  actor: Actor | null
  issue: EventIssue
  label?: { name: string }
  assignee?: Actor | null
  assigner?: Actor | null
  rename?: { from: string; to: string }
  state_reason?: string | null
  dismissed_review?: { review_id: number }
}

type RestLabels = { labels: (string | { name?: string | null })[] }

/** REST has two ways to write a label. */
const withNamedLabels = <Rest extends RestLabels>(issue: Rest) => ({
  ...issue,
  labels: issue.labels.flatMap((label) => {
    const name = typeof label === 'string' ? label : label.name
    return name ? [{ name }] : []
  }),
})

/** The issue that answers under this number: one that was transferred does so from its new place. Null: it is gone. */
export async function readIssue(
  { rest }: InstallationClient,
  target: RepositoryTarget,
  number: number,
): Promise<EventIssue | null> {
  try {
    const { data } = await rest.issues.get({ ...target, issue_number: number })
    return withNamedLabels(data)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Beyond so many pages of one repository nothing is read: a thousand acts are no missed webhook. */
const PAGES_AT_MOST = 10

/** What was done to the issues and pull requests of a repository, oldest first. */
export async function listIssueEvents(
  { rest }: InstallationClient,
  target: RepositoryTarget,
  since: number,
): Promise<IssueEvent[]> {
  const found: IssueEvent[] = []
  const pages = rest.paginate.iterator(rest.issues.listEventsForRepo, { ...target, per_page: 100 })
  let page = 0
  for await (const { data } of pages) {
    page += 1
    const recent = data.filter(({ created_at }) => Date.parse(created_at) >= since)
    found.push(
      ...recent.flatMap((event) =>
        event.issue ? [{ ...event, issue: withNamedLabels(event.issue) } as IssueEvent] : [],
      ),
    )
    if (recent.length < data.length || page === PAGES_AT_MOST) break
  }
  return found.sort((a, b) => a.id - b.id)
}

/** A comment as REST gives it. */
export type RecentComment = {
  id: number
  body: string
  html_url: string
  issue_url: string
  created_at: string
  updated_at: string
  user: Actor | null
}

/** The comments of a repository that were written or changed since, oldest first. */
export async function listRecentComments(
  { rest }: InstallationClient,
  target: RepositoryTarget,
  since: number,
): Promise<RecentComment[]> {
  const found: RecentComment[] = []
  const pages = rest.paginate.iterator(rest.issues.listCommentsForRepo, {
    ...target,
    since: new Date(since).toISOString(),
    sort: 'updated',
    direction: 'asc',
    per_page: 100,
  })
  let page = 0
  for await (const { data } of pages) {
    page += 1
    found.push(...data.map(toRecentComment))
    if (page === PAGES_AT_MOST) break
  }
  return found
}

type RestRecentComment = Omit<RecentComment, 'body'> & { body?: string }

function toRecentComment({
  id,
  body,
  html_url,
  issue_url,
  created_at,
  updated_at,
  user,
}: RestRecentComment): RecentComment {
  const author = user && { login: user.login, type: user.type }
  return { id, body: body ?? '', html_url, issue_url, created_at, updated_at, user: author }
}

/** One comment; null where it was deleted. */
export async function readComment(
  { rest }: InstallationClient,
  target: RepositoryTarget,
  id: number,
): Promise<RecentComment | null> {
  try {
    const { data } = await rest.issues.getComment({ ...target, comment_id: id })
    return toRecentComment(data)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

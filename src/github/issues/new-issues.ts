// Creates several issues of the app at once: one search for the present ones, one document that creates the others in order.
import type { InstallationClient, IssueTarget, RepositoryTarget } from '../client/client.ts'
import { isNotOffered, Refused } from '../client/errors.ts'
import { addAssignees, type Issue } from './issues.ts'
import { createLabel } from './labels.ts'
import { withMark } from './mark.ts'
import { createIssue, findIssues } from './new-issue.ts'

export type NewIssue = { mark: string; title: string; body: string; assignee?: string | undefined }

export type OpenedIssue = Pick<Issue, 'nodeId' | 'number' | 'url' | 'createdAt'>

/** GitHub gives one document ten seconds, and each issue in it may take one. */
export const ISSUES_AT_ONCE = 5

/**
 * Our issues with these marks, in this order, made where there are none, with all labels, their assignee and as sub-issues
 * of `parent`. At most `ISSUES_AT_ONCE`. Where GitHub refuses the document (no sub-issues here, a full parent, a person
 * who may not be assigned), they are made one by one, which goes without what is refused.
 */
export async function createIssues(
  github: InstallationClient,
  repository: RepositoryTarget,
  wanted: { issues: readonly NewIssue[]; labels: [string, ...string[]]; parent: IssueTarget; since?: number },
): Promise<OpenedIssue[]> {
  const { issues, labels, parent } = wanted
  const found = await findIssues(github, repository, {
    marks: issues.map(({ mark }) => mark),
    label: labels[0],
    ...(wanted.since !== undefined && { since: wanted.since }),
  })
  // What an earlier attempt made may still lack its owner or its parent, which making one issue sees to.
  if (found.size === 0) {
    try {
      return await createAtOnce(github, repository, wanted)
    } catch (error) {
      if (!isNotOffered(error)) throw error
    }
  }
  const opened: OpenedIssue[] = []
  for (const { assignee, ...issue } of issues) {
    const made = await createIssue(github, repository, {
      ...issue,
      labels,
      parent,
      ...(assignee !== undefined && { assignees: [assignee] }),
      ...(wanted.since !== undefined && { since: wanted.since }),
    })
    opened.push(made.issue)
  }
  return opened
}

async function createAtOnce(
  github: InstallationClient,
  repository: RepositoryTarget,
  { issues, labels, parent }: { issues: readonly NewIssue[]; labels: readonly string[]; parent: IssueTarget },
): Promise<OpenedIssue[]> {
  const logins = [...new Set(issues.flatMap(({ assignee }) => assignee?.toLowerCase() ?? []))]
  const ids = await idsOf(github, repository, { labels, logins, parent })
  const idOf = (login: string | undefined) => login && ids.people.get(login.toLowerCase())
  const inputs = issues.map(({ mark, title, body, assignee }) => ({
    repositoryId: ids.repository,
    title,
    body: withMark(body, mark),
    labelIds: ids.labels,
    parentIssueId: ids.parent,
    ...(idOf(assignee) && { assigneeIds: [idOf(assignee)] }),
  }))
  const answer = await github.graphql<CreatedIssues>(openDocument(issues.length), {
    ...Object.fromEntries(inputs.map((input, index) => [`issue${index}`, input])),
    request: { kind: 'create', creates: issues.length },
  })
  const opened: OpenedIssue[] = []
  for (const [index, { assignee }] of issues.entries()) {
    const made = answer[`issue${index}`]?.issue
    if (!made) throw new Refused({ kind: 'invalid', status: 200, message: 'An issue was not made' })
    const { id: nodeId, number, url } = made
    opened.push({ nodeId, number, url, createdAt: Date.parse(made.createdAt) })
    // The search for people does not promise to find everybody; who may not be assigned is left out here.
    if (assignee && !idOf(assignee))
      await addAssignees(github, { ...repository, number }, { logins: [assignee], present: [] })
  }
  return opened
}

type CreatedIssues = {
  [alias: string]: { issue: { id: string; number: number; url: string; createdAt: string } | null } | null
}

/** The document that makes so many issues, in this order: GitHub carries mutations out one after the other. */
export function openDocument(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `issue${index}`)
  const calls = names.map(
    (name) => `${name}: createIssue(input: $${name}) { issue { id number url createdAt } }`,
  )
  const variables = names.map((name) => `$${name}: CreateIssueInput!`)
  return `mutation OpenIssues(${variables.join(', ')}) {\n  ${calls.join('\n  ')}\n}`
}

type FoundIds = {
  repository: { id: string; issue: { id: string } } | null
  labels: { [alias: string]: { id: string } | null } | null
  people?: { [alias: string]: { nodes: ({ id: string; login: string } | null)[] } } | null
}
type NamedIds = { labels: readonly string[]; logins: readonly string[] }
type Ids = { repository: string; parent: string; labels: string[]; people: ReadonlyMap<string, string> }

/** The node ids of what new issues name; a label that is not there yet is made. `people`: by their login in lower case,
 * as far as they are found and may be assigned. */
async function idsOf(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  { labels, logins, parent }: NamedIds & { parent: IssueTarget },
): Promise<Ids> {
  const found = await github.graphql<FoundIds>(idsDocument(labels.length, logins.length), {
    owner,
    repo,
    parent: parent.number,
    ...Object.fromEntries(labels.map((label, index) => [`label${index}`, label])),
    ...Object.fromEntries(logins.map((login, index) => [`login${index}`, login])),
  })
  if (!found.repository) throw new Refused({ kind: 'missing', status: 200, message: 'No such repository' })
  const labelIds: string[] = []
  for (const [index, name] of labels.entries())
    labelIds.push(
      found.labels?.[`label${index}`]?.id ?? (await createLabel(github, { owner, repo }, { name })),
    )
  const people = Object.values(found.people ?? {}).flatMap(({ nodes }) => nodes)
  return {
    repository: found.repository.id,
    parent: found.repository.issue.id,
    labels: labelIds,
    people: new Map(people.flatMap((person) => (person ? [[person.login.toLowerCase(), person.id]] : []))),
  }
}

/** The document that reads a repository's and an issue's id, and those of so many labels and people. */
export function idsDocument(labels: number, logins: number): string {
  const numbered = (count: number, name: string, line: (alias: string) => string) =>
    Array.from({ length: count }, (_, index) => line(`${name}${index}`))
  const variables = [
    ...numbered(labels, 'label', (name) => `$${name}: String!`),
    ...numbered(logins, 'login', (name) => `$${name}: String!`),
  ]
  const here = 'repository(owner: $owner, name: $repo)'
  const labelLines = numbered(labels, 'label', (name) => `${name}: label(name: $${name}) { id }`)
  const personLines = numbered(
    logins,
    'login',
    (name) => `${name}: assignableUsers(query: $${name}, first: 20) { nodes { id login } }`,
  )
  const people = logins > 0 ? `\n  people: ${here} { ${personLines.join(' ')} }` : ''
  return `query FindIds($owner: String!, $repo: String!, $parent: Int!, ${variables.join(', ')}) {
  ${here} { id issue(number: $parent) { id } }
  labels: ${here} { ${labelLines.join(' ')} }${people}
}`
}

// GraphQL: repositories and their refs.

import { repositoryPage } from '../shape/repository.ts'
import { findLabel, fullName } from '../world/find.ts'
import { iso, requirePermission, roleOf, seesProjects } from '../world/rules.ts'
import type { GitCommit, Issue, PermissionName, Project, Repository } from '../world/world.ts'
import { viewerPermission } from './account.ts'
import { deploymentsOf } from './check.ts'
import { gitObject } from './git.ts'
import { filterIssues, type IssueFilter } from './issue.ts'
import { projectByNumber, projectConnection } from './project.ts'
import {
  type Context,
  connection,
  missing,
  type Order,
  ordered,
  type Page,
  type ResolverMap,
  type Resolvers,
  same,
  times,
} from './resolver.ts'

/** A branch or tag; it has no object of its own in the world. */
export type Ref = { repository: Repository; prefix: string; name: string; sha: string }

/** A ref by its whole name (`refs/heads/main`) or, as GitHub allows, a branch's short one. */
export function findRef(repository: Repository, qualified: string): Ref | null {
  const [, kind, name] = /^(?:refs\/)?(heads|tags)\/(.+)$/.exec(qualified) ?? [undefined, 'heads', qualified]
  const sha = (kind === 'tags' ? repository.tags : repository.branches).get(name ?? qualified)
  return sha === undefined ? null : { repository, prefix: `refs/${kind}/`, name: name ?? qualified, sha }
}

function readable(source: Repository, { actor }: Context, name: PermissionName): void {
  requirePermission(actor, source, { name, level: 'read' })
}

function numbered(source: Repository, number: number, kind: 'Issue' | 'PullRequest'): Issue {
  const found = source.issues.get(number)
  if (found && (found.pull !== null) === (kind === 'PullRequest')) return found
  throw missing(`${kind === 'Issue' ? 'an' : 'a'} ${kind} with the number of ${number}`)
}

function linkedProjects(source: Repository, { world, actor }: Context): Project[] {
  return world.projects.filter(
    (project) => project.repositories.includes(source) && seesProjects(actor, project.owner),
  )
}

type PullFilter = Page & {
  states?: string[] | null
  labels?: string[] | null
  headRefName?: string | null
  baseRefName?: string | null
  orderBy?: Order | null
}

function filterPulls(source: Repository, filter: PullFilter): Issue[] {
  const { states, ...rest } = filter
  const pulls = [...source.issues.values()].filter(({ pull, state }) => {
    if (pull === null) return false
    if (filter.headRefName && pull.head.branch !== filter.headRefName) return false
    if (filter.baseRefName && pull.base.branch !== filter.baseRefName) return false
    return !states || states.includes(pull.mergedAt === null ? state.toUpperCase() : 'MERGED')
  })
  return filterIssues(pulls, rest)
}

const repository: Resolvers<Repository> = {
  ...times,
  ...same('name', 'owner', 'description'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  nameWithOwner: fullName,
  pushedAt: (source) => iso(source.pushedAt),
  archivedAt: (source) => (source.archived ? iso(source.updatedAt) : null),
  url: (source, _: unknown, { world }) => repositoryPage(world, source),
  resourcePath: (source) => `/${fullName(source)}`,
  isPrivate: (source) => source.private,
  visibility: (source) => (source.private ? 'PRIVATE' : 'PUBLIC'),
  isArchived: (source) => source.archived,
  isDisabled: () => false,
  isFork: () => false,
  isLocked: () => false,
  isTemplate: () => false,
  isMirror: () => false,
  isEmpty: (source) => source.branches.size === 0,
  isInOrganization: (source) => source.owner.kind === 'Organization',
  hasIssuesEnabled: (source) => source.hasIssues,
  hasProjectsEnabled: () => true,
  hasDiscussionsEnabled: () => false,
  hasWikiEnabled: () => false,
  autoMergeAllowed: () => false,
  mergeCommitAllowed: () => true,
  squashMergeAllowed: () => true,
  rebaseMergeAllowed: () => true,
  deleteBranchOnMerge: () => false,
  viewerPermission: (source, _: unknown, context) => viewerPermission(source, context),
  viewerCanAdminister: (source, _: unknown, { actor }) =>
    actor.installation === null && roleOf(actor.account, source) === 'admin',
  defaultBranchRef: (source) => findRef(source, `refs/heads/${source.defaultBranch}`),
  ref: (source, { qualifiedName }: { qualifiedName: string }) => findRef(source, qualifiedName),
  refs: (source, args: Page & { refPrefix: string; query?: string | null }) => {
    const names = args.refPrefix.startsWith('refs/tags') ? source.tags : source.branches
    const below = args.refPrefix.replace(/^refs\/(?:heads|tags)\/?/, '')
    const found = [...names]
      .filter(([name]) => name.startsWith(below) && name.includes(args.query ?? ''))
      .map(([name, sha]): Ref => {
        return { repository: source, prefix: args.refPrefix, name: name.slice(below.length), sha }
      })
    return connection(found, args, 'refs')
  },
  object: (source, args: { expression?: string | null; oid?: string | null }, context) => {
    readable(source, context, 'contents')
    return gitObject(source, args.oid ?? args.expression ?? 'HEAD')
  },
  issue: (source, { number }: { number: number }, context) => {
    readable(source, context, 'issues')
    return numbered(source, number, 'Issue')
  },
  pullRequest: (source, { number }: { number: number }, context) => {
    readable(source, context, 'pull_requests')
    return numbered(source, number, 'PullRequest')
  },
  issueOrPullRequest: (source, { number }: { number: number }, context) => {
    readable(source, context, 'issues')
    const found = source.issues.get(number)
    if (!found) throw missing(`an issue or pull request with the number of ${number}`)
    return found
  },
  issues: (source, args: IssueFilter, context) => {
    readable(source, context, 'issues')
    const list = [...source.issues.values()].filter((each) => each.pull === null)
    return connection(filterIssues(list, args), args, 'issues')
  },
  pullRequests: (source, args: PullFilter, context) => {
    readable(source, context, 'pull_requests')
    return connection(filterPulls(source, args), args, 'pullRequests')
  },
  label: (source, { name }: { name: string }) => findLabel(source, name) ?? null,
  labels: (source, args: Page & { query?: string | null; orderBy?: Order | null }) => {
    const wanted = args.query?.toLowerCase() ?? ''
    const found = source.labels.filter((each) => each.name.toLowerCase().includes(wanted))
    return connection(ordered(found, args.orderBy, { NAME: (each) => each.name }), args, 'labels')
  },
  deployments: (source, args: Page & { environments?: string[] | null; orderBy?: Order | null }, context) => {
    readable(source, context, 'deployments')
    return connection(deploymentsOf(source.deployments, args), args, 'deployments')
  },
  projectV2: (source, { number }: { number: number }, context) =>
    projectByNumber(linkedProjects(source, context), number),
  projectsV2: (source, args: Page & { query?: string | null }, context) =>
    projectConnection(linkedProjects(source, context), args),
  assignableUsers: (source, args: Page & { query?: string | null }) => {
    const wanted = args.query?.toLowerCase() ?? ''
    const found = peopleOf(source).filter(({ login }) => login.toLowerCase().includes(wanted))
    return connection(found, args, 'assignableUsers')
  },
}

const peopleOf = (source: Repository) =>
  [...source.collaborators.keys(), ...source.owner.members.keys()].filter(
    (each, index, all) => all.indexOf(each) === index && roleOf(each, source) !== 'none',
  )

const ref: Resolvers<Ref> = {
  ...same('name', 'prefix', 'repository'),
  id: (source) =>
    Buffer.from(`ref:${source.repository.id}:${source.prefix}${source.name}`).toString('base64url'),
  target: (source, _: unknown, context): GitCommit | null => {
    readable(source.repository, context, 'contents')
    return source.repository.commits.get(source.sha) ?? null
  },
  associatedPullRequests: (source, args: PullFilter, context) => {
    readable(source.repository, context, 'pull_requests')
    return connection(
      filterPulls(source.repository, { ...args, headRefName: source.name }),
      args,
      'associatedPullRequests',
    )
  },
}

export const repositoryResolvers: ResolverMap = { Repository: repository, Ref: ref }

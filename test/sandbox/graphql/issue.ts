// GraphQL: issues and what they share with pull requests: comments, labels, reactions, assignees.

import { association, issuePage } from '../shape/issue.ts'
import { fullName } from '../world/find.ts'
import { iso, isoOrNull, seesProjects } from '../world/rules.ts'
import type { Account, Issue, IssueComment, Label, LinkedBranch, Reaction } from '../world/world.ts'
import {
  type Context,
  connection,
  ids,
  isPull,
  type Order,
  ordered,
  type Page,
  type ResolverMap,
  type Resolvers,
  same,
  times,
  upper,
} from './resolver.ts'

type WithText = {
  body: string | null
  author: Account
  createdAt: number
  updatedAt: number
  edited: { at: number; by: Account } | null
  reactions: Reaction[]
}

/** `Comment` and `Reactable`: what has a text, an author and reactions. */
const text: Resolvers<WithText> = {
  ...times,
  ...same('author'),
  body: (source) => source.body ?? '',
  bodyText: (source) => source.body ?? '',
  publishedAt: (source) => iso(source.createdAt),
  lastEditedAt: (source) => isoOrNull(source.edited?.at ?? null),
  editor: (source) => source.edited?.by ?? null,
  createdViaEmail: () => false,
  viewerDidAuthor: (source, _: unknown, { actor }) => source.author === actor.account,
  viewerCanUpdate: () => true,
  viewerCanReact: () => true,
  reactions: (source, args: Page & { content?: string | null }) => {
    const wanted = source.reactions.filter((each) => !args.content || reactionWord(each) === args.content)
    return connection(wanted, args, 'reactions')
  },
  reactionGroups: (source, _: unknown, { actor }) =>
    Object.values(REACTIONS).map((content) => {
      const group = source.reactions.filter((each) => reactionWord(each) === content)
      return {
        content,
        subject: source,
        createdAt: isoOrNull(group[0]?.createdAt ?? null),
        viewerHasReacted: group.some((each) => each.user === actor.account),
        reactions: group,
      }
    }),
}

const REACTIONS: Record<Reaction['content'], string> = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  laugh: 'LAUGH',
  hooray: 'HOORAY',
  confused: 'CONFUSED',
  heart: 'HEART',
  rocket: 'ROCKET',
  eyes: 'EYES',
}

const reactionWord = (reaction: Reaction): string => REACTIONS[reaction.content]

/** REST's word for a GraphQL reaction, e.g. `+1` for `THUMBS_UP`. */
export function reactionContent(word: string): string {
  return Object.entries(REACTIONS).find(([, each]) => each === word)?.[0] ?? word
}

const reaction: Resolvers<Reaction> = {
  ...same('user'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  content: reactionWord,
  createdAt: (source) => iso(source.createdAt),
}

const reactionGroup: Resolvers<{ reactions: Reaction[] }> = {
  ...same('content', 'createdAt', 'viewerHasReacted', 'subject'),
  reactors: (source, args: Page) =>
    connection(
      source.reactions.map(({ user }) => user),
      args,
      'reactors',
    ),
  users: (source, args: Page) =>
    connection(
      source.reactions.map(({ user }) => user),
      args,
      'users',
    ),
}

/** What an issue and a pull request share; the source is the issue half of both. */
export const subject: Resolvers<Issue> = {
  ...text,
  ...same('number', 'title', 'locked', 'repository'),
  id: (source) => source.nodeId,
  titleHTML: (source) => source.title,
  activeLockReason: (source) => upper(source.lockReason?.replaceAll(/[ -]/g, '_') ?? null),
  closed: (source) => source.state === 'closed',
  closedAt: (source) => isoOrNull(source.closedAt),
  authorAssociation: (source) => association(source.author, source.repository),
  resourcePath: (source, _: unknown, { world }) => issuePage(world, source).slice(world.url.length),
  url: (source, _: unknown, { world }) => issuePage(world, source),
  viewerCanClose: (source) => source.state === 'open',
  viewerCanReopen: (source) => source.state === 'closed',
  viewerCanLabel: () => true,
  milestone: () => null,
  assignees: (source, args: Page) => connection(source.assignees, args, 'assignees'),
  labels: (source, args: Page & { orderBy?: Order | null }) => {
    const byName = ordered(source.labels, args.orderBy, {
      NAME: (each) => each.name,
      CREATED_AT: (each) => each.id,
    })
    return connection(byName, args, 'labels')
  },
  comments: (source, args: Page & { orderBy?: Order | null }) => {
    const keys = { UPDATED_AT: (each: IssueComment) => each.updatedAt }
    return connection(ordered(source.comments, args.orderBy, keys), args, 'comments')
  },
  participants: (source, args: Page) => {
    const people = [source.author, ...source.comments.map(({ author }) => author), ...source.assignees]
    return connection([...new Set(people)], args, 'participants')
  },
  projectItems: (source, args: Page & { includeArchived?: boolean }, context) => {
    const items = cardsOf(source, context)
    const shown = items.filter((each) => args.includeArchived !== false || each.archivedAt === null)
    return connection(shown, args, 'projectItems')
  },
}

function cardsOf(source: Issue, { world, actor }: Context) {
  return world.projects
    .filter((project) => seesProjects(actor, project.owner))
    .flatMap((project) => project.items.filter((each) => each.content === source))
}

const issue: Resolvers<Issue> = {
  ...subject,
  ...same('parent', 'duplicateOf'),
  databaseId: (source) => source.id,
  fullDatabaseId: (source) => String(source.id),
  state: (source) => source.state.toUpperCase(),
  // Without `enableDuplicate` GitHub shows a duplicate as NOT_PLANNED.
  stateReason: (source, args: { enableDuplicate?: boolean }) =>
    source.stateReason === 'duplicate' && args.enableDuplicate !== true
      ? 'NOT_PLANNED'
      : upper(source.stateReason),
  subIssues: (source, args: Page) => connection(source.subIssues, args, 'subIssues'),
  subIssuesSummary: (source) => {
    const total = source.subIssues.length
    const completed = source.subIssues.filter((child) => child.state === 'closed').length
    return { total, completed, percentCompleted: total === 0 ? 0 : Math.floor((completed * 100) / total) }
  },
  linkedBranches: (source, args: Page) => connection(source.linkedBranches, args, 'linkedBranches'),
  closedByPullRequestsReferences: (source, args: Page) => {
    const pulls = [...source.repository.issues.values()].filter(
      (each) => isPull(each) && mentionsAsFixed(each, source),
    )
    return connection(pulls, args, 'closedByPullRequestsReferences')
  },
}

function mentionsAsFixed(pull: Issue, fixed: Issue): boolean {
  const numbers = (pull.body ?? '').matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)/gi)
  return [...numbers].some(([, number]) => Number(number) === fixed.number)
}

const comment: Resolvers<IssueComment> = {
  ...text,
  ...ids,
  ...same('issue'),
  pullRequest: (source) => (source.issue.pull === null ? null : source.issue),
  repository: (source) => source.issue.repository,
  authorAssociation: (source) => association(source.author, source.issue.repository),
  url: (source, _: unknown, { world }) => `${issuePage(world, source.issue)}#issuecomment-${source.id}`,
  resourcePath: (source, _: unknown, { world }) =>
    `${issuePage(world, source.issue).slice(world.url.length)}#issuecomment-${source.id}`,
  isMinimized: () => false,
  minimizedReason: () => null,
  isPinned: (source) => source.pinned !== null,
  pinnedAt: (source) => isoOrNull(source.pinned?.at ?? null),
  pinnedBy: (source) => source.pinned?.by ?? null,
  viewerCanDelete: () => true,
}

const label: Resolvers<Label> = {
  ...same('name', 'color', 'description', 'repository'),
  id: (source) => source.nodeId,
  isDefault: () => false,
  url: (source, _: unknown, { world }) => `${world.url}${labelPath(source)}`,
  resourcePath: (source) => labelPath(source),
  issues: (source, args: IssueFilter) => connection(filterIssues(issuesWith(source), args), args, 'issues'),
}

const labelPath = (source: Label): string =>
  `/${fullName(source.repository)}/labels/${encodeURIComponent(source.name)}`

const issuesWith = (source: Label): Issue[] =>
  [...source.repository.issues.values()].filter((each) => each.pull === null && each.labels.includes(source))

export type IssueFilter = Page & {
  labels?: string[] | null
  states?: string[] | null
  orderBy?: Order | null
  filterBy?: { since?: string | null; labels?: string[] | null; states?: string[] | null } | null
}

/** With any of the labels (GraphQL's rule; REST wants all of them), any of the states, changed since. */
export function filterIssues(list: Issue[], filter: IssueFilter): Issue[] {
  const labels = (filter.labels ?? filter.filterBy?.labels)?.map((name) => name.toLowerCase())
  const states = filter.states ?? filter.filterBy?.states
  const since = filter.filterBy?.since ? Date.parse(filter.filterBy.since) : Number.NEGATIVE_INFINITY
  const found = list.filter(
    (each) =>
      (!labels || each.labels.some(({ name }) => labels.includes(name.toLowerCase()))) &&
      (!states || states.includes(each.state.toUpperCase())) &&
      each.updatedAt >= since,
  )
  return ordered(found, filter.orderBy, {
    CREATED_AT: (each) => each.createdAt,
    UPDATED_AT: (each) => each.updatedAt,
    COMMENTS: (each) => each.comments.length,
  })
}

const linkedBranch: Resolvers<LinkedBranch> = {
  id: (source) => source.nodeId,
  ref: (source) => {
    const sha = source.repository.branches.get(source.name)
    return sha === undefined
      ? null
      : { repository: source.repository, prefix: 'refs/heads/', name: source.name, sha }
  },
}

export const issueResolvers: ResolverMap = {
  Issue: issue,
  IssueComment: comment,
  Label: label,
  LinkedBranch: linkedBranch,
  Reaction: reaction,
  ReactionGroup: reactionGroup,
}

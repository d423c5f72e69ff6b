// GraphQL: pull requests, reviews and review requests.

import { closingReferences } from '../mutate/merges.ts'
import { pullOf } from '../mutate/pulls.ts'
import { association, issuePage } from '../shape/issue.ts'
import { decidingReviews, mergeState, pullComparison } from '../world/pull-facts.ts'
import { iso, isoOrNull } from '../world/rules.ts'
import type { Account, GitCommit, Issue, PullRequest, Review, Team } from '../world/world.ts'
import { subject } from './issue.ts'
import type { Ref } from './repository.ts'
import { connection, type Page, type ResolverMap, type Resolvers, same, upper } from './resolver.ts'

type Side = PullRequest['head']

function sideRef(side: Side): Ref | null {
  const sha = side.repository.branches.get(side.branch)
  return sha === undefined
    ? null
    : { repository: side.repository, prefix: 'refs/heads/', name: side.branch, sha }
}

const commitAt = (side: Side, sha: string | null): GitCommit | null =>
  sha === null ? null : (side.repository.commits.get(sha) ?? null)

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0)

/** A refusal outweighs approvals; null where the base asks for no review and none decided. */
function reviewDecision(pull: PullRequest): string | null {
  const states = decidingReviews(pull).map(({ state }) => state)
  if (states.includes('changes_requested')) return 'CHANGES_REQUESTED'
  const required = pull.base.repository.protection.get(pull.base.branch)?.requiredApprovals ?? 0
  const approvals = states.filter((state) => state === 'approved').length
  if (approvals > 0 && approvals >= required) return 'APPROVED'
  return required > 0 ? 'REVIEW_REQUIRED' : null
}

const pullRequest: Resolvers<Issue> = {
  ...subject,
  databaseId: (source) => pullOf(source).id,
  fullDatabaseId: (source) => String(pullOf(source).id),
  state: (source) => (pullOf(source).mergedAt === null ? source.state.toUpperCase() : 'MERGED'),
  permalink: (source, _: unknown, { world }) => issuePage(world, source),
  isDraft: (source) => pullOf(source).draft,
  isCrossRepository: (source) => pullOf(source).head.repository !== pullOf(source).base.repository,
  isInMergeQueue: () => false,
  autoMergeRequest: () => null,
  maintainerCanModify: () => false,
  merged: (source) => pullOf(source).mergedAt !== null,
  mergedAt: (source) => isoOrNull(pullOf(source).mergedAt),
  mergedBy: (source) => pullOf(source).mergedBy,
  mergeCommit: (source) => commitAt(pullOf(source).base, pullOf(source).mergeSha),
  mergeable: (source) => {
    if (source.state === 'closed') return 'UNKNOWN'
    return mergeState(pullOf(source)) === 'dirty' ? 'CONFLICTING' : 'MERGEABLE'
  },
  mergeStateStatus: (source) => mergeState(pullOf(source)).toUpperCase(),
  headRef: (source) => sideRef(pullOf(source).head),
  headRefName: (source) => pullOf(source).head.branch,
  headRefOid: (source) => pullOf(source).head.sha,
  headRepository: (source) => pullOf(source).head.repository,
  headRepositoryOwner: (source) => pullOf(source).head.repository.owner,
  baseRef: (source) => sideRef(pullOf(source).base),
  baseRefName: (source) => pullOf(source).base.branch,
  baseRefOid: (source) => pullOf(source).base.sha,
  baseRepository: (source) => pullOf(source).base.repository,
  additions: (source) => sum(pullComparison(pullOf(source)).files.map((file) => file.additions)),
  deletions: (source) => sum(pullComparison(pullOf(source)).files.map((file) => file.deletions)),
  changedFiles: (source) => pullComparison(pullOf(source)).files.length,
  files: (source, args: Page) => {
    const files = pullComparison(pullOf(source)).files.map((file) => ({
      path: file.path,
      additions: file.additions,
      deletions: file.deletions,
      changeType: file.status === 'removed' ? 'DELETED' : file.status.toUpperCase(),
      viewerViewedState: 'UNVIEWED',
    }))
    return connection(files, args, 'files')
  },
  commits: (source, args: Page) => {
    const commits = pullComparison(pullOf(source)).ahead.map((commit) => ({
      id: `PURC_${source.id}_${commit.sha}`,
      commit,
      pullRequest: source,
    }))
    return connection(commits, args, 'commits')
  },
  statusCheckRollup: (source) => commitAt(pullOf(source).head, pullOf(source).head.sha),
  closingIssuesReferences: (source, args: Page) =>
    connection(closingReferences(pullOf(source)), args, 'closingIssuesReferences'),
  reviewDecision: (source) => reviewDecision(pullOf(source)),
  reviews: (source, args: Page & { author?: string | null; states?: string[] | null }) => {
    const wanted = pullOf(source).reviews.filter(
      (each) =>
        (!args.author || each.author.login === args.author) &&
        (!args.states || args.states.includes(each.state.toUpperCase())),
    )
    return connection(wanted, args, 'reviews')
  },
  latestReviews: (source, args: Page) => {
    const latest = new Map(pullOf(source).reviews.map((each) => [each.author, each]))
    return connection([...latest.values()], args, 'latestReviews')
  },
  latestOpinionatedReviews: (source, args: Page) =>
    connection(decidingReviews(pullOf(source)), args, 'latestOpinionatedReviews'),
  reviewRequests: (source, args: Page) => {
    const { requestedReviewers, requestedTeams } = pullOf(source)
    const requests = [...requestedReviewers, ...requestedTeams].map((requestedReviewer: Account | Team) => ({
      id: `RR_${source.id}_${requestedReviewer.id}`,
      databaseId: requestedReviewer.id,
      asCodeOwner: false,
      pullRequest: source,
      requestedReviewer,
    }))
    return connection(requests, args, 'reviewRequests')
  },
}

const review: Resolvers<Review> = {
  ...same('author'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  fullDatabaseId: (source) => String(source.id),
  body: (source) => source.body ?? '',
  bodyText: (source) => source.body ?? '',
  state: (source) => upper(source.state),
  authorAssociation: (source) => association(source.author, source.pull.base.repository),
  commit: (source) => commitAt(source.pull.head, source.commitSha),
  pullRequest: (source) => source.pull.issue,
  repository: (source) => source.pull.base.repository,
  submittedAt: (source) => iso(source.submittedAt),
  createdAt: (source) => iso(source.submittedAt),
  updatedAt: (source) => iso(source.submittedAt),
  viewerDidAuthor: (source, _: unknown, { actor }) => source.author === actor.account,
  url: (source, _: unknown, { world }) =>
    `${issuePage(world, source.pull.issue)}#pullrequestreview-${source.id}`,
}

export const pullResolvers: ResolverMap = { PullRequest: pullRequest, PullRequestReview: review }

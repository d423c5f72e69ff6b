// REST shapes of pull requests and reviews.
import { fullName } from '../world/find.ts'
import { mergeState, pullComparison } from '../world/pull-facts.ts'
import { iso, isoOrNull } from '../world/rules.ts'
import type { PullRequest, Review, World } from '../world/world.ts'
import { accountShape, type Shape, teamShape } from './account.ts'
import { association, issuePage, issueUrl } from './issue.ts'
import { labelShape, repositoryShape, repositoryUrl } from './repository.ts'

function pullUrl(world: World, pull: PullRequest): string {
  return `${repositoryUrl(world, pull.base.repository)}/pulls/${pull.issue.number}`
}

export function simplePullShape(world: World, pull: PullRequest): Shape {
  const { issue } = pull
  const url = pullUrl(world, pull)
  const page = issuePage(world, issue)
  return {
    url,
    id: pull.id,
    node_id: pull.nodeId,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl(world, issue),
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(world, issue.repository)}/pulls/comments{/number}`,
    comments_url: `${issueUrl(world, issue)}/comments`,
    statuses_url: `${repositoryUrl(world, issue.repository)}/statuses/${pull.head.sha}`,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: accountShape(world, issue.author),
    body: issue.body,
    labels: issue.labels.map((label) => labelShape(world, label)),
    milestone: null,
    active_lock_reason: issue.lockReason,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeSha,
    assignee: issue.assignees[0] === undefined ? null : accountShape(world, issue.assignees[0]),
    assignees: issue.assignees.map((account) => accountShape(world, account)),
    requested_reviewers: pull.requestedReviewers.map((account) => accountShape(world, account)),
    requested_teams: pull.requestedTeams.map((team) => teamShape(world, team)),
    head: sideShape(world, pull.head),
    base: sideShape(world, pull.base),
    _links: linksShape(world, pull),
    author_association: association(issue.author, issue.repository),
    auto_merge: null,
    draft: pull.draft,
  }
}

function sideShape(world: World, side: PullRequest['head']): Shape {
  return {
    label: `${side.repository.owner.login}:${side.branch}`,
    ref: side.branch,
    sha: side.sha,
    user: accountShape(world, side.repository.owner),
    repo: {
      ...repositoryShape(world, side.repository),
      allow_squash_merge: true,
      allow_merge_commit: true,
      allow_rebase_merge: true,
      allow_auto_merge: false,
      delete_branch_on_merge: false,
      allow_update_branch: false,
      use_squash_pr_title_as_default: false,
      squash_merge_commit_message: 'COMMIT_MESSAGES',
      squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
      merge_commit_message: 'PR_TITLE',
      merge_commit_title: 'MERGE_MESSAGE',
    },
  }
}

function linksShape(world: World, pull: PullRequest): Shape {
  const url = pullUrl(world, pull)
  const repository = repositoryUrl(world, pull.base.repository)
  return {
    self: { href: url },
    html: { href: issuePage(world, pull.issue) },
    issue: { href: issueUrl(world, pull.issue) },
    comments: { href: `${issueUrl(world, pull.issue)}/comments` },
    review_comments: { href: `${url}/comments` },
    review_comment: { href: `${repository}/pulls/comments{/number}` },
    commits: { href: `${url}/commits` },
    statuses: { href: `${repository}/statuses/${pull.head.sha}` },
  }
}

/** Also of `pull_request` webhooks. */
export function pullShape(world: World, pull: PullRequest): Shape {
  const comparison = pullComparison(pull)
  const merged = pull.mergedAt !== null
  const state = merged ? 'unknown' : mergeState(pull)
  const sum = (key: 'additions' | 'deletions'): number =>
    comparison.files.reduce((total, file) => total + file[key], 0)
  return {
    ...simplePullShape(world, pull),
    merged,
    mergeable: merged ? null : state !== 'dirty',
    rebaseable: merged ? null : state !== 'dirty',
    mergeable_state: state,
    merged_by: pull.mergedBy === null ? null : accountShape(world, pull.mergedBy),
    comments: pull.issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: comparison.ahead.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: comparison.files.length,
  }
}

/** REST writes the state in capitals, a webhook in small letters. */
export function reviewShape(world: World, review: Review, form: 'rest' | 'webhook'): Shape {
  const { pull } = review
  const page = `${issuePage(world, pull.issue)}#pullrequestreview-${review.id}`
  return {
    id: review.id,
    node_id: review.nodeId,
    user: accountShape(world, review.author),
    body: form === 'rest' ? (review.body ?? '') : review.body,
    commit_id: review.commitSha,
    submitted_at: iso(review.submittedAt),
    state: form === 'rest' ? review.state.toUpperCase() : review.state,
    html_url: page,
    pull_request_url: pullUrl(world, pull),
    author_association: association(review.author, pull.base.repository),
    _links: { html: { href: page }, pull_request: { href: pullUrl(world, pull) } },
  }
}

/** What check runs and workflow runs list of the pull requests on their commit. */
export function minimalPullShape(world: World, pull: PullRequest): Shape {
  const side = (half: PullRequest['head']): Shape => ({
    ref: half.branch,
    sha: half.sha,
    repo: {
      id: half.repository.id,
      url: repositoryUrl(world, half.repository),
      name: fullName(half.repository).split('/')[1],
    },
  })
  return {
    id: pull.id,
    number: pull.issue.number,
    url: pullUrl(world, pull),
    head: side(pull.head),
    base: side(pull.base),
  }
}

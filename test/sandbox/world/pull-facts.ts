// What is computed about a pull request: its commits, files, merge state and review decision.
import { ancestors, type Comparison, compare } from '../history.ts'
import type { CheckRun, PullRequest, Repository, Review } from './world.ts'

/** Of the head against the base as they are now, or as they were when it was merged or closed. */
export function pullComparison(pull: PullRequest): Comparison {
  const repository = pull.base.repository
  const open = pull.issue.state === 'open'
  const base = open ? (repository.branches.get(pull.base.branch) ?? pull.base.sha) : pull.base.sha
  return compare(repository, base, pull.head.sha)
}

/** The newest review of each person that says yes or no; a comment does not take an approval back. */
export function decidingReviews(pull: PullRequest): Review[] {
  const latest = new Map<Review['author'], Review>()
  for (const review of pull.reviews) {
    if (review.state !== 'commented') latest.set(review.author, review)
  }
  return [...latest.values()]
}

export type MergeState = 'clean' | 'dirty' | 'blocked' | 'draft' | 'unstable'

/** `dirty` when both sides changed one file in different ways since the merge base. */
export function mergeState(pull: PullRequest): MergeState {
  if (hasConflict(pull)) return 'dirty'
  if (pull.draft) return 'draft'
  const protection = pull.base.repository.protection.get(pull.base.branch)
  const decisions = decidingReviews(pull)
  const approvals = decisions.filter((review) => review.state === 'approved').length
  const runs = latestCheckRuns(pull.base.repository, pull.head.sha)
  const passed = (name: string): boolean =>
    runs.some((run) => run.name === name && (run.conclusion === 'success' || run.conclusion === 'neutral'))
  if (protection !== undefined) {
    const objected = decisions.some((review) => review.state === 'changes_requested')
    const unapproved =
      approvals < protection.requiredApprovals || (protection.requiredApprovals > 0 && objected)
    if (unapproved || !protection.requiredChecks.every(passed)) return 'blocked'
  }
  const failing = runs.some((run) => run.status !== 'completed' || !isGood(run))
  return failing ? 'unstable' : 'clean'
}

function isGood(run: CheckRun): boolean {
  return run.conclusion === 'success' || run.conclusion === 'neutral' || run.conclusion === 'skipped'
}

/** The newest run of each name on a commit. */
export function latestCheckRuns(repository: Repository, sha: string): CheckRun[] {
  const latest = new Map<string, CheckRun>()
  for (const run of repository.checkRuns) {
    if (run.headSha === sha) latest.set(`${run.suite.app}/${run.name}`, run)
  }
  return [...latest.values()]
}

function hasConflict(pull: PullRequest): boolean {
  if (pull.issue.state !== 'open') return false
  const { mergeBase, files } = pullComparison(pull)
  const baseSha = pull.base.repository.branches.get(pull.base.branch)
  const base = baseSha === undefined ? undefined : pull.base.repository.commits.get(baseSha)
  if (base === undefined || mergeBase === null) return true
  return files.some(({ path, after }) => {
    const theirs = base.files.get(path) ?? null
    return theirs !== (mergeBase.files.get(path) ?? null) && theirs !== after
  })
}

/** Whether this pull request brought in the commit: as its merge commit or one of its own. */
export function brought(pull: PullRequest, sha: string): boolean {
  if (pull.mergeSha === sha || pull.head.sha === sha) return true
  const repository = pull.base.repository
  const before = new Set(ancestors(repository, pull.base.sha).map((commit) => commit.sha))
  return ancestors(repository, pull.head.sha).some((commit) => commit.sha === sha && !before.has(sha))
}

// Opens pull requests of the app, one per branch; adds the labels and reviewers that GitHub accepts.

import type { InstallationClient, IssueTarget, RepositoryTarget } from '../client/client.ts'
import { isMissing, Refused } from '../client/errors.ts'
import { branchHead } from './branches.ts'

export type Pull = {
  id: number
  nodeId: string
  number: number
  url: string
  state: 'open' | 'closed'
  draft: boolean
  title: string
  body: string
  labels: string[]
  headSha: string
  headBranch: string
  /** Whether the branch lives in this repository, not in a fork. */
  sameRepository: boolean
  base: string
  author: string | null
  /** Milliseconds. */
  createdAt: number
  mergedAt: number | null
}

export const LATEST_DEPLOYMENTS = `query LatestDeployments($owner: String!, $repo: String!, $environments: [String!]!) {
  repository(owner: $owner, name: $repo) {
    deployments(environments: $environments, first: 20, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { commitOid createdAt latestStatus { state } }
    }
  }
}`

type DeploymentsAnswer = {
  repository: {
    deployments: { nodes: { commitOid: string; createdAt: string; latestStatus: { state: string } | null }[] }
  } | null
}

type RestPull = {
  id: number
  node_id: string
  number: number
  html_url: string
  state: string
  draft?: boolean
  title: string
  body: string | null
  labels: { name: string }[]
  user: { login: string } | null
  head: { sha: string; ref: string; repo: { id: number } | null }
  base: { ref: string; repo: { id: number } }
  created_at: string
  merged_at: string | null
}

/**
 * The pull request of a branch of this repository. An open one is taken whoever opened it, and a closed or merged one too
 * while its branch holds nothing new. Made as a draft where drafts are offered, else plain. A branch with no commit ahead
 * of the base is `Refused` (`invalid`).
 */
export async function ensurePull(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  wanted: { head: string; base: string; title: string; body: string; draft: boolean },
): Promise<{ pull: Pull; outcome: 'made' | 'found' }> {
  const present = await findPull(github, { owner, repo }, wanted.head)
  if (present) return { pull: present, outcome: 'found' }
  try {
    const { data } = await github.rest.pulls.create({ owner, repo, ...wanted })
    return { pull: toPull(data), outcome: 'made' }
  } catch (error) {
    if (!(error instanceof Refused) || error.kind !== 'invalid') throw error
    const reasons = [error.message, ...error.errors].join(' ')
    if (wanted.draft && /draft/i.test(reasons)) {
      return ensurePull(github, { owner, repo }, { ...wanted, draft: false })
    }
    const raced = /already exists/i.test(reasons)
      ? await findPull(github, { owner, repo }, wanted.head)
      : null
    if (raced) return { pull: raced, outcome: 'found' }
    throw error
  }
}

/** null where there is no pull request of this number. */
export async function readPull(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
): Promise<Pull | null> {
  try {
    const { data } = await github.rest.pulls.get({ owner, repo, pull_number: number })
    return toPull(data)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Adds the labels that are missing. `present`: those on it now. Returns the added ones. */
export async function addLabels(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
  { labels, present }: { labels: readonly string[]; present: readonly string[] },
): Promise<string[]> {
  const has = new Set(present.map((name) => name.toLowerCase()))
  const missing = labels.filter((name) => !has.has(name.toLowerCase()))
  if (missing.length > 0) {
    await github.rest.issues.addLabels({ owner, repo, issue_number: number, labels: missing })
  }
  return missing
}

/**
 * Asks people (logins) and teams (slugs) for a review. Those who are asked already are not asked again; who cannot be asked
 * (no access, the author, a team without `members: read`) is `dropped`, as one of them makes GitHub refuse all.
 */
export async function requestReviewers(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
  wanted: { users: readonly string[]; teams: readonly string[] },
): Promise<{ requested: string[]; dropped: string[] }> {
  const target = { owner, repo, pull_number: number }
  const { data } = await github.rest.pulls.listRequestedReviewers(target)
  const asked = [...data.users.map(({ login }) => login), ...data.teams.map(({ slug }) => slug)]
  const isNew = (name: string) => !asked.some((other) => other.toLowerCase() === name.toLowerCase())
  const reviewers = wanted.users.filter(isNew)
  const teamReviewers = wanted.teams.filter(isNew)
  const ask = (users: string[], teams: string[]) => requestAll(github, target, { users, teams })
  if (reviewers.length + teamReviewers.length === 0) return { requested: [], dropped: [] }
  if (await ask(reviewers, teamReviewers)) return { requested: [...reviewers, ...teamReviewers], dropped: [] }
  const requested: string[] = []
  if (reviewers.length + teamReviewers.length > 1) {
    for (const login of reviewers) if (await ask([login], [])) requested.push(login)
    for (const slug of teamReviewers) if (await ask([], [slug])) requested.push(slug)
  }
  return { requested, dropped: [...reviewers, ...teamReviewers].filter((name) => !requested.includes(name)) }
}

/** The commit of the newest deployment to an environment that stands (its latest status is a success); null when there is
 * none among the last twenty, or deployments are hidden from us. `at` in milliseconds. */
export async function latestGoodDeployment(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  environment: string,
): Promise<{ sha: string; at: number } | null> {
  try {
    const variables = { owner, repo, environments: [environment] }
    const { repository } = await github.graphql<DeploymentsAnswer>(LATEST_DEPLOYMENTS, variables)
    const good = repository?.deployments.nodes.find(({ latestStatus }) => latestStatus?.state === 'SUCCESS')
    return good ? { sha: good.commitOid, at: Date.parse(good.createdAt) } : null
  } catch (error) {
    if (error instanceof Refused && ['forbidden', 'missing', 'unoffered'].includes(error.kind)) return null
    throw error
  }
}

/** The pull request that stands for a branch now: see `ensurePull`. */
async function findPull(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  branch: string,
): Promise<Pull | null> {
  const head = `${owner}:${branch}`
  const { data } = await github.rest.pulls.list({ owner, repo, head, state: 'all', per_page: 30 })
  // GitHub leaves a filter that it cannot read out and then answers with all of them.
  const ofBranch = data.map(toPull).filter((pull) => pull.headBranch === branch && pull.sameRepository)
  const open = ofBranch.find(({ state }) => state === 'open')
  const newest = ofBranch[0]
  if (open || !newest) return open ?? null
  return (await branchHead(github, { owner, repo }, branch)) === newest.headSha ? newest : null
}

async function requestAll(
  github: InstallationClient,
  target: { owner: string; repo: string; pull_number: number },
  { users, teams }: { users: string[]; teams: string[] },
): Promise<boolean> {
  try {
    await github.rest.pulls.requestReviewers({ ...target, reviewers: users, team_reviewers: teams })
    return true
  } catch (error) {
    if (error instanceof Refused && ['invalid', 'forbidden', 'missing'].includes(error.kind)) return false
    throw error
  }
}

/** GitHub's pull request, cut to what we use. */
export function toPull(pull: RestPull): Pull {
  return {
    id: pull.id,
    nodeId: pull.node_id,
    number: pull.number,
    url: pull.html_url,
    state: pull.state === 'closed' ? 'closed' : 'open',
    draft: pull.draft ?? false,
    title: pull.title,
    body: pull.body ?? '',
    labels: pull.labels.map(({ name }) => name),
    headSha: pull.head.sha,
    headBranch: pull.head.ref,
    sameRepository: pull.head.repo?.id === pull.base.repo.id,
    base: pull.base.ref,
    author: pull.user?.login ?? null,
    createdAt: Date.parse(pull.created_at),
    mergedAt: pull.merged_at === null ? null : Date.parse(pull.merged_at),
  }
}

// GitHub's webhook payloads in our own words: what concerns us, under which key it queues, and what it says.
import { z } from 'zod'
import { isCommandCandidate } from './slash.ts'

const user = z.object({ login: z.string(), type: z.string().optional() })
const time = z.string().transform((text) => Date.parse(text))
const label = z.object({ name: z.string() })

const repository = z.object({
  id: z.number(),
  name: z.string(),
  private: z.boolean(),
  default_branch: z.string().default('main'),
  archived: z.boolean().default(false),
  owner: user,
})

const issue = z.object({
  number: z.number(),
  node_id: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state_reason: z.string().nullish(),
  html_url: z.string(),
  labels: z.array(label).default([]),
  assignees: z.array(user).default([]),
  created_at: time,
  updated_at: time,
  closed_at: time.nullish(),
  pull_request: z.unknown().optional(),
})

const pull = z.object({
  number: z.number(),
  node_id: z.string(),
  title: z.string(),
  html_url: z.string(),
  user: user.nullish(),
  merged: z.boolean().nullish(),
  merged_at: time.nullish(),
  merge_commit_sha: z.string().nullish(),
  closed_at: time.nullish(),
  created_at: time,
  updated_at: time,
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ id: z.number() }).nullish() }),
  base: z.object({ ref: z.string(), repo: z.object({ id: z.number() }) }),
})

const installationId = z.object({ id: z.number() })
const common = z.object({ action: z.string(), sender: user, repository, installation: installationId })
const from = z.object({ from: z.string().nullish() })

const issuesPayload = common.extend({
  issue,
  label: label.optional(),
  assignee: user.nullish(),
  changes: z.object({ title: from.optional(), body: from.optional() }).optional(),
})
const commentPayload = common.extend({
  issue,
  comment: z.object({
    id: z.number(),
    body: z.string().nullish(),
    html_url: z.string(),
    created_at: time,
    updated_at: time,
  }),
  changes: z.object({ body: from.optional() }).optional(),
})
const pullPayload = common.extend({ pull_request: pull, label: label.optional() })
const reviewPayload = common.extend({
  pull_request: pull.omit({ merged: true }),
  review: z.object({
    id: z.number(),
    state: z.string(),
    html_url: z.string(),
    submitted_at: time.nullish(),
    // Of a deleted account: null.
    user: user.nullish(),
  }),
})
const deploymentPayload = common.extend({
  deployment: z.object({ id: z.number(), sha: z.string(), environment: z.string() }),
  deployment_status: z.object({
    id: z.number(),
    state: z.string(),
    created_at: time,
    log_url: z.string().nullish(),
    target_url: z.string().nullish(),
    environment_url: z.string().nullish(),
  }),
})
const files = z.array(z.string()).default([])
const pushPayload = z.object({
  ref: z.string(),
  repository,
  installation: installationId,
  commits: z.array(z.object({ added: files, modified: files, removed: files })).default([]),
})
const option = z.object({ name: z.string() }).nullish()
const cardPayload = z.object({
  action: z.string(),
  sender: user,
  installation: installationId,
  projects_v2_item: z.object({ id: z.number(), content_node_id: z.string(), updated_at: time }),
  changes: z.object({
    field_value: z.object({ field_name: z.string().nullish(), to: z.union([option, z.string()]).nullish() }),
  }),
})
const listed = z.object({ id: z.number(), name: z.string(), full_name: z.string(), private: z.boolean() })
const installationPayload = z.object({
  action: z.string(),
  installation: z.object({
    id: z.number(),
    account: user.extend({ id: z.number() }),
    permissions: z.record(z.string(), z.string()),
    created_at: z.union([z.string(), z.number()]).optional(),
  }),
  repositories: z.array(listed).optional(),
  repositories_added: z.array(listed).optional(),
  repositories_removed: z.array(listed).optional(),
})

export type Person = { login: string; bot: boolean }
export type Repository = {
  id: number
  owner: string
  name: string
  private: boolean
  defaultBranch: string
  organization: boolean
}
/** An issue as a delivery shows it; times in milliseconds. */
export type Issue = {
  number: number
  nodeId: string
  title: string
  body: string
  stateReason: string | null
  url: string
  labels: string[]
  assignees: string[]
  createdAt: number
  updatedAt: number
  closedAt: number | null
  pull: boolean
}
export type Pull = {
  number: number
  nodeId: string
  title: string
  url: string
  author: string | null
  merged: boolean
  mergeSha: string | null
  head: string
  base: string
  sameRepository: boolean
  at: number
}

type Where = { installation: number; repository: Repository; sender: Person; at: number }

/** A delivery cut to what we use. `at` is GitHub's own time of what happened, never the time of arrival. */
export type Delivery =
  | ({
      kind: 'issue'
      action: string
      issue: Issue
      label?: string
      assignee?: string
      titleBefore?: string
      bodyBefore?: string
    } & Where)
  | ({
      kind: 'comment'
      action: string
      issue: Issue
      comment: { id: number; body: string; bodyBefore?: string; url: string }
    } & Where)
  | ({ kind: 'pull'; action: string; pull: Pull; label?: string } & Where)
  | ({
      kind: 'pull-review'
      action: string
      pull: Pull
      /** `author` wrote it; who sent the delivery may have dismissed it. */
      review: { id: number; state: string; url: string; author: string | null }
    } & Where)
  | ({
      kind: 'deployment'
      environment: string
      sha: string
      state: string
      id: number
      url: string | null
    } & Where)
  | ({ kind: 'push'; branch: string; paths: string[] } & Omit<Where, 'sender' | 'at'>)
  | {
      kind: 'card'
      installation: number
      node: string
      field: string
      to: string
      sender: Person
      at: number
      id: number
    }
  | {
      kind: 'installation'
      action: string
      installation: number
      account: { login: string; type: string }
      permissions: Record<string, string>
      createdAt: number | null
      added: { id: number; owner: string; name: string; private: boolean }[]
      removed: number[]
    }
  | ({ kind: 'repository'; action: string } & Omit<Where, 'at'>)

/** How a delivery queues: first in, first out per `key`. */
export type Route = { key: string; installationId: number; repositoryId: number | null }

const HOTFIX_BRANCH = 'hotfix/incident-'
/** Begins every hidden mark that Mayday leaves; a review or an action item is known by it at the door. */
const MARK = '<!-- mayday:'
const OUR_LABELS = /^(incident|sev:.+|status:.+|post-incident-review|incident-report)$/i
const INSTALLATION_EVENTS = ['installation', 'installation_repositories']

type Loose = Record<string, unknown>
const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const numeric = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** Whether a delivery concerns Mayday at all, and where it queues; null: answer 200 and forget. Cheap, because every
 * delivery of every repository passes here: looks at single fields and validates nothing. `own` is Mayday's own
 * login where it is known: what it did itself is no news to it. */
export function relevant(
  event: string,
  action: string | null,
  payload: object,
  own: string | null = null,
): Route | null {
  const installation = numeric(at(payload, 'installation', 'id'))
  if (installation === null || (own !== null && at(payload, 'sender', 'login') === own)) return null
  const repositoryId = numeric(at(payload, 'repository', 'id'))
  const route = (key: string): Route => ({ key, installationId: installation, repositoryId })
  if (INSTALLATION_EVENTS.includes(event)) return route(`installation:${installation}`)
  if (event === 'projects_v2_item') {
    const field = text(at(payload, 'changes', 'field_value', 'field_name'))
    const node = text(at(payload, 'projects_v2_item', 'content_node_id'))
    return action === 'edited' && ['Status', 'Phase'].includes(field) ? route(`card:${node}`) : null
  }
  if (repositoryId === null) return null
  const number = numeric(at(payload, 'issue', 'number')) ?? numeric(at(payload, 'pull_request', 'number'))
  const onNumber = route(`${repositoryId}#${number ?? ''}`)
  switch (event) {
    case 'issues':
      return concernsIssue(action, payload) ? onNumber : null
    case 'issue_comment':
      return concernsComment(action, payload) ? onNumber : null
    case 'pull_request':
    case 'pull_request_review':
      return concernsPull(action, payload) ? onNumber : null
    case 'deployment_status':
      return ['success', 'failure', 'error'].includes(text(at(payload, 'deployment_status', 'state')))
        ? route(`${repositoryId}:deployments`)
        : null
    case 'push':
      return concernsPush(payload) ? route(`${repositoryId}:settings`) : null
    case 'repository':
      return [
        'renamed',
        'transferred',
        'deleted',
        'archived',
        'unarchived',
        'privatized',
        'publicized',
      ].includes(action ?? '')
        ? route(`${repositoryId}:settings`)
        : null
    default:
      return null
  }
}

function ours(payload: object): boolean {
  const labels = at(payload, 'issue', 'labels')
  if (Array.isArray(labels) && labels.some((one) => OUR_LABELS.test(text(at(one, 'name'))))) return true
  return text(at(payload, 'issue', 'body')).includes(MARK)
}

function concernsIssue(action: string | null, payload: object): boolean {
  if (action === 'labeled' || action === 'unlabeled') return true
  return ours(payload)
}

function concernsComment(action: string | null, payload: object): boolean {
  if (ours(payload)) return true
  return action === 'created' && isCommandCandidate(text(at(payload, 'comment', 'body')))
}

function concernsPull(action: string | null, payload: object): boolean {
  if (text(at(payload, 'pull_request', 'head', 'ref')).startsWith(HOTFIX_BRANCH))
    return action !== 'synchronize'
  return action === 'labeled' && OUR_LABELS.test(text(at(payload, 'label', 'name')))
}

/** Only the default branch, and only what configures Mayday: the file itself, its templates, the account's fallback. */
function concernsPush(payload: object): boolean {
  const branch = text(at(payload, 'repository', 'default_branch'))
  if (text(at(payload, 'ref')) !== `refs/heads/${branch}`) return false
  const commits = at(payload, 'commits')
  if (!Array.isArray(commits)) return false
  return commits.some((commit) =>
    ['added', 'modified', 'removed'].some((change) => {
      const paths = at(commit, change)
      return Array.isArray(paths) && paths.some((path) => text(path).startsWith('.github/mayday'))
    }),
  )
}

/** The delivery in our words; null for an action that says nothing to us.
 * @throws ZodError when GitHub's payload lacks a field that we use: an error of ours, not of a person. */
export function understand(event: string, payload: unknown): Delivery | null {
  switch (event) {
    case 'issues':
      return understandIssue(issuesPayload.parse(payload))
    case 'issue_comment':
      return understandComment(commentPayload.parse(payload))
    case 'pull_request':
      return understandPull(pullPayload.parse(payload))
    case 'pull_request_review':
      return understandReview(reviewPayload.parse(payload))
    case 'deployment_status':
      return understandDeployment(deploymentPayload.parse(payload))
    case 'push': {
      const push = pushPayload.parse(payload)
      return {
        kind: 'push',
        installation: push.installation.id,
        repository: ourRepository(push.repository),
        branch: push.ref.replace('refs/heads/', ''),
        paths: push.commits.flatMap((commit) => [...commit.added, ...commit.modified, ...commit.removed]),
      }
    }
    case 'projects_v2_item':
      return understandCard(cardPayload.parse(payload))
    case 'installation':
    case 'installation_repositories':
      return understandInstallation(installationPayload.parse(payload))
    case 'repository': {
      const moved = common.parse(payload)
      return { kind: 'repository', action: moved.action, ...where(moved) }
    }
    default:
      return null
  }
}

const person = (one: z.infer<typeof user>): Person => ({ login: one.login, bot: one.type === 'Bot' })
const where = (payload: z.infer<typeof common>): Omit<Where, 'at'> => ({
  installation: payload.installation.id,
  repository: ourRepository(payload.repository),
  sender: person(payload.sender),
})
const ourRepository = (one: z.infer<typeof repository>): Repository => ({
  id: one.id,
  owner: one.owner.login,
  name: one.name,
  private: one.private,
  defaultBranch: one.default_branch,
  organization: one.owner.type === 'Organization',
})
const ourIssue = (one: z.infer<typeof issue>): Issue => ({
  number: one.number,
  nodeId: one.node_id,
  title: one.title,
  body: one.body ?? '',
  stateReason: one.state_reason ?? null,
  url: one.html_url,
  labels: one.labels.map((each) => each.name),
  assignees: one.assignees.map((each) => each.login),
  createdAt: one.created_at,
  updatedAt: one.updated_at,
  closedAt: one.closed_at ?? null,
  pull: one.pull_request !== undefined && one.pull_request !== null,
})

function understandIssue(payload: z.infer<typeof issuesPayload>): Delivery {
  const { title, body } = payload.changes ?? {}
  const seen = ourIssue(payload.issue)
  return {
    kind: 'issue',
    action: payload.action,
    issue: seen,
    at: payload.action === 'closed' ? (seen.closedAt ?? seen.updatedAt) : seen.updatedAt,
    ...where(payload),
    ...(payload.label && { label: payload.label.name }),
    ...(payload.assignee && { assignee: payload.assignee.login }),
    ...(typeof title?.from === 'string' && { titleBefore: title.from }),
    ...(body && { bodyBefore: body.from ?? '' }),
  }
}

function understandComment(payload: z.infer<typeof commentPayload>): Delivery {
  const { comment, changes } = payload
  return {
    kind: 'comment',
    action: payload.action,
    issue: ourIssue(payload.issue),
    comment: {
      id: comment.id,
      body: comment.body ?? '',
      url: comment.html_url,
      ...(changes?.body && { bodyBefore: changes.body.from ?? '' }),
    },
    at: payload.action === 'created' ? comment.created_at : comment.updated_at,
    ...where(payload),
  }
}

const ourPull = (one: Omit<z.infer<typeof pull>, 'merged'>, merged: boolean, when: number): Pull => ({
  number: one.number,
  nodeId: one.node_id,
  title: one.title,
  url: one.html_url,
  author: one.user?.login ?? null,
  merged,
  mergeSha: one.merge_commit_sha ?? null,
  head: one.head.ref,
  base: one.base.ref,
  sameRepository: one.head.repo?.id === one.base.repo.id,
  at: when,
})

function understandPull(payload: z.infer<typeof pullPayload>): Delivery {
  const seen = payload.pull_request
  const when = { opened: seen.created_at, closed: seen.merged_at ?? seen.closed_at ?? seen.updated_at }
  const happened =
    payload.action === 'opened' || payload.action === 'closed' ? when[payload.action] : seen.updated_at
  return {
    kind: 'pull',
    action: payload.action,
    pull: ourPull(seen, seen.merged === true, happened),
    at: happened,
    ...where(payload),
    ...(payload.label && { label: payload.label.name }),
  }
}

function understandReview(payload: z.infer<typeof reviewPayload>): Delivery {
  const { review, pull_request } = payload
  const happened = review.submitted_at ?? pull_request.updated_at
  return {
    kind: 'pull-review',
    action: payload.action,
    pull: ourPull(pull_request, false, happened),
    review: {
      id: review.id,
      state: review.state.toLowerCase(),
      url: review.html_url,
      author: review.user?.login ?? null,
    },
    at: happened,
    ...where(payload),
  }
}

function understandDeployment(payload: z.infer<typeof deploymentPayload>): Delivery {
  const { deployment, deployment_status } = payload
  return {
    kind: 'deployment',
    environment: deployment.environment,
    sha: deployment.sha,
    state: deployment_status.state,
    id: deployment_status.id,
    url:
      deployment_status.log_url || deployment_status.target_url || deployment_status.environment_url || null,
    at: deployment_status.created_at,
    ...where(payload),
  }
}

function understandCard(payload: z.infer<typeof cardPayload>): Delivery | null {
  const { field_name, to } = payload.changes.field_value
  const value = typeof to === 'string' ? to : to?.name
  if (!field_name || !value) return null
  const { id, content_node_id, updated_at } = payload.projects_v2_item
  return {
    kind: 'card',
    installation: payload.installation.id,
    node: content_node_id,
    field: field_name,
    to: value,
    sender: person(payload.sender),
    at: updated_at,
    id,
  }
}

function understandInstallation(payload: z.infer<typeof installationPayload>): Delivery {
  const { installation } = payload
  const created = installation.created_at
  return {
    kind: 'installation',
    action: payload.action,
    installation: installation.id,
    account: { login: installation.account.login, type: installation.account.type ?? 'Organization' },
    permissions: installation.permissions,
    createdAt: typeof created === 'number' ? created * 1000 : created ? Date.parse(created) : null,
    added: [...(payload.repositories ?? []), ...(payload.repositories_added ?? [])].map((one) => ({
      id: one.id,
      owner: one.full_name.split('/')[0] ?? installation.account.login,
      name: one.name,
      private: one.private,
    })),
    removed: (payload.repositories_removed ?? []).map((one) => one.id),
  }
}

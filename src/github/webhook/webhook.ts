// Parses GitHub's webhook payloads into deliveries.
import type { z } from 'zod'
import type {
  DeliveredIssue,
  DeliveredPull,
  DeliveredRepository,
  Delivery,
  Origin,
  Person,
  Transfer,
} from './delivery.ts'
import {
  cardPayload,
  commentPayload,
  commonPayload,
  deploymentPayload,
  installationPayload,
  type issueSchema,
  issuesPayload,
  pullPayload,
  type pullSchema,
  pushPayload,
  type repositorySchema,
  reviewPayload,
  type userSchema,
} from './payloads.ts'

/** The delivery in our words; null for an action that says nothing to us.
 * @throws ZodError when GitHub's payload lacks a field that we use: an error of ours, not of a person. */
export function parseDelivery(event: string, payload: unknown): Delivery | null {
  switch (event) {
    case 'issues':
      return parseIssue(issuesPayload.parse(payload))
    case 'issue_comment':
      return parseComment(commentPayload.parse(payload))
    case 'pull_request':
      return parsePull(pullPayload.parse(payload))
    case 'pull_request_review':
      return parseReview(reviewPayload.parse(payload))
    case 'deployment_status':
      return parseDeployment(deploymentPayload.parse(payload))
    case 'push': {
      const push = pushPayload.parse(payload)
      return {
        kind: 'push',
        installation: push.installation.id,
        repository: toRepository(push.repository),
        branch: push.ref.replace('refs/heads/', ''),
        paths: push.commits.flatMap((commit) => [...commit.added, ...commit.modified, ...commit.removed]),
      }
    }
    case 'projects_v2_item':
      return parseCard(cardPayload.parse(payload))
    case 'installation':
    case 'installation_repositories':
      return parseInstallation(installationPayload.parse(payload))
    case 'repository': {
      const moved = commonPayload.parse(payload)
      return { kind: 'repository', action: moved.action, ...originOf(moved) }
    }
    default:
      return null
  }
}

const toPerson = (sender: z.infer<typeof userSchema>): Person => ({
  login: sender.login,
  bot: sender.type === 'Bot',
})
const originOf = (payload: z.infer<typeof commonPayload>): Omit<Origin, 'at'> => ({
  installation: payload.installation.id,
  repository: toRepository(payload.repository),
  sender: toPerson(payload.sender),
})
const toRepository = (repository: z.infer<typeof repositorySchema>): DeliveredRepository => ({
  id: repository.id,
  owner: repository.owner.login,
  name: repository.name,
  private: repository.private,
  defaultBranch: repository.default_branch,
  organization: repository.owner.type === 'Organization',
})
const toIssue = (issue: z.infer<typeof issueSchema>): DeliveredIssue => ({
  number: issue.number,
  nodeId: issue.node_id,
  title: issue.title,
  body: issue.body ?? '',
  stateReason: issue.state_reason ?? null,
  url: issue.html_url,
  labels: issue.labels.map(({ name }) => name),
  assignees: issue.assignees.map(({ login }) => login),
  createdAt: issue.created_at,
  updatedAt: issue.updated_at,
  closedAt: issue.closed_at ?? null,
  pull: issue.pull_request !== undefined && issue.pull_request !== null,
})

function parseIssue(payload: z.infer<typeof issuesPayload>): Delivery {
  const { title, body } = payload.changes ?? {}
  const seen = toIssue(payload.issue)
  const moved = transferOf(payload)
  return {
    kind: 'issue',
    action: payload.action,
    issue: seen,
    at: payload.action === 'closed' ? (seen.closedAt ?? seen.updatedAt) : seen.updatedAt,
    ...originOf(payload),
    ...(payload.label && { label: payload.label.name }),
    ...(payload.assignee && { assignee: payload.assignee.login }),
    ...(typeof title?.from === 'string' && { titleBefore: title.from }),
    ...(body && { bodyBefore: body.from ?? '' }),
    ...(moved && { moved }),
  }
}

function transferOf({
  action,
  issue,
  repository,
  changes = {},
}: z.infer<typeof issuesPayload>): Transfer | null {
  const { new_issue, new_repository, old_issue, old_repository } = changes
  if (action === 'transferred' && new_issue && new_repository)
    return {
      from: { repository: repository.id, number: issue.number },
      to: { repository: toRepository(new_repository), issue: toIssue(new_issue) },
    }
  if (action === 'opened' && old_issue && old_repository)
    return {
      from: { repository: old_repository.id, number: old_issue.number },
      to: { repository: toRepository(repository), issue: toIssue(issue) },
    }
  return null
}

function parseComment(payload: z.infer<typeof commentPayload>): Delivery {
  const { comment, changes } = payload
  return {
    kind: 'comment',
    action: payload.action,
    issue: toIssue(payload.issue),
    comment: {
      id: comment.id,
      body: comment.body ?? '',
      url: comment.html_url,
      ...(changes?.body && { bodyBefore: changes.body.from ?? '' }),
    },
    at: payload.action === 'created' ? comment.created_at : comment.updated_at,
    ...originOf(payload),
  }
}

const toPull = (pull: Omit<z.infer<typeof pullSchema>, 'merged'>, merged: boolean): DeliveredPull => ({
  number: pull.number,
  nodeId: pull.node_id,
  title: pull.title,
  url: pull.html_url,
  author: pull.user?.login ?? null,
  draft: pull.draft === true,
  merged,
  mergeSha: pull.merge_commit_sha ?? null,
  head: pull.head.ref,
  base: pull.base.ref,
  sameRepository: pull.head.repo?.id === pull.base.repo.id,
  createdAt: pull.created_at,
})

function parsePull(payload: z.infer<typeof pullPayload>): Delivery {
  const seen = payload.pull_request
  const when = { opened: seen.created_at, closed: seen.merged_at ?? seen.closed_at ?? seen.updated_at }
  const happened =
    payload.action === 'opened' || payload.action === 'closed' ? when[payload.action] : seen.updated_at
  return {
    kind: 'pull',
    action: payload.action,
    pull: toPull(seen, seen.merged === true),
    at: happened,
    ...originOf(payload),
    ...(payload.label && { label: payload.label.name }),
  }
}

function parseReview(payload: z.infer<typeof reviewPayload>): Delivery {
  const { review, pull_request } = payload
  const happened = review.submitted_at ?? pull_request.updated_at
  return {
    kind: 'pull-review',
    action: payload.action,
    pull: toPull(pull_request, false),
    review: {
      id: review.id,
      state: review.state.toLowerCase(),
      url: review.html_url,
      author: review.user?.login ?? null,
    },
    at: happened,
    ...originOf(payload),
  }
}

function parseDeployment(payload: z.infer<typeof deploymentPayload>): Delivery {
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
    ...originOf(payload),
  }
}

function parseCard(payload: z.infer<typeof cardPayload>): Delivery | null {
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
    sender: toPerson(payload.sender),
    at: updated_at,
    id,
  }
}

function parseInstallation(payload: z.infer<typeof installationPayload>): Delivery {
  const { installation } = payload
  return {
    kind: 'installation',
    action: payload.action,
    installation: installation.id,
    account: { login: installation.account.login, type: installation.account.type ?? 'Organization' },
    permissions: installation.permissions,
    createdAt: installation.created_at ?? null,
    added: [...(payload.repositories ?? []), ...(payload.repositories_added ?? [])].map((listed) => ({
      id: listed.id,
      owner: listed.full_name.split('/')[0] ?? installation.account.login,
      name: listed.name,
      private: listed.private,
    })),
    removed: (payload.repositories_removed ?? []).map(({ id }) => id),
  }
}

// One webhook: who is told of an occurrence, what the payload says, and how it is signed.
import { createHmac } from 'node:crypto'
import type { Delivery } from './deliveries.ts'
import { accountShape, organizationShape } from './shape/account.ts'
import { repositoryShape } from './shape/repository.ts'
import { hasPermission, installedOn } from './world/rules.ts'
import type { Installation, Occurrence, PermissionName, World } from './world/world.ts'

const HOOK_ID = 4_101_990

const NEEDS: Record<string, PermissionName> = {
  issues: 'issues',
  issue_comment: 'issues',
  sub_issues: 'issues',
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  check_run: 'checks',
  check_suite: 'checks',
  workflow_run: 'actions',
  deployment: 'deployments',
  deployment_status: 'deployments',
  push: 'contents',
  status: 'statuses',
  projects_v2_item: 'organization_projects',
  projects_v2_status_update: 'organization_projects',
  label: 'metadata',
  repository: 'metadata',
}

/** The installation that is told of it; undefined when the app did not ask, may not know, or is suspended. */
export function listener(world: World, occurrence: Occurrence): Installation | undefined {
  if (occurrence.installation !== null) return occurrence.installation
  if (!world.app.events.includes(occurrence.event)) return undefined
  const need = NEEDS[occurrence.event]
  const { repository, organization } = occurrence
  const installation = world.installations.find((each) =>
    repository === null ? each.account === organization : installedOn(each, repository),
  )
  if (installation === undefined || installation.suspendedAt !== null || need === undefined) return undefined
  const asked = occurrence.event === 'check_suite' && occurrence.action !== 'completed'
  const permissions = { metadata: 'read' as const, ...installation.permissions }
  return hasPermission(permissions, need, asked ? 'write' : 'read') ? installation : undefined
}

export function payloadOf(
  world: World,
  occurrence: Occurrence,
  installation: Installation,
): Record<string, unknown> {
  const { action, repository, organization } = occurrence
  const own = occurrence.installation !== null
  return {
    ...(action === null ? {} : { action }),
    ...occurrence.payload,
    ...(repository === null ? {} : { repository: eventRepository(world, occurrence) }),
    ...(organization === null ? {} : { organization: organizationShape(world, organization) }),
    sender: accountShape(world, occurrence.sender),
    ...(own ? {} : { installation: { id: installation.id, node_id: installation.nodeId } }),
  }
}

/** A push writes its repository's times in seconds, as only a push does. */
function eventRepository(world: World, occurrence: Occurrence): Record<string, unknown> {
  const { repository } = occurrence
  if (repository === null) return {}
  const shape = repositoryShape(world, repository)
  if (occurrence.event !== 'push') return shape
  const seconds = (at: number): number => Math.floor(at / 1000)
  return {
    ...shape,
    owner: {
      ...accountShape(world, repository.owner),
      name: repository.owner.login,
      email: repository.owner.email,
    },
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
  }
}

export function headersOf(
  world: World,
  what: { delivery: Delivery; body: string; secret: string },
): Record<string, string> {
  const { delivery, body, secret } = what
  const signed = (algorithm: 'sha1' | 'sha256'): string =>
    `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'GitHub-Hookshot/7f31a9c',
    'x-github-delivery': delivery.guid,
    'x-github-event': delivery.event,
    'x-github-hook-id': String(HOOK_ID),
    'x-github-hook-installation-target-id': String(world.app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': signed('sha1'),
    'x-hub-signature-256': signed('sha256'),
  }
}

// REST: the app itself, its installations, tokens, and the registration from a manifest.
import { z } from 'zod'
import {
  type Answer,
  accountOf,
  type Call,
  noContent,
  ok,
  paged,
  pageOf,
  type Route,
  read,
  repositoryOf,
} from '../api.ts'
import type { Tokens } from '../auth.ts'
import type { Deliveries } from '../deliveries.ts'
import { repositoriesOf, suspend, uninstall, unsuspend } from '../mutate/accounts.ts'
import { appShape, installationShape, withMetadata } from '../shape/account.ts'
import { repositoryShape } from '../shape/repository.ts'
import { hasPermission, installedOn, iso, notFound } from '../world/rules.ts'
import type { Installation, PermissionName, Permissions, Repository } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { deliveryRoutes } from './deliveries.ts'

/** What these routes need beside the world. */
export type AppDesk = { tokens: Tokens; deliveries: Deliveries; conversions: Map<string, () => unknown> }

function installationOf(call: Call): Installation {
  const id = Number(call.params.installation_id)
  const found = call.world.installations.find((each) => each.id === id)
  if (found === undefined) throw notFound()
  return found
}

const levels = z.enum(['read', 'write', 'admin'])
const NAMES = [
  'actions',
  'checks',
  'contents',
  'deployments',
  'issues',
  'members',
  'metadata',
  'organization_projects',
  'pull_requests',
  'statuses',
  'workflows',
] as const satisfies readonly PermissionName[]
const narrowing = z.object({
  repositories: z.array(z.string()).exactOptional(),
  repository_ids: z.array(z.number()).exactOptional(),
  permissions: z.partialRecord(z.enum(NAMES), levels).exactOptional(),
})

/** 403 for a suspended installation; 422 for what it does not hold. */
function mint(desk: AppDesk) {
  return (call: Call): Answer => {
    const installation = installationOf(call)
    if (installation.suspendedAt !== null)
      throw new GitHubRefusal(403, 'This installation has been suspended')
    const input = read(narrowing, call)
    const repositories = narrowRepositories(call, installation, input)
    const permissions = input.permissions === undefined ? null : narrow(installation, input.permissions)
    const token = desk.tokens.mint(call.world, { installation, permissions, repositories })
    return {
      status: 201,
      body: {
        token: token.token,
        expires_at: iso(token.expiresAt),
        permissions: withMetadata(permissions ?? installation.permissions),
        repository_selection: repositories === null && installation.selection === 'all' ? 'all' : 'selected',
        ...(repositories === null
          ? {}
          : { repositories: repositories.map((each) => repositoryShape(call.world, each)) }),
      },
    }
  }
}

function narrowRepositories(
  call: Call,
  installation: Installation,
  input: z.infer<typeof narrowing>,
): Repository[] | null {
  if (input.repositories === undefined && input.repository_ids === undefined) return null
  const chosen = repositoriesOf(call.world, installation).filter(
    (each) => input.repositories?.includes(each.name) || input.repository_ids?.includes(each.id),
  )
  const asked = new Set([...(input.repositories ?? []), ...(input.repository_ids ?? [])])
  if (chosen.length >= asked.size) return chosen
  throw new GitHubRefusal(
    422,
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  )
}

function narrow(
  installation: Installation,
  asked: Partial<Record<PermissionName, z.infer<typeof levels>>>,
): Permissions {
  for (const name of NAMES) {
    const level = asked[name]
    if (level === undefined || hasPermission(withMetadata(installation.permissions), name, level)) continue
    throw new GitHubRefusal(422, 'The permissions requested are not granted to this installation.')
  }
  return asked
}

function convert(desk: AppDesk) {
  return (call: Call): Answer => {
    const code = call.params.code ?? ''
    const made = desk.conversions.get(code)
    if (made === undefined) throw notFound()
    desk.conversions.delete(code)
    return { status: 201, body: made() }
  }
}

function installationFor(call: Call, matches: (installation: Installation) => boolean): Answer {
  const found = call.world.installations.find(matches)
  if (found === undefined) throw notFound()
  return ok(installationShape(call.world, found))
}

function byAccount(parameter: string): Route['handle'] {
  return (call) => {
    const account = accountOf(call, call.params[parameter])
    return installationFor(call, (each) => each.account === account)
  }
}

/** The installation's own view of what it may reach. */
function ownRepositories(call: Call): Answer {
  const { installation, repositories } = call.actor
  if (installation === null) throw notFound()
  const all = repositories ?? repositoriesOf(call.world, installation)
  const page = pageOf(call, all)
  return {
    status: 200,
    headers: page.headers,
    body: {
      total_count: all.length,
      repository_selection: installation.selection === 'all' ? 'all' : 'selected',
      repositories: page.items.map((each) => repositoryShape(call.world, each)),
    },
  }
}

function rateLimit(call: Call): Answer {
  const reset = Math.ceil(call.world.now() / 1000) + 3600
  const full = { limit: 5000, used: 0, remaining: 5000, reset }
  const search = { limit: 30, used: 0, remaining: 30, reset }
  return ok({ resources: { core: full, search, graphql: full }, rate: full })
}

function meta(): Answer {
  return ok({
    verifiable_password_authentication: false,
    hooks: ['127.0.0.0/8'],
    web: ['127.0.0.0/8'],
    api: ['127.0.0.0/8'],
  })
}

const one = '/app/installations/{installation_id}'

export function appRoutes(desk: AppDesk): Route[] {
  const app = (method: Route['method'], pattern: string, handle: Route['handle']): Route => ({
    method,
    pattern,
    handle,
    by: 'app',
  })
  return [
    ...deliveryRoutes(desk.deliveries),
    app('GET', '/app', (call) =>
      ok({ ...appShape(call.world), installations_count: call.world.installations.length }),
    ),
    app('GET', '/app/installations', (call) =>
      paged(call, call.world.installations, (each) => installationShape(call.world, each)),
    ),
    app('GET', one, (call) => ok(installationShape(call.world, installationOf(call)))),
    app('DELETE', one, (call) => {
      uninstall(call.world, call.actor, installationOf(call))
      return noContent()
    }),
    app('PUT', `${one}/suspended`, (call) => {
      suspend(call.world, call.actor, installationOf(call))
      return noContent()
    }),
    app('DELETE', `${one}/suspended`, (call) => {
      unsuspend(call.world, call.actor, installationOf(call))
      return noContent()
    }),
    app('POST', `${one}/access_tokens`, mint(desk)),
    app('GET', '/repos/{owner}/{repo}/installation', (call) => {
      const repository = repositoryOf(call)
      return installationFor(call, (each) => installedOn(each, repository))
    }),
    app('GET', '/orgs/{org}/installation', byAccount('org')),
    app('GET', '/users/{username}/installation', byAccount('username')),
    { method: 'POST', pattern: '/app-manifests/{code}/conversions', by: 'anybody', handle: convert(desk) },
    { method: 'GET', pattern: '/installation/repositories', handle: ownRepositories },
    { method: 'GET', pattern: '/rate_limit', by: 'anybody', handle: rateLimit },
    { method: 'GET', pattern: '/meta', by: 'anybody', handle: meta },
  ]
}

// Who may do what, and the sandbox's ids and times in GitHub's notation.
import { createHash } from 'node:crypto'
import type {
  Account,
  Actor,
  Installation,
  Millis,
  PermissionLevel,
  PermissionName,
  Permissions,
  Repository,
  Role,
  World,
  WorldNode,
} from './world.ts'
import { GitHubRefusal } from './world.ts'

/** GitHub writes whole seconds. */
export function iso(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

export function isoOrNull(at: Millis | null): string | null {
  return at === null ? null : iso(at)
}

export function newId(world: World): number {
  world.nextId += 1
  return world.nextId
}

/** A node id of GitHub's newer form: a type prefix and opaque text. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_kwDO${Buffer.from(String(id)).toString('base64url')}`
}

/** Makes a node findable by its node id. */
export function register<T extends WorldNode>(world: World, node: T): T {
  world.nodes.set(node.nodeId, node)
  return node
}

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

export function personActor(account: Account): Actor {
  return { account, installation: null, permissions: null, repositories: null }
}

export function appActor(world: World, installation: Installation): Actor {
  return { account: world.app.bot, installation, permissions: null, repositories: null }
}

const ROLES: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']

/** What a person may do: owner, organization admin, given role, or `read` on what is public or a member's. */
export function roleOf(account: Account, repository: Repository): Role {
  if (account === repository.owner) return 'admin'
  // GitHub's own machines; nobody can ask for the permission of a bot.
  if (account.kind === 'Bot') return 'write'
  const membership = repository.owner.members.get(account)
  if (membership === 'admin') return 'admin'
  const given = repository.collaborators.get(account)
  if (given !== undefined) return given
  return membership === 'member' || !repository.private ? 'read' : 'none'
}

export function atLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

const LEVELS: readonly PermissionLevel[] = ['read', 'write', 'admin']

/** The permissions that an app's token carries; metadata is always among them. */
export function permissionsOf(actor: Actor): Permissions {
  return { metadata: 'read', ...(actor.permissions ?? actor.installation?.permissions) }
}

export function hasPermission(
  permissions: Permissions,
  name: PermissionName,
  level: PermissionLevel,
): boolean {
  const granted = permissions[name]
  return granted !== undefined && LEVELS.indexOf(granted) >= LEVELS.indexOf(level)
}

export function installedOn(installation: Installation, repository: Repository): boolean {
  if (installation.account !== repository.owner) return false
  return installation.selection === 'all' || installation.selection.includes(repository)
}

export function seesRepository(actor: Actor, repository: Repository): boolean {
  if (actor.installation === null) return roleOf(actor.account, repository) !== 'none'
  if (!repository.private) return true
  if (!installedOn(actor.installation, repository)) return false
  return actor.repositories === null || actor.repositories.includes(repository)
}

/** A user's board is invisible to every app; an organization's needs the permission. */
export function seesProjects(actor: Actor, owner: Account): boolean {
  if (actor.installation === null) return owner === actor.account || owner.members.has(actor.account)
  if (owner.kind !== 'Organization' || actor.installation.account !== owner) return false
  return hasPermission(permissionsOf(actor), 'organization_projects', 'read')
}

/** Whether an app may do this here; for people use `roleOf`. */
export function can(
  actor: Actor,
  target: Repository | Account,
  need: { name: PermissionName; level: PermissionLevel },
): boolean {
  if (actor.installation === null) return true
  const covered =
    target.kind === 'Repository'
      ? installedOn(actor.installation, target) &&
        (actor.repositories === null || actor.repositories.includes(target))
      : actor.installation.account === target
  if (!covered) return false
  return hasPermission(permissionsOf(actor), need.name, need.level)
}

/** Throws GitHub's 403 for an app without the permission; a suspended installation may do nothing. */
export function requirePermission(
  actor: Actor,
  target: Repository | Account,
  need: { name: PermissionName; level: PermissionLevel },
): void {
  if (can(actor, target, need)) return
  const publicRead = target.kind === 'Repository' && !target.private && need.level === 'read'
  if (publicRead && need.name !== 'members') return
  throw new GitHubRefusal(403, 'Resource not accessible by integration', {
    accepted: `${need.name}=${need.level}`,
  })
}

/** For people: GitHub hides what they may not see (404) and refuses what they may not do (403). */
export function requireRole(actor: Actor, repository: Repository, needed: Role): void {
  if (actor.installation !== null) return
  const role = roleOf(actor.account, repository)
  if (atLeast(role, needed)) return
  if (role === 'none') throw new GitHubRefusal(404, 'Not Found')
  throw new GitHubRefusal(403, 'Must have admin rights to Repository.')
}

export function requireWritable(repository: Repository): void {
  if (!repository.archived) return
  throw new GitHubRefusal(403, 'Repository was archived so is read-only.')
}

/** GitHub's 422 with its list of fields. */
export function invalid(
  resource: string,
  field: string,
  more: { code?: string; message?: string; value?: unknown } = {},
): GitHubRefusal {
  const error: Record<string, unknown> = { resource, code: more.code ?? 'custom', field }
  if (more.message !== undefined) error.message = more.message
  if (more.value !== undefined) error.value = more.value
  return new GitHubRefusal(422, 'Validation Failed', { errors: [error] })
}

export function notFound(): GitHubRefusal {
  return new GitHubRefusal(404, 'Not Found')
}

// Accounts, teams, repositories and installations: how they come, change and go.
import { emit, touch } from '../emit.ts'
import { accountShape, installationShape, organizationShape } from '../shape/account.ts'
import { installedRepositoryShape } from '../shape/repository.ts'
import { fullName } from '../world/find.ts'
import { installedOn, newId, nodeId, register } from '../world/rules.ts'
import type {
  Account,
  Actor,
  Installation,
  Permissions,
  Repository,
  Role,
  Team,
  World,
} from '../world/world.ts'

export type NewAccount = {
  login: string
  kind?: Account['kind']
  name?: string | null
  plan?: Account['plan']
}

const PREFIX = { User: 'U', Organization: 'O', Bot: 'BOT' } as const

export function addAccount(world: World, input: NewAccount): Account {
  const id = newId(world)
  const kind = input.kind ?? 'User'
  const account: Account = register(world, {
    kind,
    id,
    nodeId: nodeId(PREFIX[kind], id),
    login: input.login,
    name: input.name ?? null,
    email: kind === 'User' ? `${input.login}@acme.example` : null,
    plan: input.plan ?? 'team',
    members: new Map(),
    createdAt: world.now(),
  })
  world.accounts.push(account)
  touch(world)
  return account
}

export function addTeam(
  world: World,
  input: { organization: Account; slug: string; members: Account[]; repositories: Repository[] },
): Team {
  const id = newId(world)
  const team: Team = register(world, {
    kind: 'Team',
    id,
    nodeId: nodeId('T', id),
    name: input.slug,
    ...input,
  })
  world.teams.push(team)
  touch(world)
  return team
}

export type NewRepository = {
  owner: Account
  name: string
  private?: boolean
  description?: string | null
  collaborators?: Array<[Account, Role]>
}

/** Without a commit; the caller pushes the first. */
export function addRepository(world: World, input: NewRepository): Repository {
  const id = newId(world)
  const now = world.now()
  const repository: Repository = register(world, {
    kind: 'Repository',
    id,
    nodeId: nodeId('R', id),
    owner: input.owner,
    name: input.name,
    description: input.description ?? null,
    private: input.private ?? false,
    archived: false,
    hasIssues: true,
    defaultBranch: 'main',
    collaborators: new Map(input.collaborators ?? []),
    labels: [],
    issues: new Map(),
    nextNumber: 1,
    moved: new Map(),
    branches: new Map(),
    tags: new Map(),
    commits: new Map(),
    trees: new Map(),
    blobs: new Map(),
    protection: new Map(),
    checkRuns: [],
    checkSuites: [],
    statuses: [],
    deployments: [],
    workflows: [],
    workflowRuns: [],
    formerNames: [],
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  })
  world.repositories.push(repository)
  touch(world)
  return repository
}

/** The old name goes on leading here, as on GitHub. */
export function renameRepository(
  world: World,
  actor: Actor,
  input: { repository: Repository; name: string },
): void {
  const { repository } = input
  const from = repository.name
  repository.formerNames.push(fullName(repository))
  repository.name = input.name
  emitRepository(world, actor, repository, { action: 'renamed', changes: { repository: { name: { from } } } })
}

/** To another account, which is told of it; the former one is told that it lost a repository. The old address leads on. */
export function transferRepository(
  world: World,
  actor: Actor,
  input: { repository: Repository; to: Account },
): void {
  const { repository, to } = input
  const { owner } = repository
  const former = world.installations.find((each) => installedOn(each, repository))
  repository.formerNames.push(fullName(repository))
  repository.owner = to
  const from =
    owner.kind === 'Organization'
      ? { organization: organizationShape(world, owner) }
      : { user: accountShape(world, owner) }
  emitRepository(world, actor, repository, { action: 'transferred', changes: { owner: { from } } })
  if (former)
    tellRepositories(world, actor, { installation: former, action: 'removed', repositories: [repository] })
}

export function setArchived(
  world: World,
  actor: Actor,
  input: { repository: Repository; archived: boolean },
): void {
  input.repository.archived = input.archived
  emitRepository(world, actor, input.repository, { action: input.archived ? 'archived' : 'unarchived' })
}

function emitRepository(
  world: World,
  actor: Actor,
  repository: Repository,
  what: { action: string; changes?: Record<string, unknown> },
): void {
  repository.updatedAt = world.now()
  const payload = what.changes === undefined ? {} : { changes: what.changes }
  emit(world, actor, { event: 'repository', action: what.action, repository, payload })
}

export function install(
  world: World,
  actor: Actor,
  input: { account: Account; permissions?: Permissions; selection?: Installation['selection'] },
): Installation {
  const id = newId(world)
  const now = world.now()
  const installation: Installation = {
    kind: 'Installation',
    id,
    nodeId: nodeId('MDIzOkludGVncmF0aW9u', id),
    account: input.account,
    permissions: { ...(input.permissions ?? world.app.permissions) },
    selection: input.selection ?? 'all',
    suspendedAt: null,
    suspendedBy: null,
    createdAt: now,
    updatedAt: now,
  }
  world.installations.push(installation)
  const repositories = repositoriesOf(world, installation).map(installedRepositoryShape)
  emitInstallation(world, actor, installation, { action: 'created', more: { repositories, requester: null } })
  return installation
}

export function repositoriesOf(world: World, installation: Installation): Repository[] {
  if (installation.selection !== 'all') return installation.selection
  return world.repositories.filter((repository) => repository.owner === installation.account)
}

export function uninstall(world: World, actor: Actor, installation: Installation): void {
  const repositories = repositoriesOf(world, installation).map(installedRepositoryShape)
  emitInstallation(world, actor, installation, { action: 'deleted', more: { repositories } })
  world.installations = world.installations.filter((other) => other !== installation)
}

export function suspend(world: World, actor: Actor, installation: Installation): void {
  installation.suspendedAt = world.now()
  installation.suspendedBy = actor.account
  emitInstallation(world, actor, installation, { action: 'suspend' })
}

export function unsuspend(world: World, actor: Actor, installation: Installation): void {
  installation.suspendedAt = null
  installation.suspendedBy = null
  emitInstallation(world, actor, installation, { action: 'unsuspend' })
}

/** What the account's owner accepted; a level of undefined takes one away. */
export function grant(
  world: World,
  actor: Actor,
  input: { installation: Installation; permissions: Permissions },
): void {
  input.installation.permissions = input.permissions
  emitInstallation(world, actor, input.installation, { action: 'new_permissions_accepted' })
}

/** Switches to chosen repositories where it was all of them. */
export function changeRepositories(
  world: World,
  actor: Actor,
  input: { installation: Installation; add?: Repository[]; remove?: Repository[] },
): void {
  const { installation, add = [], remove = [] } = input
  const chosen = repositoriesOf(world, installation).filter((repository) => !remove.includes(repository))
  installation.selection = [...new Set([...chosen, ...add])]
  installation.updatedAt = world.now()
  if (add.length > 0) tellRepositories(world, actor, { installation, action: 'added', repositories: add })
  if (remove.length > 0)
    tellRepositories(world, actor, { installation, action: 'removed', repositories: remove })
}

function tellRepositories(
  world: World,
  actor: Actor,
  what: { installation: Installation; action: 'added' | 'removed'; repositories: Repository[] },
): void {
  const { installation, action } = what
  const repositories = what.repositories.map(installedRepositoryShape)
  emit(world, actor, {
    event: 'installation_repositories',
    action,
    installation,
    payload: {
      installation: installationShape(world, installation),
      repository_selection: installation.selection === 'all' ? 'all' : 'selected',
      repositories_added: action === 'added' ? repositories : [],
      repositories_removed: action === 'removed' ? repositories : [],
      requester: null,
    },
  })
}

function emitInstallation(
  world: World,
  actor: Actor,
  installation: Installation,
  what: { action: string; more?: Record<string, unknown> },
): void {
  installation.updatedAt = world.now()
  emit(world, actor, {
    event: 'installation',
    action: what.action,
    installation,
    payload: { installation: installationShape(world, installation), ...what.more },
  })
}

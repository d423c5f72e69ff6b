// GraphQL: users, organizations, bots and teams.
import { findRepository, findTeam } from '../world/find.ts'
import { iso, roleOf, seesRepository } from '../world/rules.ts'
import type { Account, Repository, Team } from '../world/world.ts'
import { ownedProjects, type Project, projectByNumber, projectConnection } from './project.ts'
import {
  type Context,
  connection,
  missing,
  type Page,
  type ResolverMap,
  type Resolvers,
  same,
} from './resolver.ts'

function pathOf(account: Account, context: Context): string {
  if (account.kind === 'Bot') return `/apps/${context.world.app.slug}`
  return account.kind === 'Organization' ? `/orgs/${account.login}` : `/${account.login}`
}

const account: Resolvers<Account> = {
  ...same('login'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.createdAt),
  avatarUrl: (source, _: unknown, { world }) => `${world.url}/avatars/u/${source.id}?v=4`,
  resourcePath: (source, _: unknown, context) => pathOf(source, context),
  url: (source, _: unknown, context) => `${context.world.url}${pathOf(source, context)}`,
}

const owner: Resolvers<Account> = {
  ...account,
  ...same('name', 'email'),
  repository: (source, { name }: { name: string }, { world, actor }) => {
    const found = findRepository(world, source.login, name)
    return found && seesRepository(actor, found) ? found : null
  },
  repositories: (source, args: Page, { world, actor }) => {
    const own = world.repositories.filter((each) => each.owner === source && seesRepository(actor, each))
    return connection<Repository>(own, args, 'repositories')
  },
  projectV2: (source, { number }: { number: number }, context): Project =>
    projectByNumber(ownedProjects(source, context), number),
  projectsV2: (source, args: Page & { query?: string | null }, context) =>
    projectConnection(ownedProjects(source, context), args),
}

const user: Resolvers<Account> = {
  ...owner,
  // Null for who hides the address, as most do.
  email: (source) => source.email ?? '',
  isViewer: (source, _: unknown, { actor }) => source === actor.account,
  isBountyHunter: () => false,
  isSiteAdmin: () => false,
  organizations: (source, args: Page, { world }) => {
    const joined = world.accounts.filter((each) => each.members.has(source))
    return connection(joined, args, 'organizations')
  },
}

const organization: Resolvers<Account> = {
  ...owner,
  team: (source, { slug }: { slug: string }, { world }) => findTeam(world, source, slug) ?? null,
  teams: (source, args: Page & { query?: string | null }, { world }) => {
    const wanted = args.query?.toLowerCase() ?? ''
    const own = world.teams.filter((each) => each.organization === source && each.slug.includes(wanted))
    return connection(own, args, 'teams')
  },
  membersWithRole: (source, args: Page) => connection([...source.members.keys()], args, 'membersWithRole'),
  description: () => null,
  viewerIsAMember: (source, _: unknown, { actor }) => source.members.has(actor.account),
  viewerCanAdminister: (source, _: unknown, { actor }) => source.members.get(actor.account) === 'admin',
  viewerCanCreateProjects: (source, _: unknown, { actor }) => source.members.has(actor.account),
}

const team: Resolvers<Team> = {
  ...same('name', 'slug', 'organization'),
  id: (source) => source.nodeId,
  databaseId: (source) => source.id,
  combinedSlug: (source) => `${source.organization.login}/${source.slug}`,
  description: () => null,
  privacy: () => 'VISIBLE',
  resourcePath: (source) => teamPath(source),
  url: (source, _: unknown, { world }) => `${world.url}${teamPath(source)}`,
  members: (source, args: Page) => connection(source.members, args, 'members'),
  repositories: (source, args: Page) => connection(source.repositories, args, 'repositories'),
}

const teamPath = (source: Team): string => `/orgs/${source.organization.login}/teams/${source.slug}`

export const accountResolvers: ResolverMap = {
  User: user,
  Organization: organization,
  // GraphQL leaves out the `[bot]` that REST and the viewer's own login carry.
  Bot: { ...account, login: (source: Account) => source.login.replace(/\[bot\]$/, '') },
  Team: team,
}

/** The account that owns projects and repositories, or the refusal in GitHub's words. */
export function requireAccount(context: Context, kind: 'User' | 'Organization', login: string): Account {
  const wanted = login.toLowerCase()
  const found = context.world.accounts.find(
    (each) => each.kind === kind && each.login.toLowerCase() === wanted,
  )
  if (!found) throw missing(`${kind === 'User' ? 'a' : 'an'} ${kind} with the login of '${login}'`)
  return found
}

/** What the viewer may do in a repository, in GraphQL's words; null for an app, which has no role. */
export function viewerPermission(repository: Repository, { actor }: Context): string | null {
  if (actor.installation !== null) return null
  const role = roleOf(actor.account, repository)
  return role === 'none' ? null : role.toUpperCase()
}

// GraphQL: where a query begins, and finding a node by its id.
import { findRepository } from '../world/find.ts'
import { iso, requirePermission, seesProjects, seesRepository } from '../world/rules.ts'
import type { Account, PermissionName, Project, Repository, WorldNode } from '../world/world.ts'
import { requireAccount } from './account.ts'
import { type Context, GraphqlRefusal, isPull, missing, missingNode, type Resolvers } from './resolver.ts'

/** The repository or the board's owner that decides who sees a node; null for accounts, which everybody sees. */
function homeOf(node: WorldNode): Repository | Project | null {
  switch (node.kind) {
    case 'Repository':
    case 'Project':
      return node
    case 'IssueComment':
      return node.issue.repository
    case 'PullRequestReview':
      return node.pull.base.repository
    case 'ProjectField':
    case 'ProjectItem':
      return node.project
    case 'Issue':
    case 'Label':
    case 'LinkedBranch':
    case 'Commit':
    case 'CheckRun':
    case 'Deployment':
      return node.repository
    default:
      return null
  }
}

function isVisible(node: WorldNode, { actor }: Context): boolean {
  const home = homeOf(node)
  if (home === null) return true
  return home.kind === 'Repository' ? seesRepository(actor, home) : seesProjects(actor, home.owner)
}

const READ_BY: { [kind: string]: PermissionName } = {
  Issue: 'issues',
  IssueComment: 'issues',
  PullRequestReview: 'pull_requests',
  Commit: 'contents',
  CheckRun: 'checks',
  Deployment: 'deployments',
}

function readNode(id: string, context: Context): WorldNode {
  const node = context.world.nodes.get(id)
  if (!node || !isVisible(node, context)) throw missingNode(id)
  const name = isPull(node) ? 'pull_requests' : READ_BY[node.kind]
  const home = homeOf(node)
  if (name && home?.kind === 'Repository') requirePermission(context.actor, home, { name, level: 'read' })
  return node
}

/**
 * The node of that kind which a mutation names; NOT_FOUND in GitHub's words. A board of the installation's own
 * organization is found even without the permission, so that the mutation itself refuses it (FORBIDDEN).
 */
export function nodeOf<Kind extends WorldNode['kind']>(
  context: Context,
  kind: Kind,
  id: string,
): Extract<WorldNode, { kind: Kind }> {
  const node = context.world.nodes.get(id)
  if (!node) throw missingNode(id)
  const home = homeOf(node)
  const isOwnBoard =
    home?.kind === 'Project' &&
    home.owner.kind === 'Organization' &&
    home.owner === context.actor.installation?.account
  if (!isVisible(node, context) && !isOwnBoard) throw missingNode(id)
  if (!isKind(node, kind)) throw missing(`${kind} node with the global id of '${id}'`)
  return node
}

function isKind<Kind extends WorldNode['kind']>(
  node: WorldNode,
  kind: Kind,
): node is Extract<WorldNode, { kind: Kind }> {
  return node.kind === kind
}

export const query: Resolvers<unknown> = {
  viewer: (_root, _: unknown, { actor }) => ({ ...actor.account, __typename: 'User' }),
  rateLimit: (_root, _: unknown, { world }) => ({
    cost: 1,
    limit: 5000,
    remaining: 4999,
    used: 1,
    nodeCount: 0,
    resetAt: iso(world.now() + 3_600_000),
  }),
  repository: (_root, { owner, name }: { owner: string; name: string }, { world, actor }) => {
    const found = findRepository(world, owner, name)
    if (found && seesRepository(actor, found)) return found
    throw missing(`a Repository with the name '${owner}/${name}'`)
  },
  organization: (_root, { login }: { login: string }, context) =>
    requireAccount(context, 'Organization', login),
  user: (_root, { login }: { login: string }, context) => requireAccount(context, 'User', login),
  repositoryOwner: (_root, { login }: { login: string }, { world }): Account | null =>
    world.accounts.find((each) => each.login.toLowerCase() === login.toLowerCase()) ?? null,
  node: (_root, { id }: { id: string }, context) => readNode(id, context),
  // One that is missing is null in the list and an error beside it.
  nodes: (_root, { ids }: { ids: string[] }, context) =>
    ids.map((id) => {
      try {
        return readNode(id, context)
      } catch (error) {
        if (error instanceof GraphqlRefusal) return error
        throw error
      }
    }),
}

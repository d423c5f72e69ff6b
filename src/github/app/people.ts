// Asks GitHub whether a mention reaches a person or a team.
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { isMissing, isNotOffered } from '../client/errors.ts'
import { permissionOf } from './permissions.ts'

/** Whether a mention of `@login` or `@organization/team` calls anybody: a person who can see the repository, a team of its
 * organization. A team that we may not look up is taken at its word. */
export async function isReachable(
  github: InstallationClient,
  repository: RepositoryTarget,
  mention: string,
): Promise<boolean> {
  const [name = '', team_slug] = mention.replace(/^@/, '').split('/')
  if (team_slug === undefined) return (await permissionOf(github, repository, name)) !== 'none'
  if (name.toLowerCase() !== repository.owner.toLowerCase()) return false
  try {
    await github.rest.teams.getByName({ org: repository.owner, team_slug: team_slug.toLowerCase() })
    return true
  } catch (error) {
    if (isMissing(error)) return false
    if (isNotOffered(error)) return true
    throw error
  }
}

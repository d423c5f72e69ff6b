// Asks GitHub what a person may do in a repository now.
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { isMissing, Refused } from '../client/errors.ts'

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none'

const PERMISSIONS: readonly Permission[] = ['admin', 'maintain', 'write', 'triage', 'read', 'none']

/**
 * The login's permission. `role_name` alone knows `triage` and `maintain`; an organization's custom role falls back to the
 * permission that it is based on. Unknown people have `none`; every other failure is thrown, as nothing may be done on a
 * guess (https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user).
 */
export async function permissionOf(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  login: string,
): Promise<Permission> {
  try {
    const { data } = await github.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login })
    return known(data.role_name) ?? known(data.permission) ?? 'none'
  } catch (error) {
    if (isMissing(error)) return 'none'
    throw error
  }
}

/** Whether the repository has one person with write permission; asked in one call
 * (https://docs.github.com/rest/collaborators/collaborators#list-repository-collaborators). False where GitHub does not
 * say: then two people are needed, as everywhere. */
export async function hasOneWriter(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
): Promise<boolean> {
  try {
    const { data } = await github.rest.repos.listCollaborators({
      owner,
      repo,
      permission: 'push',
      per_page: 2,
    })
    return data.length === 1
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}

function known(name: string | undefined): Permission | undefined {
  return PERMISSIONS.find((permission) => permission === name)
}

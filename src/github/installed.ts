// Whether this app is installed on a repository, by GitHub's own word.
import type { AppClient, RepositoryTarget } from './client.ts'
import { isMissing } from './errors.ts'

/** A public repository can be read by every app, so only the app itself may be asked
 * (https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app). */
export async function isInstalled(app: AppClient, { owner, repo }: RepositoryTarget): Promise<boolean> {
  try {
    await app.rest.apps.getRepoInstallation({ owner, repo })
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

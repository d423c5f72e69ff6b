// Asks GitHub which installation of this app a repository belongs to.
import type { AppClient, RepositoryTarget } from '../client/client.ts'
import { isMissing } from '../client/errors.ts'

/** null: the app is not installed there. A public repository can be read by every app, so only the app itself may be asked
 * (https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app). */
export async function installationOf(
  app: AppClient,
  { owner, repo }: RepositoryTarget,
): Promise<number | null> {
  try {
    const { data } = await app.rest.apps.getRepoInstallation({ owner, repo })
    return data.id
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

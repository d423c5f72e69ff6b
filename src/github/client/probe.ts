// Asks GitHub whether it answers an installation at all.
import type { InstallationClient } from './client.ts'
import { Refused, Unreachable } from './errors.ts'

/** Makes the cheapest call. False: GitHub did not answer; a refusal counts as an answer. Throws `Limited`. */
export async function probe(github: InstallationClient): Promise<boolean> {
  try {
    await github.rest.apps.listReposAccessibleToInstallation({ per_page: 1 })
    return true
  } catch (error) {
    if (error instanceof Unreachable) return false
    if (error instanceof Refused) return true
    throw error
  }
}

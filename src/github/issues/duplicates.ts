// Asks GitHub which issue another one duplicates.
import type { InstallationClient, IssueTarget } from '../client/client.ts'
import { isNotOffered } from '../client/errors.ts'

export const READ_ORIGINAL = `query ReadOriginal($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    id
    issue(number: $number) { duplicateOf { number repository { id } } }
  }
}`

type DuplicateAnswer = {
  repository: {
    id: string
    issue: { duplicateOf: { number: number; repository: { id: string } } | null } | null
  } | null
}

/** The number of the issue of the same repository that this one was closed as a duplicate of; null where there is none, or
 * this GitHub does not tell. */
export async function originalOf(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
): Promise<number | null> {
  try {
    const { repository } = await github.graphql<DuplicateAnswer>(READ_ORIGINAL, { owner, repo, number })
    const original = repository?.issue?.duplicateOf
    return original && original.repository.id === repository?.id ? original.number : null
  } catch (error) {
    if (isNotOffered(error)) return null
    throw error
  }
}

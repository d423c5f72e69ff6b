// Reads files and facts of a repository.
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { isMissing } from '../client/errors.ts'

/** `sha` is that of the blob. `unreadable`: there is something, but no text file of at most 1 MB. */
export type FileRead =
  | { kind: 'found'; text: string; sha: string }
  | { kind: 'missing' }
  | { kind: 'unreadable'; why: 'no file' | 'too big' }

export type RepositoryFacts = {
  id: number
  nodeId: string
  owner: string
  ownerType: 'Organization' | 'User'
  name: string
  private: boolean
  archived: boolean
  hasIssues: boolean
  defaultBranch: string
}

/** A file's text at `ref` (branch, tag or commit; the default branch unless told). A repository without commits, or that we
 * cannot see, has no files. */
export async function readFile(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  { path, ref }: { path: string; ref?: string },
): Promise<FileRead> {
  try {
    const { data } = await github.rest.repos.getContent({ owner, repo, path, ...(ref ? { ref } : {}) })
    if (Array.isArray(data) || data.type !== 'file' || !('content' in data)) {
      return { kind: 'unreadable', why: 'no file' }
    }
    // From 1 MB on GitHub leaves the content out (encoding `none`).
    if (data.encoding !== 'base64') return { kind: 'unreadable', why: 'too big' }
    return { kind: 'found', text: Buffer.from(data.content, 'base64').toString('utf8'), sha: data.sha }
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' }
    throw error
  }
}

/** A repository's facts; null when it is gone or hidden from us. The answer follows a rename: compare the names. */
export async function getRepository(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
): Promise<RepositoryFacts | null> {
  try {
    const { data } = await github.rest.repos.get({ owner, repo })
    return {
      id: data.id,
      nodeId: data.node_id,
      owner: data.owner.login,
      ownerType: data.owner.type === 'Organization' ? 'Organization' : 'User',
      name: data.name,
      private: data.private,
      archived: data.archived,
      hasIssues: data.has_issues,
      defaultBranch: data.default_branch,
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

// Creates branches of the app once, and adds files by commits that GitHub signs.
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { isMissing, isNotOffered, Refused } from '../client/errors.ts'

export const CREATE_LINKED_BRANCH = `mutation CreateLinkedBranch($issue: ID!, $name: String!, $sha: GitObjectID!) {
  createLinkedBranch(input: { issueId: $issue, name: $name, oid: $sha }) {
    linkedBranch { ref { target { oid } } }
  }
}`

export const CREATE_COMMIT = `mutation CreateCommit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`

type LinkedBranch = {
  createLinkedBranch: { linkedBranch: { ref: { target: { oid: string } | null } | null } | null } | null
}
type Commit = { createCommitOnBranch: { commit: { oid: string } | null } | null }

/** The commit at a branch's head; null when there is no such branch. */
export async function branchHead(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  branch: string,
): Promise<string | null> {
  try {
    const { data } = await github.rest.git.getRef({ owner, repo, ref: `heads/${branch}` })
    return data.object.sha
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/**
 * Makes a branch at a commit, linked to the issue where GitHub offers that; one that is there stays as it is. `linked` is
 * null where we cannot know. Rulesets may refuse the branch: `Refused`, whose message tells why.
 */
export async function ensureBranch(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  wanted: { name: string; fromSha: string; issueNodeId: string },
): Promise<{ sha: string; outcome: 'made' | 'found'; linked: boolean | null }> {
  const present = await branchHead(github, { owner, repo }, wanted.name)
  if (present !== null) return { sha: present, outcome: 'found', linked: null }
  if (await createLinked(github, wanted)) return { sha: wanted.fromSha, outcome: 'made', linked: true }
  try {
    const ref = `refs/heads/${wanted.name}`
    await github.rest.git.createRef({ owner, repo, ref, sha: wanted.fromSha })
    return { sha: wanted.fromSha, outcome: 'made', linked: false }
  } catch (error) {
    const raced = error instanceof Refused && /already exists/i.test(error.message)
    const sha = raced ? await branchHead(github, { owner, repo }, wanted.name) : null
    if (sha === null) throw error
    return { sha, outcome: 'found', linked: null }
  }
}

/** What a commit adds: a file that the branch does not have. `head` is the branch's commit at which that was seen. */
type Addition = { branch: string; head: string; path: string; content: string; message: string }

/** Adds a file by one commit, signed by GitHub. A branch that moved meanwhile is `Refused` (`conflict`): look again.
 * Resolves to the branch's new head. */
export async function addFile(
  github: InstallationClient,
  at: RepositoryTarget,
  wanted: Addition,
): Promise<string> {
  return (await commit(github, at, wanted)) ?? putContents(github, at, wanted)
}

async function createLinked(
  github: InstallationClient,
  { name, fromSha, issueNodeId }: { name: string; fromSha: string; issueNodeId: string },
): Promise<boolean> {
  try {
    const answer = await github.graphql<LinkedBranch>(CREATE_LINKED_BRANCH, {
      issue: issueNodeId,
      name,
      sha: fromSha,
    })
    // GitHub answers null, without an error, where it did not make the branch.
    return Boolean(answer.createLinkedBranch?.linkedBranch)
  } catch (error) {
    if (isNotOffered(error)) return false
    throw error
  }
}

/** null where GitHub does not offer commits by GraphQL. */
async function commit(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  { branch, head, path, content, message }: Addition,
): Promise<string | null> {
  const input = {
    branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName: branch },
    expectedHeadOid: head,
    message: { headline: message },
    fileChanges: { additions: [{ path, contents: base64(content) }] },
  }
  try {
    const answer = await github.graphql<Commit>(CREATE_COMMIT, { input })
    return answer.createCommitOnBranch?.commit?.oid ?? null
  } catch (error) {
    if (error instanceof Refused && (error.kind === 'unoffered' || error.kind === 'forbidden')) return null
    throw error
  }
}

/** A file that is there is refused as a conflict. Without an author of our own, GitHub signs this commit too. */
async function putContents(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  { branch, path, content, message }: Addition,
): Promise<string> {
  const { data } = await github.rest.repos.createOrUpdateFileContents({
    ...{ owner, repo, path, branch, message },
    content: base64(content),
  })
  return data.commit.sha ?? ''
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

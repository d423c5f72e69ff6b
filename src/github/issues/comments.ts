// Writes the app's comments: finds them by mark and authorship, and changes them only where they differ.
import { createHash } from 'node:crypto'
import type { Authorship, InstallationClient, IssueTarget, RepositoryTarget } from '../client/client.ts'
import { isMissing, isNotOffered } from '../client/errors.ts'
import { hasMark, sameText, withMark } from './mark.ts'

export type Comment = {
  id: number
  nodeId: string
  url: string
  body: string
  /** False also where GitHub does not know pinned comments. */
  pinned: boolean
}

export type PutResult = {
  id: number
  nodeId: string
  url: string
  outcome: 'made' | 'changed' | 'same'
  /** The hash of the present body; pass it as `known.hash` the next time. */
  hash: string
}

export type KnownComment = { id: number; nodeId: string; url: string; hash?: string }

export type Reaction = 'eyes' | 'rocket' | 'confused' | '+1' | '-1' | 'heart' | 'hooray' | 'laugh'

type RestComment = Authorship & {
  id: number
  node_id: string
  html_url: string
  body?: string
  pin?: unknown
}

// GitHub's `since` is compared with GitHub's clock; ours may be wrong by this much (milliseconds).
const CLOCK_SKEW = 10 * 60_000

/**
 * Our comment with this mark, the oldest if there are several; null when there is none. `since` (milliseconds) leaves out
 * comments last changed earlier: on a long issue it saves pages.
 */
export async function findComment(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
  wanted: { mark: string; since?: number },
): Promise<Comment | null> {
  const since = wanted.since === undefined ? {} : { since: isoTime(wanted.since - CLOCK_SKEW) }
  const pages = github.rest.paginate.iterator(github.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
    ...since,
  })
  for await (const { data: comments } of pages) {
    for (const comment of comments) {
      if (hasMark(comment.body, wanted.mark) && (await github.isOurs(comment))) return toComment(comment)
    }
  }
  return null
}

/** The newest comment that a person wrote after `since` (milliseconds); null where nobody did. */
export async function latestPersonsComment(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
  since: number,
): Promise<{ id: number; by: string; at: number; url: string } | null> {
  const asked = { owner, repo, issue_number: number, per_page: 100, since: isoTime(since) }
  const comments = await github.rest.paginate(github.rest.issues.listComments, asked)
  const {
    id,
    user,
    created_at,
    html_url: url,
  } = comments.findLast(
    (comment) => comment.user?.type === 'User' && Date.parse(comment.created_at) > since,
  ) ?? {}
  if (id === undefined || !user || !created_at || !url) return null
  return { id, by: user.login, at: Date.parse(created_at), url }
}

/** Any comment by its id; null when it was deleted. */
export async function getComment(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  id: number,
): Promise<Comment | null> {
  try {
    const { data: comment } = await github.rest.issues.getComment({ owner, repo, comment_id: id })
    return toComment(comment)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/**
 * Makes our comment say `body` (without its mark, which is added). `known` is what an earlier call returned: nothing is sent
 * where its `hash` is still right, and without a hash the comment is read and compared. One that was deleted, or is not
 * known, is looked up by its mark and else made anew. What GitHub has no room for is cut.
 */
export async function putComment(
  github: InstallationClient,
  target: IssueTarget,
  wanted: { mark: string; body: string; known?: KnownComment | undefined; since?: number },
): Promise<PutResult> {
  const body = withMark(wanted.body, wanted.mark)
  const { known } = wanted
  if (known?.hash === hashOf(body)) return { ...known, hash: known.hash, outcome: 'same' }
  if (known?.hash !== undefined) {
    const changed = await updateComment(github, target, { id: known.id, body })
    if (changed) return changed
  }
  const read =
    known !== undefined && known.hash === undefined ? await getComment(github, target, known.id) : null
  const present = read ?? (await findComment(github, target, wanted))
  if (present === null) return createComment(github, target, body)
  if (sameText(present.body, body)) return putResult(present, 'same', body)
  return (
    (await updateComment(github, target, { id: present.id, body })) ?? createComment(github, target, body)
  )
}

/** Reacts to a comment; doing so twice is the same. `missing`: the comment is gone. */
export async function react(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  { commentId, content }: { commentId: number; content: Reaction },
): Promise<'made' | 'same' | 'missing'> {
  try {
    const { status } = await github.rest.reactions.createForIssueComment({
      owner,
      repo,
      comment_id: commentId,
      content,
    })
    return status === 201 ? 'made' : 'same'
  } catch (error) {
    if (isMissing(error)) return 'missing'
    throw error
  }
}

/** Pins a comment to the top of its issue; newer than many GitHub servers. */
export async function pinComment(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  commentId: number,
): Promise<{ offered: true } | { offered: false; why: string }> {
  try {
    await github.rest.request('PUT /repos/{owner}/{repo}/issues/comments/{comment_id}/pin', {
      owner,
      repo,
      comment_id: commentId,
    })
    return { offered: true }
  } catch (error) {
    if (isNotOffered(error)) return { offered: false, why: error.message }
    throw error
  }
}

async function createComment(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
  body: string,
): Promise<PutResult> {
  const { data: comment } = await github.rest.issues.createComment({
    owner,
    repo,
    issue_number: number,
    body,
  })
  return putResult(toComment(comment), 'made', body)
}

/** null: the comment was deleted meanwhile. */
async function updateComment(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  { id, body }: { id: number; body: string },
): Promise<PutResult | null> {
  try {
    const { data: comment } = await github.rest.issues.updateComment({ owner, repo, comment_id: id, body })
    return putResult(toComment(comment), 'changed', body)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function putResult({ id, nodeId, url }: Comment, outcome: PutResult['outcome'], body: string): PutResult {
  return { id, nodeId, url, outcome, hash: hashOf(body) }
}

function toComment(comment: RestComment): Comment {
  const { id, node_id: nodeId, html_url: url, body = '', pin } = comment
  return { id, nodeId, url, body, pinned: Boolean(pin) }
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('base64url')
}

function isoTime(at: number): string {
  return new Date(at).toISOString()
}

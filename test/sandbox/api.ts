// What a REST route of the sandbox is, what it is given, and how it reads its input.
import type { z } from 'zod'
import { findAccount, findIssue } from './world/find.ts'
import type { Account, Actor, Issue, PermissionName, Repository, World } from './world/world.ts'
import { GitHubRefusal } from './world/world.ts'

export type Answer = { status: number; body?: unknown; headers?: Record<string, string>; text?: string }

export type Call = {
  world: World
  /** The app's bot with its token's rights; for routes of the app itself, without an installation. */
  actor: Actor
  params: Record<string, string>
  query: URLSearchParams
  body: unknown
  accept: string
  /** The path as asked, for links to other pages. */
  path: string
}

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As GitHub's description has it: `/repos/{owner}/{repo}/issues/{issue_number}`. */
  pattern: string
  /** Who asks: the app by its JWT, an installation by its token, or anybody. */
  by?: 'app' | 'anybody'
  /** What reading it needs; writing is checked by the mutation. */
  reads?: PermissionName
  handle: (call: Call) => Answer
}

/** A route below `/repos/{owner}/{repo}`; the repository is found, and seen by the caller. */
export function repositoryRoute(
  method: Route['method'],
  pattern: string,
  reads: PermissionName,
  handle: (call: Call, repository: Repository) => Answer,
): Route {
  return {
    method,
    pattern: `/repos/{owner}/{repo}${pattern}`,
    reads,
    handle: (call) => handle(call, repositoryOf(call)),
  }
}

export function repositoryOf(call: Call): Repository {
  const { owner, repo } = call.params
  const found = call.world.repositories.find(
    (each) =>
      each.owner.login.toLowerCase() === owner?.toLowerCase() &&
      each.name.toLowerCase() === repo?.toLowerCase(),
  )
  if (found === undefined) throw new GitHubRefusal(404, 'Not Found')
  return found
}

/** 410 for a deleted issue; 301 is answered for a moved one. */
export function issueOf(call: Call, repository: Repository): Issue {
  const number = Number(call.params.issue_number ?? call.params.pull_number)
  const found = findIssue(repository, number)
  if (found !== undefined) return found
  const heir = repository.moved.get(number)
  if (heir === null) throw new GitHubRefusal(410, 'This issue was deleted')
  if (heir !== undefined) {
    throw new GitHubRefusal(
      301,
      `${call.world.apiUrl}/repositories/${heir.repository.id}/issues/${heir.number}`,
    )
  }
  throw new GitHubRefusal(404, 'Not Found')
}

export function accountOf(call: Call, login: string | undefined): Account {
  const found = findAccount(call.world, login ?? '')
  if (found === undefined) throw new GitHubRefusal(404, 'Not Found')
  return found
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
export const noContent = (): Answer => ({ status: 204 })

/** 422 `Invalid request.` with what was wrong, as GitHub's own schema check says it. */
export function read<T>(schema: z.ZodType<T>, call: Call): T {
  const parsed = schema.safeParse(call.body ?? {})
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `"${issue.path.join('.')}": ${issue.message}`)
  throw new GitHubRefusal(422, `Invalid request.\n\n${lines.join('\n')}`)
}

/** A page of a list with GitHub's Link header; 30 each, at most 100. */
export function paged<T>(call: Call, list: readonly T[], shape: (item: T) => unknown): Answer {
  const page = pageOf(call, list)
  return { status: 200, body: page.items.map(shape), headers: page.headers }
}

export function pageOf<T>(call: Call, list: readonly T[]): { items: T[]; headers: Record<string, string> } {
  const size = clamp(Number(call.query.get('per_page') ?? 30), 1, 100)
  const page = Math.max(1, Number(call.query.get('page') ?? 1) || 1)
  const last = Math.max(1, Math.ceil(list.length / size))
  const link = (number: number, rel: string): string => {
    const query = new URLSearchParams(call.query)
    query.set('page', String(number))
    return `<${call.world.apiUrl}${call.path}?${query}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ]
  const headers: Record<string, string> = links.length === 0 ? {} : { link: links.join(', ') }
  return { items: list.slice((page - 1) * size, page * size), headers }
}

function clamp(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : 30
}

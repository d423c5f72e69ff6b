// Authenticated GitHub clients: the one place that makes an Octokit, counts its calls and words its errors.
import { createAppAuth } from '@octokit/auth-app'
import { withCustomRequest } from '@octokit/graphql'
import { Octokit } from '@octokit/rest'
import { fromAnswer, fromGraphqlAnswer, Limited, Refused, Unreachable } from './errors.ts'

/** What a call costs: `create` makes content that people see (comments, issues, pull requests, reviews). */
export type CallKind = 'read' | 'write' | 'create'

/** `background`: nobody waits for this call, so it leaves the last tokens to those for whom somebody does. */
export type TakeToken = (
  installationId: number,
  kind: CallKind,
  background: boolean,
) => Promise<{ ok: true } | { ok: false; afterSeconds: number }>

export type GitHubOptions = {
  appId: number
  /** PEM, PKCS#1 or PKCS#8. */
  privateKey: string
  /** `https://api.github.com`, or `https://HOST/api/v3`, without a slash at the end. */
  baseUrl: string
  takeToken: TakeToken
  log: { warn(fields: object, message: string): void }
  userAgent: string
  /** Called once for every call that is sent, for the metrics. */
  onCall?: (kind: CallKind) => void
  /** Milliseconds until a call counts as unanswered; 10,000 unless told. */
  timeoutMs?: number
}

/** Who made a thing, as REST tells it. */
export type Made = {
  performed_via_github_app?: { id: number } | null
  user?: { login: string; type: string } | null
}

/** Variables of a GraphQL document; `request: { kind }` says what a mutation costs (`write` unless told). */
export type Variables = { [name: string]: unknown; request?: { kind: CallKind } }

export type AppClient = { rest: Octokit }

/** GitHub as one installation may use it. Every call ends in an answer or in `Unreachable`, `Limited` or `Refused`. */
export type InstallationClient = {
  id: number
  appId: number
  rest: Octokit
  graphql<Answer>(document: string, variables?: Variables): Promise<Answer>
  /** Whether this app made it. */
  isOurs(made: Made): Promise<boolean>
  /** The app's name in addresses and in its login `<slug>[bot]`. */
  slug(): Promise<string>
}

export type GitHub = {
  app(): AppClient
  /** `background`: for work that nobody waits for, such as the board. */
  installation(id: number, background?: boolean): InstallationClient
  /** The app's name in addresses and in its login `<slug>[bot]`. */
  slug(): Promise<string>
}

export type RepositoryTarget = { owner: string; repo: string }
export type IssueTarget = RepositoryTarget & { number: number }

type Sent = { method: string; url: string; kind: CallKind; toTokens: boolean; graphql: boolean }

/** Clients of one GitHub App, one per installation, which share nothing but the app's key. Tokens stay in memory. */
export function createGitHub(options: GitHubOptions): GitHub {
  const installations = new Map<string, InstallationClient>()
  let ownSlug: Promise<string> | null = null
  const app = octokitFor(options, null, () => {})

  async function slug(): Promise<string> {
    ownSlug ??= app.apps.getAuthenticated().then(({ data }) => data?.slug ?? '')
    try {
      return await ownSlug
    } catch (error) {
      ownSlug = null
      throw error
    }
  }

  async function isOurs({ performed_via_github_app: via, user }: Made): Promise<boolean> {
    if (via) return via.id === options.appId
    if (user?.type !== 'Bot') return false
    return user.login === `${await slug()}[bot]`
  }

  function installation(id: number, background = false): InstallationClient {
    const key = `${id}:${background}`
    const known = installations.get(key)
    if (known) return known
    // A token that GitHub no longer accepts must not be kept for its hour: the next client asks for a new one.
    const rest = octokitFor(options, { id, background }, () => installations.delete(key))
    const send = withCustomRequest(rest.request)
    const client: InstallationClient = {
      id,
      appId: options.appId,
      rest,
      graphql: <Answer>(document: string, variables: Variables = {}) => send<Answer>(document, variables),
      isOurs,
      slug,
    }
    installations.set(key, client)
    return client
  }

  return { app: () => ({ rest: app }), installation, slug }
}

function octokitFor(
  options: GitHubOptions,
  client: { id: number; background: boolean } | null,
  onUnauthorized: () => void,
): Octokit {
  const { appId, privateKey, baseUrl, userAgent } = options
  const silent = () => {}
  const octokit = new Octokit({
    authStrategy: createAppAuth,
    auth: client === null ? { appId, privateKey } : { appId, privateKey, installationId: client.id },
    baseUrl,
    userAgent,
    // Octokit's own log would print addresses and bodies.
    log: { debug: silent, info: silent, warn: silent, error: silent },
    request: { fetch: fetchWithin(options.timeoutMs ?? 10_000), log: { warn: silent } },
  })
  octokit.hook.wrap('request', async (request, call) => {
    const sent = describe(call)
    call.headers['x-github-api-version'] = '2022-11-28'
    await takeTurn(options, client, sent)
    try {
      const answer = await request(call)
      throwIfBroken(answer, sent)
      return answer
    } catch (error) {
      if (statusOf(error) === 401) {
        options.log.warn({ installation: client?.id ?? null }, 'GitHub does not accept our credentials')
        onUnauthorized()
      }
      throw inOurWords(error, sent)
    }
  })
  return octokit
}

async function takeTurn(
  options: GitHubOptions,
  client: { id: number; background: boolean } | null,
  sent: Sent,
): Promise<void> {
  if (client !== null && sent.kind !== 'read') {
    const turn = await options.takeToken(client.id, sent.kind, client.background)
    if (!turn.ok) throw new Limited(turn.afterSeconds, 'bucket')
  }
  options.onCall?.(sent.kind)
}

const CREATES_CONTENT = /\/(issues|comments|pulls|reviews|replies)$/

function describe(call: { method: string; url: string; [name: string]: unknown }): Sent {
  const { method, url } = call
  const graphql = url.endsWith('/graphql')
  return { method, url, graphql, toTokens: url.endsWith('/access_tokens'), kind: kindOf(call, graphql) }
}

function kindOf(call: { method: string; url: string; [name: string]: unknown }, graphql: boolean): CallKind {
  if (call.url.endsWith('/access_tokens')) return 'read'
  if (!graphql) {
    if (call.method === 'GET' || call.method === 'HEAD') return 'read'
    return call.method === 'POST' && CREATES_CONTENT.test(call.url) ? 'create' : 'write'
  }
  if (!String(call.query).trimStart().startsWith('mutation')) return 'read'
  const { request } = call
  const tagged = typeof request === 'object' && request !== null && 'kind' in request && request.kind
  return tagged === 'create' ? 'create' : 'write'
}

/** An answer that was cut on its way comes from Octokit as a plain string; errors of GraphQL come with status 200. */
function throwIfBroken(answer: { status: number; headers: object; data: unknown }, sent: Sent): void {
  const headers = { ...answer.headers }
  const type = 'content-type' in headers ? String(headers['content-type']) : ''
  if (answer.status !== 204 && typeof answer.data === 'string' && type.startsWith('application/json')) {
    throw new Unreachable("GitHub's answer was cut short")
  }
  if (!sent.graphql) return
  const error = fromGraphqlAnswer({ status: answer.status, headers, body: answer.data })
  if (error) throw error
}

function inOurWords(error: unknown, sent: Sent): Error {
  if (error instanceof Unreachable || error instanceof Limited || error instanceof Refused) return error
  const answer = answerOf(error)
  if (answer) return fromAnswer(answer, sent.toTokens)
  // Octokit gives a failed connection the status 500 and no answer.
  if (statusOf(error) !== null) return new Unreachable('GitHub did not answer')
  return error instanceof Error ? error : new Error('A GitHub call failed')
}

function answerOf(error: unknown): { status: number; headers: Record<string, string>; body: unknown } | null {
  if (!(error instanceof Error) || !('response' in error)) return null
  const { response } = error
  if (typeof response !== 'object' || response === null || !('headers' in response)) return null
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.headers ?? {})) headers[name] = String(value)
  return { status: statusOf(error) ?? 500, headers, body: 'data' in response ? response.data : null }
}

function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error)) return null
  return typeof error.status === 'number' ? error.status : null
}

/** Each HTTP exchange has its own time, so that fetching a token does not eat that of the call. */
function fetchWithin(timeoutMs: number): typeof fetch {
  return (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) })
}

// Creates authenticated GitHub clients. Only this file makes an Octokit; it counts the calls and converts the errors.
import { createAppAuth } from '@octokit/auth-app'
import { withCustomRequest } from '@octokit/graphql'
import { Octokit } from '@octokit/rest'
import { type CallKind, type PricedCall, priced } from './cost.ts'
import { fromAnswer, fromGraphqlAnswer, Limited, Refused, Unreachable } from './errors.ts'
import { createPulse, type Pulse } from './pulse.ts'

/** `creates`: how much new content the call makes. `background`: nobody waits for the call, so it leaves the last tokens to
 * others. */
type TakeToken = (
  installationId: number,
  kind: CallKind,
  asked: { creates: number; background: boolean },
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
  /** The time in milliseconds since the epoch. */
  now: () => number
  /** Milliseconds until a call counts as unanswered (10,000). */
  timeoutMs?: number
}

/** The author of an object, as REST shows it. */
export type Authorship = {
  performed_via_github_app?: { id: number } | null
  user?: { login: string; type: string } | null
}

/** Variables of a GraphQL document; `request` says what a mutation costs: `write` unless told, a `create` makes one thing
 * that people see unless it tells how many. */
type GraphqlVariables = { [name: string]: unknown; request?: { kind: CallKind; creates?: number } }

export type AppClient = { rest: Octokit }

/** GitHub as one installation may use it. Every call ends in an answer or in `Unreachable`, `Limited` or `Refused`. */
export type InstallationClient = {
  id: number
  appId: number
  /** How many calls were sent by this client so far. */
  calls(): number
  rest: Octokit
  graphql<Answer>(document: string, variables?: GraphqlVariables): Promise<Answer>
  /** Whether this app made it. */
  isOurs(made: Authorship): Promise<boolean>
  /** The app's name in addresses and in its login `<slug>[bot]`. */
  slug(): Promise<string>
}

export type GitHub = {
  app(): AppClient
  /** `background`: for work that nobody waits for, such as the board. Each `purpose` counts its calls apart. */
  installation(id: number, background?: boolean, purpose?: string): InstallationClient
  /** The app's name in addresses and in its login `<slug>[bot]`. */
  slug(): Promise<string>
  /** Whether the last call of every installation was answered; a refusal is an answer. */
  isUp(): boolean
}

export type RepositoryTarget = { owner: string; repo: string }
export type IssueTarget = RepositoryTarget & { number: number }

/** Clients of one GitHub App, one per installation, which share nothing but the app's key. Tokens stay in memory. */
export function createGitHub(options: GitHubOptions): GitHub {
  const installations = new Map<string, InstallationClient>()
  const pulse = createPulse(options.now)
  let ownSlug: Promise<string> | null = null
  const app = octokitFor(options, { client: null, pulse, onUnauthorized: () => {} })

  async function slug(): Promise<string> {
    ownSlug ??= app.apps.getAuthenticated().then(({ data }) => data?.slug ?? '')
    try {
      return await ownSlug
    } catch (error) {
      ownSlug = null
      throw error
    }
  }

  async function isOurs({ performed_via_github_app: via, user }: Authorship): Promise<boolean> {
    if (via) return via.id === options.appId
    if (user?.type !== 'Bot') return false
    return user.login === `${await slug()}[bot]`
  }

  function installation(id: number, background = false, purpose = ''): InstallationClient {
    const key = `${id}:${background}:${purpose}`
    const known = installations.get(key)
    if (known) return known
    // A token that GitHub no longer accepts must not be kept for its hour: the next client asks for a new one.
    let calls = 0
    const counted = {
      ...options,
      onCall: (kind: CallKind) => {
        calls += 1
        options.onCall?.(kind)
      },
    }
    const onUnauthorized = () => void installations.delete(key)
    const rest = octokitFor(counted, { client: { id, background }, pulse, onUnauthorized })
    const send = withCustomRequest(rest.request)
    const client: InstallationClient = {
      id,
      appId: options.appId,
      calls: () => calls,
      rest,
      graphql: <Answer>(document: string, variables: GraphqlVariables = {}) =>
        send<Answer>(document, variables),
      isOurs,
      slug,
    }
    installations.set(key, client)
    return client
  }

  return { app: () => ({ rest: app }), installation, slug, isUp: pulse.isUp }
}

type Caller = {
  /** null: the app itself. */
  client: { id: number; background: boolean } | null
  pulse: Pulse
  onUnauthorized: () => void
}

function octokitFor(options: GitHubOptions, { client, pulse, onUnauthorized }: Caller): Octokit {
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
    const sent = priced(call)
    call.headers['x-github-api-version'] = '2022-11-28'
    if (client) pulse.assertWelcome(client.id)
    await spendToken(options, client, sent)
    try {
      const answer = await request(call)
      throwIfBroken(answer, sent)
      if (client) pulse.answered(client.id)
      return answer
    } catch (error) {
      if (statusOf(error) === 401) {
        options.log.warn({ installation: client?.id ?? null }, 'GitHub does not accept our credentials')
        onUnauthorized()
      }
      const told = toOurError(error, sent)
      if (client) pulse.failed(client.id, told)
      throw told
    }
  })
  return octokit
}

async function spendToken(options: GitHubOptions, client: Caller['client'], sent: PricedCall): Promise<void> {
  if (client !== null && sent.kind !== 'read') {
    const { creates } = sent
    const turn = await options.takeToken(client.id, sent.kind, { creates, background: client.background })
    if (!turn.ok) throw new Limited(turn.afterSeconds, 'bucket')
  }
  options.onCall?.(sent.kind)
}

/** Octokit returns a truncated answer as a plain string, and GraphQL's errors with status 200. */
function throwIfBroken(answer: { status: number; headers: object; data: unknown }, sent: PricedCall): void {
  const headers = { ...answer.headers }
  const type = 'content-type' in headers ? String(headers['content-type']) : ''
  if (answer.status !== 204 && typeof answer.data === 'string' && type.startsWith('application/json')) {
    throw new Unreachable("GitHub's answer was cut short")
  }
  if (!sent.graphql) return
  forgiveMissingNodes(answer.data)
  const error = fromGraphqlAnswer({ status: answer.status, headers, body: answer.data })
  if (error) throw error
}

/** Removes the errors of nodes that are gone: `nodes(ids:)` also returns null for them. */
function forgiveMissingNodes(data: unknown): void {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors)) return
  const left = data.errors.filter(({ type, path }) => type !== 'NOT_FOUND' || path?.[0] !== 'nodes')
  if (left.length > 0) data.errors = left
  else Reflect.deleteProperty(data, 'errors')
}

function toOurError(error: unknown, sent: PricedCall): Error {
  if (error instanceof Unreachable || error instanceof Limited || error instanceof Refused) return error
  const answer = githubAnswerOf(error)
  if (answer) return fromAnswer(answer, sent.toTokens)
  // Octokit gives a failed connection the status 500 and no answer.
  if (statusOf(error) !== null) return new Unreachable('GitHub did not answer')
  return error instanceof Error ? error : new Error('A GitHub call failed')
}

function githubAnswerOf(
  error: unknown,
): { status: number; headers: Record<string, string>; body: unknown } | null {
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

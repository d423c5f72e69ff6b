// The errors of a call to GitHub: unreachable, limited or refused.

/** Why GitHub said no. `missing`: not there, or hidden from us; `disabled`: issues are switched off in this repository;
 * `unoffered`: this GitHub does not know the feature; `uninstalled`: the app is gone from the account. */
export type RefusalKind =
  | 'missing'
  | 'forbidden'
  | 'invalid'
  | 'conflict'
  | 'archived'
  | 'locked'
  | 'disabled'
  | 'suspended'
  | 'uninstalled'
  | 'unoffered'

/** GitHub did not answer in time, answered with 5xx, or does not accept the app's own key: nothing is known about the
 * call's fate, it may have been carried out. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

/** The call must wait. `by`: GitHub's limits, or our own bucket, which stops a call before it is sent. */
export class Limited extends Error {
  override name = 'Limited'
  readonly afterSeconds: number
  readonly by: 'github' | 'bucket'

  constructor(afterSeconds: number, by: 'github' | 'bucket') {
    super(by === 'github' ? 'GitHub asks us to wait' : 'Our own allowance of GitHub calls is used up')
    this.afterSeconds = Math.max(1, Math.ceil(afterSeconds))
    this.by = by
  }
}

/** GitHub understood and said no. `status` is the HTTP status (200 for GraphQL), `errors` GitHub's own details in words,
 * `acceptedPermissions` its `X-Accepted-GitHub-Permissions` (what the installation would have to grant). */
export class Refused extends Error {
  override name = 'Refused'
  readonly kind: RefusalKind
  readonly status: number
  readonly errors: readonly string[]
  readonly acceptedPermissions: string | null

  constructor(refusal: {
    kind: RefusalKind
    status: number
    message: string
    errors?: readonly string[]
    acceptedPermissions?: string | null
  }) {
    super(brief(refusal.message))
    this.kind = refusal.kind
    this.status = refusal.status
    this.errors = refusal.errors ?? []
    this.acceptedPermissions = refusal.acceptedPermissions ?? null
  }

  /** All that a log may hold of it: GitHub's own words may quote what people wrote. */
  get logged(): string {
    return `GitHub refused (${this.kind}, ${this.status})`
  }
}

/** Whether an error says that something is not there (any more). */
export function isMissing(error: unknown): boolean {
  return error instanceof Refused && error.kind === 'missing'
}

/** Whether GitHub refused because the feature is not offered here, to this account or for this object: the caller goes on
 * without it. Missing permission counts: what is not granted is done without. */
export function isNotOffered(error: unknown): error is Refused {
  return (
    error instanceof Refused &&
    ['missing', 'unoffered', 'invalid', 'forbidden', 'disabled'].includes(error.kind)
  )
}

/** GitHub's answer as far as an error needs it: header names in lower case. */
export type GitHubAnswer = {
  status: number
  headers: { [name: string]: string | number | undefined }
  body: unknown
}

/** What an answer of 400 or more means. `toTokens`: the call was the one for an installation's token. */
export function fromAnswer(answer: GitHubAnswer, toTokens: boolean): Error {
  const { status } = answer
  const { message, errors } = messagesOf(answer.body)
  if (status >= 500) return new Unreachable(`GitHub answered ${status}`)
  if (status === 401) return new Unreachable('GitHub does not accept our credentials')
  if (isLimit(answer, [message, ...errors])) return new Limited(secondsToWait(answer), 'github')
  return new Refused({
    kind: kindOf(status, message, toTokens),
    status,
    message: message || `GitHub answered ${status}`,
    errors,
    acceptedPermissions: asString(answer.headers['x-accepted-github-permissions']),
  })
}

/** The error in a GraphQL answer, which arrives with status 200; null when there is none. */
export function fromGraphqlAnswer(answer: GitHubAnswer): Error | null {
  const reported = listOf(answer.body, 'errors')
  const first = reported[0]
  if (first === undefined) return null
  const messages = reported.map((error) => brief(asString(field(error, 'message')) ?? ''))
  const types = reported.map((error) => asString(field(error, 'type')) ?? '')
  const limited = types.some((type) => type.startsWith('RATE_LIMIT')) || messages.some(isLimitText)
  if (limited) return new Limited(secondsToWait(answer), 'github')
  const code = asString(field(field(first, 'extensions'), 'code')) ?? ''
  const kind = graphqlKind(types[0] ?? '', code, messages[0] ?? '')
  if (kind === 'unreachable') return new Unreachable('GitHub could not execute a query')
  return new Refused({
    kind,
    status: answer.status,
    message: messages[0] ?? '',
    errors: messages,
    acceptedPermissions: asString(answer.headers['x-accepted-github-permissions']),
  })
}

function kindOf(status: number, message: string, toTokens: boolean): RefusalKind {
  if (/suspended/i.test(message)) return 'suspended'
  if (toTokens) return status === 403 ? 'suspended' : 'uninstalled'
  if (/archived/i.test(message)) return 'archived'
  if (/issue is locked/i.test(message)) return 'locked'
  if (/issues (are|has been|have been) disabled/i.test(message)) return 'disabled'
  if (status === 404 || status === 410) return 'missing'
  if (status === 403 || status === 451) return 'forbidden'
  if (status === 409) return 'conflict'
  return 'invalid'
}

// GitHub words its schema errors in its own way, not graphql-js's; the codes are newer than some servers.
const NOT_IN_SCHEMA = /doesn't exist on type|doesn't accept argument|isn't a defined input type|no such type/i
const SCHEMA_CODES = ['undefinedField', 'undefinedType', 'argumentNotAccepted', 'variableRequiresValidType']

function graphqlKind(type: string, code: string, message: string): RefusalKind | 'unreachable' {
  if (SCHEMA_CODES.includes(code) || NOT_IN_SCHEMA.test(message)) return 'unoffered'
  if (type === 'NOT_FOUND') return 'missing'
  if (/suspended/i.test(message)) return 'suspended'
  if (/archived so is read-only/i.test(message)) return 'archived'
  if (['FORBIDDEN', 'INSUFFICIENT_SCOPES', 'UNAUTHORIZED'].includes(type)) return 'forbidden'
  if (type === 'STALE_DATA') return 'conflict'
  if (['SERVICE_UNAVAILABLE', 'INTERNAL', 'TIMEOUT'].includes(type)) return 'unreachable'
  if (/something went wrong|timed? ?out/i.test(message)) return 'unreachable'
  return 'invalid'
}

// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: 403 or 429; content created too fast can
// also come as 422 "was submitted too quickly".
function isLimit(answer: GitHubAnswer, messages: readonly string[]): boolean {
  if (answer.status === 429) return true
  if (messages.some(isLimitText)) return true
  if (answer.status !== 403) return false
  return (
    answer.headers['retry-after'] !== undefined || String(answer.headers['x-ratelimit-remaining']) === '0'
  )
}

function isLimitText(message: string): boolean {
  return /rate limit|abuse detection|submitted too quickly/i.test(message)
}

/** Seconds until GitHub wants to hear from us again; a minute where it does not say, as its documentation asks. Measured by
 * GitHub's own clock, the `date` header, as ours may differ. */
function secondsToWait({ headers }: GitHubAnswer): number {
  const retryAfter = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && Number.isFinite(retryAfter)) return retryAfter
  const reset = Number(headers['x-ratelimit-reset'])
  if (String(headers['x-ratelimit-remaining']) !== '0' || !Number.isFinite(reset)) return 60
  const now = Date.parse(String(headers.date))
  return reset - (Number.isNaN(now) ? Date.now() : now) / 1000
}

/** GitHub's sentence and its details; never more of the body, which may hold what people wrote. */
function messagesOf(body: unknown): { message: string; errors: string[] } {
  return {
    message: brief(asString(field(body, 'message')) ?? ''),
    errors: listOf(body, 'errors').map((error) => brief(detail(error))),
  }
}

function detail(error: unknown): string {
  if (typeof error === 'string') return error
  const message = asString(field(error, 'message'))
  if (message !== null) return message
  return ['resource', 'field', 'code'].flatMap((name) => asString(field(error, name)) ?? []).join(' ')
}

function brief(message: string): string {
  return message.length > 300 ? `${message.slice(0, 299)}…` : message
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function listOf(value: unknown, name: string): unknown[] {
  const list = field(value, name)
  return Array.isArray(list) ? list : []
}

function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

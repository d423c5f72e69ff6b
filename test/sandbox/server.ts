// The HTTP side of the sandbox: REST, GraphQL, pages, faults, limits and the log of calls.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Answer } from './api.ts'
import type { Tokens } from './auth.ts'
import { secondaryLimit, strike } from './faults/answers.ts'
import type { Fault, Faults } from './faults/faults.ts'
import { planGraphql } from './graphql/call.ts'
import type { Limits } from './limits.ts'
import { type Rest, refusalAnswer } from './routes/rest.ts'
import type { World } from './world/world.ts'
import { GitHubRefusal } from './world/world.ts'

export type CallRecord = {
  at: number
  /** The installation's id; null for the app itself and for nobody. */
  installation: number | null
  method: string
  /** The pattern, `/graphql`, or null for what is not there. */
  route: string | null
  path: string
  /** `?per_page=100`, or empty. */
  query: string
  /** 0 while it is not answered, and for ever where the connection was cut. */
  status: number
  /** The top fields of a GraphQL document. */
  operations: string[]
  mutates: boolean
  requestBody: unknown
  fault: Fault | null
}

export type Desk = {
  world: World
  tokens: Tokens
  rest: Rest
  faults: Faults
  limits: Limits
  calls: CallRecord[]
  /** What is not under the API: pages and registration; null is a 404. */
  page: (request: IncomingMessage, body: string) => Promise<PageLike | null>
  onAnswer: (record: CallRecord, body: unknown) => void
  onCrash: (record: CallRecord, error: unknown) => void
}

export type PageLike = { status: number; headers: Record<string, string>; body: string | Uint8Array }

export function makeServer(desk: Desk): Server {
  return createServer((request, response) => {
    handle(desk, request, response).catch((error: unknown) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })
}

async function handle(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const url = new URL(request.url ?? '/', desk.world.url)
  const path = apiPath(request, url.pathname)
  response.setHeader('date', new Date(desk.world.now()).toUTCString())
  if (path === null) return sendPage(response, await desk.page(request, body))
  const record = recordOf(desk, request, { path, query: url.search })
  const plan = await planOf(desk, { request, record, url, body })
  const fault = desk.faults.strike({
    method: record.method,
    route: record.route ?? '',
    path,
    operations: record.operations,
    installation: record.installation,
    mutates: record.mutates,
  })
  record.fault = fault ?? null
  desk.calls.push(record)
  if (fault !== undefined) {
    const struck = await strike(desk.world, fault)
    if (struck === 'silence') return
    if (struck === 'cut') {
      response.destroy()
      return
    }
    if (struck !== 'go on') {
      record.status = struck.status
      return write(response, struck)
    }
  }
  const answer = await carryOut(desk, record, plan)
  if (fault?.kind === 'hang-after') return
  if (fault?.kind === 'cut-after') {
    response.destroy()
    return
  }
  send(desk, { request, response, record, answer })
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

/** The path below the API, or null for a page: the bare paths are the API's for whoever speaks like a program. */
function apiPath(request: IncomingMessage, path: string): string | null {
  if (path === '/api/graphql' || path === '/api/v3/graphql') return '/graphql'
  if (path === '/api/v3' || path.startsWith('/api/v3/')) return path.slice('/api/v3'.length) || '/'
  const accept = request.headers.accept ?? ''
  const isProgram = request.headers.authorization !== undefined || accept.includes('application/vnd.github')
  return isProgram ? path : null
}

function recordOf(desk: Desk, request: IncomingMessage, asked: { path: string; query: string }): CallRecord {
  const method = request.method ?? 'GET'
  return {
    at: desk.world.now(),
    installation: null,
    method,
    route: null,
    ...asked,
    status: 0,
    operations: [],
    mutates: method !== 'GET' && method !== 'HEAD',
    requestBody: undefined,
    fault: null,
  }
}

type Incoming = { request: IncomingMessage; record: CallRecord; url: URL; body: string }
type Plan = () => Answer | Promise<Answer>

async function planOf(desk: Desk, incoming: Incoming): Promise<Plan> {
  const { request, record, url, body } = incoming
  const authorization = request.headers.authorization
  const parsed = parseJson(body)
  if (parsed === undefined) return () => refusalAnswer(new GitHubRefusal(400, 'Problems parsing JSON'))
  record.requestBody = parsed.value
  if (record.path === '/graphql') {
    record.installation = installationOf(desk, authorization)
    return planGraphql(desk, record, authorization)
  }
  const plan = desk.rest({
    method: record.method,
    path: record.path,
    query: url.searchParams,
    body: parsed.value,
    accept: request.headers.accept ?? '',
    authorization,
  })
  record.route = plan.pattern
  record.installation = installationOf(desk, authorization)
  return plan.carryOut
}

function parseJson(body: string): { value: unknown } | undefined {
  if (body === '') return { value: undefined }
  try {
    return { value: JSON.parse(body) }
  } catch {
    return undefined
  }
}

function installationOf(desk: Desk, authorization: string | undefined): number | null {
  const text = authorization?.split(' ').at(-1) ?? ''
  return desk.tokens.find(desk.world, text)?.installation.id ?? null
}

const CONTENT = /\/(issues|comments|pulls|reviews)$/
const CONTENT_FIELDS = new Set([
  'createIssue',
  'addComment',
  'createPullRequest',
  'addPullRequestReview',
  'createProjectV2StatusUpdate',
  'revertPullRequest',
])

/** How much new content a call makes: in one document each mutation counts. */
function contentOf(record: CallRecord): number {
  if (record.route === '/graphql')
    return record.operations.filter((field) => CONTENT_FIELDS.has(field)).length
  return record.method === 'POST' && CONTENT.test(record.route ?? '') ? 1 : 0
}

async function carryOut(desk: Desk, record: CallRecord, plan: Plan): Promise<Answer> {
  const { limits, world } = desk
  try {
    if (record.installation !== null) {
      limits.spend(record.installation, world.now())
      const wait = limits.create(record.installation, { count: contentOf(record), now: world.now() })
      if (wait !== null) return secondaryLimit(wait)
    }
    return await plan()
  } catch (error) {
    if (error instanceof GitHubRefusal) return refusalAnswer(error, record.method)
    desk.onCrash(record, error)
    return { status: 500, body: { message: `Server Error: ${String(error)}` } }
  }
}

type Outgoing = { request: IncomingMessage; response: ServerResponse; record: CallRecord; answer: Answer }

function send(desk: Desk, outgoing: Outgoing): void {
  const { request, response, record, answer } = outgoing
  const { limits, world } = desk
  record.status = answer.status
  desk.onAnswer(record, answer.body)
  const headers: Record<string, string> = { ...answer.headers }
  const text = textOf(answer)
  let status = answer.status
  if (record.method === 'GET' && status === 200) {
    headers.etag = `W/"${createHash('sha256').update(text).digest('hex')}"`
    if (request.headers['if-none-match'] === headers.etag) status = 304
  }
  if (record.installation !== null) {
    if (status === 304) limits.refund(record.installation, world.now())
    Object.assign(headers, limits.headers(record.installation, world.now()), answer.headers)
  }
  record.status = status
  write(response, { ...answer, status, headers })
}

function textOf(answer: Answer): string {
  return answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body))
}

function write(response: ServerResponse, answer: Answer): void {
  const isJson = answer.text === undefined
  response.writeHead(answer.status, {
    ...(answer.status === 204 || answer.status === 304
      ? {}
      : { 'content-type': isJson ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8' }),
    'x-github-request-id': 'SAND:B0X',
    ...answer.headers,
  })
  response.end(answer.status === 304 || answer.status === 204 ? undefined : textOf(answer))
}

function sendPage(response: ServerResponse, page: PageLike | null): void {
  if (page === null) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('Not Found')
    return
  }
  response.writeHead(page.status, page.headers)
  response.end(page.body)
}

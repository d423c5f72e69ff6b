// What the tests of the GitHub adapters stand on: real clients, described answers, and a record of every call, each checked
// against GitHub's published descriptions.
import { generateKeyPairSync } from 'node:crypto'
import { parse, validate } from 'graphql'
import nock from 'nock'
import { expect } from 'vitest'
import { createGitHub, type GitHub, type InstallationClient } from '../../src/github/client/client.ts'
import type { CallKind } from '../../src/github/client/cost.ts'
import { githubSchema } from '../sandbox/graphql/schema.ts'
import { validateRequest } from '../sandbox/validate/validate.ts'

export const BASE_URL = 'https://api.github.com'
export const APP_ID = 4711
export const REPOSITORY = { owner: 'acme', repo: 'search' }
export const ISSUE = { ...REPOSITORY, number: 42 }

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
export const PRIVATE_KEY = privateKey

type Sent = { method: string; path: string; body: unknown }
type Reply = { status?: number; body?: unknown; headers?: Record<string, string>; lost?: boolean }

export type Stand = {
  gitHub: GitHub
  github: InstallationClient
  /** What was sent, tokens aside, in order. */
  sent: Sent[]
  /** What the bucket was asked for. */
  taken: CallKind[]
  /** Answers the next call of this kind once: `GET /repos/acme/search`, the query compared as part of the path. */
  on(call: string, reply?: Reply): void
  /** Answers the next GET of a path with this very JSON text. */
  onText(path: string, text: string): void
  /** Answers the next GraphQL call whose document names this operation. */
  onGraphql(
    operation: string,
    reply: { data?: unknown; errors?: object[]; headers?: Record<string, string> },
  ): void
  /** Everything described was asked for, nothing else was, and GitHub would have understood it. */
  check(): void
}

// Loaded, it already stands before every call of this process: of other test files too.
nock.restore()

export function startStand(bucket?: { ok: false; afterSeconds: number }, timeoutMs = 5_000): Stand {
  if (!nock.isActive()) nock.activate()
  nock.disableNetConnect()
  const sent: Sent[] = []
  const taken: CallKind[] = []
  const gitHub = createGitHub({
    appId: APP_ID,
    privateKey,
    baseUrl: BASE_URL,
    takeToken: async (_installation, kind) => {
      taken.push(kind)
      return bucket ?? { ok: true }
    },
    log: { warn: () => {} },
    userAgent: 'mayday-test',
    now: Date.now,
    timeoutMs,
  })
  const api = nock(BASE_URL)
  const tokens = nock(BASE_URL).persist()
  tokens.post('/app/installations/7/access_tokens').reply(201, () => ({
    token: 'ghs_test',
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    permissions: {},
    repository_selection: 'all',
  }))
  return {
    gitHub,
    github: gitHub.installation(7),
    sent,
    taken,
    on(call, reply = {}) {
      const [method = 'GET', path = '/'] = call.split(' ')
      const interceptor = api.intercept(path, method)
      if (reply.lost) return void lose(interceptor, sent, { method, path })
      interceptor.reply(async (request: Request) => {
        sent.push({ method, path, body: await bodyOf(request) })
        return [reply.status ?? 200, reply.body ?? {}, { date: new Date().toUTCString(), ...reply.headers }]
      })
    },
    onText(path, text) {
      api.get(path).reply(200, text, { 'content-type': 'application/json' })
    },
    onGraphql(operation, { headers, ...answer }) {
      const names = (body: unknown) => isDocument(body) && body.query.includes(` ${operation}(`)
      api.post('/graphql', names).reply(async (request: Request) => {
        sent.push({ method: 'POST', path: '/graphql', body: await bodyOf(request) })
        return [200, { data: null, ...answer }, { date: new Date().toUTCString(), ...headers }]
      })
    },
    check() {
      expect(api.pendingMocks()).toEqual([])
      expect(sent.flatMap(problemsOf)).toEqual([])
    },
  }
}

export function endStand(): void {
  nock.abortPendingRequests()
  nock.cleanAll()
  nock.enableNetConnect()
  nock.restore()
}

/** The call arrives, its answer does not. */
function lose(interceptor: nock.Interceptor, sent: Sent[], call: { method: string; path: string }): void {
  interceptor.replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
  sent.push({ ...call, body: 'lost' })
}

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text()
  return text === '' ? undefined : JSON.parse(text)
}

/** What GitHub would not understand in a call. */
function problemsOf(call: Sent): string[] {
  if (call.body === 'lost') return []
  if (!isDocument(call.body) || call.path !== '/graphql') return validateRequest(call)
  return problemsOfDocument(call.body.query)
}

export function problemsOfDocument(document: string): string[] {
  return validate(githubSchema(), parse(document)).map(({ message }) => message)
}

function isDocument(body: unknown): body is { query: string } {
  return typeof body === 'object' && body !== null && 'query' in body
}

const OWN = { performed_via_github_app: { id: APP_ID }, user: { login: 'mayday[bot]', type: 'Bot' } }
export const FOREIGN = { performed_via_github_app: null, user: { login: 'mallory', type: 'User' } }
/** Made by some app, of which an older server does not say which. */
export const UNNAMED_BOT = { performed_via_github_app: null, user: { login: 'mayday[bot]', type: 'Bot' } }

export function restComment(comment: object): object {
  return { id: 1, node_id: 'IC_1', html_url: 'https://github.com/c/1', body: '', ...OWN, ...comment }
}

export function restIssue(issue: object): object {
  return {
    id: 900,
    node_id: 'I_900',
    number: 42,
    repository_url: `${BASE_URL}/repos/acme/search`,
    html_url: 'https://github.com/acme/search/issues/42',
    title: 'Search is down',
    body: '',
    state: 'open',
    state_reason: null,
    labels: [],
    assignees: [],
    locked: false,
    created_at: '2026-11-20T10:00:00Z',
    updated_at: '2026-11-20T10:00:00Z',
    closed_at: null,
    ...OWN,
    ...issue,
  }
}

// The set-up page: registers the GitHub App from app.yml and keeps the credentials that GitHub answers with.
import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import {
  type Credentials,
  credentialsFile,
  privateKeySchema,
  SHORTEST_SECRET,
  writeCredentials,
} from '../config/credentials.ts'
import {
  allow,
  answer,
  answerJson,
  type Handler,
  HttpError,
  isLocal,
  pathOf,
  readBody,
} from '../door/http.ts'
import type { Log } from '../log.ts'
import { readManifest } from './manifest.ts'
import { askPage, contentSecurityPolicy, donePage, failedPage, registerPage } from './setup-page.ts'

const LARGEST_FORM = 16 * 1024
/** GitHub keeps a registration open for an hour. */
const STATE_LASTS = 3_600_000
export const WEBHOOK_PATH = '/api/github/webhooks'
const registeredSchema = z.object({
  id: z.int().positive(),
  pem: privateKeySchema,
  webhook_secret: z.string().nullable(),
  html_url: z.url({ protocol: /^https?$/ }),
})

export type SetupOptions = {
  github: { baseUrl: string; webUrl: string }
  dataDir: string
  /** Called once, after the credentials are kept and the last page is answered. */
  onCredentials(credentials: Credentials): void
  /** Milliseconds since the epoch. */
  now(): number
  log: Log
}

type Flow = SetupOptions & { states: Map<string, number>; finished: boolean }

/** Everything that Mayday answers while it has no credentials: the set-up page, for this machine alone. */
export function createSetup(options: SetupOptions): Handler {
  const flow: Flow = { ...options, states: new Map(), finished: false }
  return async (request, response) => {
    const path = pathOf(request)
    if (path === '/healthz') return answerJson(response, 200, { status: 'alive' })
    if (path === '/readyz') return answerJson(response, 503, { status: 'waiting to be set up' })
    if (path === WEBHOOK_PATH) {
      throw new HttpError(503, 'Mayday is waiting to be set up', { 'retry-after': '60' })
    }
    if (!isLocal(request))
      throw new HttpError(403, 'the set-up page is for this machine alone, by http://localhost')
    if (path === '/setup/registered') return finish(flow, request, response)
    if (path !== '/' && path !== '/setup') throw new HttpError(404, 'there is nothing here')
    allow(request, 'GET', 'HEAD', 'POST')
    if (path === '/') {
      response.setHeader('location', '/setup')
      return answer(response, 302, { type: 'text/plain', text: 'The set-up page is at /setup.\n' })
    }
    return request.method === 'POST'
      ? register(flow, request, response)
      : show(flow, response, { status: 200, html: askPage({ address: '', organization: '' }) })
  }
}

/** Step two: the person has said where webhooks arrive; shows what GitHub will be asked for. */
async function register(flow: Flow, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const home = `http://${request.headers.host}`
  if ((request.headers.origin ?? home) !== home) throw new HttpError(403, 'this form belongs to another page')
  const form = new URLSearchParams(
    (await readBody(request, LARGEST_FORM, { left: LARGEST_FORM * 2 })).toString('utf8'),
  )
  const asked = {
    address: form.get('address')?.trim() ?? '',
    organization: form.get('organization')?.trim() ?? '',
  }
  const hook = webhookAddress(asked.address)
  const problem =
    (hook ? undefined : 'The address must begin with https:// (or http://) and name a host.') ??
    (/^[\w-]*$/.test(asked.organization)
      ? undefined
      : 'The organization is the name in its address on GitHub.') ??
    notWritable(flow.dataDir)
  if (!hook || problem) return show(flow, response, { status: 400, html: askPage({ ...asked, problem }) })

  const manifest = readManifest()
  const owner = asked.organization ? `/organizations/${asked.organization}` : ''
  const html = registerPage({
    manifest,
    hook,
    action: `${flow.github.webUrl}${owner}/settings/apps/new?state=${newState(flow)}`,
    body: JSON.stringify({
      ...manifest,
      url: new URL(hook).origin,
      hook_attributes: { url: hook, active: true },
      redirect_url: `${home}/setup/registered`,
    }),
  })
  show(flow, response, { status: 200, html })
}

/** Step three: GitHub sends the person back with a code, good once, that is exchanged for the credentials.
 * https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
async function finish(flow: Flow, request: IncomingMessage, response: ServerResponse): Promise<void> {
  allow(request, 'GET')
  const query = new URLSearchParams(request.url?.split('?')[1] ?? '')
  const code = query.get('code') ?? ''
  if (!takeState(flow, query.get('state') ?? '') || !/^[\w-]{1,200}$/.test(code)) {
    return show(flow, response, {
      status: 400,
      html: failedPage('This registration was not begun here, or more than an hour ago.'),
    })
  }
  const registered = await convert(flow, code)
  if ('problem' in registered)
    return show(flow, response, { status: 502, html: failedPage(registered.problem) })

  const { id, pem, html_url } = registered
  const given = registered.webhook_secret ?? ''
  const replaced = given.length < SHORTEST_SECRET
  const secret = replaced ? randomBytes(32).toString('hex') : given
  const credentials = { appId: id, privateKey: pem, webhookSecrets: [secret] }
  writeCredentials(flow.dataDir, credentials)
  flow.finished = true
  flow.log.info({ appId: id }, 'The app is registered; its credentials are kept')
  response.once('close', () => flow.onCredentials(credentials))
  response.setHeader('connection', 'close')
  show(flow, response, {
    status: 200,
    html: donePage({
      installUrl: `${html_url}/installations/new`,
      settingsUrl: html_url,
      file: credentialsFile(flow.dataDir),
      newSecret: replaced ? secret : undefined,
    }),
  })
}

async function convert(
  flow: Flow,
  code: string,
): Promise<z.infer<typeof registeredSchema> | { problem: string }> {
  try {
    const response = await fetch(`${flow.github.baseUrl}/app-manifests/${code}/conversions`, {
      method: 'POST',
      headers: {
        accept: 'application/vnd.github+json',
        'user-agent': 'mayday',
        'x-github-api-version': '2022-11-28',
      },
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok)
      return {
        problem: `GitHub did not take the code (HTTP ${response.status}): it is good once, for an hour.`,
      }
    const parsed = registeredSchema.safeParse(await response.json())
    return parsed.success ? parsed.data : { problem: 'GitHub answered, but not with credentials.' }
  } catch (error) {
    flow.log.warn({ err: error }, 'GitHub could not be asked for the credentials')
    return { problem: `GitHub could not be reached at ${flow.github.baseUrl}.` }
  }
}

function show(flow: Flow, response: ServerResponse, page: { status: number; html: string }): void {
  response.setHeader('content-security-policy', contentSecurityPolicy(flow.github.webUrl))
  response.setHeader('referrer-policy', 'same-origin')
  response.setHeader('x-frame-options', 'DENY')
  answer(response, page.status, { type: 'text/html; charset=utf-8', text: page.html })
}

function newState(flow: Flow): string {
  const now = flow.now()
  for (const [state, until] of flow.states) if (until <= now) flow.states.delete(state)
  const state = randomBytes(32).toString('hex')
  flow.states.set(state, now + STATE_LASTS)
  return state
}

function takeState(flow: Flow, state: string): boolean {
  const until = flow.states.get(state)
  flow.states.delete(state)
  return !flow.finished && until !== undefined && flow.now() < until
}

/** The address as GitHub must call it: as given, with our path where only a host was given. */
function webhookAddress(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  if (url.pathname === '/') url.pathname = WEBHOOK_PATH
  return url.href
}

function notWritable(directory: string): string | undefined {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    accessSync(directory, constants.W_OK)
    return undefined
  } catch {
    return `Mayday cannot write to ${directory} (DATA_DIR), where the credentials will be kept.`
  }
}

// The HTTP door: size cap, signature, store, answer; health, metrics and alerts.
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { verifyWithFallback } from '@octokit/webhooks-methods'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { actionOf, type Relevant, type Webhook } from './app.ts'
import {
  allow,
  answer,
  answerJson,
  type BodyBudget,
  type Handler,
  HttpError,
  isLocal,
  pathOf,
  readBody,
  refuseLarge,
  sameSecret,
} from './http.ts'

/** GitHub sends no payload larger than 25 MB. */
const LARGEST_WEBHOOK = 25 * 1024 * 1024
/** Eight of the largest payloads at once. */
const HELD_AT_ONCE = 8 * LARGEST_WEBHOOK
const READY_WITHIN = 2_000

/** Database and queue decide whether the instance is ready; GitHub's state is only reported. */
type Readiness = { database: boolean; queue: boolean; github: 'up' | 'down' | 'unknown' }

export type DoorOptions = {
  /** Webhook secrets, the newest first. */
  secrets: readonly string[]
  relevant: Relevant
  /** Resolves once the webhook is stored; its rejection is answered with 503. */
  receive(webhook: Webhook): Promise<void>
  /** Answers everything under `/alerts/`. */
  alerts?: Handler | undefined
  readiness(): Promise<Readiness>
  metrics: Metrics
  metricsToken?: string | undefined
  log: Log
}

/** Everything that Mayday answers while it serves. */
export function createDoor(options: DoorOptions): Handler {
  const budget = { left: HELD_AT_ONCE }
  return async (request, response) => {
    const path = pathOf(request)
    if (path === '/api/github/webhooks') return answerWebhook({ request, response, options, budget })
    if (path.startsWith('/alerts/') && options.alerts) return options.alerts(request, response)
    const route = ROUTES.get(path)
    if (!route) throw new HttpError(404, 'there is nothing here')
    allow(request, 'GET', 'HEAD')
    return route(options, request, response)
  }
}

type RouteHandler = (
  options: DoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>

const ROUTES: ReadonlyMap<string, RouteHandler> = new Map<string, RouteHandler>([
  ['/', answerHome],
  ['/healthz', async (_options, _request, response) => answerJson(response, 200, { status: 'alive' })],
  ['/readyz', answerReadiness],
  ['/metrics', answerMetrics],
])

async function answerWebhook(call: {
  request: IncomingMessage
  response: ServerResponse
  options: DoorOptions
  budget: BodyBudget
}): Promise<void> {
  const { request, response, options, budget } = call
  try {
    const webhook = await readWebhook(request, options.secrets, budget)
    const outcome = await take(webhook, options)
    options.metrics.delivery(outcome)
    answerJson(response, 200, { outcome })
  } catch (error) {
    options.metrics.delivery(error instanceof HttpError && error.status < 500 ? 'refused' : 'failed')
    throw error
  }
}

function isRelevant({ name, payload }: Webhook, relevant: Relevant): boolean {
  return relevant({ event: name, action: actionOf(payload), payload }) !== null
}

async function take(webhook: Webhook, options: DoorOptions): Promise<'accepted' | 'ignored'> {
  try {
    // Most of what GitHub sends concerns no incident: it goes no further than this.
    if (!isRelevant(webhook, options.relevant)) return 'ignored'
    await options.receive(webhook)
    return 'accepted'
  } catch (error) {
    options.log.warn({ err: error, guid: webhook.id, name: webhook.name }, 'A delivery could not be stored')
    throw new HttpError(503, 'the delivery could not be stored', { 'retry-after': '5' })
  }
}

/** Reads and verifies one webhook call; nothing of an unverified body is parsed, kept or logged. The order is by
 * cost: headers, length, signature, JSON. Throws HttpError. */
async function readWebhook(
  request: IncomingMessage,
  secrets: readonly string[],
  budget: BodyBudget,
): Promise<Webhook> {
  if (request.method !== 'POST') throw new HttpError(404, 'webhooks arrive by POST', { allow: 'POST' })
  refuseLarge(request, LARGEST_WEBHOOK)
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'choose the content type application/json in the settings of the webhook')
  }
  const name = header(request, 'x-github-event', /^[a-z_0-9]{1,64}$/)
  const id = header(request, 'x-github-delivery', /^[\x21-\x7e]{1,100}$/)
  const body = await readBody(request, LARGEST_WEBHOOK, budget)
  const text = body.toString('utf8')
  const signature = request.headers['x-hub-signature-256']
  const [newest = '', ...older] = secrets
  const genuine =
    // GitHub signs bytes. The text has the same bytes only if the body is valid UTF-8.
    isUtf8(body) &&
    typeof signature === 'string' &&
    signature !== '' &&
    text !== '' &&
    (await verifyWithFallback(newest, text, signature, older))
  if (!genuine) throw new HttpError(401, 'x-hub-signature-256 does not match the body')
  return { id, name, payload: parseObject(text), body }
}

function header(request: IncomingMessage, name: string, pattern: RegExp): string {
  const text = request.headers[name]
  if (typeof text === 'string' && pattern.test(text)) return text
  throw new HttpError(400, `${name} is missing or malformed`)
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (isObject(parsed)) return parsed
  } catch {
    // Invalid JSON is refused below, like JSON that is not an object.
  }
  throw new HttpError(400, 'the body is not a JSON object')
}

function isObject(parsed: unknown): parsed is Record<string, unknown> {
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
}

async function answerHome(
  _options: DoorOptions,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = 'Mayday is serving. Webhooks arrive at POST /api/github/webhooks.\n'
  answer(response, 200, { type: 'text/plain; charset=utf-8', text })
}

async function answerReadiness(
  options: DoorOptions,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, READY_WITHIN, null).unref())
  const state = await Promise.race([options.readiness().catch(() => null), late])
  const ready = state?.database === true && state.queue
  const told = (up: boolean | undefined) => (up ? 'up' : 'down')
  answerJson(response, ready ? 200 : 503, {
    status: ready ? 'ready' : 'not ready',
    database: told(state?.database),
    queue: told(state?.queue),
    github: state?.github ?? 'unknown',
  })
}

async function answerMetrics(
  options: DoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { metricsToken } = options
  if (metricsToken && !sameSecret(request.headers.authorization ?? '', `Bearer ${metricsToken}`)) {
    throw new HttpError(401, 'expected Authorization: Bearer <METRICS_TOKEN>', {
      'www-authenticate': 'Bearer',
    })
  }
  if (!metricsToken && !isLocal(request)) {
    throw new HttpError(403, 'without METRICS_TOKEN the metrics are told to this machine alone')
  }
  answer(response, 200, await options.metrics.scrape())
}

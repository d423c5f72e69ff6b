// HTTP basics for the door and the set-up page: listening, reading bodies, answering, recognizing local requests.
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import type { Log } from '../log.ts'

/** Answers one request. What it throws is answered too: HttpError as it says, anything else with 500. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A refusal that the caller may see. */
export class HttpError extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

export type Listening = {
  port: number
  /** Stops accepting, lets running answers finish, and cuts those that take longer than `timeoutMs`. */
  stop(timeoutMs?: number): Promise<void>
}

/** Listens; rejects when the address cannot be had. A connection that dawdles over its headers is closed after
 * 10 s, over its body after 14 s plus at most 1 s until the next check. */
export async function listen(options: {
  host: string
  port: number
  handler: Handler
  log: Log
}): Promise<Listening> {
  let stopping = false
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 14_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 60_000,
      noDelay: true,
    },
    (request, response) => {
      if (stopping) response.setHeader('connection', 'close')
      response.once('close', () => stopping && server.closeIdleConnections())
      options
        .handler(request, response)
        .catch((error) => answerError({ request, response, error, log: options.log }))
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${error.code})`
      error.message = `PORT ${options.port} of HOST ${options.host} ${why}: expected a free one`
      reject(error)
    })
    server.listen(options.port, options.host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    stop: (timeoutMs = 5_000) => {
      stopping = true
      return new Promise((resolve) => {
        const impatient = setTimeout(() => server.closeAllConnections(), timeoutMs)
        server.close(() => {
          clearTimeout(impatient)
          resolve()
        })
      })
    },
  }
}

/** Bytes of bodies that may be held at once by all requests together: what strangers send must not fill memory. */
export type BodyBudget = { left: number }

/** Reads a body of at most `limit` bytes. Throws HttpError 413 as soon as it is known to be larger, 503 when too
 * many large bodies arrive at once, and 400 when the caller breaks off. */
export function readBody(request: IncomingMessage, limit: number, budget: BodyBudget): Promise<Buffer> {
  refuseLarge(request, limit)
  const chunks: Buffer[] = []
  let size = 0
  return new Promise<Buffer>((resolve, reject) => {
    const settle = (error: HttpError | null) => {
      request.off('data', take)
      budget.left += size
      if (error) reject(error)
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size))
      size = 0
      chunks.length = 0
    }
    const take = (chunk: Buffer) => {
      size += chunk.length
      budget.left -= chunk.length
      chunks.push(chunk)
      if (size > limit) settle(tooLarge(limit))
      else if (budget.left < 0) settle(new HttpError(503, 'too much at once', { 'retry-after': '5' }))
    }
    request.on('data', take)
    request.once('end', () => settle(null))
    request.once('error', () => settle(new HttpError(400, 'the body broke off')))
  })
}

/** Throws HttpError 413 where the announced length is over the limit already. */
export function refuseLarge(request: IncomingMessage, limit: number): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, `the body is larger than ${limit} bytes`)
}

export function answerJson(response: ServerResponse, status: number, body: object): void {
  answer(response, status, { type: 'application/json', text: `${JSON.stringify(body)}\n` })
}

export function answer(response: ServerResponse, status: number, body: { type: string; text: string }): void {
  response.writeHead(status, {
    'content-type': body.type,
    'content-length': Buffer.byteLength(body.text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  // Text goes out in one write with the headers, bytes in one of their own.
  response.end(response.req.method === 'HEAD' ? undefined : body.text)
}

const DROPPED_AFTER_REFUSAL = 8 * 1024 * 1024

function answerError(failed: {
  request: IncomingMessage
  response: ServerResponse
  error: unknown
  log: Log
}): void {
  const { request, response, error, log } = failed
  if (!(error instanceof HttpError)) log.error({ err: error }, 'An HTTP request failed')
  if (response.headersSent || response.destroyed) return void response.destroy()
  const refusal = error instanceof HttpError ? error : new HttpError(500, 'internal error')
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  answerJson(response, refusal.status, { error: refusal.message })
  if (request.complete) return
  // Closing at once would reset the connection before the caller has read the answer: a little more is dropped first.
  let dropped = 0
  request.on('data', (chunk: Buffer) => {
    dropped += chunk.length
    if (dropped > DROPPED_AFTER_REFUSAL) request.socket.destroy()
  })
  setTimeout(() => request.complete || request.socket.destroy(), 2_000).unref()
}

/** The path without query and without a slash at its end. */
export function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/'
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** Throws HttpError 405 for any other method. */
export function allow(request: IncomingMessage, ...methods: string[]): void {
  if (methods.includes(request.method ?? '')) return
  throw new HttpError(405, `use ${methods.join(' or ')}`, { allow: methods.join(', ') })
}

const FORWARDING = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

/** Whether the request was made on this machine, to this machine: a loopback peer, not through a proxy, and to a
 * loopback name, so that no page of another site can get here by rebinding its name (DNS rebinding). */
export function isLocal(request: IncomingMessage): boolean {
  if (FORWARDING.some((name) => request.headers[name] !== undefined)) return false
  return isLoopback(request.socket.remoteAddress ?? '') && isLoopback(hostname(request.headers.host ?? ''))
}

function isLoopback(host: string): boolean {
  const plain = host.replace(/^::ffff:/i, '')
  return plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

function hostname(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
}

/** Compares in a time that does not tell how much was right. */
export function sameSecret(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

// A door on a real socket with a log that is kept, for the tests of everything that stands in it.
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { connect } from 'node:net'
import type { Webhook } from '../src/door/app.ts'
import { type Handler, type Listening, listen } from '../src/door/http.ts'
import { createDoor, type DoorOptions } from '../src/door/server.ts'
import { createLog, type ProcessLog } from '../src/log.ts'
import { createMetrics } from '../src/metrics.ts'

export const OLD_SECRET = 'the-webhook-secret-that-was-used-until-last-week'
export const SECRET = 'a-webhook-secret-of-thirty-two-characters-or-more'

/** An app's private key, as GitHub hands it out (PKCS#1). */
export const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey

/** A log that keeps its lines. */
export function keptLog(level = 'debug'): { log: ProcessLog; lines: string[] } {
  const lines: string[] = []
  const to = { write: (line: string) => void lines.push(line) }
  return { log: createLog({ level, format: 'json', to }), lines }
}

export async function open(
  handler: Handler,
  log: ProcessLog = keptLog().log,
): Promise<Listening & { url: string }> {
  const listening = await listen({ host: '127.0.0.1', port: 0, handler, log })
  return { ...listening, url: `http://127.0.0.1:${listening.port}` }
}

export function sign(body: string, secret = SECRET, algorithm = 'sha256'): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`
}

/** The headers of a genuine delivery; `undefined` leaves one out. */
export function delivered(
  body: string,
  change: Record<string, string | undefined> = {},
): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': '2d7f7bf0-9cf4-11ef-8a3f-000000000001',
    'x-hub-signature-256': sign(body),
    ...change,
  }
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Writes bytes to a port as they are and gives back what came until the other side closed or fell silent after
 * its first answer. */
export function raw(port: number, write: (send: (text: string) => void) => void): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => write((text) => socket.writable && socket.write(text)))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (/\r\n\r\n.+\n$/s.test(answer)) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(answer))
  })
}

const opened: Listening[] = []

/** Closes what `startDoor` opened; for `afterEach`. */
export async function closeDoors(): Promise<void> {
  await Promise.all(opened.splice(0).map((listening) => listening.stop(100)))
}

/** A serving door that takes any `issues` event and keeps what it received. */
export async function startDoor(change: Partial<DoorOptions> = {}) {
  const received: Webhook[] = []
  const { log, lines } = keptLog()
  const picture = {
    incidents: [],
    milestones: [],
    actionItems: [],
    queueJobs: [],
    oldestWaitingSeconds: 0,
    githubUp: true,
  }
  const metrics = createMetrics(async () => picture)
  const door = createDoor({
    secrets: [SECRET, OLD_SECRET],
    relevant: ({ event, action }) =>
      event === 'issues' && action ? { key: '7/1', installationId: 1, repositoryId: 7 } : null,
    receive: async (webhook) => void received.push(webhook),
    readiness: async () => ({ database: true, queue: true, github: 'up' }),
    metrics,
    log,
    ...change,
  })
  const listening = await open(door, log)
  opened.push(listening)
  const post = (body: string, headers: Record<string, string>, path = '/api/github/webhooks') =>
    fetch(listening.url + path, { method: 'POST', body, headers })
  const get = (path: string, headers: Record<string, string> = {}) => fetch(listening.url + path, { headers })
  return { ...listening, received, lines, metrics, post, get }
}

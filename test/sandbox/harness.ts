// What the sandbox's own tests need: a receiver of webhooks and an authenticated client.
import { createServer } from 'node:http'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { verify } from '@octokit/webhooks-methods'
import type { Sandbox } from './sandbox.ts'

export const SECRET = 'a-secret-of-the-sandbox-of-32-characters'

type Received = {
  event: string
  action: string | null
  guid: string
  headers: Record<string, string>
  payload: Record<string, unknown>
  signed: boolean
}

export type Receiver = {
  url: string
  received: Received[]
  /** `issues.opened`, in order of arrival. */
  events: () => string[]
  /** The status of the next answers; 200 by default. */
  answer: number
  stop: () => Promise<void>
}

/** Listens on a free port of this machine and checks every signature. */
export async function listen(): Promise<Receiver> {
  const received: Received[] = []
  const receiver: Receiver = {
    url: '',
    received,
    events: () => received.map(({ event, action }) => (action === null ? event : `${event}.${action}`)),
    answer: 200,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const body = Buffer.concat(chunks).toString()
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
    )
    const payload: Record<string, unknown> = JSON.parse(body)
    received.push({
      event: headers['x-github-event'] ?? '',
      action: typeof payload.action === 'string' ? payload.action : null,
      guid: headers['x-github-delivery'] ?? '',
      headers,
      payload,
      signed: await verify(SECRET, body, headers['x-hub-signature-256'] ?? ''),
    })
    response.writeHead(receiver.answer).end('done')
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  receiver.url = `http://localhost:${address.port}/api/github/webhooks`
  return receiver
}

export type Client = Octokit

/** As the installation on acme. */
export async function appClient(
  sandbox: Sandbox,
  installationId = sandbox.installations.of().id,
): Promise<Client> {
  return new Octokit({
    baseUrl: `${sandbox.url}/api/v3`,
    authStrategy: createAppAuth,
    auth: { appId: sandbox.app.id, privateKey: sandbox.app.privateKey, installationId },
    log: QUIET,
  })
}

/** As the app itself. */
export function jwtClient(
  sandbox: Sandbox,
  privateKey = sandbox.app.privateKey,
  appId = sandbox.app.id,
): Client {
  return new Octokit({
    baseUrl: `${sandbox.url}/api/v3`,
    authStrategy: createAppAuth,
    auth: { appId, privateKey },
    log: QUIET,
  })
}

const nothing = (): void => undefined
/** For clients that are refused on purpose. */
export const QUIET = { debug: nothing, info: nothing, warn: nothing, error: nothing }

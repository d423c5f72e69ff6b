// The Probot app: subscribes to webhooks and stores each of them, nothing else.
import { type ApplicationFunction, Probot, ProbotOctokit } from 'probot'
import type { Routing } from '../github/webhook/relevant.ts'
import type { ProcessLog } from '../log.ts'
import type { Intake } from './intake.ts'

/** The events of app.yml, and those about installations, which GitHub sends without a subscription. */
export const HEARD = [
  'deployment_status',
  'installation',
  'installation_repositories',
  'issue_comment',
  'issues',
  'projects_v2_item',
  'pull_request',
  'pull_request_review',
  'push',
  'repository',
] as const

/** Says how a delivery is routed; null: nobody here needs it. Pure. */
export type Relevant = (call: {
  event: string
  action: string | null
  payload: Record<string, unknown>
}) => Routing | null

/** A verified webhook call as Probot's `receive` takes it, and the body from which `payload` was parsed. */
export type Webhook = { id: string; name: string; payload: Record<string, unknown>; body: Buffer }

// Probot passes on the payload alone.
const BODIES = new WeakMap<object, Buffer>()

/** The application function for Probot's `load`. A handler ends when the delivery is stored. The queue does the work, because
 * GitHub waits ten seconds at most and never retries by itself. */
export function createApp(options: { relevant: Relevant; store: Intake['store'] }): ApplicationFunction {
  return (app) => {
    app.on([...HEARD], async ({ id, name, payload }) => {
      const action = actionOf(payload)
      const routing = options.relevant({ event: name, action, payload: { ...payload } })
      if (!routing) return
      const body = BODIES.get(payload) ?? Buffer.from(JSON.stringify(payload))
      await options.store({ ...routing, guid: id, event: name, action, payload: body })
    })
  }
}

/** The `action` of a payload; null where there is none or it is not a word. */
export function actionOf(payload: object): string | null {
  const action = 'action' in payload ? payload.action : null
  return typeof action === 'string' && /^[a-z_]{1,64}$/.test(action) ? action : null
}

// Probot makes a GitHub client for each webhook, which takes longer than reading the webhook. No handler calls GitHub; this
// client would reject.
const Mute = ProbotOctokit.defaults({
  authStrategy: ({ octokit }: { octokit: unknown }) =>
    Object.assign(async () => octokit, {
      hook: () => Promise.reject(new Error('only the workers call GitHub')),
    }),
})

/** A Probot that runs the app behind our own door. Probot's HTTP middleware is not used: it reads bodies without a limit, logs
 * unverified payloads and answers 202 before they are stored. Its log is silent, because it prints payloads at `debug` and
 * repeats failures that the door logs. The result rejects when a handler failed. */
export async function createReceiver(options: {
  appId: number
  privateKey: string
  secret: string
  baseUrl: string
  app: ApplicationFunction
  log: ProcessLog
}): Promise<(webhook: Webhook) => Promise<void>> {
  const { app, appId, privateKey, secret, baseUrl } = options
  const log = options.log.child({}, { level: 'silent' })
  const probot = new Probot({ appId, privateKey, secret, baseUrl, log, Octokit: Mute })
  await probot.load(app)
  // The door does not type GitHub's payloads: `relevant` reads them.
  return ({ body, ...webhook }) => {
    BODIES.set(webhook.payload, body)
    return probot.receive(webhook as Parameters<typeof probot.receive>[0])
  }
}

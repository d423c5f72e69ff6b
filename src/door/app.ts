// The Probot app: which webhooks Mayday hears, and that hearing one means storing it, nothing else.
import { type ApplicationFunction, Probot, ProbotOctokit } from 'probot'
import type { ProcessLog } from '../log.ts'

/** The events that Mayday subscribes to (app.yml) and those about installations, which GitHub always sends. */
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

/** What a delivery is about: deliveries with the same key are worked on one after the other. */
export type Subject = {
  key: string
  installationId: number
  repositoryId: number | null
  /** What somebody did, and when (milliseconds); null where nothing else would tell it. */
  act?: { act: string; happenedAt: number } | null
}

/** Says what a delivery is about, or null where nobody here needs it. Pure. */
export type Relevant = (
  event: string,
  action: string | null,
  payload: Record<string, unknown>,
) => Subject | null

/** A delivery as it is stored; `payload` is JSON in UTF-8. */
export type OfferedDelivery = Subject & {
  guid: string
  event: string
  action: string | null
  payload: Buffer
}

/** Resolves once the delivery is stored durably, or was before; rejects where that failed. */
export type Offer = (delivery: OfferedDelivery) => Promise<'stored' | 'known'>

/** A verified webhook call, in the words of Probot's `receive`, and its body, from which `payload` was read. */
export type Webhook = { id: string; name: string; payload: Record<string, unknown>; body: Buffer }

// Probot hands on the payload alone.
const BODIES = new WeakMap<object, Buffer>()

/** The application function, for Probot's `load`. A handler ends when the delivery is stored; the work itself is
 * the queue's, because GitHub waits ten seconds at most and never sends again by itself. */
export function createApp(options: { relevant: Relevant; offer: Offer }): ApplicationFunction {
  return (app) => {
    app.on([...HEARD], async ({ id, name, payload }) => {
      const action = actionOf(payload)
      const subject = options.relevant(name, action, { ...payload })
      if (!subject) return
      const body = BODIES.get(payload) ?? Buffer.from(JSON.stringify(payload))
      await options.offer({ ...subject, guid: id, event: name, action, payload: body })
    })
  }
}

/** `action` of a payload, null for the events that have none and where it is no word. */
export function actionOf(payload: object): string | null {
  const action = 'action' in payload ? payload.action : null
  return typeof action === 'string' && /^[a-z_]{1,64}$/.test(action) ? action : null
}

// Probot makes a GitHub client for each webhook, which takes longer than reading it; nobody here calls GitHub, and whoever
// did would be refused.
const Mute = ProbotOctokit.defaults({
  authStrategy: ({ octokit }: { octokit: unknown }) =>
    Object.assign(async () => octokit, {
      hook: () => Promise.reject(new Error('GitHub is asked by the workers alone')),
    }),
})

/** A Probot that runs the app behind our own door. It never sees an HTTP request: its own middleware reads bodies
 * without a limit, logs what it could not verify and answers 202 for what is not stored yet. Its log is closed because it
 * prints payloads at `debug`, and failures that the door tells already. The result rejects where a handler
 * failed. */
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
  // The door knows nothing of GitHub's payload types; `relevant` is what looks into them.
  return ({ body, ...webhook }) => {
    BODIES.set(webhook.payload, body)
    return probot.receive(webhook as Parameters<typeof probot.receive>[0])
  }
}

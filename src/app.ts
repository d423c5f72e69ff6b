// The Probot app: which webhooks Mayday hears, and that hearing one means storing it, nothing else.
import { type ApplicationFunction, Probot } from 'probot'
import type { Log } from './log.ts'

/** The events that Mayday subscribes to (app.yml) and those about installations, which GitHub always sends. */
export const HEARD = [
  'check_run',
  'check_suite',
  'deployment_status',
  'installation',
  'installation_repositories',
  'installation_target',
  'issue_comment',
  'issues',
  'projects_v2_item',
  'pull_request',
  'pull_request_review',
  'push',
  'repository',
  'status',
  'sub_issues',
  'workflow_run',
] as const

/** What a delivery is about: deliveries with the same key are worked on one after the other. */
export type Subject = { key: string; installationId: number; repositoryId: number | null }

/** Says what a delivery is about, or null where nobody here needs it. Pure. */
export type Relevant = (
  event: string,
  action: string | null,
  payload: Record<string, unknown>,
) => Subject | null

/** A delivery as it is stored; `payload` is JSON text. */
export type OfferedDelivery = Subject & {
  guid: string
  event: string
  action: string | null
  payload: string
}

/** Resolves once the delivery is stored durably, or was before; rejects where that failed. */
export type Offer = (delivery: OfferedDelivery) => Promise<'stored' | 'known'>

/** A verified webhook call, in the words of Probot's `receive`. */
export type Webhook = { id: string; name: string; payload: Record<string, unknown> }

/** The application function, for Probot's `load`. A handler ends when the delivery is stored; the work itself is
 * the queue's, because GitHub waits ten seconds at most and never sends again by itself. */
export function createApp(options: { relevant: Relevant; offer: Offer }): ApplicationFunction {
  return (app) => {
    app.on([...HEARD], async ({ id, name, payload }) => {
      const action = actionOf(payload)
      const subject = options.relevant(name, action, { ...payload })
      if (!subject) return
      await options.offer({ ...subject, guid: id, event: name, action, payload: JSON.stringify(payload) })
    })
  }
}

/** `action` of a payload, null for the events that have none. */
export function actionOf(payload: object): string | null {
  return 'action' in payload && typeof payload.action === 'string' ? payload.action : null
}

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
  log: Log
}): Promise<(webhook: Webhook) => Promise<void>> {
  const { app, appId, privateKey, secret, baseUrl } = options
  const log = options.log.child({}, { level: 'silent' })
  const probot = new Probot({ appId, privateKey, secret, baseUrl, log })
  await probot.load(app)
  // The door knows nothing of GitHub's payload types; `relevant` is what looks into them.
  return (webhook) => probot.receive(webhook as Parameters<typeof probot.receive>[0])
}

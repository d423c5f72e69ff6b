// Reads GitHub's log of the app's webhook deliveries, and asks for lost deliveries again.
import { z } from 'zod'
import type { AppClient } from '../client/client.ts'
import { Refused } from '../client/errors.ts'

export type DeliveryAttempt = {
  /** GitHub's number of this attempt, as text: it is larger than a JavaScript number can hold. */
  id: string
  /** The delivery's own id, the same over all its attempts: `X-GitHub-Delivery`. */
  guid: string
  /** Milliseconds. */
  deliveredAt: number
  redelivery: boolean
  statusCode: number
  event: string
  action: string | null
  installationId: number | null
  repositoryId: number | null
}

// A page holds 100. An hour of a busy account is found whole; what is beyond this is found on GitHub by healing.
const PAGES_AT_MOST = 200
/** GitHub's own; on an Enterprise server seven days, of which the newest three are looked through. */
const LOG_KEPT_FOR = 3 * 24 * 60 * 60_000

/** The attempts since a time (milliseconds), newest first. Only the app itself may ask, not an installation. */
export async function listDeliveries(
  { rest }: AppClient,
  since: number,
  pagesAtMost = PAGES_AT_MOST,
): Promise<DeliveryAttempt[]> {
  const found: DeliveryAttempt[] = []
  const pages = rest.paginate.iterator(rest.apps.listWebhookDeliveries, { per_page: 100 })
  let page = 0
  for await (const { data } of pages) {
    page += 1
    const attempts = data.map((item) => ({
      id: String(item.id),
      guid: item.guid,
      deliveredAt: Date.parse(item.delivered_at),
      redelivery: item.redelivery,
      statusCode: item.status_code,
      event: item.event,
      action: item.action,
      installationId: item.installation_id,
      repositoryId: item.repository_id,
    }))
    const recent = attempts.filter(({ deliveredAt }) => deliveredAt >= since)
    found.push(...recent)
    if (recent.length < attempts.length || page === pagesAtMost) break
  }
  return found
}

/** A delivery with what it said. */
export type DeliveryContent = { guid: string; event: string; action: string | null; payload: object }

/** By its guid or by the number of one of its attempts; null where GitHub's log no longer has it. */
export async function findDelivery(
  app: AppClient,
  name: string,
  now: number,
): Promise<DeliveryContent | null> {
  const byGuid = name.includes('-')
  const attempts = byGuid ? await listDeliveries(app, now - LOG_KEPT_FOR) : []
  const id = byGuid ? attempts.find(({ guid }) => guid === name.toLowerCase())?.id : name
  if (id === undefined) return null
  try {
    const { data } = await app.rest.request(`GET /app/hook/deliveries/${encodeURIComponent(id)}`)
    return contentSchema.parse(data)
  } catch (error) {
    if (error instanceof Refused && (error.kind === 'missing' || error.kind === 'invalid')) return null
    throw error
  }
}

const contentSchema = z
  .object({
    guid: z.string(),
    event: z.string(),
    action: z.string().nullable(),
    request: z.object({ payload: z.record(z.string(), z.unknown()).nullable() }),
  })
  .transform(({ request, ...rest }) => ({ ...rest, payload: request.payload ?? {} }))

/** Of the deliveries of which no attempt was answered with 2xx, the newest attempt each, oldest first: what to ask for
 * again. */
export function undelivered(attempts: readonly DeliveryAttempt[]): DeliveryAttempt[] {
  const arrived = new Set(attempts.filter(({ statusCode }) => isGood(statusCode)).map(({ guid }) => guid))
  const newest = new Map<string, DeliveryAttempt>()
  for (const attempt of attempts) {
    if (arrived.has(attempt.guid)) continue
    const known = newest.get(attempt.guid)
    if (!known || known.deliveredAt < attempt.deliveredAt) newest.set(attempt.guid, attempt)
  }
  return [...newest.values()].sort((a, b) => a.deliveredAt - b.deliveredAt)
}

/** Asks GitHub to deliver again. False when GitHub no longer can: after three days, or with the hook gone. */
export async function redeliver({ rest }: AppClient, id: string): Promise<boolean> {
  try {
    await rest.request(`POST /app/hook/deliveries/${encodeURIComponent(id)}/attempts`)
    return true
  } catch (error) {
    if (error instanceof Refused && (error.kind === 'missing' || error.kind === 'invalid')) return false
    throw error
  }
}

function isGood(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300
}

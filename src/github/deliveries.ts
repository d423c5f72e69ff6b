// The app's own log of webhook deliveries at GitHub, by which lost ones are found and asked for again.
import type { AppClient } from './client.ts'
import { Refused } from './errors.ts'

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

// A page holds 100: enough for a busy day; the sweep comes back.
const PAGES_AT_MOST = 50

/** The attempts since a time (milliseconds), newest first. Only the app itself may ask, not an installation. */
export async function listDeliveries({ rest }: AppClient, since: number): Promise<DeliveryAttempt[]> {
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
    if (recent.length < attempts.length || page === PAGES_AT_MOST) break
  }
  return found
}

/** Of the deliveries of which no attempt was answered with 2xx, the newest attempt each: what to ask for again. */
export function undelivered(attempts: readonly DeliveryAttempt[]): DeliveryAttempt[] {
  const arrived = new Set(attempts.filter(({ statusCode }) => isGood(statusCode)).map(({ guid }) => guid))
  const newest = new Map<string, DeliveryAttempt>()
  for (const attempt of attempts) {
    if (arrived.has(attempt.guid)) continue
    const known = newest.get(attempt.guid)
    if (!known || known.deliveredAt < attempt.deliveredAt) newest.set(attempt.guid, attempt)
  }
  return [...newest.values()]
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

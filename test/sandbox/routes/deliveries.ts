// REST: the app's log of deliveries, and redelivery.
import { type Answer, type Call, ok, type Route } from '../api.ts'
import type { Deliveries, Delivery } from '../deliveries.ts'
import { notFound } from '../world/rules.ts'

function deliveryShape(delivery: Delivery): Record<string, unknown> {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.at).toISOString(),
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.duration * 100) / 100,
    status: delivery.status ?? 'pending',
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installation?.id ?? null,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  }
}

/** Newest first, by cursor; one that is still on its way is not in the log. */
function listDeliveries(deliveries: Deliveries) {
  return (call: Call): Answer => {
    const { query } = call
    const status = query.get('status')
    const cursor = Number(query.get('cursor') ?? Number.POSITIVE_INFINITY)
    const redelivered = query.get('redelivery')
    const found = deliveries.log
      .filter(
        (each) =>
          each.status !== null &&
          each.id < cursor &&
          (status === null || (each.status === 'OK') === (status === 'success')) &&
          (redelivered === null || String(each.redelivery) === redelivered),
      )
      .reverse()
    const size = Math.min(100, Number(query.get('per_page') ?? 30) || 30)
    const page = found.slice(0, size)
    const last = page.at(-1)
    const next = new URLSearchParams(query)
    next.set('cursor', String(last?.id ?? 0))
    const more = found.length > size
    const headers: Record<string, string> = more
      ? { link: `<${call.world.apiUrl}/app/hook/deliveries?${next}>; rel="next"` }
      : {}
    return { status: 200, body: page.map(deliveryShape), headers }
  }
}

function deliveryOf(deliveries: Deliveries, call: Call): Delivery {
  const found = deliveries.log.find((each) => each.id === Number(call.params.delivery_id))
  if (found === undefined) throw notFound()
  return found
}

function getDelivery(deliveries: Deliveries) {
  return (call: Call): Answer => {
    const delivery = deliveryOf(deliveries, call)
    return ok({
      ...deliveryShape(delivery),
      url: '',
      request: { headers: delivery.requestHeaders, payload: delivery.payload },
      response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
    })
  }
}

export function deliveryRoutes(deliveries: Deliveries): Route[] {
  const one = '/app/hook/deliveries/{delivery_id}'
  const config = (): Answer =>
    ok({
      url: deliveries.hook.url ?? '',
      content_type: deliveries.hook.contentType,
      insecure_ssl: deliveries.hook.insecureSsl,
      ...(deliveries.hook.secret && { secret: '********' }),
    })
  return [
    { method: 'GET', pattern: '/app/hook/config', by: 'app', handle: config },
    { method: 'GET', pattern: '/app/hook/deliveries', by: 'app', handle: listDeliveries(deliveries) },
    { method: 'GET', pattern: one, by: 'app', handle: getDelivery(deliveries) },
    {
      method: 'POST',
      pattern: `${one}/attempts`,
      by: 'app',
      handle: (call) => {
        deliveries.redeliver(deliveryOf(deliveries, call))
        return { status: 202, body: {} }
      },
    },
  ]
}

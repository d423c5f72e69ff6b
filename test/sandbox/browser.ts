// What a browser asks of the sandbox: its pages, and the registration of an app.
import type { IncomingMessage } from 'node:http'
import type { Deliveries } from './deliveries.ts'
import { type Registration, register } from './manifest.ts'
import type { PageLike } from './server.ts'

export type Browser = {
  registration: Registration
  deliveries: Deliveries
  advance: (ms: number) => void | Promise<void>
}

export async function browse(
  browser: Browser,
  request: IncomingMessage,
  body: string,
): Promise<PageLike | null> {
  const { method = 'GET', url = '/', headers } = request
  if (method === 'POST' && /^\/(organizations\/[^/]+\/)?settings\/apps\/new(\?|$)/.test(url)) {
    return sendRegistration(browser.registration, url, body)
  }
  // At its first use: most tests never look at a page.
  const { handlePage } = await import('./pages/page.ts')
  const { deliveries, advance } = browser
  return handlePage(
    browser.registration.world,
    { method, url, headers, body },
    {
      advance,
      deliveries: () => deliveries.log,
      redeliver: (id) => {
        const found = deliveries.log.find((each) => each.id === id)
        if (found !== undefined) deliveries.redeliver(found)
      },
    },
  )
}

function sendRegistration(registration: Registration, url: string, body: string): PageLike {
  const form = new URLSearchParams(body)
  const state = new URL(url, registration.world.url).searchParams.get('state')
  if (state !== null) form.set('state', state)
  const answer = register(registration, form)
  return { status: answer.status, headers: answer.headers ?? {}, body: answer.text ?? '' }
}

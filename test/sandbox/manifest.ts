// Registration of an app from a manifest: GitHub's page takes it, sends the browser back with a code.
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Answer } from './api.ts'
import { appShape } from './shape/account.ts'
import type { World } from './world/world.ts'

const manifest = z.object({
  name: z.string().exactOptional(),
  url: z.string(),
  redirect_url: z.string(),
  hook_attributes: z.object({ url: z.string() }).exactOptional(),
  default_events: z.array(z.string()).default([]),
  default_permissions: z.record(z.string(), z.string()).default({}),
})

/** Events that no manifest may name, and those that need a permission. */
const UNSUBSCRIBABLE = ['installation', 'installation_repositories']

export type Registration = {
  world: World
  conversions: Map<string, () => unknown>
  privateKey: string
  secret: string
}

/** The page `/settings/apps/new`, of a person or an organization, after its form was sent. */
export function register(registration: Registration, form: URLSearchParams): Answer {
  const { world, conversions } = registration
  const parsed = manifest.safeParse(readJson(form.get('manifest') ?? ''))
  if (!parsed.success) return { status: 422, text: `Invalid manifest: ${parsed.error.message}` }
  const bad = parsed.data.default_events.filter((event) => UNSUBSCRIBABLE.includes(event))
  if (bad.length > 0) return { status: 422, text: `Default events unsupported: ${bad.join(', ')}` }
  const code = randomBytes(20).toString('hex')
  conversions.set(code, () => ({
    ...appShape(world),
    client_id: world.app.clientId,
    client_secret: randomBytes(20).toString('hex'),
    webhook_secret: registration.secret,
    pem: registration.privateKey,
  }))
  const back = new URL(parsed.data.redirect_url)
  back.searchParams.set('code', code)
  const state = form.get('state')
  if (state !== null) back.searchParams.set('state', state)
  return { status: 302, headers: { location: back.href }, text: '' }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

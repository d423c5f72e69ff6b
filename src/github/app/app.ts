// The app's registration on GitHub: its name, permissions, events and webhook address.
import type { AppClient } from '../client/client.ts'

export type AppFacts = {
  slug: string
  name: string
  /** Who owns the registration, and so where its settings are. */
  owner: { login: string; organization: boolean }
  permissions: Readonly<Record<string, string>>
  events: readonly string[]
  /** GitHub's clock when it answered, in milliseconds; whole seconds. */
  answeredAt: number | null
}

/** Asked with the app's own key, so that an answer proves the key. */
export async function readApp({ rest }: AppClient): Promise<AppFacts> {
  const { data, headers } = await rest.apps.getAuthenticated()
  if (!data) throw new Error('GitHub did not say which app this is')
  const { owner } = data
  const login = 'login' in owner ? owner.login : (owner.slug ?? '')
  const answeredAt = Date.parse(headers.date ?? '')
  return {
    slug: data.slug ?? '',
    name: data.name,
    owner: { login, organization: 'type' in owner && owner.type === 'Organization' },
    permissions: Object.fromEntries(
      Object.entries(data.permissions).flatMap(([name, level]) => (level ? [[name, level]] : [])),
    ),
    events: data.events,
    answeredAt: Number.isNaN(answeredAt) ? null : answeredAt,
  }
}

export type Hook = { url: string; json: boolean; secret: boolean; certificateChecked: boolean }

/** GitHub shows whether there is a secret, not which. */
export async function readHook({ rest }: AppClient): Promise<Hook> {
  const { data } = await rest.apps.getWebhookConfigForApp()
  return {
    url: data.url ?? '',
    json: data.content_type === 'json',
    secret: Boolean(data.secret),
    certificateChecked: String(data.insecure_ssl ?? '0') === '0',
  }
}

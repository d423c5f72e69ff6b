// The doctor's checks of the app: its key, its clock, its registration, and whether its webhooks arrive.
import type { Settings } from '../config/env.ts'
import { type AppFacts, readApp, readHook } from '../github/app/app.ts'
import { listDeliveries, undelivered } from '../github/app/deliveries.ts'
import type { AppClient } from '../github/client/client.ts'
import { Unreachable } from '../github/client/errors.ts'
import { readManifest } from '../setup/manifest.ts'
import { WEBHOOK_PATH } from '../setup/setup.ts'
import { type Finding, good, wrong } from './finding.ts'
import { lacking, losses } from './permissions.ts'
import { counted } from './terminal.ts'

/** GitHub refuses a key's signature that is a minute off. */
const SKEW_MS = 30_000
const DAY = 24 * 60 * 60_000
/** Pages of a hundred deliveries that are looked at. */
const PAGES = 5

type About = { settings: Settings; appId: number; now: number }

/** Returns what GitHub says of the app; null where it says nothing. */
export async function* checkApp(
  client: AppClient,
  about: About,
): AsyncGenerator<Finding, AppFacts | null, undefined> {
  const { github } = about.settings
  let app: AppFacts
  try {
    app = await readApp(client)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    yield /credentials/.test(error.message)
      ? wrong(
          `credentials: GitHub does not accept the private key of app ${about.appId}`,
          'check APP_ID and the clock of this machine; else make a new private key on the settings page of the app and put it into PRIVATE_KEY',
        )
      : wrong(
          `GitHub: no answer from ${github.baseUrl} (${error.message})`,
          'check GHE_HOST, the network and the proxy, and https://www.githubstatus.com',
        )
    return null
  }
  yield good(`credentials: GitHub knows the key; the app is ${app.name} (${app.slug}) of ${app.owner.login}`)
  yield checkClock(app, about.now)
  const settingsPage = settingsPageOf(app, github.webUrl)
  yield* checkRegistration(app, settingsPage)
  yield* checkHook(client, settingsPage)
  yield await checkDeliveries(client, { settingsPage, now: about.now })
  return app
}

const settingsPageOf = ({ owner, slug }: AppFacts, webUrl: string): string =>
  `${webUrl}${owner.organization ? `/organizations/${owner.login}` : ''}/settings/apps/${slug}`

function checkClock({ answeredAt }: AppFacts, now: number): Finding {
  if (answeredAt === null) return good('clock: GitHub did not say its time')
  const skew = now - answeredAt
  if (Math.abs(skew) < SKEW_MS) return good("clock: agrees with GitHub's")
  const seconds = Math.round(Math.abs(skew) / 1000)
  return wrong(
    `clock: ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} GitHub's`,
    'set the clock of this machine (NTP)',
  )
}

function* checkRegistration(app: AppFacts, settingsPage: string): Generator<Finding> {
  const manifest = readManifest()
  const missing = lacking(app.permissions, manifest.default_permissions)
  const deaf = manifest.default_events.filter((event) => !app.events.includes(event))
  if (missing.length > 0)
    yield wrong(
      `permissions: the app does not ask for ${losses(missing)}`,
      `add them at ${settingsPage}/permissions, then let each account accept`,
    )
  if (deaf.length > 0)
    yield wrong(
      `events: the app does not hear ${deaf.join(', ')}`,
      `subscribe to them at ${settingsPage}/permissions`,
    )
  if (missing.length === 0 && deaf.length === 0)
    yield good('registration: permissions and events are those of app.yml')
}

async function* checkHook(client: AppClient, settingsPage: string): AsyncGenerator<Finding> {
  const hook = await readHook(client)
  const problems: [boolean, string, string][] = [
    [hook.url === '', 'webhook: no address', `enter https://your.host${WEBHOOK_PATH} as webhook URL`],
    [
      hook.url !== '' && !hook.url.endsWith(WEBHOOK_PATH),
      `webhook: ${hook.url} does not end in ${WEBHOOK_PATH}`,
      'correct it, unless your proxy forwards that address',
    ],
    [
      !hook.secret,
      'webhook: no secret, so that Mayday refuses every call',
      'enter the first of WEBHOOK_SECRET',
    ],
    [!hook.json, 'webhook: the content type is not application/json', 'choose application/json'],
    [
      !hook.certificateChecked,
      'webhook: certificates are not checked',
      'enable SSL verification, or anybody on the way reads along',
    ],
  ]
  const found = problems.filter(([is]) => is)
  for (const [, what, remedy] of found) yield wrong(what, `${remedy}: ${settingsPage}`)
  if (found.length === 0) yield good(`webhook: ${hook.url}, JSON, with a secret`)
}

async function checkDeliveries(
  client: AppClient,
  { settingsPage, now }: { settingsPage: string; now: number },
): Promise<Finding> {
  const attempts = await listDeliveries(client, now - DAY, PAGES)
  const all = new Set(attempts.map(({ guid }) => guid)).size
  const lost = undelivered(attempts)
  const rate = `deliveries: ${all - lost.length} of the last ${all} within a day arrived`
  const last = lost[0]
  if (!last) return good(all === 0 ? 'deliveries: none within a day' : rate)
  return wrong(
    `${rate}; the last of ${counted(lost.length, 'failure')} ended with ${last.statusCode || 'no answer'}`,
    `${remedyFor(last.statusCode)} (${settingsPage}/advanced lists them; Mayday asks for them again by itself)`,
  )
}

function remedyFor(status: number): string {
  if (status === 400 || status === 401)
    return 'the secret at GitHub is none of WEBHOOK_SECRET: make them the same'
  if (status === 404) return `the address leads elsewhere: it must end in ${WEBHOOK_PATH}`
  if (status === 503) return 'Mayday could not store them: look at its log and at /readyz'
  return 'GitHub does not reach Mayday: check that it runs, its proxy and its firewall'
}

// P40: No secret and no word that people wrote gets into the log, and no secret into the database, comments or metrics.
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { onPgliteAtLeast, type Place } from '../database/backends.ts'
import { OLD_SECRET } from '../door.ts'
import { type AppProcess, startApp } from '../sandbox/app-process.ts'
import { SECRET } from '../sandbox/harness.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { openAsItIs } from './migrating.ts'

const PASSWORD = 'pass/word-of-the-database'
const METRICS_TOKEN = 'metrics-token-of-the-canary'
const ALERT_TOKEN = 'alert-token-of-the-canary'
const VARIABLES = {
  METRICS_TOKEN,
  ALERT_TOKENS: `generic:acme=${ALERT_TOKEN}`,
  WEBHOOK_SECRET: `${SECRET},${OLD_SECRET}`,
  LOG_LEVEL: 'trace',
  NODE_OPTIONS: `--import ${new URL('./breaking.ts', import.meta.url).href}`,
}
/** What people say; every word of it is known to nobody but GitHub and the timeline. */
const SAID = {
  title: 'Canarytitle of the outage',
  body: 'Canarybody: customers see an empty page',
  note: 'Canarynote: the index is gone',
  refused: 'Canaryanswer that quotes what was sent',
}

/** As an operator would give it: with a password, which the address must carry encoded. */
function withPassword({ databaseUrl, dataDir }: Place): Place {
  if (!databaseUrl) return { dataDir }
  const url = new URL(databaseUrl)
  url.password = encodeURIComponent(PASSWORD)
  return { databaseUrl: url.href, dataDir }
}

/** The values that must stay hidden, by name. */
function secretsOf(sandbox: Sandbox): Record<string, RegExp> {
  const literally = (text: string): RegExp => new RegExp(text.replaceAll(/[^\w-]/g, '\\$&'))
  const middle = sandbox.app.privateKey.split('\n')[5] ?? ''
  expect(middle).toHaveLength(64)
  return {
    'private key': literally(middle),
    'webhook secret': literally(SECRET),
    'old webhook secret': literally(OLD_SECRET),
    'metrics token': literally(METRICS_TOKEN),
    'alert token': literally(ALERT_TOKEN),
    'database password': literally(PASSWORD),
    'encoded database password': literally(encodeURIComponent(PASSWORD)),
    'installation token': /ghs_\w{10}/,
    'app token': /eyJ[\w-]{10,}\./,
  }
}

const found = (text: string, canaries: Record<string, RegExp>): string[] =>
  Object.entries(canaries).flatMap(([name, canary]) => {
    const at = text.search(canary)
    return at < 0 ? [] : [`${name}: ${text.slice(Math.max(0, at - 120), at + 80)}`]
  })

/** Every row of every table as text, but for the one column that keeps what GitHub sent. */
async function dumpOf(place: Place): Promise<string> {
  const database = await openAsItIs(place)
  await database.query(`UPDATE mayday.deliveries SET payload = ''`)
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('mayday', 'pgboss')`,
  )
  const rows: string[] = []
  for (const { name } of tables) {
    const texts = await database.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`)
    rows.push(...texts.map(({ text }) => text))
  }
  await database.close()
  return rows.join('\n')
}

onPgliteAtLeast('a bad night at the log level trace', (_open, plain) => {
  test('keeps secrets and people to itself', async () => {
    const place = withPassword(plain)
    let offset = 0
    const now = (): number => Date.now() + offset
    const sandbox = await startSandbox({ secret: SECRET, now, validate: false })
    const start = async () => {
      const app = await startApp({ sandbox, secret: SECRET, ...place, at: now(), env: VARIABLES })
      sandbox.setWebhookUrl(app.webhookUrl)
      return app
    }
    /** Gives what waits for later its time. */
    const until = async (app: AppProcess, seen: () => boolean) => {
      for (let waits = 0; !seen(); waits += 1) {
        if (waits > 400) throw new Error('it did not come')
        offset += 1_000
        await app.setClock(now())
        await pause(50)
      }
    }
    const written: string[] = []
    const end = async (app: AppProcess, how: () => Promise<unknown>) => {
      await how()
      written.push(app.stdout, app.stderr)
    }

    const first = await start()
    const refusal = { kind: 'status', status: 422, message: SAID.refused } as const
    const refused = sandbox.fault({ ...refusal, method: 'POST', route: /reactions$/, times: 1 })
    // A server has a clock of its own, by which the pause after such an answer would be waited for.
    const failed = place.databaseUrl ? null : sandbox.fault({ ...refusal, status: 500, times: 1, after: 12 })
    const cut = place.databaseUrl ? null : sandbox.fault({ kind: 'cut-after', times: 1, after: 25 })
    const ada = sandbox.as('ada')
    const issue = ada.openIssue({ title: SAID.title, body: SAID.body })
    ada.label(issue, 'incident', 'sev:P1')
    ada.comment(issue, `/ack\n/note ${SAID.note}\n/sve P1 ${SAID.note}`)
    await sandbox.settle()
    for (const [path, headers] of [
      [`/api/github/webhooks?token=${METRICS_TOKEN}`, { 'x-hub-signature-256': `sha256=${SECRET}` }],
      [`/metrics?token=${METRICS_TOKEN}`, { authorization: `Bearer ${METRICS_TOKEN}x` }],
      [`/alerts/generic/acme/search`, { authorization: `Bearer ${ALERT_TOKEN}` }],
    ] as const) {
      const body = JSON.stringify({ action: 'opened', said: SAID.body })
      const post = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }
      await fetch(first.url + path, path.startsWith('/metrics') ? { headers } : post)
    }
    await until(first, () => refused.hits > 0)
    await end(first, () => first.kill())

    const second = await start()
    ada.comment(issue, `/impact ${SAID.note}\n/hotfix ${SAID.note}`)
    await sandbox.settle()
    await until(second, () => failed?.hits !== 0 && cut?.hits !== 0)
    const shown = (): string =>
      [...sandbox.repository().issues.values()]
        .flatMap(({ body, comments }) => [body, ...comments.map((one) => one.body)])
        .join('\n')
    await until(second, () => /Canarynote/.test(shown()) && sandbox.repository().branches.size > 1)
    const metrics = await fetch(`${second.url}/metrics`, {
      headers: { authorization: `Bearer ${METRICS_TOKEN}` },
    })
    const told = await metrics.text()
    expect(told).toContain('mayday_deliveries_total')
    await end(second, () => second.kill('SIGUSR2'))
    expect(second.exitCode).toBe(1)
    expect(written.at(-2), 'the crash is logged').toContain('An error was not caught')

    const dump = await dumpOf(place)
    await sandbox.stop()

    const secrets = secretsOf(sandbox)
    const words = Object.fromEntries(
      Object.entries(SAID).map(([name, text]) => [name, new RegExp(text.split(/\W/)[0] ?? '')]),
    )
    const log = written.join('\n')
    expect(log.length).toBeGreaterThan(2_000)
    expect(found(log, { ...secrets, ...words })).toEqual([])
    expect(dump).toContain('Canarynote')
    expect(found(dump, { ...secrets, body: /Canarybody/ })).toEqual([])
    expect(found(told, { ...secrets, ...words })).toEqual([])
    expect(found(shown(), secrets)).toEqual([])
  }, 240_000)
})

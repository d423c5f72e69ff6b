// How fast webhook calls are acknowledged, ignored ones and stored ones, beside a bare Probot app on the same machine.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { load } from './load.ts'
import { tell } from './report.ts'
import { SECRET, type Stand } from './stand.ts'

const CALLS = 2_000
const ISSUES = 50

export async function measureDoor({ sandbox, app }: Stand): Promise<void> {
  const bare = await startBare(sandbox.app)
  try {
    const body = comments(sandbox)
    const at = (url: string, text: string, count = CALLS) =>
      load({ url, secret: SECRET, event: 'issue_comment', count, body: body(text) })
    // Words are no business of Mayday's; another bot's command is stored, looked at and left alone.
    const words = 'I have looked at the dashboards and it seems to be the index.'
    for (const url of [bare.url, app.webhookUrl]) await at(url, words, 300)
    const probot = await at(bare.url, words)
    const ignored = await at(app.webhookUrl, words)
    const stored = await at(app.webhookUrl, '/lgtm')
    tell(`Webhook calls over 100 connections, ${CALLS} of each`, [
      { name: 'a bare Probot app, which keeps nothing', value: probot.perSecond, unit: '/s' },
      { name: '  p99', value: probot.p99, unit: 'ms' },
      { name: 'ignored here', value: ignored.perSecond, unit: '/s' },
      { name: '  p99', value: ignored.p99, unit: 'ms' },
      { name: '  p99 against bare Probot', value: ignored.p99 / probot.p99, unit: '×' },
      { name: 'stored here, durable before the answer', value: stored.perSecond, unit: '/s' },
      { name: '  p99', value: stored.p99, unit: 'ms', bar: 500 },
      { name: '  p99 against bare Probot', value: stored.p99 / probot.p99, unit: '×' },
      {
        name: 'answers other than 200',
        value: probot.failed + ignored.failed + stored.failed,
        unit: '',
        bar: 0,
      },
    ])
  } finally {
    bare.child.kill()
  }
}

/** Payloads as GitHub's, of comments on many issues. */
function comments(sandbox: Stand['sandbox']): (text: string) => (index: number) => string {
  sandbox.setWebhookUrl('http://localhost:1/')
  const ada = sandbox.as('ada')
  ada.comment(ada.openIssue({ title: 'Not an incident' }), 'A comment')
  const { payload = {} } = sandbox.deliveries.findLast(({ event }) => event === 'issue_comment') ?? {}
  return (text) => (index) =>
    JSON.stringify({
      ...payload,
      issue: { ...Object(payload.issue), number: 100_000 + (index % ISSUES) },
      comment: { ...Object(payload.comment), id: 900_000_000 + index, body: text },
    })
}

async function startBare(app: {
  id: number
  privateKey: string
}): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [new URL('bare-probot.ts', import.meta.url).pathname], {
    env: {
      PATH: process.env.PATH,
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET: SECRET,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [message] = await once(child, 'message')
  return { child, url: `http://localhost:${Object(message).port}/api/github/webhooks` }
}

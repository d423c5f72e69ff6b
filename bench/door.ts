// P1: A thousand webhook deliveries at once over a hundred connections are all stored and acknowledged, 99 in 100 of them within half a second, the last within two.
// How fast webhook calls are acknowledged, ignored ones and stored ones, beside a bare Probot app: in turn, call for call.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { comments } from './comments.ts'
import { type Load, load } from './load.ts'
import { cpuMs } from './machine.ts'
import { median, type Theme } from './report.ts'
import { type DatabaseName, openStand, SECRET } from './stand.ts'

const CALLS = 1_000
/** One round of a tenth of a second tells little: its neighbours differ by a quarter. */
const ROUNDS = 20

type Target = { url: string; pid: number; text: string }
type Round = Load & { cpu: number }

/** On PostgreSQL where `databaseUrl` is given, else on the embedded database. */
export async function measureDoor(databaseUrl?: string): Promise<Theme> {
  const stand = await openStand(databaseUrl)
  const bare = await startBare(stand.sandbox.app)
  try {
    const body = comments(stand.sandbox)
    const measure = async ({ url, pid, text }: Target, count = CALLS): Promise<Round> => {
      const before = cpuMs(pid)
      const loaded = await load({ url, secret: SECRET, event: 'issue_comment', count, body: body(text) })
      return { ...loaded, cpu: ((cpuMs(pid) - before) * 1000) / count }
    }
    // Words are no business of Mayday's; another bot's command is stored, looked at and left alone.
    const words = 'I have looked at the dashboards and it seems to be the index.'
    const ours = { url: stand.app.webhookUrl, pid: stand.app.pid }
    const targets: Target[] = [
      { url: bare.url, pid: bare.child.pid ?? 0, text: words },
      { ...ours, text: words },
      { ...ours, text: '/lgtm' },
    ]
    // Code that runs often is compiled after a while.
    for (const target of targets) await measure(target)
    const rounds: Round[][] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const each: Round[] = []
      for (const target of targets) {
        await stand.quiet()
        each.push(await measure(target))
      }
      rounds.push(each)
    }
    return theme(rounds, stand.database)
  } finally {
    bare.child.kill()
    await stand.stop()
  }
}

function theme(rounds: Round[][], where: DatabaseName): Theme {
  const roundsOf = (target: number): Round[] => rounds.flatMap((each) => each.slice(target, target + 1))
  const of = (target: number, what: (round: Round) => number): number => median(roundsOf(target).map(what))
  // All calls by all the time that they took: the machine is as busy with other things for each of them, in the end.
  const rate = (target: number): number =>
    rounds.length / roundsOf(target).reduce((sum, { perSecond }) => sum + 1 / perSecond, 0)
  const late = ({ p99 }: Round): number => p99
  const cpu = (round: Round): number => round.cpu
  return {
    title: `Webhook calls over 100 new connections, ${CALLS} of each in ${ROUNDS} rounds, ${where}`,
    figures: [
      { name: 'a bare Probot app, which keeps nothing', value: rate(0), unit: '/s' },
      { name: 'a bare Probot app: p99', value: of(0, late), unit: 'ms' },
      { name: 'a bare Probot app: processor time of a call', value: of(0, cpu), unit: 'µs' },
      { name: 'ignored', value: rate(1), unit: '/s' },
      {
        name: `ignored, beside bare Probot (${where})`,
        value: rate(1) / rate(0),
        unit: '×',
        bar: { atLeast: 0.95 },
        matters: true,
      },
      { name: 'ignored: processor time of a call', value: of(1, cpu), unit: 'µs' },
      { name: `stored before the answer (${where})`, value: rate(2), unit: '/s', matters: true },
      {
        name: `stored, beside bare Probot (${where})`,
        value: rate(2) / rate(0),
        unit: '×',
        bar: { atLeast: where === 'embedded' ? 0.4 : 0.6 },
        matters: true,
      },
      {
        name: 'stored: processor time of a call, with what is worked on meanwhile',
        value: of(2, cpu),
        unit: 'µs',
      },
      { name: 'stored: processor time beside bare Probot', value: of(2, cpu) / of(0, cpu), unit: '×' },
      { name: `stored: p99 (${where})`, value: of(2, late), unit: 'ms', bar: { atMost: 500 }, matters: true },
      {
        name: 'stored: the slowest',
        value: of(2, ({ slowest }) => slowest),
        unit: 'ms',
        bar: { atMost: 2_000 },
      },
      {
        name: 'answers other than 200',
        value: rounds.flat().reduce((sum, { failed }) => sum + failed, 0),
        unit: '',
        bar: { atMost: 0 },
      },
    ],
  }
}

async function startBare(app: {
  id: number
  privateKey: string
}): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [new URL('./bare-probot.ts', import.meta.url).pathname], {
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

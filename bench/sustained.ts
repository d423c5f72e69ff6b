// P2: A hundred webhook deliveries a second for ten minutes to be stored are all acknowledged, 99 in 100 of them within a tenth of a second; what waits and what is taken of memory stay bounded.
// A minute of it here, `--long` for all ten.
import { setTimeout as pause } from 'node:timers/promises'
import { comments } from './comments.ts'
import { type Answer, sender, timesOf } from './load.ts'
import { memoryMb } from './machine.ts'
import { type Figure, median, type Theme } from './report.ts'
import { type DatabaseName, openStand, SECRET, type Stand } from './stand.ts'

const PER_SECOND = 100
const SECONDS = process.argv.includes('--long') ? 600 : 60

type Sample = { memory: number; oldest: number }

/** On PostgreSQL where `databaseUrl` is given, else on the embedded database. */
export async function measureSustained(databaseUrl?: string): Promise<Theme> {
  const stand = await openStand(databaseUrl)
  try {
    await rain(stand, 10)
    const { answers, samples } = await rain(stand, SECONDS)
    return {
      title: `${PER_SECOND} deliveries a second to be stored for ${SECONDS} s, ${stand.database}`,
      figures: figures(answers, samples, stand.database),
    }
  } finally {
    await stand.stop()
  }
}

/** So much each second, whether it is answered or not; once a second it is looked at how things stand. */
async function rain(
  { app, sandbox }: Stand,
  seconds: number,
): Promise<{ answers: Answer[]; samples: Sample[] }> {
  const drops = sender({ url: app.webhookUrl, secret: SECRET, event: 'issue_comment' })
  const command = comments(sandbox)('/lgtm')
  const sent: Promise<Answer>[] = []
  const samples: Promise<Sample>[] = []
  const began = performance.now()
  for (let count = 0; count < seconds * PER_SECOND; count += 1) {
    const early = (count * 1000) / PER_SECOND - (performance.now() - began)
    if (early > 1) await pause(early)
    sent.push(drops.send(command()))
    if (count % PER_SECOND === PER_SECOND - 1) samples.push(look(app))
  }
  const measured = { answers: await Promise.all(sent), samples: await Promise.all(samples) }
  drops.close()
  return measured
}

async function look({ url, pid }: Stand['app']): Promise<Sample> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return { memory: memoryMb(pid), oldest: Number(/^mayday_queue_oldest_seconds (.+)$/m.exec(metrics)?.[1]) }
}

function figures(answers: Answer[], samples: Sample[], where: DatabaseName): Figure[] {
  const { p99, p999, failed } = timesOf(answers)
  const third = Math.ceil(samples.length / 3)
  const memory = (part: Sample[]): number => median(part.map((sample) => sample.memory))
  const oldest = (part: Sample[]): number => Math.max(...part.map((sample) => sample.oldest))
  return [
    {
      name: `${PER_SECOND} a second: p99 (${where})`,
      value: p99,
      unit: 'ms',
      bar: { atMost: 100 },
      matters: true,
    },
    { name: 'p99.9', value: p999, unit: 'ms', bar: { atMost: 500 } },
    { name: 'answers other than 200', value: failed, unit: '', bar: { atMost: 0 } },
    {
      name: 'the longest that anything waited to be worked on',
      value: oldest(samples),
      unit: 's',
      bar: { atMost: 5 },
    },
    { name: 'the same in the last third of the time', value: oldest(samples.slice(-third)), unit: 's' },
    { name: 'memory at the end', value: samples.at(-1)?.memory ?? Number.NaN, unit: 'MB' },
    {
      name: 'memory in the last third beside the first',
      value: memory(samples.slice(-third)) / memory(samples.slice(0, third)),
      unit: '×',
      bar: { atMost: 1.25 },
    },
  ]
}

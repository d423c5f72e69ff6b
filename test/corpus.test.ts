// GitHub's own example payloads, whole and damaged, at the door with the real filter: no answer is a crash.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createApp, createReceiver } from '../src/app.ts'
import { relevant } from '../src/github/webhook.ts'
import type { Listening } from '../src/http.ts'
import { createMetrics } from '../src/metrics.ts'
import { createDoor } from '../src/server.ts'
import { delivered, keptLog, open, privateKey, SECRET, sign } from './door.ts'

const { log, lines } = keptLog('warn')
const stored: string[] = []
let door: Listening & { url: string }

beforeAll(async () => {
  const offer = async ({ guid }: { guid: string }) => {
    stored.push(guid)
    return 'stored' as const
  }
  const receive = await createReceiver({
    appId: 1,
    privateKey,
    secret: SECRET,
    baseUrl: 'http://127.0.0.1:9',
    app: createApp({ relevant, offer }),
    log,
  })
  const handler = createDoor({
    secrets: [SECRET],
    relevant,
    receive,
    readiness: async () => ({ database: true, queue: true, github: 'up' }),
    metrics: createMetrics(() => Promise.reject(new Error('not asked for here'))),
    log,
  })
  door = await open(handler, log)
})
afterAll(() => door.stop(100))

async function send(event: string, payload: unknown, guid: string): Promise<number> {
  const body = JSON.stringify(payload)
  const headers = delivered(body, {
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-hub-signature-256': sign(body),
  })
  const response = await fetch(`${door.url}/api/github/webhooks`, { method: 'POST', body, headers })
  await response.arrayBuffer()
  return response.status
}

const examplesSchema = z.array(
  z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }),
)
const examples = new URL(import.meta.resolve('@octokit/webhooks-examples/api.github.com/index.json'))
const corpus = examplesSchema
  .parse(JSON.parse(readFileSync(examples, 'utf8')))
  .flatMap(({ name, examples }) =>
    examples.map((payload, index) => ({ name, payload, guid: `${name}-${index}` })),
  )

test('every example is answered with 200, and what is about incidents is stored', async () => {
  expect(corpus.length).toBeGreaterThan(300)
  const statuses = new Set<number>()
  for (const { name, payload, guid } of corpus) {
    statuses.add(await send(name, { ...payload, installation: { id: 3 } }, guid))
  }
  expect([...statuses]).toEqual([200])
  expect(stored.some((guid) => guid.startsWith('issues-'))).toBe(true)
  expect(stored.some((guid) => guid.startsWith('star-'))).toBe(false)
})

test('damaged examples are answered too: never 500, and nothing is logged as an error', async () => {
  const random = seeded(20261102)
  const statuses = new Set<number>()
  for (let round = 0; round < 2_000; round += 1) {
    const { name, payload } = corpus[Math.floor(random() * corpus.length)] ?? { name: 'ping', payload: {} }
    statuses.add(
      await send(name, damage({ ...payload, installation: { id: 3 } }, random), `damaged-${round}`),
    )
  }
  expect([...statuses].filter((status) => ![200, 400].includes(status))).toEqual([])
  expect(lines).toEqual([])
})

const WRONG = [
  null,
  true,
  -1,
  1e308,
  '',
  '\u0000',
  '\ud800',
  '👩‍🚒'.repeat(50),
  [],
  {},
  [[[]]],
  { __proto__: null },
]

/** Replaces or removes a few values, each at a random place. */
function damage(payload: unknown, random: () => number): unknown {
  if (typeof payload !== 'object' || payload === null) return payload
  const copy: Record<string, unknown> = { ...payload }
  const keys = Object.keys(copy)
  for (let hit = 0; hit < 3 && keys.length > 0; hit += 1) {
    const key = keys[Math.floor(random() * keys.length)] ?? ''
    const fate = random()
    if (fate < 0.6) copy[key] = damage(copy[key], random)
    else if (fate < 0.8) copy[key] = WRONG[Math.floor(random() * WRONG.length)]
    else delete copy[key]
  }
  return copy
}

/** A small generator of numbers in [0, 1) that are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

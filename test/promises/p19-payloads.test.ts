// P19: No payload, however damaged, crashes Mayday, makes it answer 500, or keeps what is genuine from being worked on.
// P23: What is signed but odd (`null`, a list, a million brackets, an event `__proto__`) gets 400 or 200, never 500.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { actionOf } from '../../src/door/app.ts'
import { relevant } from '../../src/github/webhook/relevant.ts'
import { parseDelivery } from '../../src/github/webhook/webhook.ts'
import { onPglite } from '../database/backends.ts'
import { delivered, sign } from '../door.ts'
import { SECRET } from '../sandbox/harness.ts'
import { seeded } from '../sandbox/random.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { makeEngine } from '../stories/engine.ts'
import { anyExample, corpus, damage, type Example } from './damage.ts'
import { seeds, sized } from './size.ts'

const READ = sized({ suite: 1_500, soak: 20_000 })
const SENT = sized({ suite: 300, soak: 5_000 })
const AT_ONCE = 20
const SEEDS = seeds({ suite: [20261102], soak: 1 })

/** As if it came from a repository that Mayday is installed on, and concerned it: of numbers that nobody else has. */
function ofOurs({ name, payload }: Example, installation: number, repository: object): Example {
  const ours: Record<string, object> = {
    repository,
    issue: { number: 1_001, labels: [{ name: 'incident' }] },
    comment: { body: '/ack\n/note 10:11 it began\n/hotfix mend it' },
    pull_request: {
      number: 1_002,
      head: { ...Object(Object(payload.pull_request).head), ref: 'hotfix/incident-INC-1' },
    },
  }
  const changed = Object.entries(ours).flatMap(([key, change]) =>
    payload[key] ? [[key, { ...Object(payload[key]), ...change }]] : [],
  )
  const pushed =
    name === 'push' ? { ref: 'refs/heads/main', commits: [{ modified: ['.github/mayday.yml'] }] } : {}
  return {
    name,
    payload: {
      ...payload,
      ...Object.fromEntries(changed),
      ...pushed,
      // What is said of installations is said of another one: it may be that it is deleted.
      installation: {
        ...Object(payload.installation),
        id: name.startsWith('installation') ? 4711 : installation,
      },
    },
  }
}

const damaged = (example: Example, random: () => number): Example => ({
  name: example.name,
  payload: Object(damage(example.payload, random)),
})

describe('what is read of a payload', () => {
  /** A delivery that was understood can be stored and compared: no number in it is a fraction, huge or none at all. */
  const numbers = (value: unknown): number[] =>
    typeof value === 'number'
      ? [value]
      : Object.values(Object(value) as object).flatMap((one) => (typeof one === 'string' ? [] : numbers(one)))

  test.each(SEEDS)('is whole, or it is refused by its shape (seed %i)', (seed) => {
    const random = seeded(seed)
    const verdicts = { understood: 0, refused: 0 }
    for (let round = 0; round < READ; round += 1) {
      const { name, payload } = damaged(
        ofOurs(anyExample(random), 3, { id: 9, default_branch: 'main' }),
        random,
      )
      const received: unknown = JSON.parse(JSON.stringify(payload))
      relevant({ event: name, action: actionOf(Object(received)), payload: Object(received) })
      try {
        expect(
          numbers(parseDelivery(name, received)).filter((number) => !Number.isSafeInteger(number)),
        ).toEqual([])
        verdicts.understood += 1
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error
        verdicts.refused += 1
      }
    }
    expect(verdicts.understood).toBeGreaterThan(READ / 10)
    expect(verdicts.refused).toBeGreaterThan(READ / 10)
    expect({}).not.toHaveProperty('polluted')
  })
})

onPglite('a running Mayday', (_open, place) => {
  let sandbox: Sandbox
  let engine: ReturnType<typeof makeEngine>
  beforeAll(async () => {
    sandbox = await startSandbox({ secret: SECRET, now: () => Date.now(), validate: false })
    engine = makeEngine(sandbox, place)
    await engine.start()
  })
  afterAll(async () => {
    await engine.stop()
    await sandbox.stop()
  })

  const here = (example: Example): Example => {
    const { id, name, owner } = sandbox.repository()
    return ofOurs(example, sandbox.installations.of().id, {
      id,
      name,
      owner: { ...Object(owner) },
      default_branch: 'main',
    })
  }

  const post = (event: string, body: string): Promise<Response> => {
    const headers = delivered(body, {
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': sign(body, SECRET),
    })
    return fetch(engine.webhookUrl(), { method: 'POST', body, headers })
  }

  /** Sends all of them, some at a time, and counts the answers. */
  async function send(all: readonly Example[]): Promise<Record<number, number>> {
    const statuses: Record<number, number> = {}
    const queue = all.values()
    const carry = async (): Promise<void> => {
      for (const { name, payload } of queue) {
        const { status } = await post(name, JSON.stringify(payload))
        statuses[status] = (statuses[status] ?? 0) + 1
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, carry))
    return statuses
  }

  const DEEP = '['.repeat(1e6) + ']'.repeat(1e6)
  const ofUs = (more: string): string =>
    `{"action":"labeled","installation":{"id":${sandbox.installations.of().id}},"repository":{"id":1009},${more}}`
  test.each<[string, number, string, () => string]>([
    ['null', 400, 'issues', () => 'null'],
    ['a list', 400, 'issues', () => '[]'],
    ['a list of one', 400, 'issues', () => '[{"action":"opened"}]'],
    ['a text', 400, 'issues', () => '"text"'],
    ['a number', 400, 'issues', () => '1'],
    ['true', 400, 'issues', () => 'true'],
    ['no JSON', 400, 'issues', () => '{'],
    ['a million brackets', 400, 'issues', () => DEEP],
    [
      'a million brackets where nobody looks',
      200,
      'issues',
      () => ofUs(`"issue":{"number":1003,"deep":${DEEP}}`),
    ],
    [
      'a million brackets where labels are',
      200,
      'issues',
      () => ofUs(`"issue":{"number":1003,"labels":${DEEP}}`),
    ],
    ['an event of the language', 200, '__proto__', () => ofUs('"issue":{"number":1003}')],
    ['another', 200, 'constructor', () => ofUs('"issue":{"number":1003}')],
    [
      'keys of the language',
      200,
      'issues',
      () => ofUs('"__proto__":{"polluted":1},"issue":{"number":1003,"constructor":1}'),
    ],
  ])('answers what is odd: %s gets %i', async (_what, status, event, body) => {
    expect((await post(event, body())).status).toBe(status)
    expect({}).not.toHaveProperty('polluted')
  })

  const rows = async (sql: string): Promise<number> => (await engine.shell().database.query(sql)).length

  test("takes each of GitHub's own examples and stores what concerns it", async () => {
    expect(corpus.length).toBeGreaterThan(300)
    expect(await send(corpus.map(here))).toEqual({ 200: corpus.length })
    expect(await rows('SELECT 1 FROM mayday.deliveries')).toBeGreaterThan(90)
  })

  test.each(
    SEEDS,
  )('takes or refuses each damaged one, and works on what is genuine (seed %i)', async (seed) => {
    const random = seeded(seed)
    const statuses = await send(Array.from({ length: SENT }, () => damaged(here(anyExample(random)), random)))
    const { 200: taken = 0, ...refused } = statuses
    expect(taken).toBeGreaterThan(SENT * 0.8)
    expect(Object.keys(refused).filter((status) => !['400', '413'].includes(status))).toEqual([])

    const ada = sandbox.as('ada')
    const issue = ada.openIssue({ title: 'Orders answer 500' })
    ada.label(issue, 'incident')
    await vi.waitFor(async () => {
      await engine.clock.skip('5s')
      expect(issue.comments.map(({ body }) => body).join()).toContain('Declared')
    }, 15_000)
  })

  test.runIf(sized({ suite: false, soak: true }))('comes to the end of all of them', async () => {
    while ((await rows(`SELECT 1 FROM pgboss.job WHERE name = 'inbox' AND state < 'completed'`)) > 0) {
      await engine.clock.skip('5s')
      await pause(20)
    }
  })
})

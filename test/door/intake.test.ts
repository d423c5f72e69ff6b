// The door's memory: acknowledged means stored, once, in order, whatever happens next.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import { createIntake, type IncomingDelivery, type Intake } from '../../src/door/intake.ts'
import { type Job, type Queue, startQueue } from '../../src/queue/queue.ts'
import { forEachBackend, silent } from '../database/backends.ts'

const NOW = Date.parse('2026-03-01T00:00:00Z')

function delivery(guid: string, key = guid): IncomingDelivery {
  return {
    guid,
    event: 'issues',
    action: 'opened',
    installationId: 1,
    repositoryId: 2,
    key,
    payload: Buffer.from(`{"guid":"${guid}"}`),
  }
}

forEachBackend('intake', (open) => {
  let database: Database
  let queue: Queue
  let intake: Intake
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    queue = await startQueue({ database, log: silent })
    intake = createIntake({ queue, now: () => NOW })
  })
  afterEach(async () => {
    await queue.stop({ timeoutMs: 1_000 })
    await database.query('TRUNCATE pgboss.job_common, mayday.inbox, mayday.inbox_lines, mayday.deliveries')
  })

  const work = (inbox: (job: Job) => void) =>
    queue.work({
      inbox: async (job) => {
        inbox(job)
        return 'done'
      },
      outbox: async () => 'done',
      dead: async () => 'done',
    })

  test('stores a delivery as it came, with one job', async () => {
    expect(
      await intake.store({
        ...delivery('a'),
        action: null,
        repositoryId: null,
        act: { act: 'comment:1:created', happenedAt: NOW - 1_000 },
      }),
    ).toBe('stored')
    expect(
      await database.query(`SELECT *, convert_from(payload, 'UTF8') AS payload FROM mayday.deliveries`),
    ).toEqual([
      {
        guid: 'a',
        event: 'issues',
        action: null,
        installation_id: 1,
        repository_id: null,
        key: 'a',
        received_at: new Date(NOW),
        payload: '{"guid":"a"}',
        attempts: 0,
        done_at: null,
        act: 'comment:1:created',
        happened_at: new Date(NOW - 1_000),
      },
    ])
    const jobs: Job[] = []
    await work((job) => jobs.push(job))
    await vi.waitFor(() => expect(jobs).toMatchObject([{ key: 'a', data: { guid: 'a' }, attempt: 1 }]))
  })

  test('a delivery counts once, beside itself and later', async () => {
    const jobs: Job[] = []
    await work((job) => jobs.push(job))
    const twins = [intake.store(delivery('x')), intake.store(delivery('a')), intake.store(delivery('a'))]
    expect(await Promise.all(twins)).toEqual(['stored', 'stored', 'known'])
    expect(await intake.store(delivery('a'))).toBe('known')
    await intake.store(delivery('last'))
    await vi.waitFor(() => expect(jobs.map(({ key }) => key).toSorted()).toEqual(['a', 'last', 'x']))
  })

  test('stores a burst in few transactions, and each key keeps the order of arrival', async () => {
    const seen = new Map<string, string[]>()
    await work(({ key, data }) => {
      const { guid } = data as { guid: string }
      seen.set(key, [...(seen.get(key) ?? []), guid])
    })
    const burst = Array.from({ length: 200 }, (_, number) => delivery(`${number}`, `key ${number % 10}`))
    const answers = await Promise.all(burst.map((delivery) => intake.store(delivery)))
    expect(new Set(answers)).toEqual(new Set(['stored']))
    const groups = await database.query('SELECT DISTINCT created_on FROM pgboss.job WHERE name = $1', [
      'inbox',
    ])
    expect(groups.length).toBeLessThanOrEqual(3)
    await vi.waitFor(() => expect([...seen.values()].flat()).toHaveLength(200), 50_000)
    for (const guids of seen.values())
      expect(guids).toEqual(guids.toSorted((left, right) => Number(left) - Number(right)))
  })

  test('when the database fails, all of the group hear of it, and the next group is stored', async () => {
    vi.spyOn(database, 'query').mockRejectedValueOnce(new Error('disk full'))
    const answers = await Promise.allSettled([intake.store(delivery('a')), intake.store(delivery('b'))])
    const [first, second] = answers.map(({ status }) => status)
    expect(first).toBe('rejected')
    const stored = await database.query<{ guid: string }>('SELECT guid FROM mayday.deliveries')
    expect(stored).toHaveLength(second === 'rejected' ? 0 : 1)
    expect(await intake.store(delivery('a'))).toBe('stored')
    expect((await queue.stats()).jobs).toMatchObject([{ count: second === 'rejected' ? 1 : 2 }])
  })
})

test('a database that falls silent is a failure, and what it stored all the same is known later', async () => {
  const silence = Promise.withResolvers<void>()
  const stored = new Set<string>()
  let silent = true
  const queue: Pick<Queue, 'receiveFrom'> = {
    receiveFrom: async () => {
      if (silent) await silence.promise
      const isNew = !stored.has('a')
      stored.add('a')
      return isNew ? [0] : []
    },
  }
  const intake = createIntake({ queue: queue as Queue, now: () => NOW, withinMs: 30 })
  await expect(intake.store(delivery('a'))).rejects.toThrow('did not answer in time')
  await expect(intake.store(delivery('a'))).rejects.toThrow('did not answer in time')
  silence.resolve()
  silent = false
  await vi.waitFor(() => expect(stored.has('a')).toBe(true))
  expect(await intake.store(delivery('a'))).toBe('known')
})

forEachBackend('intake, killed', (open, place) => {
  test('what was acknowledged is there and handled, and what was done is not done again', async () => {
    await (await open()).close()
    const child = spawn(process.execPath, [new URL('./intake-child.ts', import.meta.url).pathname], {
      env: { ...process.env, PLACE: JSON.stringify(place) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { acknowledged, handled } = await killAfter(child, 300)
    expect(acknowledged.size).toBeGreaterThanOrEqual(300)
    expect(handled.length).toBeGreaterThan(0)

    const database = await open()
    const rows = await database.query<{ guid: string }>('SELECT guid FROM mayday.deliveries')
    const stored = new Set(rows.map(({ guid }) => guid))
    expect([...acknowledged].filter((guid) => !stored.has(guid))).toEqual([])

    const again: string[] = []
    const queue = await startQueue({ database, log: silent })
    // A server learns of the death when the heartbeat ends; so that this takes no ten seconds:
    await database.query(
      `UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '20 seconds' WHERE state = 'active'`,
    )
    await queue.work({
      inbox: async ({ data }) => {
        again.push((data as { guid: string }).guid)
        return 'done'
      },
      outbox: async () => 'done',
      dead: async () => 'done',
    })
    await vi.waitFor(async () => expect((await queue.stats()).jobs).toEqual([]), {
      timeout: 60_000,
      interval: 50,
    })
    await queue.stop({ timeoutMs: 1_000 })
    await database.close()

    const runs = [...handled, ...again]
    expect([...stored].filter((guid) => !runs.includes(guid))).toEqual([])
    expect(new Set(again).size).toBe(again.length)
    // Twice only what was in flight, in eight slots: said, but not yet committed as done.
    expect(runs.length - new Set(runs).size).toBeLessThanOrEqual(8)
  }, 120_000)
})

/** Reads `ack <guid>` and `run <guid>` lines, and kills the process in the middle of them. */
async function killAfter(child: ChildProcess, count: number) {
  const acknowledged = new Set<string>()
  const handled: string[] = []
  const output = child.stdout
  if (!output) throw new Error('the child has no output')
  const exited = once(child, 'exit')
  const lines = createInterface({ input: output })
  for await (const line of lines) {
    const [word, guid = ''] = line.split(' ')
    if (word === 'ack') acknowledged.add(guid)
    if (word === 'run') handled.push(guid)
    if (acknowledged.size >= count && !child.killed) child.kill('SIGKILL')
  }
  await exited
  return { acknowledged, handled }
}

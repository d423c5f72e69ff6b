// The queue: order, retries, death, coalescing, and that a job is never lost.
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import { DatabaseError } from '../../src/database/errors.ts'
import { type Handlers, type Job, type Queue, startQueue, type Verdict } from '../../src/queue/queue.ts'
import { forEachBackend, silent } from '../database/backends.ts'

const failed: Verdict = { again: 'failed', reason: 'no luck' }

function noted<T>(list: T[], item: T): Verdict {
  list.push(item)
  return 'done'
}

forEachBackend('queue', (open, place) => {
  let database: Database
  let queue: Queue

  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    queue = await restart()
  })
  afterEach(async () => {
    await queue.stop({ timeoutMs: 1_000 })
    await database.query(
      'TRUNCATE pgboss.job_common, mayday.syncs, mayday.inbox, mayday.inbox_lines, mayday.things',
    )
  })
  beforeAll(async () => {
    await database.query('CREATE TABLE mayday.things (key text)')
  })

  const restart = () => startQueue({ database, log: silent })
  const work = (handlers: Partial<Handlers>, giveWay?: () => Promise<void>) =>
    queue.work(
      {
        inbox: async () => 'done',
        outbox: async () => 'done',
        dead: async () => 'done',
        ...handlers,
      },
      giveWay,
    )
  const receive = (key: string, data: object = {}) => queue.receive([{ key, data }])
  /** Makes due what waits for its time, again and again, until `condition` holds. */
  const hurryUntil = (condition: () => void) =>
    vi.waitFor(
      async () => {
        await database.query(
          `UPDATE pgboss.job SET start_after = created_on WHERE state IN ('created', 'retry') AND start_after > created_on`,
        )
        condition()
      },
      { timeout: 15_000, interval: 50 },
    )
  const until = (condition: () => void | Promise<void>) =>
    vi.waitFor(condition, { timeout: 5_000, interval: 5 })
  const idle = () => until(async () => expect((await queue.stats()).jobs).toEqual([]))

  describe('transactions', () => {
    test('a job comes with what was written beside it, also as the very first statement', async () => {
      const seen: string[] = []
      const things = async (job: Job): Promise<Verdict> => {
        const rows = await database.query('SELECT 1 FROM mayday.things WHERE key = $1', [job.key])
        seen.push(`${job.key} ${rows.length}`)
        return 'done'
      }
      await work({ inbox: things, outbox: things })
      await database.inTx(async () => {
        await queue.perform({ key: 'out', data: {} })
        await receive('in')
        await queue.sync({ key: 'sync', data: {} })
        await database.query(`INSERT INTO mayday.things VALUES ('out'), ('in'), ('sync')`)
        await delay(20)
        expect(seen).toEqual([])
      })
      await until(() => expect(seen.toSorted()).toEqual(['in 1', 'out 1', 'sync 1']))
    })

    test('a rollback takes the jobs with it', async () => {
      const outbox = vi.fn(async () => 'done' as const)
      await work({ outbox })
      const failing = database.inTx(async () => {
        await queue.perform({ key: 'out', data: {} })
        await receive('in')
        await queue.sync({ key: 'sync', data: {} })
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect((await queue.stats()).jobs).toEqual([])
      await queue.sync({ key: 'sync', data: {} })
      await until(() => expect(outbox).toHaveBeenCalledOnce())
    })

    test('a hundred side by side', async () => {
      const outbox = vi.fn(async () => 'done' as const)
      await work({ outbox })
      const send = (number: number) =>
        database.inTx(async () => {
          await database.query('INSERT INTO mayday.things VALUES ($1)', [number])
          await queue.perform({ key: `${number}`, data: {} })
        })
      await Promise.all(Array.from({ length: 100 }, (_, number) => send(number)))
      await until(() => expect(outbox).toHaveBeenCalledTimes(100))
    })
  })

  describe('inbox', () => {
    test('keeps the order of each key, over retries and within one transaction', async () => {
      const keys = Array.from({ length: 20 }, (_, number) => `key ${number}`)
      const seen = new Map<string, number[]>(keys.map((key) => [key, []]))
      const tries = new Map<string, number>()
      const running = new Set<string>()
      const overlapping: string[] = []
      await work({
        inbox: async ({ key, data }) => {
          if (running.has(key)) overlapping.push(key)
          running.add(key)
          await delay(Math.random() * 3)
          running.delete(key)
          const { number } = data as { number: number }
          const count = (tries.get(`${key} ${number}`) ?? 0) + 1
          tries.set(`${key} ${number}`, count)
          if (number === 2 && count === 1) return failed
          if (number === 2 && count === 2) return { again: 'waiting', afterSeconds: 30 }
          seen.get(key)?.push(number)
          return 'done'
        },
      })
      const numbers = Array.from({ length: 6 }, (_, number) => number)
      for (const part of [numbers.slice(0, 4), numbers.slice(4)]) {
        await queue.receive(part.flatMap((number) => keys.map((key) => ({ key, data: { number } }))))
      }
      await hurryUntil(() => expect([...seen.values()]).toEqual(keys.map(() => numbers)))
      expect(overlapping).toEqual([])
    })

    test.runIf(place.databaseUrl)(
      'who comes while others still line up stands behind all of them',
      async () => {
        const first = Promise.withResolvers<void>()
        const meanwhile = Promise.withResolvers<void>()
        const together = database.inTx(async () => {
          await receive('line', { number: 1 })
          first.resolve()
          await meanwhile.promise
          await receive('line', { number: 2 })
        })
        await first.promise
        const late = receive('line', { number: 3 })
        await until(async () =>
          expect(
            await database.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
            AND datname = current_database()`),
          ).toHaveLength(1),
        )
        meanwhile.resolve()
        await Promise.all([together, late])
        const bodies = await database.query<{ number: number }>(
          `SELECT (body ->> 'number')::int AS number FROM mayday.inbox WHERE key = 'line' ORDER BY place`,
        )
        expect(bodies.map(({ number }) => number)).toEqual([1, 2, 3])
      },
    )

    test('a poisoned job is given up after three attempts, told, and never blocks its key', async () => {
      const attempts: number[] = []
      const dead: unknown[] = []
      const after = vi.fn(async () => 'done' as const)
      await work({
        inbox: async (job) => {
          if (job.key !== 'poison' || (job.data as { good?: true }).good) return after()
          attempts.push(job.attempt)
          throw new TypeError('bad luck')
        },
        dead: async (job, reason) => {
          dead.push({ ...job, reason })
          // At least once: the first call fails.
          if (dead.length === 1) throw new Error('no')
          return 'done'
        },
      })
      await receive('poison', { bad: true })
      await receive('poison', { good: true })
      await receive('other', { good: true })
      await until(() => expect(after).toHaveBeenCalledTimes(1))
      await hurryUntil(() => expect(after).toHaveBeenCalledTimes(2))
      await hurryUntil(() => expect(dead).toHaveLength(2))
      expect(attempts).toEqual([1, 2, 3])
      expect(dead[1]).toMatchObject({
        queue: 'inbox',
        key: 'poison',
        data: { bad: true },
        attempt: 3,
        reason: 'TypeError: bad luck',
      })
      await idle()
      expect((await queue.stats()).dead).toBe(1)
    })

    test('a key goes on at once when its job is done, and while another key hangs', async () => {
      const hanging = Promise.withResolvers<Verdict>()
      const seen: unknown[] = []
      await work({
        inbox: async ({ key, data }) => {
          if (key === 'hanging') return hanging.promise
          seen.push(data)
          return 'done'
        },
      })
      await receive('hanging')
      // A poll for each of them would take longer than is waited for.
      await queue.receive(Array.from({ length: 30 }, (_, number) => ({ key: 'chain', data: { number } })))
      await until(() => expect(seen).toHaveLength(30))
      hanging.resolve('done')
      await idle()
    })
  })

  test('no job is taken before what is more urgent gives way', async () => {
    const seen: string[] = []
    const urgent = Promise.withResolvers<void>()
    let asked = 0
    const giveWay = () => {
      asked += 1
      return urgent.promise
    }
    await receive('patient')
    await work({ inbox: async ({ key }) => noted(seen, key) }, giveWay)
    await until(() => expect(asked).toBeGreaterThan(0))
    await delay(50)
    expect(seen).toEqual([])
    urgent.resolve()
    await until(() => expect(seen).toEqual(['patient']))
  })

  describe('a flood', () => {
    test('of one group keeps neither others nor the timers waiting', async () => {
      const seen: string[] = []
      await work({ inbox: async ({ key }) => noted(seen, key) })
      const flood = Array.from({ length: 400 }, (_, number) => ({
        key: `flood ${number % 40}`,
        data: {},
        group: 'flood',
      }))
      await queue.receive(flood)
      await delay(1)
      await queue.receive([{ key: 'other', data: {}, group: 'other' }])
      await until(() => expect(seen).toContain('other'))
      expect(seen.length).toBeLessThan(200)
      await vi.waitFor(() => expect(seen).toHaveLength(401), 60_000)
    })

    test.runIf(place.databaseUrl)(
      'over two processes keeps the order of each key and handles all once',
      async () => {
        const second = await open()
        const other = await startQueue({ database: second, log: silent })
        const seen = new Map<string, string[]>()
        const running = new Set<string>()
        const overlapping: string[] = []
        const inbox = async ({ key, data }: Job): Promise<Verdict> => {
          if (running.has(key)) overlapping.push(key)
          running.add(key)
          await delay(1)
          seen.set(key, [...(seen.get(key) ?? []), String(data)])
          running.delete(key)
          return 'done'
        }
        const handlers = { inbox: (job: Job) => inbox({ ...job, data: Object.values(job.data as object) }) }
        await queue.work({ outbox: async () => 'done', dead: async () => 'done', ...handlers })
        await other.work({ outbox: async () => 'done', dead: async () => 'done', ...handlers })
        const send = async (name: string, to: Queue) => {
          for (let number = 10; number < 40; number += 1) {
            const keys = Array.from({ length: 10 }, (_, key) => `key ${(key + number) % 10}`)
            await to.receive(keys.map((key) => ({ key, data: { name, number } })))
          }
        }
        await Promise.all([send('a', queue), send('b', other)])
        await vi.waitFor(() => expect([...seen.values()].flat()).toHaveLength(600), 15_000)
        await other.stop({ timeoutMs: 1_000 })
        await second.close()
        expect(overlapping).toEqual([])
        for (const list of seen.values()) {
          for (const name of ['a', 'b']) {
            const numbers = list.filter((entry) => entry.startsWith(name))
            expect(numbers).toHaveLength(30)
            expect(numbers).toEqual(numbers.toSorted())
          }
        }
      },
      20_000,
    )
  })

  describe('outbox', () => {
    test('waiting is no attempt; the first try is remembered', async () => {
      const jobs: Job[] = []
      const outcomes: Verdict[] = [failed, { again: 'waiting', afterSeconds: 60 }, failed, 'done']
      await work({
        outbox: async (job) => {
          jobs.push(job)
          return outcomes[jobs.length - 1] ?? 'done'
        },
      })
      const before = Date.now()
      await queue.perform({ key: 'k', data: { a: 1 } })
      await hurryUntil(() => expect(jobs).toHaveLength(4))
      expect(jobs.map(({ attempt }) => attempt)).toEqual([1, 2, 2, 3])
      expect(jobs.map(({ id }) => id)).toEqual(Array(4).fill(jobs[0]?.id))
      const [first, ...later] = jobs.map(({ firstTriedAt }) => firstTriedAt)
      expect(first).toBeUndefined()
      expect(new Set(later).size).toBe(1)
      expect(later[0]).toBeGreaterThanOrEqual(before)
      await idle()
    })

    test('is given up after eight attempts, with doubled delays from five seconds', async () => {
      const delays: number[] = []
      const dead = vi.fn<Handlers['dead']>(async () => 'done')
      await work({ outbox: async () => failed, dead })
      await queue.perform({ key: 'k', data: {} })
      for (let attempt = 1; attempt < 8; attempt += 1) {
        const find = async () => {
          const rows = await database.query<{ seconds: number }>(
            `SELECT extract(epoch FROM start_after - started_on)::float8 AS seconds FROM pgboss.job
             WHERE state = 'retry' AND retry_count = $1`,
            [attempt - 1],
          )
          return rows[0]?.seconds ?? Promise.reject(new Error('not yet'))
        }
        delays.push(Math.round(await vi.waitFor(find, { timeout: 3_000, interval: 20 })))
        await database.query(`UPDATE pgboss.job SET start_after = created_on WHERE state = 'retry'`)
      }
      expect(delays).toEqual([5, 10, 20, 40, 80, 160, 320])
      await until(() => expect(dead).toHaveBeenCalledOnce())
      expect(dead.mock.calls[0]?.[1]).toBe('no luck')
    })

    test('takes the higher priority first and keeps what is for later', async () => {
      const seen: string[] = []
      await queue.perform({ key: 'low', data: {} })
      await queue.perform({ key: 'high', data: {}, priority: 5 })
      await queue.perform({ key: 'later', data: {}, priority: 9, afterSeconds: 600 })
      await queue.stop({ timeoutMs: 0 })
      queue = await startQueue({ database, log: silent, concurrency: { outbox: 1 } })
      await work({ outbox: async ({ key }) => noted(seen, key) })
      await until(() => expect(seen).toEqual(['high', 'low']))
      const later = { queue: 'outbox', state: 'waiting', count: 1 }
      const expected = { jobs: [later], oldestWaitingSeconds: 0, dead: 0 }
      await until(async () => expect(await queue.stats()).toEqual(expected))
      await hurryUntil(() => expect(seen).toEqual(['high', 'low', 'later']))
    })

    test('a held group stays where it is, in its order, and costs nothing; others go on', async () => {
      const tries: string[] = []
      let closed = true
      const names = [79, 78, 77, 76, 75].map((priority) => ({ key: `big ${priority}`, priority }))
      for (const job of names.toReversed()) await queue.perform({ ...job, data: {}, group: 'big' })
      await queue.perform({ key: 'small', data: {}, group: 'small' })
      await queue.stop({ timeoutMs: 0 })
      queue = await startQueue({ database, log: silent, concurrency: { outbox: 1 } })
      await work({
        outbox: async ({ key }) => {
          noted(tries, key)
          return closed && key !== 'small' ? { again: 'waiting', afterSeconds: 2, pauses: 'group' } : 'done'
        },
      })
      await until(() => expect(tries).toEqual(['big 79', 'small']))
      closed = false
      await until(() => expect(tries).toEqual(['big 79', 'small', ...names.map(({ key }) => key)]))
      await idle()
    })

    test('where only background work is held, what a person waits for goes on', async () => {
      const seen: string[] = []
      await work({
        outbox: async ({ key, background }) => {
          if (background) return { again: 'waiting', afterSeconds: 60, pauses: 'background' }
          return noted(seen, key)
        },
      })
      await queue.perform({ key: 'board', data: {}, group: 'one', priority: 10 })
      await until(async () => expect((await queue.stats()).jobs).toMatchObject([{ state: 'waiting' }]))
      await queue.perform({ key: 'living', data: {}, group: 'one', priority: 100 })
      await until(() => expect(seen).toEqual(['living']))
    })

    test('a job beyond all hope is given up at once, and logged once', async () => {
      const errors: object[] = []
      await queue.stop({ timeoutMs: 0 })
      queue = await startQueue({ database, log: { ...silent, error: (fields) => void errors.push(fields) } })
      const dead = vi.fn<Handlers['dead']>(async () => 'done')
      await work({ inbox: async () => ({ again: 'never', reason: 'issues 1-2: sender' }), dead })
      await receive('k')
      await until(() => expect(dead).toHaveBeenCalledOnce())
      await idle()
      expect(errors).toMatchObject([{ queue: 'inbox', key: 'k', attempt: 1, reason: 'issues 1-2: sender' }])
    })

    test('one group leaves room for the others', async () => {
      const gate = Promise.withResolvers<Verdict>()
      const seen: string[] = []
      await work({
        outbox: async ({ key }) => {
          seen.push(key)
          return key === 'small' ? 'done' : gate.promise
        },
      })
      const flood = Array.from({ length: 20 }, () => queue.perform({ key: 'big', data: {}, group: 'big' }))
      await Promise.all(flood)
      await queue.perform({ key: 'small', data: {}, group: 'small' })
      await until(() => expect(seen).toContain('small'))
      expect(seen.filter((key) => key === 'big')).toHaveLength(6)
      gate.resolve('done')
      await idle()
    })
  })

  describe('sync', () => {
    test('a burst becomes two runs, and the second sees the last wish', async () => {
      const seen: number[] = []
      let state = 0
      const gate = Promise.withResolvers<void>()
      await work({
        outbox: async () => {
          seen.push(state)
          if (seen.length === 1) await gate.promise
          return 'done'
        },
      })
      await queue.sync({ key: 'k', data: { a: 1 } })
      await until(() => expect(seen).toEqual([0]))
      for (let wish = 1; wish < 20; wish += 1) {
        state = wish
        await queue.sync({ key: 'k', data: { a: 1 } })
      }
      expect((await queue.stats()).jobs).toEqual([{ queue: 'outbox', state: 'active', count: 1 }])
      gate.resolve()
      await hurryUntil(() => expect(seen).toEqual([0, 19]))
      await idle()
      expect(await database.query('SELECT wanted = done AS quiet FROM mayday.syncs')).toEqual([
        { quiet: true },
      ])
    })

    test('runs of one key begin three seconds apart, and delay no other key', async () => {
      const begun: { key: string; at: number }[] = []
      await work({
        outbox: async ({ key }) => {
          begun.push({ key, at: performance.now() })
          return 'done'
        },
      })
      await queue.sync({ key: 'k', data: {} })
      await until(() => expect(begun).toHaveLength(1))
      await Promise.all(Array.from({ length: 20 }, () => queue.sync({ key: 'k', data: {} })))
      await queue.sync({ key: 'other', data: {} })
      await vi.waitFor(() => expect(begun.map(({ key }) => key)).toEqual(['k', 'other', 'k']), 5_000)
      const [first, , second] = begun.map(({ at }) => at)
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(2_900)
      await idle()
      expect(begun).toHaveLength(3)
    })

    test('a failing run is retried, a given up one makes room for the next wish', async () => {
      let good = false
      const attempts: number[] = []
      const dead = vi.fn<Handlers['dead']>(async () => 'done')
      await work({
        outbox: async ({ attempt }) => (good ? noted(attempts, attempt) : noted(attempts, attempt) && failed),
        dead,
      })
      await queue.sync({ key: 'k', data: {} })
      await hurryUntil(() => expect(dead).toHaveBeenCalledOnce())
      expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      good = true
      await queue.sync({ key: 'k', data: {} })
      await hurryUntil(() => expect(attempts).toHaveLength(9))
      await idle()
    })

    test('never two at a time, and the last wish is always served', async () => {
      let running = 0
      let most = 0
      let state = 0
      let served = -1
      await work({
        outbox: async () => {
          running += 1
          most = Math.max(most, running)
          const read = state
          await delay(5)
          served = read
          running -= 1
          return 'done'
        },
      })
      const wishes = (async () => {
        for (let wish = 1; wish <= 60; wish += 1) {
          await database.inTx(async () => {
            await queue.sync({ key: 'k', data: {} })
            state = wish
          })
          await delay(Math.random() * 10)
        }
      })()
      await hurryUntil(() => expect(served).toBe(60))
      await wishes
      expect(most).toBe(1)
    })
  })

  describe('ends', () => {
    test('a job that could not be settled is tried again', async () => {
      const attempts: number[] = []
      await work({ inbox: async ({ attempt }) => noted(attempts, attempt) })
      await receive('k')
      vi.spyOn(database, 'inTx').mockRejectedValueOnce(new Error('connection lost'))
      await hurryUntil(() => expect(attempts).toEqual([1, 2]))
      await idle()
    })

    test('a database that was away is no fault of the job', async () => {
      const attempts: number[] = []
      const gone = new DatabaseError('terminating connection', { code: '57P01' })
      await work({
        inbox: async ({ attempt }) => {
          attempts.push(attempt)
          if (attempts.length === 3) vi.spyOn(database, 'inTx').mockRejectedValueOnce(gone)
          else if (attempts.length < 6) throw gone
          return 'done'
        },
      })
      await receive('k')
      await hurryUntil(() => expect(attempts).toEqual([1, 1, 1, 1, 1, 1]))
      await idle()
      expect((await queue.stats()).dead).toBe(0)
    })

    test('a stop waits for what runs and gives back the rest, uncounted', async () => {
      const quick = Promise.withResolvers<Verdict>()
      const jobs: Job[] = []
      const ended: string[] = []
      await work({
        inbox: async (job) => {
          jobs.push(job)
          if (job.key === 'quick') await quick.promise
          else await delay(5_000)
          ended.push(job.key)
          return 'done'
        },
      })
      await receive('quick')
      await receive('slow')
      await until(() => expect(jobs).toHaveLength(2))
      const stopping = queue.stop({ timeoutMs: 100 })
      await receive('late')
      quick.resolve('done')
      await stopping
      expect(ended).toEqual(['quick'])
      expect((await queue.stats()).jobs).toEqual([{ queue: 'inbox', state: 'waiting', count: 2 }])
      queue = await restart()
      const again: Job[] = []
      await work({ inbox: async (job) => noted(again, job) })
      const tried = () => again.map(({ key, attempt }) => `${key} ${attempt}`).toSorted()
      await until(() => expect(tried()).toEqual(['late 1', 'slow 1']))
    })

    test('a job whose process died runs again soon, one attempt further, and in the end no more', async () => {
      // What a dead process leaves: jobs in the state `active`, and no sign of life.
      const claimed = async (key: string, retryCount: number) => {
        await receive(key)
        await database.query(
          `UPDATE pgboss.job SET state = 'active', retry_count = $2, started_on = created_on,
             heartbeat_on = created_on - interval '11 seconds'
           WHERE data ->> 'key' = $1`,
          [key, retryCount],
        )
      }
      await claimed('young', 0)
      await claimed('old', 2)
      await receive('young', { second: true })
      await queue.stop({ timeoutMs: 0 })
      queue = await restart()
      const jobs: Job[] = []
      const dead = vi.fn<Handlers['dead']>(async () => 'done')
      await work({ inbox: async (job) => noted(jobs, job), dead })
      await vi.waitFor(() => expect(dead).toHaveBeenCalledOnce(), { timeout: 8_000 })
      await until(() =>
        expect(jobs.map(({ key, attempt }) => `${key} ${attempt}`)).toEqual(['young 2', 'young 1']),
      )
      expect(dead.mock.calls[0]?.[0]).toMatchObject({ key: 'old', queue: 'inbox' })
    }, 15_000)
  })
})

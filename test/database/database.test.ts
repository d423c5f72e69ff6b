// The database: the same on both backends, transactions that hold, errors that tell nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import { DatabaseError, isOutage, redact } from '../../src/database/errors.ts'
import { forEachBackend } from './backends.ts'

forEachBackend('database', (open, place) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await database.query('CREATE TABLE mayday.things (id bigint PRIMARY KEY, body jsonb, at timestamptz)')
  })
  afterAll(() => database.close())

  const insert = (id: number) => database.query('INSERT INTO mayday.things (id) VALUES ($1)', [id])
  const ids = async () => {
    const rows = await database.query<{ id: number }>('SELECT id FROM mayday.things ORDER BY id')
    return rows.map(({ id }) => id)
  }
  const emptied = () => database.query('DELETE FROM mayday.things')

  test('rows are the same', async () => {
    const at = new Date('2026-02-03T04:05:06.789Z')
    const rows = await database.query(
      'INSERT INTO mayday.things VALUES ($1, $2, $3) RETURNING id, body, at, (SELECT count(*) FROM mayday.events) AS n',
      [2 ** 40, { a: ['b'] }, at],
    )
    expect(rows).toEqual([{ id: 2 ** 40, body: { a: ['b'] }, at, n: 0 }])
    await emptied()
  })

  test('a transaction commits as a whole or not at all', async () => {
    await database.inTx(async () => {
      await insert(1)
      await database.inTx(() => insert(2))
    })
    await expect(
      database.inTx(async () => {
        await insert(3)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await ids()).toEqual([1, 2])
    await emptied()
  })

  test('statements outside do not see, nor join, an open transaction', async () => {
    const before = Promise.withResolvers<void>()
    const inside = database.inTx(async () => {
      await insert(1)
      before.resolve()
      throw new Error('no')
    })
    await before.promise
    await Promise.all([insert(2), expect(inside).rejects.toThrow('no')])
    expect(await ids()).toEqual([2])
    await emptied()
  })

  test('a swallowed error commits nothing', async () => {
    const swallowing = database.inTx(async () => {
      await insert(1)
      await insert(1).catch(() => {})
      return 'fine'
    })
    await expect(swallowing).rejects.toThrow(/duplicate key/)
    expect(await ids()).toEqual([])
    await insert(2)
    expect(await ids()).toEqual([2])
    await emptied()
  })

  test('a statement that comes too late is refused', async () => {
    const ended = Promise.withResolvers<void>()
    let late: Promise<unknown> = Promise.resolve()
    await database.inTx(async () => {
      late = ended.promise.then(() => insert(1))
    })
    ended.resolve()
    await expect(late).rejects.toThrow('after the end of its transaction')
    expect(await ids()).toEqual([])
  })

  test('hooks run after the commit only, and outside of the transaction', async () => {
    const seen: unknown[] = []
    await database.inTx(async () => {
      database.afterCommit(() => seen.push('committed'))
      await database.inTx(() => insert(1))
      expect(seen).toEqual([])
    })
    expect(seen).toEqual(['committed'])
    const failing = database.inTx(async () => {
      database.afterCommit(() => seen.push('never'))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    database.afterCommit(() => seen.push('at once'))
    expect(seen).toEqual(['committed', 'at once'])
    await emptied()
  })

  test('errors carry no statement and no values', async () => {
    const secret = 'hunter2'
    const failures = await Promise.allSettled([
      database.query('INSERT INTO mayday.things (id) VALUES ($1)', [secret]),
      database.query('SELECT $1::text::jsonb', [`{"${secret}`]),
      database.query('INSERT INTO mayday.things (id, body) VALUES (NULL, $1)', [{ secret }]),
      database.query(`SELECT '${secret}' FROM nowhere`),
      database.query('SELECT $1::text::int', [secret]),
    ])
    for (const failure of failures) {
      const error = failure.status === 'rejected' ? failure.reason : undefined
      expect(error).toBeInstanceOf(DatabaseError)
      expect(everything(error)).not.toContain(secret)
    }
  })

  test('a statement that came before sees what the schema has become', async () => {
    await insert(1)
    const all = (from: number) => database.query('SELECT * FROM mayday.things WHERE id >= $1', [from])
    expect(await all(1)).toEqual([{ id: 1, body: null, at: null }])
    await database.query('ALTER TABLE mayday.things ADD COLUMN more text')
    expect(await all(1)).toEqual([{ id: 1, body: null, at: null, more: null }])
    await database.query('ALTER TABLE mayday.things DROP COLUMN more')
    expect(await all(1)).toEqual([{ id: 1, body: null, at: null }])
    await emptied()
  })

  test('the same statement answers as often as it is asked, also after it failed', async () => {
    const half = (of: number) => database.query<{ half: number }>('SELECT 100 / $1::int AS half', [of])
    for (let count = 0; count < 500; count += 1) expect(await half(2)).toEqual([{ half: 50 }])
    await expect(half(0)).rejects.toMatchObject({ code: '22012' })
    expect(await half(4)).toEqual([{ half: 25 }])
  })

  test('more different statements than are kept', async () => {
    for (const round of [1, 2]) {
      for (let count = 0; count < 600; count += 1) {
        const rows = await database.query(`SELECT ${count} + $1::int AS sum`, [round])
        expect(rows).toEqual([{ sum: count + round }])
      }
    }
  })

  test.runIf(place.databaseUrl)('a connection that breaks off fails as such, wherever it was', async () => {
    const gone = expect.objectContaining({ name: 'DatabaseError', code: '57P01' })
    const end = () => database.query('SELECT pg_terminate_backend(pg_backend_pid())')
    await expect(end()).rejects.toEqual(gone)
    await expect(database.inTx(end)).rejects.toEqual(gone)
    const other = await open()
    const breaking = database.inTx(async () => {
      const [row] = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      await other.query('SELECT pg_terminate_backend($1)', [row?.pid])
      await new Promise((resolve) => setTimeout(resolve, 50))
    })
    await expect(breaking).rejects.toThrow(/DatabaseError|[Cc]onnection|terminat/)
    expect(await breaking.catch(isOutage)).toBe(true)
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await other.close()
  })

  test('a constraint is named', async () => {
    await insert(7)
    await expect(insert(7)).rejects.toMatchObject({ code: '23505', constraint: 'things_pkey' })
    await emptied()
  })
})

forEachBackend('migrations', (open, { databaseUrl: server }) => {
  test('of processes that start together take turns', async () => {
    const bare = await open()
    await bare.query('DROP SCHEMA mayday CASCADE')
    await bare.close()
    const databases = await Promise.all(server ? [open(), open(), open()] : [open()])
    const [first] = databases
    expect(await first?.query('SELECT version FROM mayday.migrations')).not.toEqual([])
    for (const database of databases) await database.close()
  })
})

describe('redact', () => {
  test('leaves nothing of an unknown error but its message', () => {
    const error = Object.assign(new Error('boom\nDETAIL: secret'), {
      query: 'secret',
      params: ['secret'],
      cause: 'secret',
    })
    expect(everything(redact(error))).not.toContain('secret')
    expect(redact(error).message).toBe('boom')
    expect(redact('secret').message).toBe('the database failed')
  })
})

function everything(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return Reflect.ownKeys(error)
    .map((key) => String(Reflect.get(error, key)))
    .join('\n')
}

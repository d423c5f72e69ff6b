// The database: the same on both backends, transactions that hold, errors that tell nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import { DatabaseError, redact } from '../../src/database/errors.ts'
import { forEachBackend } from './backends.ts'

forEachBackend('database', (open) => {
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

  test('a constraint is named', async () => {
    await insert(7)
    await expect(insert(7)).rejects.toMatchObject({ code: '23505', constraint: 'things_pkey' })
    await emptied()
  })
})

forEachBackend('migrations', (open) => {
  test('processes that start together take turns; a newer database is refused', async () => {
    const database = await open()
    const versions = await database.query<{ version: number }>('SELECT version FROM mayday.migrations')
    expect(versions.length).toBeGreaterThan(0)
    if (database.kind === 'postgres') {
      const others = await Promise.all([open(), open(), open()])
      for (const other of others) await other.close()
    }
    await database.query('INSERT INTO mayday.migrations (version, name, applied_at) VALUES (999, $1, $2)', [
      '999-future.sql',
      new Date(),
    ])
    await database.close()
    await expect(open()).rejects.toThrow(/newer Mayday \(schema 999; this program knows \d+\)/)
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

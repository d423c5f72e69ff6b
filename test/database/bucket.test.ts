// The bucket of GitHub calls.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CallKind, takeToken } from '../../src/database/bucket.ts'
import type { Database } from '../../src/database/database.ts'
import { forEachBackend } from './backends.ts'

const SECOND = 1_000
const START = Date.parse('2026-03-01T00:00:00Z')

forEachBackend('bucket', (open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.query('DELETE FROM mayday.installations')
    await database.query(
      `INSERT INTO mayday.installations (id, account, account_type, permissions, created_at)
       VALUES (1, 'acme', 'Organization', '{}', $1), (2, 'other', 'Organization', '{}', $1)`,
      [new Date(START)],
    )
  })

  const take = (kind: CallKind, seconds = 0, installationId = 1) =>
    takeToken({ database, installationId, kind, now: START + seconds * SECOND })
  const taken = async (kind: CallKind, from: number, until: number) => {
    let count = 0
    for (let second = from; second < until; second += 1) if ((await take(kind, second)).ok) count += 1
    return count
  }

  test('gives ten at once and one a second, to all that ask side by side', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => take('write')))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10)
    expect(await take('write')).toEqual({ ok: false, afterSeconds: 1 })
    expect(await take('write', 0.4)).toEqual({ ok: false, afterSeconds: expect.closeTo(0.6) })
    expect(await take('write', 1)).toEqual({ ok: true })
    expect(await take('write', 1)).toMatchObject({ ok: false })
    expect(await taken('write', 100, 101)).toBe(1)
  })

  test('is never fuller than ten', async () => {
    await take('write')
    const answers = await Promise.all(Array.from({ length: 30 }, () => take('write', 3_600)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10)
  })

  test('is one per installation; reads and strangers are free', async () => {
    for (let call = 0; call < 10; call += 1) await take('write')
    expect(await take('write')).toMatchObject({ ok: false })
    expect(await take('read')).toEqual({ ok: true })
    expect(await take('write', 0, 2)).toEqual({ ok: true })
    expect(await take('write', 0, 3)).toEqual({ ok: true })
  })

  test('holds new content below 80 a minute; other writes go on', async () => {
    await database.query('UPDATE mayday.installations SET minute_start = $1, minute_count = 79', [
      new Date(START),
    ])
    expect(await take('create', 30)).toEqual({ ok: true })
    expect(await take('create', 31)).toEqual({ ok: false, afterSeconds: 29 })
    expect(await take('write', 31)).toEqual({ ok: true })
    expect(await take('create', 31)).toEqual({ ok: false, afterSeconds: 29 })
    expect(await take('create', 60)).toEqual({ ok: true })
    expect(await taken('create', 61, 120)).toBe(59)
  })

  test('holds new content below 500 an hour', async () => {
    const spread = await taken('create', 0, 700)
    expect(spread).toBe(500)
    expect(await take('create', 800)).toEqual({ ok: false, afterSeconds: 2_800 })
    expect(await take('create', 3_600)).toEqual({ ok: true })
  })
})

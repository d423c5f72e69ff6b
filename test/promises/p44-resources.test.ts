// P44: Mayday stays small: under 450 MB of memory at rest, under 256 MB of database log, nothing kept beyond a month.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { keepSmall, vacuum } from '../../src/database/care.ts'
import type { Database } from '../../src/database/database.ts'
import type { Run } from '../../src/database/transactions.ts'
import { createStore } from '../../src/store/store.ts'
import { onPglite, onPgliteAtLeast, silent } from '../database/backends.ts'
import { startApp } from '../sandbox/app-process.ts'
import { SECRET } from '../sandbox/harness.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import { sized } from './size.ts'

const MB = 1024 * 1024
const DAY = 24 * 60 * 60_000
const NOW = Date.parse('2026-11-21T06:00:00Z')

/** So many deliveries, handled or given up, that came at a time; each of two kilobytes. */
const insert = (database: Database, few: { from: number; count: number; at: number; done: boolean }) =>
  database.query(
    `INSERT INTO mayday.deliveries (guid, event, key, received_at, payload, done_at)
     SELECT md5(i::text), 'issues', '1#' || i % 50, $3, convert_to(repeat('x', 2000), 'UTF8'), CASE WHEN $4::bool THEN $3::timestamptz END
     FROM generate_series($1::int, $2::int) i`,
    [few.from, few.from + few.count - 1, new Date(few.at), few.done],
  )

onPgliteAtLeast('deliveries of more than a month ago', (open) => {
  test('are forgotten a thousand at a time, given up ones too, and those that wait are not', async () => {
    const database = await open()
    await insert(database, { from: 1, count: 2_400, at: NOW - 31 * DAY, done: true })
    await insert(database, { from: 5_001, count: 2, at: NOW - 31 * DAY, done: false })
    await insert(database, { from: 6_001, count: 3, at: NOW - 29 * DAY, done: true })
    await database.query(
      `INSERT INTO mayday.inbox (key, body, received_at) VALUES ('1#' || 5001 % 50, jsonb_build_object('guid', md5('5001')), $1)`,
      [new Date(NOW)],
    )
    const query = vi.spyOn(database, 'query')
    await createStore(database).deliveries.forgetBefore(NOW - 30 * DAY)
    expect(query).toHaveBeenCalledTimes(3)
    const left = await database.query<{ guid: string }>(
      'SELECT guid FROM mayday.deliveries ORDER BY received_at, guid',
    )
    expect(left).toHaveLength(4)
    expect(await database.query(`SELECT md5('5001') AS guid`)).toEqual([left[0]])
    await database.close()
  })
})

onPglite('the embedded database', (open, place) => {
  const logBytes = (): number => {
    const directory = join(place.dataDir, 'pglite', 'pg_wal')
    return readdirSync(directory).reduce((sum, file) => sum + statSync(join(directory, file)).size, 0)
  }
  const tableBytes = async (database: Database): Promise<number> => {
    const rows = await database.query<{ size: number }>(
      `SELECT pg_total_relation_size('mayday.deliveries') AS size`,
    )
    return rows[0]?.size ?? 0
  }

  test('gives back the room of rows that died, and keeps little of its log', async () => {
    const database = await open()
    expect(await database.query('SHOW max_wal_size')).toEqual([{ max_wal_size: '64MB' }])
    await insert(database, { from: 1, count: 1_000, at: NOW, done: true })
    await database.query('DELETE FROM mayday.deliveries')
    await vacuum(database.boss.executeSql)
    const size = await database.query<{ size: number }>(
      `SELECT pg_relation_size('mayday.deliveries') AS size`,
    )
    expect(size).toEqual([{ size: 0 }])
    await database.close()
  })

  test.runIf(sized({ suite: false, soak: true }))(
    'is bounded over a million deliveries of ninety days',
    async () => {
      const database = await open()
      const store = createStore(database)
      const days = 90
      const perDay = Math.ceil(1_000_000 / days)
      const seen = { log: 0, month: 0, end: 0 }
      for (let day = 0; day < days; day += 1) {
        const at = NOW + day * DAY
        for (let done = 0; done < perDay; done += 200) {
          await insert(database, {
            from: day * perDay + done,
            count: Math.min(200, perDay - done),
            at,
            done: true,
          })
          seen.log = Math.max(seen.log, logBytes())
        }
        await store.deliveries.forgetBefore(at - 30 * DAY)
        if (day === 40) seen.month = await tableBytes(database)
      }
      seen.end = await tableBytes(database)
      await database.close()
      console.info(
        `log at most ${Math.round(seen.log / MB)} MB, deliveries ${Math.round(seen.month / MB)} MB after 40 days, ${Math.round(seen.end / MB)} MB after ${days}`,
      )
      expect(seen.log).toBeLessThan(256 * MB)
      expect(seen.end).toBeLessThan(seen.month * 1.25)
    },
  )
})

describe.runIf(sized({ suite: false, soak: true }))('a running Mayday', () => {
  test('rests in under 450 MB, starts warm within 2 s and after a crash within 5 s', async () => {
    const sandbox = await startSandbox({ secret: SECRET, validate: false })
    const cold = await startApp({ sandbox, secret: SECRET })
    const { dataDir } = cold
    await cold.stop()
    const timed = async () => {
      const began = performance.now()
      const app = await startApp({ sandbox, secret: SECRET, dataDir })
      return { app, ms: performance.now() - began }
    }
    const warm = await timed()
    await pause(10_000)
    const status = readFileSync(`/proc/${warm.app.pid}/status`, 'utf8')
    const megabytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
    await warm.app.kill()
    const crashed = await timed()
    await crashed.app.stop()
    await sandbox.stop()
    console.info(
      `at rest ${Math.round(megabytes)} MB, warm ${Math.round(warm.ms)} ms, after a crash ${Math.round(crashed.ms)} ms`,
    )
    expect(megabytes).toBeLessThan(450)
    expect(warm.ms).toBeLessThan(2_000)
    expect(crashed.ms).toBeLessThan(5_000)
  })
})

describe('checkpoints', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000)

  function fakeServer() {
    const server = { written: 0, vacuums: 0, checkpoints: 0, at: 0 }
    const run: Run = async (text) => {
      if (text.includes('n_dead_tup')) server.vacuums += 1
      if (text === 'CHECKPOINT') {
        server.checkpoints += 1
        server.at = server.written
      }
      if (!text.includes('pg_wal_lsn_diff')) return { rows: [] }
      return { rows: [{ position: `0/${server.written}`, bytes: server.written - server.at }] }
    }
    return { server, care: keepSmall(run, silent, async () => {}) }
  }

  test('come every five minutes of writing, at once after 64 MB, and not without need', async () => {
    const { server, care } = fakeServer()
    await minutes(20)
    expect(server.checkpoints).toBe(0)
    server.written += MB
    await minutes(1)
    expect(server.checkpoints).toBe(1)
    server.written += MB
    await minutes(3)
    expect(server.checkpoints).toBe(1)
    server.written += 64 * MB
    await minutes(1 / 60)
    expect(server.checkpoints).toBe(2)
    server.written += MB
    await minutes(6)
    expect(server.checkpoints).toBe(3)
    // What has died is vacuumed before each.
    expect(server.vacuums).toBe(3)
    await care.stop()
  })
})

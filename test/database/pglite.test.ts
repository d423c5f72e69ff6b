// The embedded database: one process, private, durable, kept small.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { assertDurable, keepSmall, vacuum } from '../../src/database/care.ts'
import { DurableFS } from '../../src/database/durable-fs.ts'
import { lockDirectory } from '../../src/database/lock.ts'
import { assertRoom } from '../../src/database/pglite.ts'
import type { Run } from '../../src/database/transactions.ts'
import { onPglite, silent } from './backends.ts'

onPglite('embedded database', (open, place) => {
  test('a second process is refused with a sentence, and the first goes on', async () => {
    const database = await open()
    const script = `
      const { openDatabase } = await import(${JSON.stringify(new URL('../../src/database/database.ts', import.meta.url).href)})
      const log = { info() {}, warn() {}, error() {} }
      await openDatabase({ dataDir: ${JSON.stringify(place.dataDir)}, log }).catch((e) => console.log(e.message))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    expect(stdout).toContain(`Another process (process ${process.pid}) works on ${place.dataDir}`)
    expect(stdout).toContain('DATABASE_URL')
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await database.close()
  })

  test('what a dead process and a power cut leave behind does not stop the start', async () => {
    writeFileSync(join(place.dataDir, 'pglite', 'postmaster.pid'), '')
    writeFileSync(join(place.dataDir, 'pglite.pid'), '1\n')
    await (await open()).close()
  })

  test('nobody else can look into the directory', async () => {
    await (await open()).close()
    expect(statSync(place.dataDir).mode & 0o777).toBe(0o700)
  })

  test('many dead rows are vacuumed', async () => {
    const database = await open()
    await database.query(
      `INSERT INTO mayday.syncs (key, wanted, done) SELECT i::text, 1, 1 FROM generate_series(1, 1000) i`,
    )
    await database.query('DELETE FROM mayday.syncs')
    const size = async () => {
      const rows = await database.query<{ size: number }>(`SELECT pg_relation_size('mayday.syncs') AS size`)
      return rows[0]?.size
    }
    expect(await size()).toBeGreaterThan(0)
    await vacuum(database.boss.executeSql)
    expect(await size()).toBe(0)
    await database.close()
  })
})

describe('the lock', () => {
  let directory: string
  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'mayday-lock-')), 'pglite')
    mkdirSync(directory)
  })
  afterEach(() => rmSync(join(directory, '..'), { recursive: true }))

  test('is given on when it is released', async () => {
    const first = await lockDirectory(directory)
    await expect(lockDirectory(directory)).rejects.toThrow('Another process')
    first.release()
    const second = await lockDirectory(directory)
    second.release()
  })
})

describe('durability', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mayday-durable-'))
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  test('a file system without fsync is refused', async () => {
    const fs = new DurableFS(directory, () => {})
    // Its default parameters turn fsync off.
    const pglite = await PGlite.create({ fs })
    try {
      await expect(assertDurable(pglite, fs)).rejects.toThrow('fsync self-test failed')
    } finally {
      await pglite.close()
    }
  })
})

describe('a nearly full disk', () => {
  test('is refused before it is full, and the code says so', () => {
    const full = expect.objectContaining({ code: 'ENOSPC' })
    expect(() => assertRoom(127 * 1024 * 1024)).toThrow(full)
    expect(() => assertRoom(128 * 1024 * 1024)).not.toThrow()
  })
})

describe('checkpoints', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const MB = 1024 * 1024
  const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000)

  function fakeServer() {
    const server = { written: 0, checkpoints: 0, at: 0 }
    const run: Run = async (text) => {
      if (text === 'CHECKPOINT') {
        server.checkpoints += 1
        server.at = server.written
      }
      if (!text.includes('pg_wal_lsn_diff')) return { rows: [] }
      return { rows: [{ position: `0/${server.written}`, bytes: server.written - server.at }] }
    }
    return { server, care: keepSmall(run, silent) }
  }

  test('come every five minutes of writing, every 64 MB, and not without need', async () => {
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
    await minutes(1)
    expect(server.checkpoints).toBe(2)
    server.written += MB
    await minutes(6)
    expect(server.checkpoints).toBe(3)
    await care.stop()
  })
})

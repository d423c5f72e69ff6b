import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { assertDurable } from '../../src/database/care.ts'
import { DurableFS } from '../../src/database/durable-fs.ts'
import { lockDirectory } from '../../src/database/lock.ts'
import { assertRoom } from '../../src/database/pglite.ts'
import { fillFromTemplate, onPglite } from './backends.ts'

onPglite('embedded database', (open, place) => {
  test('what a dead process and a power cut leave behind does not stop the start', async () => {
    writeFileSync(join(place.dataDir, 'pglite', 'postmaster.pid'), '')
    writeFileSync(join(place.dataDir, 'pglite.pid'), '1\n')
    await (await open()).close()
  })

  test('closed, it says so', async () => {
    const database = await open()
    await database.close()
    await expect(database.query('SELECT 1')).rejects.toThrow('is closed')
    await expect(database.inTx(() => database.query('SELECT 1'))).rejects.toThrow('is closed')
  })

  test('nobody else can look into the directory', async () => {
    await (await open()).close()
    expect(statSync(place.dataDir).mode & 0o777).toBe(0o700)
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
    await fillFromTemplate(directory)
    const fs = new DurableFS(join(directory, 'pglite'), () => {})
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

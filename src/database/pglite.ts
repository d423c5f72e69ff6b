// Opens the embedded PostgreSQL, and makes it private, locked, durable and small, which PGlite does not.
import { chmodSync, mkdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Mutex, PGlite, types } from '@electric-sql/pglite'
import type { Log } from '../log.ts'
import { assertDurable, keepSmall } from './care.ts'
import { DurableFS, syncTree } from './durable-fs.ts'
import { DatabaseError, redact } from './errors.ts'
import { lockDirectory } from './lock.ts'
import { preparedStatements } from './prepared.ts'
import type { Backend, Run } from './transactions.ts'

// `-F` is fsync=off. Of the sync methods only plain fsync passes DurableFS, where the start can count it; fdatasync
// never reaches the host.
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', 'shared_buffers=16MB'],
  // How much of the log a checkpoint keeps to write over; when to make one is ours to say (see `keepSmall`).
  ...['-c', 'max_wal_size=64MB', '-c', 'min_wal_size=32MB', '-c', 'wal_compression=on'],
]

/** Room for the log of the largest transaction; with less, nothing is begun. */
const ROOM_BYTES = 128 * 1024 * 1024

/** Opens `<dataDir>/pglite`, making it if need be. Rejects with a sentence for the operator. */
export async function openPglite(options: { dataDir: string; log: Log }): Promise<Backend> {
  makePrivate(options.dataDir)
  const directory = join(resolve(options.dataDir), 'pglite')
  const lock = await lockDirectory(directory)
  try {
    return await openLocked(directory, { log: options.log, release: lock.release })
  } catch (error) {
    lock.release()
    throw error
  }
}

type Locked = { log: Log; release: () => void }

async function openLocked(directory: string, { log, release }: Locked): Promise<Backend> {
  // We hold the lock, so the process that wrote it is gone; after a power cut it is empty and would refuse the start.
  rmSync(join(directory, 'postmaster.pid'), { force: true })
  const fs = new DurableFS(directory, (error) => endProcess(log, error))
  const pglite = await PGlite.create({
    fs,
    startParams: START_PARAMS,
    parsers: { [types.INT8]: Number },
    serializers: { [types.BYTEA]: asTheyAre },
  })
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize
  }
  try {
    syncTree(directory)
    await assertDurable(pglite, fs)
  } catch (error) {
    await pglite.close()
    throw error
  }
  // One session, so one statement or one transaction after the other.
  const mutex = new Mutex()
  const statement = preparedStatements(pglite)
  const run: Run = (text, values) => mutex.runExclusive(() => statement(text, values))
  const care = keepSmall(run, log)
  // Its answers come within the same turn of the event loop, and Node accepts one connection a turn: each statement has a
  // turn of its own, so that a hundred connections of GitHub's do not wait while jobs ask one thing after the other.
  let last = Promise.resolve()
  const turn = () => {
    last = last.then(() => nextTurn())
    return last
  }
  return {
    kind: 'pglite',
    run: async (text, values) => {
      await turn()
      assertRoom(freeBytes())
      return run(text, values)
    },
    transaction: async (fn) => {
      await turn()
      assertRoom(freeBytes())
      return mutex.runExclusive(() =>
        transaction(statement, () => fn((text, values) => nextTurn().then(() => statement(text, values)))),
      )
    },
    close: async () => {
      await care.stop()
      await pglite.close()
      release()
    },
  }
}

/**
 * Throws while the disk is nearly full, so that the door refuses what it could not keep, and goes on by itself once
 * there is room again. Without this the log would run into the end of the disk, and that ends the process.
 */
export function assertRoom(freeBytes: number): void {
  if (freeBytes >= ROOM_BYTES) return
  throw new DatabaseError('the disk is nearly full: less than 128 MB are free in DATA_DIR', {
    code: 'ENOSPC',
  })
}

// By default each byte becomes two letters; the types know only that, the protocol takes both.
const asTheyAre = (bytes: Uint8Array): string => bytes as unknown as string

function endProcess(log: Log, error: unknown): never {
  log.error(
    { err: redact(error) },
    'the database log cannot be written: the process ends, a start will recover',
  )
  process.exit(1)
}

async function transaction<T>(statement: Run, fn: () => Promise<T>): Promise<T> {
  await statement('BEGIN')
  try {
    const result = await fn()
    await statement('COMMIT')
    return result
  } catch (error) {
    await statement('ROLLBACK')
    throw error
  }
}

// PGlite makes its files world-readable whatever the umask says, so the directory around them must be closed.
function makePrivate(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown'
    throw new Error(`DATA_DIR (${dataDir}) cannot be made: ${why}`)
  }
  try {
    chmodSync(dataDir, 0o700)
  } catch {
    // Not ours to change; it may be private all the same.
  }
  if (process.platform !== 'win32' && (statSync(dataDir).mode & 0o077) !== 0) {
    throw new Error(
      `DATA_DIR (${dataDir}) is open to other users and cannot be made private. Run: chmod 700 ${dataDir}`,
    )
  }
}

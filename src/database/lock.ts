// Holds a data directory for one process: embedded PostgreSQL takes no lock of its own, and two processes ruin it.
import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'

const SQLITE_BUSY = 5
/** Another process holds the directory. The message is a sentence for the operator. */
export class DirectoryInUse extends Error {}

/** A predecessor that is just leaving gets this long before the start is refused. */
const WAIT_MS = 1_000

/**
 * Takes the exclusive lock `<directory>.lock` or rejects with a sentence for the operator. The lock is the kernel's
 * (SQLite's EXCLUSIVE transaction), so that a killed process leaves none behind and no age has to be guessed.
 */
export async function lockDirectory(directory: string): Promise<{ release(): void }> {
  const file = `${directory}.lock`
  const deadline = performance.now() + WAIT_MS
  for (;;) {
    const lock = tryLock(file)
    if (lock) {
      writeFileSync(`${directory}.pid`, `${process.pid}\n`, { mode: 0o600 })
      return { release: () => lock.close() }
    }
    if (performance.now() > deadline) throw new DirectoryInUse(refusal(directory))
    await delay(100)
  }
}

function tryLock(file: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(file)
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
}

function refusal(directory: string): string {
  return (
    `Another process${holder(directory)} works on ${directory}. ` +
    'Stop it first, or give each its own DATA_DIR; to run several side by side, set DATABASE_URL to a PostgreSQL.'
  )
}

function holder(directory: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(`${directory}.pid`, 'utf8'), 10)})`
  } catch {
    return ''
  }
}

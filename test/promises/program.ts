// Starts the real program with the variables of a test and nothing else of ours, and keeps what it writes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { privateKey } from '../door.ts'
import { SECRET } from '../sandbox/harness.ts'

export type Variables = Record<string, string | undefined>

const scratch = join(tmpdir(), `mayday-start-${process.pid}`)
const running = new Set<ReturnType<typeof spawn>>()

/** A directory of its own, not made yet. */
function scratchDir(): string {
  mkdirSync(scratch, { recursive: true })
  return join(mkdtempSync(join(scratch, 'home-')), 'data')
}

/** Complete credentials. */
export const good = { APP_ID: '77', PRIVATE_KEY: privateKey, WEBHOOK_SECRET: SECRET }

/** Starts `src/main.ts`, after `preload` where one is given; `ended` gives its exit code. */
export function start(variables: Variables, preload?: URL) {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env
  const env = { PATH, HOME, NODE_COMPILE_CACHE, PORT: '0', DATA_DIR: scratchDir(), ...variables }
  const main = new URL('../../src/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, preload ? ['--import', preload.href, main] : [main], { env })
  running.add(child)
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  const ended = once(child, 'close').then(() => {
    running.delete(child)
    return child.exitCode
  })
  return { child, written, ended, dataDir: env.DATA_DIR ?? '' }
}

/** Ends what is still running and removes every scratch directory; for `afterAll`. */
export function tidyUp(): void {
  for (const child of running) child.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
}

/** The permissions of a path as `ls` would count them: `700`. */
export const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

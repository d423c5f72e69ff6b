// Runs the real app as a child process whose clock can be moved: `const app = await startApp({ sandbox, secret })`.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../../src/config/env.ts'

export type AppOptions = {
  /** What it takes for GitHub: its host, and the registration of the app. */
  sandbox: { host: string; app: { id: number; privateKey: string } }
  secret: string
  /** Milliseconds since the epoch at which its clock begins; the machine's time by default. */
  at?: number
  /** A free one by default. */
  port?: number
  /** A new temporary one by default, which `stop` and `kill` leave where it is. */
  dataDir?: string
  databaseUrl?: string
  logLevel?: Settings['logLevel']
  /** More variables, or others than those above. */
  env?: Readonly<Record<string, string>>
}

export type AppProcess = {
  readonly pid: number
  readonly port: number
  /** `http://localhost:PORT` */
  readonly url: string
  readonly webhookUrl: string
  readonly dataDir: string
  /** Null while it runs, and where a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Moves its `Date` to this moment, from which it runs on; resolves when it is done. */
  setClock: (at: number) => Promise<void>
  /** Sends the signal (SIGKILL by default) and resolves when the process is gone. */
  kill: (signal?: NodeJS.Signals) => Promise<void>
  /** Asks it to stop (SIGTERM) and resolves with its exit code; after 15 s it is killed and the answer is null. */
  stop: () => Promise<number | null>
}

const ROOT = new URL('../../', import.meta.url)
const CLOCK = new URL('test/clock.ts', ROOT)
const START_WITHIN_MS = 90_000
const STOP_WITHIN_MS = 15_000

/** Starts `src/main.ts` and resolves when it is ready to serve. Rejects with what it wrote where it ends before. */
export async function startApp(options: AppOptions): Promise<AppProcess> {
  const port = options.port ?? (await freePort())
  const dataDir = options.dataDir ?? join(await mkdtemp(join(tmpdir(), 'mayday-')), 'data')
  const child = spawn(process.execPath, ['--import', CLOCK.href, new URL('src/main.ts', ROOT).pathname], {
    env: variables(options, { port, dataDir }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own group: Ctrl-C reaches the parent alone, which then stops it in order.
    detached: true,
  })
  const stopWithUs = (): boolean => child.kill('SIGKILL')
  process.once('exit', stopWithUs)
  child.once('exit', () => process.off('exit', stopWithUs))
  const app = handle(child, { port, dataDir })
  await ready(app, child)
  return app
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}

/** Removes a data directory that `startApp` made, with the directory around it. */
export function removeDataDir(dataDir: string): void {
  rmSync(join(dataDir, '..'), { recursive: true, force: true })
}

/** Nothing of our own environment but what every program needs: an APP_ID of the shell must not leak in. */
function variables(options: AppOptions, place: { port: number; dataDir: string }): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '', TMPDIR = '', NODE_COMPILE_CACHE = '' } = process.env
  return {
    PATH,
    HOME,
    ...(NODE_COMPILE_CACHE === '' ? {} : { NODE_COMPILE_CACHE }),
    ...(TMPDIR === '' ? {} : { TMPDIR }),
    MAYDAY_CLOCK: options.at === undefined ? 'parent' : String(options.at),
    APP_ID: String(options.sandbox.app.id),
    PRIVATE_KEY: options.sandbox.app.privateKey,
    WEBHOOK_SECRET: options.secret,
    GHE_HOST: options.sandbox.host,
    GHE_PROTOCOL: 'http',
    HOST: 'localhost',
    PORT: String(place.port),
    DATA_DIR: place.dataDir,
    LOG_LEVEL: options.logLevel ?? 'warn',
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
    ...options.env,
  }
}

function handle(child: ChildProcess, place: { port: number; dataDir: string }): AppProcess {
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  }
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = `http://localhost:${place.port}`
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    child.kill(signal)
    await gone
  }
  return {
    pid: child.pid ?? 0,
    ...place,
    url,
    webhookUrl: `${url}/api/github/webhooks`,
    get exitCode() {
      return child.exitCode
    },
    get stdout() {
      return written.stdout
    },
    get stderr() {
      return written.stderr
    },
    setClock: (at) => setClock(child, at),
    kill,
    stop: async () => {
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
      await kill('SIGTERM')
      clearTimeout(late)
      return child.exitCode
    },
  }
}

function setClock(child: ChildProcess, at: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || !('clock' in message)) return
      if (message.clock !== at) return
      settle()
      resolve()
    }
    const fail = (): void => {
      settle()
      reject(new Error('The app ended before its clock was moved'))
    }
    const settle = (): void => {
      child.off('message', hear)
      child.off('exit', fail)
    }
    child.on('message', hear)
    child.once('exit', fail)
    if (!child.connected) return fail()
    child.send({ clock: at })
  })
}

async function ready(app: AppProcess, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_WITHIN_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The app ended with ${child.exitCode ?? child.signalCode}: ${app.stderr || app.stdout}`)
    }
    const answer = await fetch(`${app.url}/readyz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await app.kill()
  throw new Error(`The app was not ready within ${START_WITHIN_MS / 1000} s: ${app.stderr || app.stdout}`)
}

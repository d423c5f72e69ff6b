// Real processes of Mayday between a relay and the sandbox, killed and started again, all on one clock that moves.
import pg from 'pg'
import { expect } from 'vitest'
import type { Place } from '../database/backends.ts'
import { type AppProcess, freePort, startApp } from '../sandbox/app-process.ts'
import type { FaultInput } from '../sandbox/faults/faults.ts'
import { SECRET } from '../sandbox/harness.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import { type RelayOptions, startRelay } from './relay.ts'

/** So long the bucket of calls needs to be full again: a burst takes more of them than a second gives. */
const FULL_BUCKET_MS = 10_000
const LOOK_EVERY_MS = 20
/** A Thursday in working hours: reminders wait for those, and no test should depend on the day on which it runs. */
const BEGIN = Date.parse('2025-12-18T10:30:00Z')

export type Machine = Awaited<ReturnType<typeof startMachine>>

/** `processes` is how many there can be side by side; `start` starts one. `settings` is acme/search's mayday.yml. */
export async function startMachine(options: {
  place: Place
  settings: string
  processes?: number
  relay?: Omit<RelayOptions, 'targets'>
}) {
  const { place, settings, processes = 1 } = options
  let offset = BEGIN - Date.now()
  const now = (): number => Date.now() + offset
  const sandbox = await startSandbox({ secret: SECRET, now, validate: false })
  sandbox.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': settings } })
  const ports = await Promise.all(Array.from({ length: processes }, freePort))
  const targets = ports.map((port) => `http://localhost:${port}/api/github/webhooks`)
  const relay = await startRelay({ ...options.relay, targets: () => targets })
  sandbox.setWebhookUrl(relay.url)
  // A server has a time of its own, which moves with ours.
  const server = place.databaseUrl ? new pg.Client({ connectionString: place.databaseUrl }) : null
  await server?.connect()
  let running: AppProcess[] = []
  const written: string[] = []

  const pass = async (ms: number): Promise<void> => {
    offset += ms
    await Promise.all(running.map((app) => app.setClock(now())))
    await server?.query(HASTEN, [ms])
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  const end = async <T>(app: AppProcess, how: () => Promise<T>): Promise<T> => {
    const outcome = await how()
    running = running.filter((other) => other !== app)
    written.push(app.stdout, app.stderr)
    return outcome
  }
  const idle = async (): Promise<boolean> => {
    const [app] = running
    return relay.waiting() === 0 && app !== undefined && (await isIdle(app))
  }
  return {
    sandbox,
    relay,
    pass,
    /** The time of the sandbox, and of every process that it was not taken from. */
    now,
    running: (): readonly AppProcess[] => running,
    /** Moves the time between two acts of people; nobody who runs notices. */
    tick: (ms: number): void => {
      offset += ms
    },
    start: async (): Promise<AppProcess> => {
      const port = ports.find((one) => running.every((app) => app.port !== one))
      if (port === undefined) throw new Error('All processes are running')
      const app = await startApp({ sandbox, secret: SECRET, ...place, port, at: now() })
      running.push(app)
      return app
    },
    kill: (app: AppProcess): Promise<void> => end(app, () => app.kill('SIGKILL')),
    /** SIGTERM; resolves to the exit code, null where it did not end by itself. */
    stop: (app: AppProcess): Promise<number | null> => end(app, () => app.stop()),
    /** With nobody left: what the last heartbeat said of running jobs is long ago. */
    forgetHeartbeats: async (): Promise<void> => {
      await server?.query(FORGET)
    },
    /** Resolves when so many more deliveries were acknowledged or changes were made on GitHub, or none is left. */
    passed: async (count: number): Promise<void> => {
      const steps = (): number =>
        relay.acknowledged.size + sandbox.calls.filter((call) => call.mutates).length
      const until = steps() + count
      while (steps() < until && !(await idle())) await pass(FULL_BUCKET_MS)
    },
    /** Resolves when GitHub has done one more thing of this kind, and who asked for it waits for the answer in vain; or when
     * there is none left to do. */
    doneInVain: async (what: Pick<FaultInput, 'method' | 'route' | 'mutates'>): Promise<void> => {
      const fault = sandbox.fault({ kind: 'hang-after', times: 1, ...what })
      while (fault.hits === 0 && !(await idle())) await pass(FULL_BUCKET_MS)
      fault.remove()
    },
    /** Resolves when all is acknowledged and no job waits or runs, twice in a row. */
    quiet: async (): Promise<void> => {
      for (let calm = 0; calm < 2; calm = (await idle()) ? calm + 1 : 0) {
        await pass(FULL_BUCKET_MS)
        await sandbox.settle()
      }
    },
    /** Every delivery that GitHub sent was acknowledged, and nothing went wrong behind anybody's back. */
    check: (): void => {
      const sent = new Set(sandbox.deliveries.map((delivery) => delivery.guid))
      expect([...sent].filter((guid) => !relay.acknowledged.has(guid))).toEqual([])
      expect(sandbox.unknownCalls.map(({ method, path }) => `${method} ${path}`)).toEqual([])
      const lines = [...written, ...running.map((app) => app.stdout + app.stderr)].join('\n').split('\n')
      expect(lines.filter((line) => /"level":"?(50|60|error|fatal)|^(?!\{).*Error/.test(line))).toEqual([])
    },
    close: async (): Promise<void> => {
      for (const app of running) await app.kill()
      await server?.end()
      await relay.stop()
      await sandbox.stop()
    },
  }
}

const HASTEN = `UPDATE pgboss.job SET start_after = start_after - $1 * interval '1 ms' WHERE state < 'active'`
const FORGET = `UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '1 minute' WHERE state = 'active'`

async function isIdle(app: AppProcess): Promise<boolean> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  expect(metrics).toContain('mayday_store_up 1')
  return [...metrics.matchAll(/^mayday_queue_jobs\{.*\} (\d+)$/gm)].every(([, count]) => count === '0')
}

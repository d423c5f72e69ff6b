// One GitHub stand-in and the real app beside it, for measuring what the app does there.
import { setTimeout as pause } from 'node:timers/promises'
import { type AppProcess, removeDataDir, startApp } from '../test/sandbox/app-process.ts'
import { type Sandbox, startSandbox } from '../test/sandbox/sandbox.ts'
import type { CallRecord } from '../test/sandbox/server.ts'
import type { Issue, IssueComment } from '../test/sandbox/world.ts'

export const SECRET = 'the-webhook-secret-of-the-benchmark-0123456789'

export type Stand = {
  sandbox: Sandbox
  app: AppProcess
  /** Resolves when all is answered and no job waits. Time is moved on meanwhile, so that nobody waits for the bucket of
   * calls to fill. */
  quiet(): Promise<void>
  /** The calls that answer what `act` does, until all is quiet. */
  callsOf(act: () => unknown): Promise<CallRecord[]>
  stop(): Promise<void>
}

/** No clock of an incident runs, so that what is counted belongs to what was done. */
const SETTINGS = `
severities:
  P1: { name: High, respond_within: off, update_every: off, external_within: off, escalate: [] }
default_severity: P1
nudges: { no_lead: { after: 30d }, handover: { offer: 30d, demand: 31d }, quiet: { after: 30d } }
`
/** Longer than the bucket of calls takes to fill. */
const REFILL_MS = 11_000

/** PostgreSQL where `databaseUrl` is given, else the embedded database in a temporary directory. */
export async function openStand(databaseUrl: string | undefined): Promise<Stand> {
  let offset = 0
  const now = (): number => Date.now() + offset
  const sandbox = await startSandbox({ secret: SECRET, now, validate: false })
  sandbox.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': SETTINGS } })
  const app = await startApp({
    sandbox,
    secret: SECRET,
    logLevel: 'error',
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  sandbox.setWebhookUrl(app.webhookUrl)

  const quiet = async (): Promise<void> => {
    for (let calm = 0; calm < 3; ) {
      offset += REFILL_MS
      await app.setClock(now())
      await sandbox.settle()
      calm = (await jobs(app)) === 0 ? calm + 1 : 0
      await pause(20)
    }
  }
  return {
    sandbox,
    app,
    quiet,
    callsOf: async (act) => {
      const before = sandbox.calls.length
      act()
      await quiet()
      return sandbox.calls.slice(before)
    },
    stop: async () => {
      await app.stop()
      await sandbox.stop()
      removeDataDir(app.dataDir)
    },
  }
}

async function jobs(app: AppProcess): Promise<number> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  const counts = [...metrics.matchAll(/^mayday_queue_jobs\{.*\} (\d+)$/gm)].map(([, count]) => Number(count))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** The living comment of an issue, once it is there. */
export const livingOf = (issue: Issue): IssueComment | undefined =>
  issue.comments.find(({ body }) => body.includes('<!-- mayday:living:'))

/** Waits in steps of a millisecond. */
export async function until(condition: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > deadline) return false
    await pause(1)
  }
  return true
}

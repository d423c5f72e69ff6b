// One GitHub stand-in and the real app beside it, in one process or several, for measuring what the app does there.
import { setTimeout as pause } from 'node:timers/promises'
import { type AppProcess, removeDataDir, startApp } from '../test/sandbox/app-process.ts'
import { type Sandbox, startSandbox } from '../test/sandbox/sandbox.ts'
import type { CallRecord } from '../test/sandbox/server.ts'
import type { Issue, IssueComment, Repository } from '../test/sandbox/world/world.ts'

export const SECRET = 'the-webhook-secret-of-the-benchmark-0123456789'

/** Which database it runs on, as the figures name it. */
export type DatabaseName = 'embedded' | 'PostgreSQL'

export type Stand = {
  sandbox: Sandbox
  database: DatabaseName
  app: AppProcess
  /** All of them; `app` is the first, which hears the webhooks. */
  apps: readonly AppProcess[]
  /** Resolves when all is answered and no job waits. Time is moved on meanwhile, so that nobody waits for the bucket of
   * calls to fill. */
  quiet(): Promise<void>
  /** The calls that answer what `act` does, until all is quiet. */
  callsOf(act: () => unknown): Promise<CallRecord[]>
  stop(): Promise<void>
}

/** No clock of an incident runs, so that what is counted belongs to what was done. */
const FILES = {
  '.github/mayday.yml': `
severities:
  P1: { name: High, respond_within: off, update_every: off, external_within: off, escalate: [] }
default_severity: P1
nudges: { no_lead: { after: 30d }, handover: { offer: 30d, demand: 31d }, quiet: { after: 30d } }
`,
}
/** Longer than the bucket of calls takes to fill. */
const REFILL_MS = 11_000

/** PostgreSQL where `databaseUrl` is given, for as many `processes` as you like, else the embedded database in a temporary
 * directory. */
export async function openStand(databaseUrl: string | undefined, processes = 1): Promise<Stand> {
  let offset = 0
  const now = (): number => Date.now() + offset
  const sandbox = await startSandbox({ secret: SECRET, now, validate: false })
  sandbox.as('dee').push({ branch: 'main', files: FILES })
  const where = databaseUrl === undefined ? {} : { databaseUrl }
  const start = () => startApp({ sandbox, secret: SECRET, logLevel: 'error', ...where })
  const app = await start()
  const apps = [app]
  while (apps.length < processes) apps.push(await start())
  sandbox.setWebhookUrl(app.webhookUrl)

  const quiet = async (): Promise<void> => {
    for (let calm = 0; calm < 3; ) {
      offset += REFILL_MS
      for (const one of apps) await one.setClock(now())
      await sandbox.settle()
      calm = (await jobs(app)) === 0 ? calm + 1 : 0
      await pause(20)
    }
  }
  return {
    sandbox,
    database: databaseUrl === undefined ? 'embedded' : 'PostgreSQL',
    app,
    apps,
    quiet,
    callsOf: async (act) => {
      const before = sandbox.calls.length
      act()
      await quiet()
      return sandbox.calls.slice(before)
    },
    stop: async () => {
      for (const one of apps) {
        await one.stop()
        removeDataDir(one.dataDir)
      }
      await sandbox.stop()
    },
  }
}

/** Accounts with one repository each, on which the app is installed. */
export function installMany(sandbox: Sandbox, count: number): Repository[] {
  return Array.from({ length: count }, (_, index) => {
    const owner = `team-${index + 1}`
    sandbox.addAccount({ login: owner, kind: 'Organization' })
    const repository = sandbox.addRepository({ owner, name: 'web', files: FILES })
    sandbox.installations.install(owner)
    return repository
  })
}

/** How many wait or run, whichever process is asked. */
export async function jobs(app: AppProcess): Promise<number> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  const counts = [...metrics.matchAll(/^mayday_queue_jobs\{.*\} (\d+)$/gm)].map(([, count]) => Number(count))
  return counts.reduce((sum, count) => sum + count, 0)
}

export const writesOf = (calls: readonly CallRecord[]): CallRecord[] =>
  calls.filter((call) => call.mutates && !isQuery(call))

/** GraphQL reads by POST. */
const isQuery = ({ route, requestBody }: CallRecord): boolean =>
  route === '/graphql' && !String(Object(requestBody).query).trimStart().startsWith('mutation')

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

// Puts the house together: adapters, bot, workers, server; and takes it down again in order.

import type { Credentials } from './config/credentials.ts'
import type { Environment, Settings } from './config/env.ts'
import { takeToken } from './database/bucket.ts'
import { openDatabase } from './database/database.ts'
import { createApp, createReceiver, type Relevant } from './door/app.ts'
import { listen } from './door/http.ts'
import { createIntake } from './door/intake.ts'
import { createDoor } from './door/server.ts'
import { createGitHub } from './github/client/client.ts'
import { relevant } from './github/webhook/relevant.ts'
import { heal, startHealing } from './heal/heal.ts'
import { createLog, type ProcessLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { dead } from './perform/dead-letter.ts'
import { perform } from './perform/perform.ts'
import { type Handlers, startQueue } from './queue/queue.ts'
import { receive } from './receive/receive.ts'
import { createSetup } from './setup/setup.ts'
import type { Shell } from './shell/shell.ts'
import { readHealingJob } from './shell/stored-jobs.ts'
import { startTimers } from './shell/timers.ts'
import { createStore } from './store/store.ts'
import { loadTemplates } from './templates/templates.ts'

/** `shell` once it serves, for whoever runs it inside another program. */
export type RunningServer = {
  port: number
  shell?: Shell
  /** Logs what nobody expected and nobody caught; the process has to end then, and a start goes on with its work. */
  broke(error: unknown): void
  stop(): Promise<void>
}

/** SIGTERM leaves ten seconds: the door closes first, then jobs are finished or handed back. */
const DRAIN_MS = 7_000
/** The answer to GitHub goes first, but so often jobs are taken all the same, however long a burst goes on. */
const GIVE_WAY_MS = 200
const USER_AGENT = 'mayday'

/** Starts what the environment asks for. Rejects with a sentence for the operator where it cannot. */
export async function startMayday(
  environment: Environment,
  now: () => number,
  pace: Timing = {},
): Promise<RunningServer> {
  const { settings } = environment
  if (environment.mode === 'serve') return serve(settings, environment.credentials, { now, ...pace })
  return setUp(settings, now)
}

/** The set-up page, on loopback alone; serving follows without a restart once there are credentials. */
async function setUp(settings: Settings, now: () => number): Promise<RunningServer> {
  const log = createLog({ level: settings.logLevel, format: settings.logFormat })
  let serving: Promise<RunningServer> | undefined
  const handler = createSetup({
    github: settings.github,
    dataDir: settings.dataDir,
    now,
    log,
    onCredentials: (credentials) => {
      serving = page.stop().then(() => serve(settings, credentials, { now }))
      serving.catch((error: unknown) => log.fatal({ err: error }, 'serving could not begin; start again'))
    },
  })
  const page = await listen({ host: 'localhost', port: settings.port, handler, log })
  log.info({ url: `http://localhost:${page.port}/` }, 'open this page to register the GitHub App')
  return {
    port: page.port,
    broke: broke(log),
    async stop() {
      await page.stop()
      await serving?.then((running) => running.stop())
    },
  }
}

/** In milliseconds: the pause between two edits of one comment (3,000), how often it is looked for due jobs (500), and how
 * long GitHub may take for an answer (10,000). */
type Timing = { restMs?: number; pollMs?: number; timeoutMs?: number }

async function serve(
  settings: Settings,
  credentials: Credentials,
  { now, timeoutMs, ...pace }: Timing & { now: () => number },
): Promise<RunningServer> {
  const log = createLog({
    level: settings.logLevel,
    format: settings.logFormat,
    secrets: secretsOf(settings, credentials),
  })
  const database = await openDatabase({
    databaseUrl: settings.databaseUrl,
    dataDir: settings.dataDir,
    log,
  })
  const queue = await startQueue({ database, log, ...pace })
  const store = createStore(database)
  const metrics = createMetrics(() => picture(shell))
  const github = createGitHub({
    appId: credentials.appId,
    privateKey: credentials.privateKey,
    baseUrl: settings.github.baseUrl,
    userAgent: USER_AGENT,
    takeToken: (installationId, kind, asked) =>
      takeToken({ database, installationId, kind, ...asked, now: now() }),
    onCall: (kind) => metrics.githubCall(kind),
    now,
    ...(timeoutMs !== undefined && { timeoutMs }),
    log,
  })
  const templates = loadTemplates(new URL('../templates/', import.meta.url).pathname)
  const shell: Shell = { database, store, queue, github, templates, log, now }
  const hear = hearing(shell)
  const intake = createIntake({ queue, now })
  const healing = { shell, relevant: hear, store: intake.store }
  const handlers: Handlers = {
    inbox: (job) => receive(shell, job),
    outbox: (job) => {
      const round = readHealingJob(job.data)
      return round ? heal(healing, job, round) : perform(shell, job)
    },
    dead: (job) => dead(shell, job),
  }
  await queue.work(handlers, () => intake.pause(GIVE_WAY_MS))
  const receiver = await createReceiver({
    appId: credentials.appId,
    privateKey: credentials.privateKey,
    secret: credentials.webhookSecrets[0] ?? '',
    baseUrl: settings.github.baseUrl,
    app: createApp({ relevant: hear, store: intake.store }),
    log,
  })
  const handler = createDoor({
    secrets: credentials.webhookSecrets,
    relevant: hear,
    receive: receiver,
    readiness: () => readiness(shell),
    metrics,
    metricsToken: settings.metricsToken,
    log,
  })
  const server = await listen({ host: settings.host, port: settings.port, handler, log })
  const timers = startTimers(shell)
  const rounds = await startHealing(healing, settings.sweepEvery)
  log.info({ port: server.port, storage: database.kind }, 'Mayday serves')
  return {
    port: server.port,
    shell,
    broke: broke(log),
    async stop() {
      await server.stop()
      await Promise.all([timers.stop(), rounds.stop()])
      await queue.stop({ timeoutMs: DRAIN_MS })
      await templates.close()
      await database.close()
    },
  }
}

/** What the door lets in. Mayday's own acts come back as webhooks too: once its login is known they stop here. */
function hearing({ github, log }: Shell): Relevant {
  let own: string | null = null
  github.slug().then(
    (slug) => {
      own = `${slug}[bot]`
    },
    () => log.warn({}, 'GitHub did not say what this app is called; it is asked again when it matters'),
  )
  return (call) => relevant(call, own)
}

const broke =
  (log: ProcessLog) =>
  (error: unknown): void =>
    log.fatal(
      { err: error },
      'Something broke that nobody expected: the process ends, a start goes on with its work',
    )

const secretsOf = (settings: Settings, credentials: Credentials): string[] =>
  [
    credentials.privateKey,
    ...credentials.webhookSecrets,
    settings.metricsToken ?? '',
    ...passwordsOf(settings.databaseUrl),
    ...settings.alertTokens.map((one) => one.token),
  ].filter((secret) => secret !== '')

/** The address, and the password in it both as it is written there and as the server knows it. */
function passwordsOf(databaseUrl: string | undefined): string[] {
  if (databaseUrl === undefined) return []
  const { password } = new URL(databaseUrl)
  return [databaseUrl, password, decodeURIComponent(password)]
}

async function readiness(
  shell: Shell,
): Promise<{ database: boolean; queue: boolean; github: 'up' | 'down' | 'unknown' }> {
  try {
    await shell.queue.stats()
    return { database: true, queue: true, github: shell.github.isUp() ? 'up' : 'down' }
  } catch {
    return { database: false, queue: false, github: 'unknown' }
  }
}

async function picture(shell: Shell) {
  const { jobs, oldestWaitingSeconds } = await shell.queue.stats()
  return {
    ...(await shell.store.metrics.counts()),
    queueJobs: jobs,
    oldestWaitingSeconds,
    githubUp: shell.github.isUp(),
  }
}

// Starts Mayday in order (database, queue, workers, server, timers) and stops it in the reverse order.

import type { Credentials } from './config/credentials.ts'
import type { Environment, Settings } from './config/env.ts'
import { takeToken } from './database/bucket.ts'
import { openDatabase } from './database/database.ts'
import { createApp, createReceiver, type Relevant } from './door/app.ts'
import { type Handler, listen } from './door/http.ts'
import { createIntake } from './door/intake.ts'
import { createDoor } from './door/server.ts'
import { createGitHub } from './github/client/client.ts'
import { relevant } from './github/webhook/relevant.ts'
import { heal, startHealing } from './heal/heal.ts'
import type { Healing } from './heal/offer.ts'
import { createLog, type ProcessLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
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

/** `shell`: once it serves, for a program that embeds it. */
export type RunningServer = {
  port: number
  shell?: Shell
  /** Logs an error that nothing caught. The process must end then; the next start continues its work. */
  broke(error: unknown): void
  stop(): Promise<void>
}

/** SIGTERM leaves ten seconds: the door closes first, then jobs are finished or returned to the queue. */
const DRAIN_MS = 7_000
/** Answers to GitHub go first, but jobs are fetched at least this often during a burst. */
const GIVE_WAY_MS = 200
const USER_AGENT = 'mayday'

/** Starts the server, or the set-up page. Rejects with a sentence for the operator. */
export async function startMayday(
  environment: Environment,
  now: () => number,
  timing: Timing = {},
): Promise<RunningServer> {
  const { settings } = environment
  if (environment.mode === 'serve') return serve(settings, environment.credentials, { now, ...timing })
  return setUp(settings, now)
}

/** Serves the set-up page on loopback alone. Once there are credentials, serving follows without a restart. */
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
      serving.catch((error: unknown) =>
        log.fatal({ err: error }, 'serving failed to start; start Mayday again'),
      )
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

/** In milliseconds: the pause between two edits of one comment (3,000), the polling interval of the queue (500), and how long
 * GitHub may take for an answer (10,000). */
type Timing = { restMs?: number; pollMs?: number; timeoutMs?: number }
type Serving = { settings: Settings; credentials: Credentials; log: ProcessLog }

async function serve(
  settings: Settings,
  credentials: Credentials,
  timing: Timing & { now: () => number },
): Promise<RunningServer> {
  const { logLevel: level, logFormat: format } = settings
  const log = createLog({ level, format, secrets: secretsOf(settings, credentials) })
  const serving: Serving = { settings, credentials, log }
  const { shell, metrics } = await openShell(serving, timing)
  const { database, queue, templates } = shell
  const intake = createIntake({ queue, now: timing.now })
  const healing: Healing = { shell, relevant: withoutOwnActs(shell), store: intake.store }
  await queue.work(handlersOf(shell, healing), () => intake.pause(GIVE_WAY_MS))
  const handler = await openDoor(serving, healing, metrics)
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

async function openShell(
  { settings, credentials, log }: Serving,
  { now, timeoutMs, ...queueTiming }: Timing & { now: () => number },
): Promise<{ shell: Shell; metrics: Metrics }> {
  const { databaseUrl, dataDir } = settings
  const database = await openDatabase({ databaseUrl, dataDir, log })
  const queue = await startQueue({ database, log, ...queueTiming })
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
  const shell: Shell = { database, store: createStore(database), queue, github, templates, log, now }
  return { shell, metrics }
}

const handlersOf = (shell: Shell, healing: Healing): Handlers => ({
  inbox: (job) => receive(shell, job),
  outbox: (job) => {
    const round = readHealingJob(job.data)
    return round ? heal(healing, job, round) : perform(shell, job)
  },
  dead: (job) => dead(shell, job),
})

async function openDoor(
  { settings, credentials, log }: Serving,
  { shell, relevant, store }: Healing,
  metrics: Metrics,
): Promise<Handler> {
  const { appId, privateKey, webhookSecrets } = credentials
  const receiver = await createReceiver({
    ...{ appId, privateKey, secret: webhookSecrets[0] ?? '' },
    baseUrl: settings.github.baseUrl,
    app: createApp({ relevant, store }),
    log,
  })
  return createDoor({
    secrets: webhookSecrets,
    relevant,
    receive: receiver,
    readiness: () => readiness(shell),
    metrics,
    metricsToken: settings.metricsToken,
    log,
  })
}

/** The door's filter, which drops Mayday's own acts as soon as Mayday's login is known. */
function withoutOwnActs({ github, log }: Shell): Relevant {
  let own: string | null = null
  github.slug().then(
    (slug) => {
      own = `${slug}[bot]`
    },
    () => log.warn({}, 'GitHub did not tell the name of this app; it is asked again when needed'),
  )
  return (call) => relevant(call, own)
}

const broke =
  (log: ProcessLog) =>
  (error: unknown): void =>
    log.fatal({ err: error }, 'An error was not caught: the process ends, the next start continues its work')

const secretsOf = (settings: Settings, credentials: Credentials): string[] =>
  [
    credentials.privateKey,
    ...credentials.webhookSecrets,
    settings.metricsToken ?? '',
    ...passwordsOf(settings.databaseUrl),
    ...settings.alertTokens.map(({ token }) => token),
  ].filter((secret) => secret !== '')

/** The address, and its password both encoded and decoded. */
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

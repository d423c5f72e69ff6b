// What every story stands on: one GitHub stand-in, one real Mayday, a clock that moves, and verbs that read like a chat.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { queueDue } from '../../src/bot/wake.ts'
import type { Database } from '../../src/database/database.ts'
import { type FixedDuration, milliseconds } from '../../src/incident/policy.ts'
import { type Running, startMayday } from '../../src/start.ts'
import { clock } from '../clock.ts'
import { forEachBackend, type Place } from '../database/backends.ts'
import { SECRET } from '../sandbox/harness.ts'
import type { Person } from '../sandbox/person.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import type { Issue, IssueComment, Repository } from '../sandbox/world.ts'

/** The morning of the OpenSearch migration, a Thursday. */
export const MORNING = Date.parse('2025-12-18T10:30:00Z')
/** The pause between two edits, in real milliseconds: stories do not wait three seconds for each. */
const REST_MS = 1
/** Longer than this (real milliseconds) nothing may take to come to rest. */
const PATIENCE_MS = 45_000

// A story is many round trips, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

export type StoryOptions = {
  /** `.github/mayday.yml` of acme/search; none at all by default, so that the defaults hold. */
  settings?: string
}

export type Story = Awaited<ReturnType<typeof openStory>>

/** Describes stories once per database. `define` gets a story that is open while its tests run; after each of them
 * GitHub was never asked for what it does not have, and nothing was logged as an error. */
export function stories(name: string, define: (story: Story) => void, options: StoryOptions = {}): void {
  forEachBackend(name, (_open, place) => {
    let opened: Story | undefined
    const current = (): Story => {
      if (!opened) throw new Error('the story is not open yet')
      return opened
    }
    beforeAll(async () => {
      opened = await openStory(place, options)
    })
    afterEach(() => current().check())
    afterAll(() => opened?.close())
    // The verbs are those of the story that is open when they are used.
    define(new Proxy({} as Story, { get: (_, verb) => Reflect.get(current(), verb) }))
  })
}

/** Text as a person reads it: without the invisible characters that keep mentions and references from taking effect,
 * without the hidden marks, and with brackets as they show. */
export const visible = (text: string): string =>
  text
    .replaceAll(/[\u200b\u200c\u200d\u2060\ufeff]/g, '')
    .replaceAll(/<!-- mayday:.*?-->/g, '')
    .replaceAll(/\\([[\]])/g, '$1')
    .trim()

async function openStory(place: Place, options: StoryOptions) {
  clock.set(MORNING)
  const sandbox = await startSandbox({ secret: SECRET, now: () => Date.now() })
  const engine = makeEngine(sandbox, place)
  const chat = makeChat(sandbox, () => engine.quiet())
  if (options.settings !== undefined) {
    sandbox.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': options.settings } })
  }
  await engine.start()
  return {
    sandbox,
    ...engine,
    ...chat,
    /** What may never be: GitHub was asked for the impossible, or something went wrong behind a person's back. */
    check: () => {
      sandbox.chaos({})
      sandbox.clearFaults()
      expect(sandbox.unknownCalls.map(({ method, path }) => `${method} ${path}`)).toEqual([])
      expect(sandbox.violations).toEqual([])
      expect(engine.errors.splice(0)).toEqual([])
    },
    close: async () => {
      await engine.stop()
      await sandbox.stop()
    },
  }
}

/** The running Mayday: started, stopped and started again on the same data; and its time. */
function makeEngine(sandbox: Sandbox, place: Place) {
  const errors: string[] = []
  let running: Running | undefined
  const shell = () => {
    if (!running?.shell) throw new Error('Mayday is not running')
    return running.shell
  }

  const start = async (): Promise<void> => {
    running = await startMayday(environmentOf(sandbox, place), () => Date.now(), { restMs: REST_MS })
    const { log, database } = shell()
    const keep = (fields: unknown, message?: string): void => {
      errors.push(`${message} ${JSON.stringify(fields, reasons)}`)
    }
    log.error = keep
    log.fatal = keep
    await fillTheBucket(database)
    sandbox.setWebhookUrl(`http://localhost:${running.port}/api/github/webhooks`)
  }

  const stop = async (): Promise<void> => {
    await running?.stop()
    running = undefined
  }

  /** Waits until every delivery is answered, no job waits or runs, and no timer is due. What waits for a later moment
   * (a limit, a retry) gets it: the clock moves on. */
  const quiet = async (): Promise<void> => {
    const until = performance.now() + PATIENCE_MS
    for (let still = 0; still < 2; ) {
      if (performance.now() > until) throw new Error(`no rest: ${await whatWaits(shell().database)}`)
      await sandbox.settle()
      const due = running ? await queueDue(shell()) : 0
      const busy = running ? await shell().queue.stats() : { jobs: [] }
      if (due === 0 && busy.jobs.length === 0) {
        still += 1
        continue
      }
      still = 0
      const waits = await onlyLater(shell().database)
      if (waits !== null) await move(waits)
      await pause(waits === null ? 4 : 20)
    }
  }

  /** Moves the time of everything: of this process, and of the queue of a server that has its own. */
  const move = async (ms: number): Promise<void> => {
    clock.advance(ms)
    if (running && shell().database.kind === 'postgres') {
      await shell().database.query(
        `UPDATE pgboss.job SET start_after = start_after - $1 * interval '1 ms' WHERE state < 'active'`,
        [ms],
      )
    }
  }

  /** Lets time pass while Mayday runs: each timer that falls due on the way is served at its moment. */
  const advance = async (duration: FixedDuration): Promise<void> => {
    const target = Date.now() + milliseconds(duration)
    await quiet()
    for (;;) {
      const next = running ? await nextWake(shell().database) : null
      if (next === null || next > target) break
      await move(Math.max(0, next - Date.now()) + 1)
      await quiet()
    }
    await move(Math.max(0, target - Date.now()))
    await quiet()
  }

  return {
    errors,
    start,
    stop,
    quiet,
    shell,
    clock: {
      now: () => Date.now(),
      /** One second, between two acts of one moment. */
      tick: () => clock.advance(1_000),
      advance,
      /** Lets time pass while Mayday is down, or without its having a moment to notice. */
      skip: (duration: FixedDuration) => move(milliseconds(duration)),
    },
  }
}

function environmentOf(sandbox: Sandbox, { databaseUrl, dataDir }: Place): Parameters<typeof startMayday>[0] {
  return {
    mode: 'serve',
    credentials: {
      appId: sandbox.app.id,
      privateKey: sandbox.app.privateKey,
      webhookSecrets: [SECRET],
    },
    settings: {
      port: 0,
      host: 'localhost',
      github: { baseUrl: `http://${sandbox.host}/api/v3`, webUrl: `http://${sandbox.host}` },
      databaseUrl,
      dataDir,
      channelsFile: undefined,
      alertTokens: [],
      metricsToken: undefined,
      sweepEvery: milliseconds('5m'),
      allowPrivateNetwork: false,
      logLevel: 'silent',
      logFormat: 'json',
    },
  }
}

const reasons = (_: string, value: unknown): unknown =>
  value instanceof Error ? `${value.name}: ${value.message} ${value.stack?.split('\n')[1] ?? ''}` : value

/** GitHub's allowance of one call a second would make every story minutes long: here the bucket is always full. */
const fillTheBucket = (database: Database): Promise<unknown> =>
  database.query(`
    CREATE OR REPLACE FUNCTION mayday.fill_bucket() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.tokens := 10; NEW.minute_count := 0; NEW.hour_count := 0; RETURN NEW; END $$;
    CREATE OR REPLACE TRIGGER fill_bucket BEFORE UPDATE ON mayday.installations
      FOR EACH ROW EXECUTE FUNCTION mayday.fill_bucket()`)

/** Milliseconds until the first waiting job is due, where all that is left waits for later; else null. */
async function onlyLater(database: Database): Promise<number | null> {
  const [row] = await database.query<{ ready: number; later: number | null }>(`
    SELECT count(*) FILTER (WHERE state = 'active' OR start_after <= now())::int AS ready,
      (extract(epoch FROM min(start_after) - now()) * 1000)::float8 AS later
    FROM pgboss.job WHERE state < 'completed' AND name IN ('inbox', 'outbox', 'dead')`)
  return row && row.ready === 0 && row.later !== null ? Math.max(1, Math.ceil(row.later)) : null
}

async function nextWake(database: Database): Promise<number | null> {
  const [row] = await database.query<{ at: Date | null }>('SELECT min(wake_at) AS at FROM mayday.incidents')
  return row?.at ? row.at.getTime() : null
}

async function whatWaits(database: Database): Promise<string> {
  const jobs = await database.query(
    `SELECT name, state, data ->> 'key' AS key, retry_count, output FROM pgboss.job WHERE state < 'completed' LIMIT 10`,
  )
  return JSON.stringify(jobs)
}

type OpenIssue = Parameters<Person['openIssue']>[0]

/** What people do and read. Every verb that acts waits until all is quiet again. */
function makeChat(sandbox: Sandbox, quiet: () => Promise<void>) {
  let issue: Issue | undefined
  const here = (): Issue => {
    if (!issue) throw new Error('no issue is open in this story')
    return issue
  }
  const own = (comment: IssueComment): boolean => comment.author.login === 'mayday[bot]'
  const marked = (comment: IssueComment, kind: string): boolean => comment.body.includes(`<!-- mayday:${kind}:`)
  const livingComments = (on: Issue = here()): IssueComment[] =>
    on.comments.filter((one) => own(one) && marked(one, 'living'))

  /** Does anything and waits for what follows. A second later than what was before: GitHub's times are whole seconds, and
   * within one the kind of event decides what came first. */
  const when = async <Done>(act: () => Done): Promise<Done> => {
    clock.advance(1_000)
    const done = act()
    await quiet()
    return done
  }

  const opens = (login: string, title: string, more: Partial<OpenIssue> = {}): Promise<Issue> =>
    when(() => {
      issue = sandbox.as(login).openIssue({ title, body: 'Since 10:11.', ...more })
      return issue
    })

  return {
    as: (login: string) => sandbox.as(login),
    when,
    /** The issue that the story is about. */
    issue: here,
    turnTo: (other: Issue): void => {
      issue = other
    },
    id: () => `INC-${here().number}`,
    opens,
    /** An issue of ada's, declared by its labels. */
    declares: async (title: string, ...labels: string[]): Promise<Issue> => {
      await opens('ada', title)
      return when(() => {
        sandbox.as('ada').label(here(), 'incident', ...labels)
        return here()
      })
    },
    says: (login: string, body: string, on: Issue = here()): Promise<IssueComment> =>
      when(() => sandbox.as(login).comment(on, body)),
    labels: (login: string, ...names: string[]) => when(() => sandbox.as(login).label(here(), ...names)),
    unlabels: (login: string, name: string) => when(() => sandbox.as(login).unlabel(here(), name)),
    labelsOf: (on: Issue = here()): string[] => on.labels.map(({ name }) => name).sort(),
    livingComments,
    /** The one living comment; throws where there is none or more than one. */
    livingComment: (on: Issue = here()): IssueComment => {
      const [living, ...more] = livingComments(on)
      if (!living || more.length > 0) throw new Error(`${more.length + (living ? 1 : 0)} living comments`)
      return living
    },
    living: (on: Issue = here()): string => {
      const found = livingComments(on)
      expect(found.length, 'living comments').toBe(1)
      return visible(found[0]?.body ?? '')
    },
    /** What Mayday wrote beside the living comment and its continuations, oldest first. */
    replies: (on: Issue = here()): string[] =>
      on.comments
        .filter((one) => own(one) && !marked(one, 'living') && !marked(one, 'continuation'))
        .map(({ body }) => visible(body)),
    lastReply: (on: Issue = here()): string => {
      const reply = on.comments.findLast((one) => own(one) && !marked(one, 'living'))
      return reply ? visible(reply.body) : ''
    },
    reactions: (comment: IssueComment): string[] =>
      comment.reactions.filter(({ user }) => user.login === 'mayday[bot]').map(({ content }) => content),
    issues: (repository: Repository = sandbox.repository()): Issue[] => [...repository.issues.values()],
    /** The issue or pull request whose title begins so, the newest one. */
    titled: (start: string, repository: Repository = sandbox.repository()): Issue => {
      const found = [...repository.issues.values()].findLast(({ title }) => title.startsWith(start))
      if (!found) throw new Error(`nothing is titled ${start}`)
      return found
    },
  }
}

/** A row of the living comment's table, such as `Lead`. */
export function row(living: string, name: string): string | null {
  const line = living.split('\n').find((one) => one.startsWith(`| **${name}** |`))
  return line ? (line.split('|')[2]?.trim() ?? null) : null
}

/** The event column of the timeline, in the order shown. */
export const timeline = (living: string): string[] =>
  living
    .split('\n')
    .filter((line) => /^\| \d+ \| /.test(line))
    .map((line) => line.split(/(?<!\\)\|/)[3]?.trim() ?? '')


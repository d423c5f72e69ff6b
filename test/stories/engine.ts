// The running Mayday of a story: started, stopped and started again on the same data, with a clock that moves.
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../src/database/database.ts'
import { askRound } from '../../src/heal/heal.ts'
import { type FixedDuration, milliseconds } from '../../src/incident/policy/duration.ts'
import { queueDue } from '../../src/shell/timers.ts'
import { type RunningServer, startMayday } from '../../src/start.ts'
import { clock } from '../clock.ts'
import type { Place } from '../database/backends.ts'
import { sized } from '../promises/size.ts'
import { SECRET } from '../sandbox/harness.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** The pause between two edits: none, stories do not wait three seconds for each. */
const REST_MS = 0
/** So soon it is seen that the clock was moved. */
const POLL_MS = 50
/** A GitHub that hangs is given up after this long. */
const TIMEOUT_MS = 2_000
/** Real milliseconds between two looks at whether it rests: each costs the machine as much as a job. */
const LOOK_MS = 8
/** Longer than this (real milliseconds) nothing may take to come to rest. */
const PATIENCE_MS = sized({ suite: 45_000, soak: 20 * 60_000 })

/** What starts and stops Mayday, waits for it and moves its time. `errors` is what it logged as one. */
export function makeEngine(sandbox: Sandbox, place: Place) {
  const errors: string[] = []
  let running: RunningServer | undefined
  let release = (): void => {}
  const shell = () => {
    if (!running?.shell) throw new Error('Mayday is not running')
    return running.shell
  }

  const webhookUrl = (): string => `http://localhost:${running?.port}/api/github/webhooks`

  const start = async (): Promise<void> => {
    running = await startMayday(environmentOf(sandbox, place), () => Date.now(), {
      ...{ restMs: REST_MS, pollMs: POLL_MS, timeoutMs: TIMEOUT_MS },
    })
    release = clock.hold()
    const { log, database } = shell()
    const keep = (fields: unknown, message?: string): void => {
      errors.push(`${message} ${JSON.stringify(fields, reasons)}`)
    }
    log.error = keep
    log.fatal = keep
    await fillTheBucket(database)
    sandbox.setWebhookUrl(webhookUrl())
    // The round of the start is over before anything else happens, so that every run of a story is the same.
    await quiet()
  }

  const stop = async (): Promise<void> => {
    if (!running) return
    await running.stop()
    running = undefined
    release()
  }

  /** Waits until every delivery is answered, no job waits or runs, and no timer is due. What waits for a later moment
   * (a limit, a retry) gets it: the clock moves on, by `leap` at least. With an `end` it is over then, whatever waits. */
  const rest = async ({ end = Infinity, leap = 0 }: { end?: number; leap?: number } = {}): Promise<void> => {
    const until = performance.now() + PATIENCE_MS
    let held = 0
    for (let still = 0; still < 2; ) {
      if (performance.now() > until) throw new Error(`no rest: ${await whatWaits(shell().database)}`)
      await sandbox.settle()
      // Timers first, then jobs: what is on its way from the one to the other is seen as one of them.
      const ringing =
        running !== undefined && ((await queueDue(shell())) > 0 || (await isDue(shell().database)))
      const { jobs, active, ready, later } = running ? await waiting(shell().database) : NOTHING_WAITS
      if (jobs === 0 && !ringing) {
        still += 1
        continue
      }
      still = 0
      if (jobs === 0) {
        await pause(LOOK_MS)
        continue
      }
      const waits = jobs > 0 && ready === 0 && later !== null
      if (waits && Date.now() >= end) return
      if (waits) await move(Math.min(Math.max(later, leap), Math.max(0, end - Date.now())))
      // What could run and does not is held by the process itself, until a moment that nobody else knows.
      held = active === 0 && !waits ? held + 1 : 0
      if (held > 0) await move(held)
      await pause(waits ? 20 : LOOK_MS)
    }
  }

  const quiet = (): Promise<void> => rest()

  /** Lets time pass in which work cannot end, in steps from one attempt to the next; `leap`: in longer ones. */
  const endure = (duration: FixedDuration, { leap = '0s' }: { leap?: FixedDuration } = {}): Promise<void> =>
    rest({ end: Date.now() + milliseconds(duration), leap: milliseconds(leap) })

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

  /** A round of healing, as each start and every few minutes ask for one. */
  const heals = async (): Promise<void> => {
    await askRound(shell(), 0)
    await quiet()
  }

  return {
    errors,
    heals,
    start,
    stop,
    quiet,
    endure,
    shell,
    webhookUrl,
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

/** What is in the queue: how many jobs, how many of them run, how many run or could, and in how many milliseconds the
 * first of the others can. Jobs of a paused installation wait for the end of the pause. The server's clock is not ours:
 * of each time, what is left of it counts. */
type Waiting = { jobs: number; active: number; ready: number; later: number | null }
const NOTHING_WAITS: Waiting = { jobs: 0, active: 0, ready: 0, later: null }

async function waiting(database: Database): Promise<Waiting> {
  const [row] = await database.query<Waiting>(
    `SELECT count(*)::int AS jobs, count(*) FILTER (WHERE state = 'active')::int AS active,
      count(*) FILTER (WHERE state = 'active' OR seconds <= 0)::int AS ready,
      greatest(1, ceil(min(seconds) FILTER (WHERE state < 'active') * 1000))::float8 AS later
    FROM (
      SELECT state, greatest(extract(epoch FROM start_after - now()),
        extract(epoch FROM paused_until - $1::timestamptz)) AS seconds
      FROM pgboss.job LEFT JOIN mayday.installations ON installations.id::text = group_id
      WHERE state < 'completed' AND name IN ('inbox', 'outbox', 'dead')
    ) AS jobs`,
    [new Date()],
  )
  return row ?? NOTHING_WAITS
}

async function nextWake(database: Database): Promise<number | null> {
  const [row] = await database.query<{ at: Date | null }>('SELECT min(wake_at) AS at FROM mayday.incidents')
  return row?.at ? row.at.getTime() : null
}

/** Also where the server is just taking it, which no other connection sees before it is a job. */
async function isDue(database: Database): Promise<boolean> {
  const next = await nextWake(database)
  return next !== null && next <= Date.now()
}

async function whatWaits(database: Database): Promise<string> {
  const jobs = await database.query(
    `SELECT name, state, data ->> 'key' AS key, retry_count, output FROM pgboss.job WHERE state < 'completed' LIMIT 10`,
  )
  return JSON.stringify(jobs)
}

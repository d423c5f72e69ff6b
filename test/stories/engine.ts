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
const PATIENCE_MS = sized({ suite: 120_000, soak: 20 * 60_000 })

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
    let [still, held] = [0, 0]
    // Twice: what a job did on GitHub may be on its way back when the job has ended.
    while (still < 2) {
      if (performance.now() > until) throw new Error(`no rest: ${await whatWaits(shell().database)}`)
      await sandbox.settle()
      const { state, later } = running ? await look(shell().database) : STILL
      still = state === 'still' ? still + 1 : 0
      held = state === 'held' ? held + 1 : 0
      if (state === 'still') continue
      if (state === 'ringing') await queueDue(shell())
      if (state === 'waiting') {
        if (Date.now() >= end) return
        await move(Math.min(Math.max(later, leap), Math.max(0, end - Date.now())))
      }
      // Only the process knows for how long: the time is moved by longer and longer steps until it goes on.
      if (state === 'held') await move(held)
      await pause(LOOK_MS)
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

/**
 * What one look at the database shows, in the order in which it is asked:
 * - `still`: no job is left, and no timer is due.
 * - `ringing`: no job is left, but a timer is due, which becomes a job next.
 * - `busy`: a job runs.
 * - `held`: a job could run, and the process does not take it, because its installation rests.
 * - `waiting`: each job waits for a later moment, the first of them for `later` milliseconds.
 */
type Look = { state: 'still' | 'ringing' | 'busy' | 'held' | 'waiting'; later: number }
const STILL: Look = { state: 'still', later: 0 }

/** One statement, so that a timer on its way to a job is seen as one of the two. Jobs of a paused installation wait for the
 * end of the pause. The server's clock is not ours: of each time, what is left of it counts. */
async function look(database: Database): Promise<Look> {
  const [look] = await database.query<Look>(LOOK, [new Date()])
  return look ?? STILL
}

const LOOK = `
  SELECT CASE WHEN count(*) = 0 AND (SELECT min(wake_at) <= $1::timestamptz FROM mayday.incidents) THEN 'ringing'
      WHEN count(*) = 0 THEN 'still'
      WHEN bool_or(state = 'active') THEN 'busy'
      WHEN bool_or(seconds <= 0) THEN 'held' ELSE 'waiting' END AS state,
    greatest(1, ceil(min(seconds) * 1000))::float8 AS later
  FROM (
    SELECT state, greatest(extract(epoch FROM start_after - now()),
      extract(epoch FROM paused_until - $1::timestamptz)) AS seconds
    FROM pgboss.job LEFT JOIN mayday.installations ON installations.id::text = group_id
    WHERE state < 'completed' AND name IN ('inbox', 'outbox', 'dead')
  ) AS jobs`

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

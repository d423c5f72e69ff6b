// Keeps what came in in order per key: only the first in each line has a job in the queue.
//
// pg-boss has a policy for this (key_strict_fifo), but its every fetch reads the whole backlog, which brings ten thousand
// waiting deliveries down to a few per second, and there a failed job blocks its key for ever.
import type { Database } from '../database/database.ts'
import { newEnvelope } from './job.ts'

/** Who lines up: common table expressions, the last of them called `newcomer`, of key, job_group, body (jsonb) and number,
 * by which they stand in order; `$1` and so on are `params`. */
export type Newcomers = { tables: string; params: readonly unknown[] }

/** The first in a line. */
export type Head = { place: number; group: string | null; body: object }

/** The jobs of those who are the first in a new line, as one json that pg-boss takes. */
export const HEAD_JOBS = `(
  SELECT coalesce(json_agg(json_build_object(
    'data', '${JSON.stringify(newEnvelope('line', '', {}))}'::jsonb || jsonb_build_object('key', key),
    'groupId', job_group
  )), '[]') FROM head
)`

// The lines are locked (in one order, so that nobody waits in a circle) before the places are given out: places of a
// key are in the order of the commits.
const JOIN = `
  joining AS (
    SELECT key, count(*)::int AS joined, (array_agg(job_group ORDER BY number))[1] AS job_group
    FROM newcomer GROUP BY key
  ),
  line AS (
    INSERT INTO mayday.inbox_lines AS line (key, waiting) SELECT key, joined FROM joining ORDER BY key
    ON CONFLICT (key) DO UPDATE SET waiting = line.waiting + excluded.waiting
    RETURNING key, waiting
  ),
  head AS (SELECT key, job_group FROM joining JOIN line USING (key) WHERE waiting = joined)`

const TAKE_PLACES = `
  INSERT INTO mayday.inbox (key, job_group, body, received_at)
  SELECT key, job_group, body, $NOW::timestamptz FROM newcomer JOIN line USING (key) ORDER BY number`

/** Lines up; resolves to the numbers of those who did. `insertHeads` is the statement that makes the HEAD_JOBS. All in one
 * statement, because the answer to GitHub waits for it, and each further one takes as long again on its way to a server. */
export async function join(
  database: Database,
  { tables, params }: Newcomers,
  { insertHeads, now }: { insertHeads: string; now: number },
): Promise<number[]> {
  const places = TAKE_PLACES.replace('$NOW', `$${params.length + 1}`)
  const rows = await database.query<{ number: number }>(
    `WITH ${tables}, ${JOIN}, place AS (${places}), job AS (${insertHeads}) SELECT number FROM newcomer`,
    [...params, new Date(now)],
  )
  return rows.map(({ number }) => number)
}

/** Resolves to the first in the line, if there is one. */
export async function head(database: Database, key: string): Promise<Head | undefined> {
  const [first] = await database.query<Head>(
    'SELECT place, job_group AS group, body FROM mayday.inbox WHERE key = $1 ORDER BY place LIMIT 1',
    [key],
  )
  return first
}

/** Takes the first out of the line, in the current transaction; resolves to the next one, who needs a job. */
export async function leave(database: Database, key: string, place: number): Promise<Head | undefined> {
  const [line] = await database.query<{ waiting: number }>(
    `WITH gone AS (DELETE FROM mayday.inbox WHERE key = $1 AND place = $2)
     UPDATE mayday.inbox_lines SET waiting = waiting - 1 WHERE key = $1 RETURNING waiting`,
    [key, place],
  )
  if (line && line.waiting > 0) return head(database, key)
  await database.query('DELETE FROM mayday.inbox_lines WHERE key = $1', [key])
  return undefined
}

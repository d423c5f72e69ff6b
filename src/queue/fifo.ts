// A first-in, first-out queue per key in front of pg-boss: only the head of each key has a job there.
//
// pg-boss has a policy for this (key_strict_fifo), but each of its fetches reads the whole backlog, which slows ten thousand
// waiting deliveries down to a few per second, and a failed job blocks its key for ever.
import type { Database } from '../database/database.ts'
import { newStoredJob } from './job.ts'

/** CTEs that produce the jobs to enqueue. The last one must be named `newcomer` and have the columns key, job_group, body
 * (jsonb) and number (the order). `params` are the values of `$1` and so on. */
export type Enqueue = { ctes: string; params: readonly unknown[] }

/** The first entry of a key. */
export type Head = { place: number; group: string | null; body: object }

/** The pg-boss jobs of the keys that were empty before, as SQL for one json. */
export const HEAD_JOBS = `(
  SELECT coalesce(json_agg(json_build_object(
    'data', '${JSON.stringify(newStoredJob('line', '', {}))}'::jsonb || jsonb_build_object('key', key),
    'groupId', job_group
  )), '[]') FROM head
)`

// The keys are locked in one order, so that two processes cannot deadlock, and before the places are numbered, so that the
// places of a key follow the order of the commits.
const LOCK_KEYS = `
  appended AS (
    SELECT key, count(*)::int AS count, (array_agg(job_group ORDER BY number))[1] AS job_group
    FROM newcomer GROUP BY key
  ),
  line AS (
    INSERT INTO mayday.inbox_lines AS line (key, waiting) SELECT key, count FROM appended ORDER BY key
    ON CONFLICT (key) DO UPDATE SET waiting = line.waiting + excluded.waiting
    RETURNING key, waiting
  ),
  head AS (SELECT key, job_group FROM appended JOIN line USING (key) WHERE waiting = count)`

const INSERT_ENTRIES = `
  INSERT INTO mayday.inbox (key, job_group, body, received_at)
  SELECT key, job_group, body, $NOW::timestamptz FROM newcomer JOIN line USING (key) ORDER BY number`

/** Appends the jobs to their keys. Resolves to the numbers of those that were appended. `insertHeads` is the statement that
 * inserts the HEAD_JOBS. All of it is one statement, because GitHub's webhook waits for it and each further statement costs
 * another round trip. */
export async function append(
  database: Database,
  { ctes, params }: Enqueue,
  { insertHeads, now }: { insertHeads: string; now: number },
): Promise<number[]> {
  const entries = INSERT_ENTRIES.replace('$NOW', `$${params.length + 1}`)
  const rows = await database.query<{ number: number }>(
    `WITH ${ctes}, ${LOCK_KEYS}, entry AS (${entries}), job AS (${insertHeads}) SELECT number FROM newcomer`,
    [...params, new Date(now)],
  )
  return rows.map(({ number }) => number)
}

/** Resolves to the first entry of a key; undefined where the key is empty. */
export async function head(database: Database, key: string): Promise<Head | undefined> {
  const [first] = await database.query<Head>(
    'SELECT place, job_group AS group, body FROM mayday.inbox WHERE key = $1 ORDER BY place LIMIT 1',
    [key],
  )
  return first
}

/** Removes the first entry in the current transaction. Resolves to the next entry, which needs a job. */
export async function shift(database: Database, key: string, place: number): Promise<Head | undefined> {
  const [line] = await database.query<{ waiting: number }>(
    `WITH gone AS (DELETE FROM mayday.inbox WHERE key = $1 AND place = $2)
     UPDATE mayday.inbox_lines SET waiting = waiting - 1 WHERE key = $1 RETURNING waiting`,
    [key, place],
  )
  if (line && line.waiting > 0) return head(database, key)
  await database.query('DELETE FROM mayday.inbox_lines WHERE key = $1', [key])
  return undefined
}

// Keeps what came in in order per key: only the first in each line has a job in the queue.
//
// pg-boss has a policy for this (key_strict_fifo), but its every fetch reads the whole backlog, which brings ten thousand
// waiting deliveries down to a few per second, and there a failed job blocks its key for ever.
import type { Database } from '../database/database.ts'

export type Newcomer = { key: string; data: object; group?: string }

/** The first in a line. */
export type Head = { place: number; group: string | null; body: object }

// The lines are locked (in one order, so that nobody waits in a circle) before the places are given out: places of a
// key are in the order of the commits.
const JOIN = `
  INSERT INTO mayday.inbox_lines AS line (key, waiting)
  SELECT key, count(*) FROM unnest($1::text[]) AS key GROUP BY key ORDER BY key
  ON CONFLICT (key) DO UPDATE SET waiting = line.waiting + excluded.waiting
  RETURNING key, waiting`

const TAKE_PLACES = `
  INSERT INTO mayday.inbox (key, job_group, body, received_at)
  SELECT key, job_group, body::jsonb, $4::timestamptz
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS newcomer (key, job_group, body, number)
  ORDER BY number`

/** Lines up, in the current transaction; resolves to the first of each new line, who needs a job. */
export async function join(database: Database, newcomers: Newcomer[], now: number): Promise<Newcomer[]> {
  const keys = newcomers.map(({ key }) => key)
  const lines = await database.query<{ key: string; waiting: number }>(JOIN, [keys])
  await database.query(TAKE_PLACES, [
    keys,
    newcomers.map(({ group }) => group ?? null),
    newcomers.map(({ data }) => JSON.stringify(data)),
    new Date(now),
  ])
  const joined = Map.groupBy(newcomers, ({ key }) => key)
  const isNew = new Set(
    lines.filter(({ key, waiting }) => joined.get(key)?.length === waiting).map(({ key }) => key),
  )
  return [...joined].flatMap(([key, [first]]) => (first && isNew.has(key) ? [first] : []))
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

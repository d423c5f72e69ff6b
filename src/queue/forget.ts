// Forgetting a group (an account's installation): what waits, runs or is remembered of its jobs.
import type { Database } from '../database/database.ts'
import { hasQueue } from './pending.ts'

// The head of a line that others still stand in keeps its job, whoever it was made for: the job reads who is first.
const DELETE_JOBS = `
  DELETE FROM pgboss.job WHERE group_id = ANY($1::text[])
  AND NOT (data ->> 'kind' = 'line' AND state < 'completed' AND data ->> 'key' IN (SELECT key FROM mayday.inbox_lines))
  RETURNING 1`

/** Deletes it in one transaction; resolves to the number of things that came in and of jobs, finished ones included. */
export function forgetGroups(
  database: Database,
  groups: readonly string[],
): Promise<{ inbox: number; jobs: number }> {
  return database.inTx(async () => {
    const gone = await database.query<{ key: string }>(
      'DELETE FROM mayday.inbox WHERE job_group = ANY($1::text[]) RETURNING key',
      [groups],
    )
    await database.query(
      `UPDATE mayday.inbox_lines AS line SET waiting = waiting - gone.count
       FROM (SELECT key, count(*) FROM unnest($1::text[]) AS key GROUP BY key ORDER BY key) AS gone WHERE line.key = gone.key`,
      [gone.map(({ key }) => key)],
    )
    await database.query('DELETE FROM mayday.inbox_lines WHERE waiting <= 0')
    await database.query('DELETE FROM mayday.syncs WHERE job_group = ANY($1::text[])', [groups])
    // There is none yet where nothing was ever started.
    const jobs = (await hasQueue(database)) ? await database.query(DELETE_JOBS, [groups]) : []
    return { inbox: gone.length, jobs: jobs.length }
  })
}

// Deletes everything of a group (an account's installation) from the queue.
import type { Database } from '../database/database.ts'
import { hasQueue } from './pending.ts'

// A key that still has entries of other groups keeps its job: the job reads the head when it runs.
const DELETE_JOBS = `
  DELETE FROM pgboss.job WHERE group_id = ANY($1::text[])
  AND NOT (data ->> 'kind' = 'line' AND state < 'completed' AND data ->> 'key' IN (SELECT key FROM mayday.inbox_lines))
  RETURNING 1`

/** Deletes in one transaction. Resolves to the numbers of inbox entries and of jobs, finished ones included. */
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
    // pg-boss makes its tables at the first start.
    const jobs = (await hasQueue(database)) ? await database.query(DELETE_JOBS, [groups]) : []
    return { inbox: gone.length, jobs: jobs.length }
  })
}

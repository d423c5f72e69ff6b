// Forgetting an account: everything that is remembered of its installations.
import type { Query } from './row.ts'

/** How many rows went, by what they were. */
export type Forgotten = { [table: string]: number }

export function accounts(query: Query) {
  return {
    /** Every installation that an account ever had, by the account's name as GitHub writes it. */
    async installationsOf(account: string): Promise<{ id: number; removed: boolean }[]> {
      const rows = await query<{ id: number; removed: boolean }>(
        `select id, removed_at is not null as removed from mayday.installations
         where account = $1 order by id`,
        [account],
      )
      return rows
    },
    /** Installations that were removed before a time (milliseconds). */
    async removedBefore(time: number): Promise<number[]> {
      const rows = await query<{ id: number }>(
        'select id from mayday.installations where removed_at < $1 order by id',
        [new Date(time)],
      )
      return rows.map((row) => row.id)
    },
    /** Deletes what is stored of these installations, in the current transaction: the rows of every table that names the
     * installation, and what belongs to their incidents. What the queue holds is the queue's. */
    async forget(ids: readonly number[]): Promise<Forgotten> {
      const counts: Forgotten = {}
      const remove = async (name: string, condition: string): Promise<void> => {
        const rows = await query(`delete from mayday.${name} where ${condition} returning 1`, [ids])
        counts[name] = (counts[name] ?? 0) + rows.length
      }
      const ofIncidents = 'incident_id in (select id from mayday.incidents where installation_id = any($1))'
      for (const { name } of await tablesWith(query, 'incident_id')) await remove(name, ofIncidents)
      for (const { name } of await tablesWith(query, 'installation_id'))
        await remove(name, 'installation_id = any($1)')
      await remove('installations', 'id = any($1)')
      return counts
    },
  }
}

const tablesWith = (query: Query, column: string): Promise<{ name: string }[]> =>
  query(
    `select table_name as name from information_schema.columns
     where table_schema = 'mayday' and column_name = $1 order by 1`,
    [column],
  )

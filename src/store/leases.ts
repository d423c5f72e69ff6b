// What was said already and must not be said again too soon.
import type { Query } from './row.ts'

export function said(query: Query) {
  return {
    /** Whether something may be said now: false where it was said less than `pause` milliseconds ago. `installation`:
     * with whose account it is forgotten; null for what concerns none. */
    async mayTell(
      key: string,
      { now, pause, installation }: { now: number; pause: number; installation: number | null },
    ): Promise<boolean> {
      const rows = await query(
        `insert into mayday.told (key, at, installation_id) values ($1, $2, $4)
         on conflict (key) do update set at = excluded.at where mayday.told.at <= $3 returning key`,
        [key, new Date(now), new Date(now - pause), installation],
      )
      return rows.length > 0
    },
    async untell(key: string): Promise<void> {
      await query('delete from mayday.told where key = $1', [key])
    },
    /** The day's one reminder of an owner: false where it was written already. */
    async reminded(installation: number, owner: string, date: string): Promise<boolean> {
      const rows = await query(
        'select 1 from mayday.reminders where installation_id = $1 and owner = $2 and day = $3::date and comment_id is not null',
        [installation, owner.toLowerCase(), date],
      )
      return rows.length > 0
    },
    async saveReminder(one: {
      installation: number
      owner: string
      date: string
      comment: number
    }): Promise<void> {
      await query(
        `insert into mayday.reminders (installation_id, owner, day, comment_id) values ($1, $2, $3::date, $4)
         on conflict (installation_id, owner, day) do update set comment_id = excluded.comment_id`,
        [one.installation, one.owner.toLowerCase(), one.date, one.comment],
      )
    },
  }
}

// Reminders: who was reminded on which day.
import type { Query } from './row.ts'

export function reminders(query: Query) {
  return {
    /** Whether the day's one reminder of an owner was written. */
    async sent(installation: number, owner: string, date: string): Promise<boolean> {
      const rows = await query(
        'select 1 from mayday.reminders where installation_id = $1 and owner = $2 and day = $3::date and comment_id is not null',
        [installation, owner.toLowerCase(), date],
      )
      return rows.length > 0
    },
    async save(reminder: {
      installation: number
      owner: string
      date: string
      comment: number
    }): Promise<void> {
      await query(
        `insert into mayday.reminders (installation_id, owner, day, comment_id) values ($1, $2, $3::date, $4)
         on conflict (installation_id, owner, day) do update set comment_id = excluded.comment_id`,
        [reminder.installation, reminder.owner.toLowerCase(), reminder.date, reminder.comment],
      )
    },
  }
}

// Work that is done in rounds: by one process however many there are, and from where the last round ended.
import { milliseconds, type Query, type Row } from './row.ts'

/** Who asks at the same moment may be a little ahead; who asked so far ahead had another clock. */
const CLOCK_MOVED = 60 * 60_000

export function rounds(query: Query) {
  return {
    /** Whether a round may begin: the last one was asked for at least `pause` milliseconds ago, and no rest is owed.
     * Notes it; of several that ask at once one hears yes. */
    async ask(
      key: string,
      { now, pause, installation }: { now: number; pause: number; installation: number | null },
    ): Promise<boolean> {
      const rows = await query(
        `insert into mayday.rounds as r (key, asked_at, installation_id) values ($1, $2, $4)
         on conflict (key) do update set asked_at = excluded.asked_at
         where (r.asked_at is null or r.asked_at <= $3 or r.asked_at > $5)
         and (r.rests_until is null or r.rests_until <= $2) returning key`,
        [key, new Date(now), new Date(now - pause), installation, new Date(now + CLOCK_MOVED)],
      )
      return rows.length > 0
    },
    /** Up to which moment the rounds are complete; null before the first. */
    async reached(key: string): Promise<number | null> {
      const [row] = await query<Row>('select reached_at from mayday.rounds where key = $1', [key])
      return milliseconds(row?.reached_at)
    },
    async end(
      key: string,
      {
        reached,
        restsUntil,
        installation,
      }: { reached: number; restsUntil?: number; installation: number | null },
    ): Promise<void> {
      await query(
        `insert into mayday.rounds (key, reached_at, rests_until, installation_id) values ($1, $2, $3, $4)
         on conflict (key) do update set reached_at = excluded.reached_at, rests_until = excluded.rests_until`,
        [key, new Date(reached), restsUntil === undefined ? null : new Date(restsUntil), installation],
      )
    },
  }
}

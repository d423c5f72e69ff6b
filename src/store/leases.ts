// Leases: what one holder may do, or say, until some time has passed.
import type { Query } from './row.ts'

type Hold = {
  now: number
  /** Milliseconds for which nobody else gets it, its holder included. */
  holdMs: number
  /** With whose account it is forgotten; null for what concerns none. */
  installation: number | null
}

export function leases(query: Query) {
  return {
    /** Takes the lease; false where it is held. A lease that limits a rate is never released. */
    async acquire(key: string, { now, holdMs, installation }: Hold): Promise<boolean> {
      const rows = await query(
        `insert into mayday.told (key, at, installation_id) values ($1, $2, $4)
         on conflict (key) do update set at = excluded.at where mayday.told.at <= $3 returning key`,
        [key, new Date(now), new Date(now - holdMs), installation],
      )
      return rows.length > 0
    },
    async release(key: string): Promise<void> {
      await query('delete from mayday.told where key = $1', [key])
    },
  }
}

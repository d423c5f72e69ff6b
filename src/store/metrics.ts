// What the metrics count.
import type { Query, Row } from './row.ts'

export function metrics(query: Query) {
  return {
    /** Drills, cancelled and duplicate incidents are left out of the times. */
    async counts() {
      const counts = await query<Row>(
        `select snapshot ->> 'severity' as severity, snapshot ->> 'status' as status, count(*)::int as count
         from mayday.incidents where snapshot is not null and not (snapshot ->> 'drill')::boolean group by 1, 2`,
      )
      const times = await query<Row>(
        `select snapshot ->> 'severity' as severity, milestone.key as milestone,
           (milestone.value::text::float8 - coalesce(snapshot #>> '{milestones,started}', snapshot #>> '{milestones,detected}')::float8) / 1000 as seconds
         from mayday.incidents, jsonb_each(snapshot -> 'milestones') as milestone
         where not (snapshot ->> 'drill')::boolean and snapshot ->> 'status' <> 'cancelled'
           and milestone.key in ('acknowledged', 'mitigated', 'resolved')`,
      )
      const items = await query<Row>('select state, count(*)::int as count from mayday.items group by 1')
      return {
        incidents: counts.map((row) => ({
          severity: String(row.severity),
          status: String(row.status),
          count: Number(row.count),
        })),
        milestones: times.map((row) => ({
          severity: String(row.severity),
          milestone: String(row.milestone),
          seconds: Number(row.seconds),
        })),
        actionItems: items.map((row) => ({ state: String(row.state), count: Number(row.count) })),
      }
    },
  }
}

// The facts of incidents: appended once, never changed.
import type { Event } from '../incident/fold/nouns.ts'
import { json, type Query } from './row.ts'

export function events(query: Query) {
  return {
    async of(incident: number): Promise<Event[]> {
      const rows = await query<{ body: Event }>(
        'select body from mayday.events where incident_id = $1 order by arrived',
        [incident],
      )
      return rows.map((row) => row.body)
    },
    /** Stores facts in their order; those whose key is known already are left as they are. */
    async append(incident: number, events: readonly Event[], now: number): Promise<void> {
      if (events.length === 0) return
      await query(
        `insert into mayday.events (incident_id, key, at, body, recorded_at)
         select $1, key, at::timestamptz, body::jsonb, $5
         from unnest($2::text[], $3::text[], $4::text[]) with ordinality as fact (key, at, body, place)
         order by place on conflict (incident_id, key) do nothing`,
        [
          incident,
          events.map((event) => event.key),
          events.map((event) => new Date(event.at).toISOString()),
          events.map(json),
          new Date(now),
        ],
      )
    },
    /** Gives facts that are stored the numbers under which the timeline shows them from now on. */
    async assignNumbers(incident: number, events: readonly Event[]): Promise<void> {
      if (events.length === 0) return
      await query(
        `update mayday.events set body = jsonb_set(body, '{n}', to_jsonb(fact.n))
         from unnest($2::text[], $3::int[]) as fact (key, n)
         where events.incident_id = $1 and events.key = fact.key`,
        [incident, events.map((event) => event.key), events.map((event) => event.n)],
      )
    },
  }
}

// What Mayday made on GitHub, and which incident it belongs to.
import { json, type Query, type Row } from './row.ts'

/** Something on GitHub that belongs to an incident: its comment, review, items, hotfixes, cards. */
export type Ref = {
  incident: number
  kind: string
  key: string
  number: number | null
  /** Where `number` is; missing where it is no issue or pull request. */
  repository?: number
  body: Record<string, unknown>
}
const asRef = (row: Row): Ref => ({
  incident: Number(row.incident_id),
  kind: String(row.kind),
  key: String(row.key),
  number: row.number === null ? null : Number(row.number),
  ...(row.repository_id !== null && { repository: Number(row.repository_id) }),
  body: row.body as Record<string, unknown>,
})

export function refs(query: Query) {
  const columns = 'incident_id, kind, key, repository_id, number, body'
  return {
    async get(incident: number, kind: string, key: string): Promise<Ref | null> {
      const [row] = await query<Row>(
        `select ${columns} from mayday.refs where incident_id = $1 and kind = $2 and key = $3`,
        [incident, kind, key],
      )
      return row ? asRef(row) : null
    },
    async of(incident: number): Promise<Ref[]> {
      const rows = await query<Row>(`select ${columns} from mayday.refs where incident_id = $1`, [incident])
      return rows.map(asRef)
    },
    async put(ref: Ref): Promise<void> {
      await query(
        `insert into mayday.refs (incident_id, kind, key, repository_id, number, body)
         values ($1, $2, $3, $4, $5, $6::jsonb)
         on conflict (incident_id, kind, key) do update
         set repository_id = coalesce(excluded.repository_id, mayday.refs.repository_id), number = excluded.number, body = excluded.body`,
        [ref.incident, ref.kind, ref.key, ref.repository ?? null, ref.number, json(ref.body)],
      )
    },
    /** Notes what was made true, unless the ref is no longer what was `seen` before: then somebody has changed the thing
     * meanwhile, and the look that this asks for must not find it settled. */
    async settle(ref: Ref, seen: Ref | undefined): Promise<void> {
      await query(
        `insert into mayday.refs (incident_id, kind, key, number, body) values ($1, $2, $3, $4, $5::jsonb)
         on conflict (incident_id, kind, key) do update set body = excluded.body where mayday.refs.body = $6::jsonb`,
        [ref.incident, ref.kind, ref.key, ref.number, json(ref.body), seen ? json(seen.body) : null],
      )
    },
    /** What of ours an issue or pull request is: a review, an action item, a hotfix, an incident that moved away. */
    async at(repository: number, number: number): Promise<Ref | null> {
      const [row] = await query<Row>(
        `select ${columns} from mayday.refs where repository_id = $1 and number = $2
         and kind in ('review', 'item', 'hotfix', 'moved')`,
        [repository, number],
      )
      return row ? asRef(row) : null
    },
    /** The thing behind a GraphQL node id, which is all that a card's delivery names. Boards hold what they like, also what
     * is another account's: only the installation's own things count. */
    async ofNode(node: string, installation: number): Promise<Ref | null> {
      const [row] = await query<Row>(
        `select ${columns} from mayday.refs where kind = 'node' and key = $1
         and incident_id in (select id from mayday.incidents where installation_id = $2)`,
        [node, installation],
      )
      return row ? asRef(row) : null
    },
  }
}

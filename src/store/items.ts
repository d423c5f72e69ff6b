// Action items: what an owner owes over all incidents.
import { day, milliseconds, type Query, type Row } from './row.ts'

export type StoredItem = {
  incident: number
  key: string
  repository: number
  number: number
  owner: string | null
  due: string | null
  priority: string | null
  text: string
  state: string
  services: string[]
  snoozedUntil: number | null
}
/** With the public id of the incident that it comes from, and its issue's address. */
export type OwedItem = StoredItem & { incidentId: string; url: string }

const asItem = (row: Row): OwedItem => ({
  incidentId: String(row.incident_name ?? ''),
  url: String(row.url ?? ''),
  incident: Number(row.incident_id),
  key: String(row.key),
  repository: Number(row.repository_id),
  number: Number(row.number),
  owner: row.owner === null ? null : String(row.owner),
  due: day(row.due_text),
  priority: row.priority === null ? null : String(row.priority),
  text: String(row.text),
  state: String(row.state),
  services: (row.services as string[] | null) ?? [],
  snoozedUntil: milliseconds(row.snoozed_until),
})

const select = `select i.incident_id, i.key, i.repository_id, i.number, i.owner, i.due_on::text as due_text, i.priority,
    i.text, i.state, i.services, i.snoozed_until, o.snapshot ->> 'id' as incident_name,
    r.body ->> 'url' as url
    from mayday.items i join mayday.incidents o on o.id = i.incident_id
    left join mayday.refs r on r.incident_id = i.incident_id and r.kind = 'item' and r.key = i.key`

const save =
  (query: Query) =>
  async (item: StoredItem & { installation: number }): Promise<void> => {
    await query(
      `insert into mayday.items (incident_id, key, installation_id, repository_id, number, owner, due_on, priority,
           text, state, services, snoozed_until)
         values ($1, $2, $3, $4, $5, $6, $7::date, $8, $9, $10, $11::text[], $12)
         on conflict (incident_id, key) do update set number = excluded.number, owner = excluded.owner,
         due_on = excluded.due_on, priority = excluded.priority, text = excluded.text, state = excluded.state,
         services = excluded.services, snoozed_until = excluded.snoozed_until`,
      [
        item.incident,
        item.key,
        item.installation,
        item.repository,
        item.number,
        item.owner?.toLowerCase() ?? null,
        item.due,
        item.priority,
        item.text,
        item.state,
        item.services,
        item.snoozedUntil === null ? null : new Date(item.snoozedUntil),
      ],
    )
  }

/** What somebody still owes in one installation, the longest overdue first. */
const owedBy =
  (query: Query) =>
  async (installation: number, owner: string): Promise<OwedItem[]> => {
    const rows = await query<Row>(
      `${select} where i.installation_id = $1 and i.owner = $2 and i.state = 'open' order by i.due_on nulls last, i.number`,
      [installation, owner.toLowerCase()],
    )
    return rows.map(asItem)
  }

const open =
  (query: Query) =>
  async (repository: number): Promise<OwedItem[]> => {
    const rows = await query<Row>(
      `${select} where i.repository_id = $1 and i.state = 'open' order by i.due_on nulls last`,
      [repository],
    )
    return rows.map(asItem)
  }

export const items = (query: Query) => ({
  save: save(query),
  owedBy: owedBy(query),
  open: open(query),
})

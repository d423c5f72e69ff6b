// What Mayday made on GitHub, and which incident it belongs to.
import { FORMS, type Kind, type Remembered, type Stored } from './remembered.ts'
import { json, type Query, type Row } from './row.ts'

type Address<K extends Kind> = {
  incident: number
  kind: K
  key: string
  number: number | null
  /** Where `number` is; missing where it is no issue or pull request. */
  repository?: number | undefined
}
/** Something on GitHub that belongs to an incident: its comment, review, items, hotfixes, cards. */
export type NewRef<K extends Kind = Kind> = { [Q in K]: Address<Q> & { body: Remembered[Q] } }[K]
/** As it was found; `stored` is its row's own body, by which a change in the meantime is known. */
type Found = { [Q in Kind]: Address<Q> & { body: Remembered[Q]; stored: Stored } }[Kind]
export type Ref<K extends Kind = Kind> = Extract<Found, { kind: K }>

const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && Object.hasOwn(FORMS, kind)

/** Empty for a kind that this version does not know. */
function asRefs(row: Row): Ref[] {
  const { kind } = row
  if (!isKind(kind)) return []
  const stored = row.body as Stored
  const ref = {
    incident: Number(row.incident_id),
    kind,
    key: String(row.key),
    number: row.number === null ? null : Number(row.number),
    repository: row.repository_id === null ? undefined : Number(row.repository_id),
    body: FORMS[kind].read(stored),
    stored,
  }
  // The body is of the kind whose form has read it.
  return [ref as Ref]
}

function bodyOf(ref: NewRef): string {
  // The form is that of the ref's own kind.
  const { write }: { write(body: NewRef['body']): Stored } = FORMS[ref.kind]
  return json(write(ref.body))
}

export const isOf =
  <K extends Kind>(...kinds: readonly K[]) =>
  (ref: Ref): ref is Ref<K> =>
    kinds.some((kind) => kind === ref.kind)

export function refs(query: Query) {
  const columns = 'incident_id, kind, key, repository_id, number, body'
  const find = async (condition: string, params: unknown[]): Promise<Ref[]> => {
    const rows = await query<Row>(`select ${columns} from mayday.refs where ${condition}`, params)
    return rows.flatMap(asRefs)
  }
  return {
    async get<K extends Kind>(incident: number, kind: K, key: string): Promise<Ref<K> | null> {
      const found = await find('incident_id = $1 and kind = $2 and key = $3', [incident, kind, key])
      return found.find(isOf(kind)) ?? null
    },
    of: (incident: number): Promise<Ref[]> => find('incident_id = $1', [incident]),
    async put(ref: NewRef): Promise<void> {
      await query(
        `insert into mayday.refs (incident_id, kind, key, repository_id, number, body)
         values ($1, $2, $3, $4, $5, $6::jsonb)
         on conflict (incident_id, kind, key) do update
         set repository_id = coalesce(excluded.repository_id, mayday.refs.repository_id), number = excluded.number, body = excluded.body`,
        [ref.incident, ref.kind, ref.key, ref.repository ?? null, ref.number, bodyOf(ref)],
      )
    },
    /** Notes what was made true, unless the ref is no longer what was `seen` before: then somebody has changed the thing
     * meanwhile, and the look that this asks for must not find it settled. */
    async settle(ref: NewRef, seen: Ref | undefined): Promise<void> {
      await query(
        `insert into mayday.refs (incident_id, kind, key, number, body) values ($1, $2, $3, $4, $5::jsonb)
         on conflict (incident_id, kind, key) do update set body = excluded.body where mayday.refs.body = $6::jsonb`,
        [ref.incident, ref.kind, ref.key, ref.number, bodyOf(ref), seen ? json(seen.stored) : null],
      )
    },
    /** What of ours an issue or pull request is: a review, an action item, a hotfix, an incident that moved away. */
    async at(
      repository: number,
      number: number,
    ): Promise<Ref<'review' | 'item' | 'hotfix' | 'moved'> | null> {
      const found = await find('repository_id = $1 and number = $2', [repository, number])
      return found.find(isOf('review', 'item', 'hotfix', 'moved')) ?? null
    },
    /** The thing behind a GraphQL node id, which is all that a card's delivery names. Boards hold what they like, also what
     * is another account's: only the installation's own things count. */
    async ofNode(node: string, installation: number): Promise<Ref<'node'> | null> {
      const ofInstallation = 'incident_id in (select id from mayday.incidents where installation_id = $2)'
      const found = await find(`kind = 'node' and key = $1 and ${ofInstallation}`, [node, installation])
      return found.find(isOf('node')) ?? null
    },
  }
}

// Incidents: where their issues are, and what every look at open ones reads without folding.
import { json, type Query, type Row } from './row.ts'

/** An incident and where it is. `number` is its issue's; null as long as it has none. */
export type Target = { incident: number; installation: number; repository: number; number: number | null }
const asTarget = (row: Row): Target => ({
  incident: Number(row.id),
  installation: Number(row.installation_id),
  repository: Number(row.repository_id),
  number: row.number === null ? null : Number(row.number),
})

type WatchedKind = 'issue' | 'living' | 'continuation' | 'review'

const at =
  (query: Query) =>
  async (repository: number, number: number): Promise<Target | null> => {
    const [row] = await query<Row>(
      'select id, installation_id, repository_id, number from mayday.incidents where repository_id = $1 and number = $2',
      [repository, number],
    )
    return row ? asTarget(row) : null
  }

/** By the repository's full name. A name that was reused means the repository that has it now. */
const named =
  (query: Query) =>
  async (named: { owner: string; repository: string; number: number }): Promise<Target | null> => {
    const [row] = await query<Row>(
      `select i.id, i.installation_id, i.repository_id, i.number
         from mayday.incidents i join mayday.repositories r on r.id = i.repository_id
         where lower(r.owner) = lower($1) and lower(r.name) = lower($2) and i.number = $3
         order by r.removed_at desc nulls first limit 1`,
      [named.owner, named.repository, named.number],
    )
    return row ? asTarget(row) : null
  }

const get =
  (query: Query) =>
  async (id: number): Promise<Target | null> => {
    const [row] = await query<Row>(
      'select id, installation_id, repository_id, number from mayday.incidents where id = $1',
      [id],
    )
    return row ? asTarget(row) : null
  }

/** The incident of an issue, made where it is new. Without a number it is always a new one. */
const make =
  (query: Query) =>
  async (place: Omit<Target, 'incident'>, now: number): Promise<Target> => {
    const [row] = await query<Row>(
      `insert into mayday.incidents (installation_id, repository_id, number, created_at) values ($1, $2, $3, $4)
         on conflict (repository_id, number) do update set installation_id = excluded.installation_id
         returning id, installation_id, repository_id, number`,
      [place.installation, place.repository, place.number, new Date(now)],
    )
    if (!row) throw new Error('the incident was not stored')
    return asTarget(row)
  }

/** Where its issue is now: made after the incident, or transferred. The incident and all that belongs to it stay. */
const move =
  (query: Query) =>
  async ({ incident, repository, number }: Target): Promise<void> => {
    await query('update mayday.incidents set repository_id = $2, number = $3 where id = $1', [
      incident,
      repository,
      number,
    ])
  }

/** The status of each of these incidents of a repository, by its issue's number; others are left out. */
const statusesOf =
  (query: Query) =>
  async (repository: number, numbers: readonly number[]): Promise<Map<number, string>> => {
    if (numbers.length === 0) return new Map()
    const rows = await query<Row>(
      `select number, snapshot ->> 'status' as status from mayday.incidents
         where repository_id = $1 and number = any($2::int[]) and snapshot is not null`,
      [repository, numbers],
    )
    return new Map(rows.map((row) => [Number(row.number), String(row.status)]))
  }

/** Holds the incident until the transaction ends: its facts are added one delivery at a time. */
const lock =
  (query: Query) =>
  async (incident: number): Promise<void> => {
    await query('select 1 from mayday.incidents where id = $1 for no key update', [incident])
  }

const keep =
  (query: Query) =>
  async (
    incident: number,
    { snapshot, live, wakeAt }: { snapshot: object; live: boolean; wakeAt: number | null },
  ): Promise<void> => {
    await query('update mayday.incidents set snapshot = $2::jsonb, live = $3, wake_at = $4 where id = $1', [
      incident,
      json(snapshot),
      live,
      wakeAt === null ? null : new Date(wakeAt),
    ])
  }

/** Takes the wake-ups that are due, the longest waiting first, so that of several processes only one enqueues each.
 * Reads the index of what is due only. */
const takeDue =
  (query: Query) =>
  async (now: number, limit: number): Promise<Target[]> => {
    const rows = await query<Row>(
      `update mayday.incidents set wake_at = null where id in (
           select id from mayday.incidents where wake_at is not null and wake_at <= $1
           order by wake_at limit $2 for update skip locked)
         returning id, installation_id, repository_id, number`,
      [new Date(now), limit],
    )
    return rows.map(asTarget)
  }

/** Every incident of a repository with its public id. */
const names =
  (query: Query) =>
  async (repository: number): Promise<{ incident: number; name: string }[]> => {
    const rows = await query<Row>(
      `select id, snapshot ->> 'id' as name from mayday.incidents where repository_id = $1 and snapshot is not null`,
      [repository],
    )
    return rows.map((row) => ({ incident: Number(row.id), name: String(row.name) }))
  }

/** Incidents that a deployment of this commit may concern: their hotfix was `merged` as it, or may yet turn out so. */
const ofDeployment =
  (query: Query) =>
  async (repository: number, sha: string): Promise<(Target & { merged: boolean })[]> => {
    const rows = await query<Row>(
      `select id, installation_id, repository_id, number, coalesce(snapshot -> 'merges' ? $2, false) as merged
         from mayday.incidents where repository_id = $1
         and (snapshot -> 'merges' ? $2 or (live and (snapshot ->> 'hotfixes')::int > 0))`,
      [repository, sha],
    )
    return rows.map((row) => ({ ...asTarget(row), merged: row.merged === true }))
  }

/** The commits as which hotfixes were merged, of incidents that are live or were declared `since`. */
const merges =
  (query: Query) =>
  async (installation: number, since: number): Promise<Set<string>> => {
    const rows = await query<{ sha: string }>(
      `select jsonb_array_elements_text(snapshot -> 'merges') as sha from mayday.incidents
         where installation_id = $1 and (live or created_at >= $2)`,
      [installation, new Date(since)],
    )
    return new Set(rows.map(({ sha }) => sha))
  }

/** What Mayday made or keeps for the open incidents of an installation, by GitHub's node ids: the issue, the living
 * comment with the text that was written there, the review. */
const watched =
  (query: Query) =>
  async (
    installation: number,
  ): Promise<
    (Target & { number: number; kind: WatchedKind; key: string; node: string; text: string | null })[]
  > => {
    const rows = await query<Row>(
      `select i.id, i.installation_id, i.repository_id, i.number, r.kind, r.key, r.body ->> 'nodeId' as node,
           r.body ->> 'text' as text
         from mayday.incidents i join mayday.refs r on r.incident_id = i.id
         where i.installation_id = $1 and i.live and i.number is not null and r.kind in ('issue', 'living', 'continuation', 'review')
         and coalesce(r.body ->> 'nodeId', '') <> '' order by i.id`,
      [installation],
    )
    return rows.map((row) => ({
      ...asTarget(row),
      number: Number(row.number),
      kind: row.kind as WatchedKind,
      key: String(row.key),
      node: String(row.node),
      text: typeof row.text === 'string' ? row.text : null,
    }))
  }

/** Open incidents whose next moment is not set. */
const asleep =
  (query: Query) =>
  async (installation: number): Promise<number[]> => {
    const rows = await query<{ id: number }>(
      'select id from mayday.incidents where installation_id = $1 and live and wake_at is null',
      [installation],
    )
    return rows.map(({ id }) => Number(id))
  }

const open =
  (query: Query) =>
  async (installation: number): Promise<Target[]> => {
    const rows = await query<Row>(
      'select id, installation_id, repository_id, number from mayday.incidents where installation_id = $1 and live',
      [installation],
    )
    return rows.map(asTarget)
  }

export const incidents = (query: Query) => ({
  at: at(query),
  named: named(query),
  get: get(query),
  make: make(query),
  move: move(query),
  statusesOf: statusesOf(query),
  lock: lock(query),
  keep: keep(query),
  takeDue: takeDue(query),
  names: names(query),
  ofDeployment: ofDeployment(query),
  merges: merges(query),
  watched: watched(query),
  asleep: asleep(query),
  open: open(query),
})

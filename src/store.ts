// What Mayday remembers: incidents and their facts, what it made on GitHub, repositories and their settings.
import type { Database } from './database/database.ts'
import type { Event } from './incident/event.ts'
import type { Policy } from './incident/policy.ts'

/** JSON that PostgreSQL takes: jsonb refuses NUL and half a surrogate pair, which a person's text may hold and a cut may
 * leave behind. `JSON.stringify` writes both as escapes, and nothing else of that form. */
const storable = (text: string): string =>
  text.replaceAll(/(\\\\)|\\u(?:0000|d[89a-f][\da-f]{2})/g, (_, backslash?: string) => backslash ?? '\ufffd')
const json = (value: unknown): string => storable(JSON.stringify(value))

export type Target = { incident: number; installation: number; repository: number; number: number }
/** Something on GitHub that belongs to an incident: its comment, review, items, hotfixes, cards. */
export type Ref = {
  incident: number
  kind: string
  key: string
  number: number | null
  body: Record<string, unknown>
}
export type StoredSettings = {
  /** The last good configuration; null: none, the defaults. */
  good: Policy | null
  /** Where it came from, for people: `acme/web/.github/mayday.yml`. */
  source: string | null
  problems: { message: string }[]
}
export type StoredRepository = {
  id: number
  installation: number
  owner: string
  name: string
  private: boolean
  defaultBranch: string
  settings: StoredSettings | null
  settingsAt: number | null
  labelsAt: number | null
}
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

type Row = Record<string, unknown>
const milliseconds = (value: unknown): number | null => (value instanceof Date ? value.getTime() : null)
const day = (value: unknown): string | null =>
  value instanceof Date
    ? value.toISOString().slice(0, 10)
    : typeof value === 'string'
      ? value.slice(0, 10)
      : null
const asTarget = (row: Row): Target => ({
  incident: Number(row.id),
  installation: Number(row.installation_id),
  repository: Number(row.repository_id),
  number: Number(row.number),
})
const asRef = (row: Row): Ref => ({
  incident: Number(row.incident_id),
  kind: String(row.kind),
  key: String(row.key),
  number: row.number === null ? null : Number(row.number),
  body: row.body as Record<string, unknown>,
})

export type Store = ReturnType<typeof createStore>

/** The domain's queries over one database. Every function may be called inside `database.inTx` and then takes part. */
export function createStore(database: Database) {
  const { query } = database
  return {
    ...incidents(query),
    ...references(query),
    ...repositories(query),
    ...deliveries(query),
    ...actionItems(query),
  }
}

type Query = Database['query']

function incidents(query: Query) {
  return {
    async incidentAt(repository: number, number: number): Promise<Target | null> {
      const [row] = await query<Row>(
        'select id, installation_id, repository_id, number from mayday.incidents where repository_id = $1 and number = $2',
        [repository, number],
      )
      return row ? asTarget(row) : null
    },
    async incident(id: number): Promise<Target | null> {
      const [row] = await query<Row>(
        'select id, installation_id, repository_id, number from mayday.incidents where id = $1',
        [id],
      )
      return row ? asTarget(row) : null
    },
    /** The incident of an issue, made where it is new. */
    async makeIncident(place: Omit<Target, 'incident'>, now: number): Promise<Target> {
      const [row] = await query<Row>(
        `insert into mayday.incidents (installation_id, repository_id, number, created_at) values ($1, $2, $3, $4)
         on conflict (repository_id, number) do update set installation_id = excluded.installation_id
         returning id, installation_id, repository_id, number`,
        [place.installation, place.repository, place.number, new Date(now)],
      )
      if (!row) throw new Error('the incident was not stored')
      return asTarget(row)
    },
    /** Holds the incident until the transaction ends: its facts are added one delivery at a time. */
    async lock(incident: number): Promise<void> {
      await query('select 1 from mayday.incidents where id = $1 for update', [incident])
    },
    async events(incident: number): Promise<Event[]> {
      const rows = await query<{ body: Event }>(
        'select body from mayday.events where incident_id = $1 order by arrived',
        [incident],
      )
      return rows.map((row) => row.body)
    },
    async append(incident: number, events: readonly Event[], now: number): Promise<void> {
      for (const event of events) {
        await query(
          `insert into mayday.events (incident_id, key, at, body, recorded_at) values ($1, $2, $3, $4::jsonb, $5)
           on conflict (incident_id, key) do nothing`,
          [incident, event.key, new Date(event.at), json(event), new Date(now)],
        )
      }
    },
    /** Gives facts that are stored the numbers under which the timeline shows them from now on. */
    async number(incident: number, events: readonly Event[]): Promise<void> {
      for (const { key, n } of events)
        await query(
          "update mayday.events set body = jsonb_set(body, '{n}', to_jsonb($3::int)) where incident_id = $1 and key = $2",
          [incident, key, n],
        )
    },
    async keep(
      incident: number,
      { snapshot, live, wakeAt }: { snapshot: object; live: boolean; wakeAt: number | null },
    ): Promise<void> {
      await query('update mayday.incidents set snapshot = $2::jsonb, live = $3, wake_at = $4 where id = $1', [
        incident,
        json(snapshot),
        live,
        wakeAt === null ? null : new Date(wakeAt),
      ])
    },
    /** Incidents with a timer that is due, the longest waiting first. Reads the index of what is due only. */
    async due(now: number, limit: number): Promise<Target[]> {
      const rows = await query<Row>(
        `select id, installation_id, repository_id, number from mayday.incidents
         where wake_at is not null and wake_at <= $1 order by wake_at limit $2`,
        [new Date(now), limit],
      )
      return rows.map(asTarget)
    },
    /** Takes one wake-up, so that of several processes only one enqueues it. */
    async takeWake(incident: number, now: number): Promise<boolean> {
      const rows = await query(
        'update mayday.incidents set wake_at = null where id = $1 and wake_at <= $2 returning id',
        [incident, new Date(now)],
      )
      return rows.length > 0
    },
    /** Every incident of a repository with its public id. */
    async incidentNames(repository: number): Promise<{ incident: number; name: string }[]> {
      const rows = await query<Row>(
        `select id, snapshot ->> 'id' as name from mayday.incidents where repository_id = $1 and snapshot is not null`,
        [repository],
      )
      return rows.map((row) => ({ incident: Number(row.id), name: String(row.name) }))
    },
    /** Incidents that a deployment of this commit may concern: their hotfix was merged as it, or may yet turn out so. */
    async incidentsOfDeployment(repository: number, sha: string): Promise<Target[]> {
      const rows = await query<Row>(
        `select id, installation_id, repository_id, number from mayday.incidents where repository_id = $1
         and (snapshot -> 'merges' ? $2 or (live and (snapshot ->> 'hotfixes')::int > 0))`,
        [repository, sha],
      )
      return rows.map(asTarget)
    },
    /** Counts for the metrics; drills, cancelled and duplicate incidents are left out of the times. */
    async picture() {
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
    async openIncidents(installation: number): Promise<Target[]> {
      const rows = await query<Row>(
        'select id, installation_id, repository_id, number from mayday.incidents where installation_id = $1 and live',
        [installation],
      )
      return rows.map(asTarget)
    },
  }
}

function references(query: Query) {
  const columns = 'incident_id, kind, key, number, body'
  return {
    async ref(incident: number, kind: string, key: string): Promise<Ref | null> {
      const [row] = await query<Row>(
        `select ${columns} from mayday.refs where incident_id = $1 and kind = $2 and key = $3`,
        [incident, kind, key],
      )
      return row ? asRef(row) : null
    },
    async refs(incident: number): Promise<Ref[]> {
      const rows = await query<Row>(`select ${columns} from mayday.refs where incident_id = $1`, [incident])
      return rows.map(asRef)
    },
    async putRef(ref: Ref & { repository?: number }): Promise<void> {
      await query(
        `insert into mayday.refs (incident_id, kind, key, repository_id, number, body)
         values ($1, $2, $3, $4, $5, $6::jsonb)
         on conflict (incident_id, kind, key) do update
         set repository_id = excluded.repository_id, number = excluded.number, body = excluded.body`,
        [ref.incident, ref.kind, ref.key, ref.repository ?? null, ref.number, json(ref.body)],
      )
    },
    async dropRef(incident: number, kind: string, key: string): Promise<void> {
      await query('delete from mayday.refs where incident_id = $1 and kind = $2 and key = $3', [
        incident,
        kind,
        key,
      ])
    },
    /** What of ours an issue or pull request is: a review, an action item, a hotfix. */
    async refAt(repository: number, number: number): Promise<Ref | null> {
      const [row] = await query<Row>(
        `select ${columns} from mayday.refs where repository_id = $1 and number = $2
         and kind in ('review', 'item', 'hotfix')`,
        [repository, number],
      )
      return row ? asRef(row) : null
    },
    /** The thing behind a GraphQL node id, which is all that a card's delivery names. */
    async refOfNode(node: string): Promise<Ref | null> {
      const [row] = await query<Row>(`select ${columns} from mayday.refs where kind = 'node' and key = $1`, [
        node,
      ])
      return row ? asRef(row) : null
    },
  }
}

function repositories(query: Query) {
  const columns =
    'id, installation_id, owner, name, private, default_branch, settings, settings_at, labels_at'
  const asRepository = (row: Row): StoredRepository => ({
    id: Number(row.id),
    installation: Number(row.installation_id),
    owner: String(row.owner),
    name: String(row.name),
    private: row.private === true,
    defaultBranch: String(row.default_branch ?? 'main'),
    settings: (row.settings as StoredSettings | null) ?? null,
    settingsAt: milliseconds(row.settings_at),
    labelsAt: milliseconds(row.labels_at),
  })
  return {
    async repository(id: number): Promise<StoredRepository | null> {
      const [row] = await query<Row>(`select ${columns} from mayday.repositories where id = $1`, [id])
      return row ? asRepository(row) : null
    },
    async saveRepository(
      one: Pick<StoredRepository, 'id' | 'installation' | 'owner' | 'name' | 'private' | 'defaultBranch'>,
    ): Promise<StoredRepository> {
      const [row] = await query<Row>(
        `insert into mayday.repositories (id, installation_id, owner, name, private, default_branch)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update set installation_id = excluded.installation_id, owner = excluded.owner,
         name = excluded.name, private = excluded.private, default_branch = excluded.default_branch, removed_at = null
         returning ${columns}`,
        [one.id, one.installation, one.owner, one.name, one.private, one.defaultBranch],
      )
      if (!row) throw new Error('the repository was not stored')
      return asRepository(row)
    },
    async saveSettings(repository: number, settings: StoredSettings, now: number): Promise<void> {
      await query('update mayday.repositories set settings = $2::jsonb, settings_at = $3 where id = $1', [
        repository,
        json(settings),
        new Date(now),
      ])
    },
    /** Makes every repository of the installation read its settings again: the account's fallback may have changed. */
    async forgetSettings(installation: number): Promise<void> {
      await query('update mayday.repositories set settings_at = null where installation_id = $1', [
        installation,
      ])
    },
    async forgetSettingsOf(repository: number): Promise<void> {
      await query('update mayday.repositories set settings_at = null where id = $1', [repository])
    },
    async labelsMade(repository: number, now: number): Promise<void> {
      await query('update mayday.repositories set labels_at = $2 where id = $1', [repository, new Date(now)])
    },
    async removeRepository(repository: number, now: number): Promise<void> {
      await query('update mayday.repositories set removed_at = $2 where id = $1', [repository, new Date(now)])
    },
    async saveInstallation(one: {
      id: number
      account: string
      accountType: string
      permissions: Record<string, string>
      createdAt: number
    }): Promise<void> {
      await query(
        `insert into mayday.installations (id, account, account_type, permissions, created_at)
         values ($1, $2, $3, $4::jsonb, $5)
         on conflict (id) do update set account = excluded.account, account_type = excluded.account_type,
         permissions = excluded.permissions, suspended_at = null, removed_at = null`,
        [one.id, one.account, one.accountType, json(one.permissions), new Date(one.createdAt)],
      )
    },
    async seenInstallation(one: {
      id: number
      account: string
      accountType: string
      at: number
    }): Promise<void> {
      await query(
        `insert into mayday.installations (id, account, account_type, permissions, created_at)
         values ($1, $2, $3, '{}'::jsonb, $4) on conflict (id) do nothing`,
        [one.id, one.account, one.accountType, new Date(one.at)],
      )
    },
    async endInstallation(id: number, how: 'suspended' | 'removed', now: number): Promise<void> {
      const column = how === 'suspended' ? 'suspended_at' : 'removed_at'
      await query(`update mayday.installations set ${column} = $2 where id = $1`, [id, new Date(now)])
    },
    /** GitHub did not answer, or said when to come back: nothing is sent for this installation before `until`. */
    async pause(installation: number, until: number): Promise<void> {
      await query('update mayday.installations set paused_until = $2 where id = $1', [
        installation,
        new Date(until),
      ])
    },
    async pausedUntil(installation: number): Promise<number | null> {
      const [row] = await query<Row>('select paused_until from mayday.installations where id = $1', [
        installation,
      ])
      return milliseconds(row?.paused_until)
    },
    async anyPaused(now: number): Promise<boolean> {
      const rows = await query('select 1 from mayday.installations where paused_until > $1 limit 1', [
        new Date(now),
      ])
      return rows.length > 0
    },
    async board(installation: number, wanted: string): Promise<unknown> {
      const [row] = await query<Row>(
        'select boards -> $2::text as board from mayday.installations where id = $1',
        [installation, wanted],
      )
      return row?.board ?? null
    },
    async saveBoard(installation: number, wanted: string, board: object): Promise<void> {
      await query(
        'update mayday.installations set boards = boards || jsonb_build_object($2::text, $3::jsonb) where id = $1',
        [installation, wanted, json(board)],
      )
    },
    /** Whether something may be said now: false where it was said less than `pause` milliseconds ago. */
    async mayTell(key: string, { now, pause }: { now: number; pause: number }): Promise<boolean> {
      const rows = await query(
        `insert into mayday.told (key, at) values ($1, $2)
         on conflict (key) do update set at = excluded.at where mayday.told.at <= $3 returning key`,
        [key, new Date(now), new Date(now - pause)],
      )
      return rows.length > 0
    },
    async untell(key: string): Promise<void> {
      await query('delete from mayday.told where key = $1', [key])
    },
    async account(installation: number): Promise<{ login: string; organization: boolean } | null> {
      const [row] = await query<Row>('select account, account_type from mayday.installations where id = $1', [
        installation,
      ])
      return row?.account
        ? { login: String(row.account), organization: row.account_type === 'Organization' }
        : null
    },
    async installations(): Promise<number[]> {
      const rows = await query<Row>(
        'select id from mayday.installations where removed_at is null and suspended_at is null',
      )
      return rows.map((row) => Number(row.id))
    },
  }
}

function deliveries(query: Query) {
  return {
    async delivery(
      guid: string,
    ): Promise<{ event: string; payload: unknown; done: boolean; receivedAt: number } | null> {
      const [row] = await query<Row>(
        'select event, payload, done_at, received_at from mayday.deliveries where guid = $1',
        [guid],
      )
      if (!row) return null
      return {
        event: String(row.event),
        payload: JSON.parse(storable(String(row.payload))),
        done: row.done_at !== null,
        receivedAt: milliseconds(row.received_at) ?? 0,
      }
    },
    async deliveryDone(guid: string, now: number): Promise<void> {
      await query('update mayday.deliveries set done_at = $2 where guid = $1', [guid, new Date(now)])
    },
    async knownDeliveries(guids: string[]): Promise<Set<string>> {
      const rows = await query<{ guid: string }>(
        'select guid from mayday.deliveries where guid = any($1::text[])',
        [guids],
      )
      return new Set(rows.map((row) => row.guid))
    },
    async forgetDeliveries(before: number): Promise<void> {
      await query('delete from mayday.deliveries where received_at < $1 and done_at is not null', [
        new Date(before),
      ])
    },
  }
}

function actionItems(query: Query) {
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
  return {
    async saveItem(item: StoredItem & { installation: number }): Promise<void> {
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
    },
    /** What somebody still owes in one installation, the longest overdue first. */
    async owedBy(installation: number, owner: string): Promise<OwedItem[]> {
      const rows = await query<Row>(
        `${select} where i.installation_id = $1 and i.owner = $2 and i.state = 'open' order by i.due_on nulls last, i.number`,
        [installation, owner.toLowerCase()],
      )
      return rows.map(asItem)
    },
    async openItems(repository: number): Promise<OwedItem[]> {
      const rows = await query<Row>(
        `${select} where i.repository_id = $1 and i.state = 'open' order by i.due_on nulls last`,
        [repository],
      )
      return rows.map(asItem)
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

// Repositories and their settings.
import type { Policy } from '../incident/policy/policy.ts'
import { json, milliseconds, type Query, type Row } from './row.ts'

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
  /** Up to which moment (milliseconds) all that happened there is known; null: never looked. */
  healedAt: number | null
  /** Taken out of the installation, or deleted. */
  removed: boolean
}

const columns =
  'id, installation_id, owner, name, private, default_branch, settings, settings_at, labels_at, healed_at, removed_at'

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
  healedAt: milliseconds(row.healed_at),
  removed: row.removed_at !== null,
})

const get =
  (query: Query) =>
  async (id: number): Promise<StoredRepository | null> => {
    const [row] = await query<Row>(`select ${columns} from mayday.repositories where id = $1`, [id])
    return row ? asRepository(row) : null
  }

/** Also where it is known already: renamed, transferred to another account (its incidents go with it), back again. */
const save =
  (query: Query) =>
  async (
    repository: Pick<
      StoredRepository,
      'id' | 'installation' | 'owner' | 'name' | 'private' | 'defaultBranch'
    >,
  ): Promise<StoredRepository> => {
    const [row] = await query<Row>(
      `with moved as (
           update mayday.incidents set installation_id = $2 where repository_id = $1 and installation_id <> $2 returning id
         ), moved_items as (
           update mayday.items set installation_id = $2 where incident_id in (select id from moved)
         )
         insert into mayday.repositories (id, installation_id, owner, name, private, default_branch)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update set installation_id = excluded.installation_id, owner = excluded.owner,
         name = excluded.name, private = excluded.private, default_branch = excluded.default_branch, removed_at = null,
         settings_at = case when repositories.installation_id = excluded.installation_id then repositories.settings_at end
         returning ${columns}`,
      [
        repository.id,
        repository.installation,
        repository.owner,
        repository.name,
        repository.private,
        repository.defaultBranch,
      ],
    )
    if (!row) throw new Error('the repository was not stored')
    return asRepository(row)
  }

const saveSettings =
  (query: Query) =>
  async (repository: number, settings: StoredSettings, now: number): Promise<void> => {
    await query('update mayday.repositories set settings = $2::jsonb, settings_at = $3 where id = $1', [
      repository,
      json(settings),
      new Date(now),
    ])
  }

/** Makes every repository of the installation read its settings again: the account's fallback may have changed. */
const forgetAllSettings =
  (query: Query) =>
  async (installation: number): Promise<void> => {
    await query('update mayday.repositories set settings_at = null where installation_id = $1', [
      installation,
    ])
  }

const forgetSettings =
  (query: Query) =>
  async (repository: number): Promise<void> => {
    await query('update mayday.repositories set settings_at = null where id = $1', [repository])
  }

const labelsMade =
  (query: Query) =>
  async (repository: number, now: number): Promise<void> => {
    await query('update mayday.repositories set labels_at = $2 where id = $1', [repository, new Date(now)])
  }

const healed =
  (query: Query) =>
  async (repositories: readonly number[], upTo: number): Promise<void> => {
    await query('update mayday.repositories set healed_at = $2 where id = any($1::bigint[])', [
      repositories,
      new Date(upTo),
    ])
  }

/** The repositories of an installation that were not removed. */
const of =
  (query: Query) =>
  async (installation: number): Promise<StoredRepository[]> => {
    const rows = await query<Row>(
      `select ${columns} from mayday.repositories where installation_id = $1 and removed_at is null`,
      [installation],
    )
    return rows.map(asRepository)
  }

/** Said by an installation: one that went over to another account is no longer its to remove. */
const remove =
  (query: Query) =>
  async (repository: number, installation: number, now: number): Promise<void> => {
    await query('update mayday.repositories set removed_at = $3 where id = $1 and installation_id = $2', [
      repository,
      installation,
      new Date(now),
    ])
  }

export const repositories = (query: Query) => ({
  get: get(query),
  save: save(query),
  saveSettings: saveSettings(query),
  forgetAllSettings: forgetAllSettings(query),
  forgetSettings: forgetSettings(query),
  labelsMade: labelsMade(query),
  healed: healed(query),
  of: of(query),
  remove: remove(query),
})

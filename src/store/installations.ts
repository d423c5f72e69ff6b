// Installations: the accounts that have the app, whether they may be called, their boards.
import { json, milliseconds, type Query, type Row } from './row.ts'

const save =
  (query: Query) =>
  async (installation: {
    id: number
    account: string
    accountType: string
    permissions: Record<string, string>
    createdAt: number
  }): Promise<void> => {
    await query(
      `insert into mayday.installations (id, account, account_type, permissions, created_at)
         values ($1, $2, $3, $4::jsonb, $5)
         on conflict (id) do update set account = excluded.account, account_type = excluded.account_type,
         permissions = excluded.permissions, created_at = excluded.created_at, suspended_at = null, removed_at = null`,
      [
        installation.id,
        installation.account,
        installation.accountType,
        json(installation.permissions),
        new Date(installation.createdAt),
      ],
    )
  }

const saveSeen =
  (query: Query) =>
  async (installation: { id: number; account: string; accountType: string; at: number }): Promise<void> => {
    await query(
      `insert into mayday.installations (id, account, account_type, permissions, created_at)
         values ($1, $2, $3, '{}'::jsonb, $4) on conflict (id) do nothing`,
      [installation.id, installation.account, installation.accountType, new Date(installation.at)],
    )
  }

const end =
  (query: Query) =>
  async (id: number, how: 'suspended' | 'removed', now: number): Promise<void> => {
    const column = how === 'suspended' ? 'suspended_at' : 'removed_at'
    await query(`update mayday.installations set ${column} = $2 where id = $1`, [id, new Date(now)])
  }

/** Whether calls may be made: by all, by one that looks whether GitHub answers again (nobody else does within
 * `leaseMs`), or by nobody before the time that is returned. */
const admit =
  (query: Query) =>
  async (
    installation: number,
    { now, leaseMs }: { now: number; leaseMs: number },
  ): Promise<'all' | 'probe' | number> => {
    const [row] = await query<Row>('select paused_until from mayday.installations where id = $1', [
      installation,
    ])
    const until = milliseconds(row?.paused_until)
    if (until === null) return 'all'
    if (until > now) return until
    const leased = await query(
      'update mayday.installations set paused_until = $3 where id = $1 and paused_until <= $2 returning id',
      [installation, new Date(now), new Date(now + leaseMs)],
    )
    return leased.length > 0 ? 'probe' : now + leaseMs
  }

/** GitHub did not answer, or said when to come back: nothing is sent for this installation before `until`. */
const pause =
  (query: Query) =>
  async (installation: number, until: number): Promise<void> => {
    await query(
      'update mayday.installations set paused_until = greatest(paused_until, $2::timestamptz) where id = $1',
      [installation, new Date(until)],
    )
  }

/** GitHub answers again. */
const resume =
  (query: Query) =>
  async (installation: number): Promise<void> => {
    await query('update mayday.installations set paused_until = null where id = $1', [installation])
  }

const board =
  (query: Query) =>
  async (installation: number, wanted: string): Promise<unknown> => {
    const [row] = await query<Row>(
      'select boards -> $2::text as board from mayday.installations where id = $1',
      [installation, wanted],
    )
    return row?.board ?? null
  }

const saveBoard =
  (query: Query) =>
  async (installation: number, wanted: string, board: object): Promise<void> => {
    await query(
      'update mayday.installations set boards = boards || jsonb_build_object($2::text, $3::jsonb) where id = $1',
      [installation, wanted, json(board)],
    )
  }

const account =
  (query: Query) =>
  async (installation: number): Promise<{ login: string; organization: boolean } | null> => {
    const [row] = await query<Row>('select account, account_type from mayday.installations where id = $1', [
      installation,
    ])
    return row?.account
      ? { login: String(row.account), organization: row.account_type === 'Organization' }
      : null
  }

/** Every installation that is not gone, with the time (milliseconds) since which the app is there. */
const present =
  (query: Query) =>
  async (): Promise<
    { id: number; account: string; createdAt: number; suspended: boolean; permissions: object }[]
  > => {
    const rows = await query<Row>(
      `select id, account, permissions, created_at, suspended_at from mayday.installations
         where removed_at is null order by id`,
    )
    return rows.map((row) => ({
      id: Number(row.id),
      account: String(row.account),
      createdAt: milliseconds(row.created_at) ?? 0,
      suspended: row.suspended_at !== null,
      permissions: row.permissions as object,
    }))
  }

export const installations = (query: Query) => ({
  save: save(query),
  saveSeen: saveSeen(query),
  end: end(query),
  admit: admit(query),
  pause: pause(query),
  resume: resume(query),
  board: board(query),
  saveBoard: saveBoard(query),
  account: account(query),
  present: present(query),
})

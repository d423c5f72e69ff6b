// Deliveries as they came in.
import { unpack } from './packed.ts'
import { milliseconds, type Query, type Row, storable } from './row.ts'

const FORGOTTEN_AT_ONCE = 1_000

const get =
  (query: Query) =>
  async (
    guid: string,
  ): Promise<{
    event: string
    payload: unknown
    done: boolean
    receivedAt: number
    act: string | null
    happenedAt: number | null
  } | null> => {
    const [row] = await query<Row & { payload: Uint8Array }>(
      'select event, payload, done_at, received_at, act, happened_at from mayday.deliveries where guid = $1',
      [guid],
    )
    if (!row) return null
    return {
      event: String(row.event),
      payload: JSON.parse(storable(unpack(row.payload).toString())),
      done: row.done_at !== null,
      receivedAt: milliseconds(row.received_at) ?? 0,
      act: typeof row.act === 'string' ? row.act : null,
      happenedAt: milliseconds(row.happened_at),
    }
  }

/** The queue key of a delivery, and whether it still waits in the inbox; null where it is not stored. */
const route =
  (query: Query) =>
  async (
    guid: string,
  ): Promise<{
    guid: string
    event: string
    key: string
    installation: number | null
    waits: boolean
  } | null> => {
    const [row] = await query<Row>(
      `select guid, event, key, installation_id, exists (
           select 1 from mayday.inbox where inbox.key = deliveries.key and body ->> 'guid' = $1
         ) as waits from mayday.deliveries where guid = $1`,
      [guid],
    )
    if (!row) return null
    const installation = row.installation_id === null ? null : Number(row.installation_id)
    return {
      guid,
      event: String(row.event),
      key: String(row.key),
      installation,
      waits: row.waits === true,
    }
  }

/** As if it had just come. */
const reopen =
  (query: Query) =>
  async (guid: string): Promise<void> => {
    await query('update mayday.deliveries set done_at = null where guid = $1', [guid])
  }

/** Counts one question for its sender's permission that GitHub did not answer; resolves to how many there were. */
const countUnanswered =
  (query: Query) =>
  async (guid: string): Promise<number> => {
    const [row] = await query<Row>(
      'update mayday.deliveries set attempts = attempts + 1 where guid = $1 returning attempts',
      [guid],
    )
    return Number(row?.attempts ?? 0)
  }

const finish =
  (query: Query) =>
  async (guid: string, now: number): Promise<void> => {
    await query('update mayday.deliveries set done_at = $2 where guid = $1', [guid, new Date(now)])
  }

const known =
  (query: Query) =>
  async (guids: string[]): Promise<Set<string>> => {
    const rows = await query<{ guid: string }>(
      'select guid from mayday.deliveries where guid = any($1::text[])',
      [guids],
    )
    return new Set(rows.map((row) => row.guid))
  }

/** As if it had told nothing. */
const forgetAct =
  (query: Query) =>
  async (guid: string): Promise<void> => {
    await query('update mayday.deliveries set act = null where guid = $1', [guid])
  }

/** The deliveries that told one of these acts. */
const tellings =
  (query: Query) =>
  async (
    acts: readonly string[],
  ): Promise<{ guid: string; act: string; happenedAt: number; done: boolean }[]> => {
    if (acts.length === 0) return []
    const rows = await query<Row>(
      'select guid, act, happened_at, done_at from mayday.deliveries where act = any($1::text[])',
      [acts],
    )
    return rows.map((row) => ({
      guid: String(row.guid),
      act: String(row.act),
      happenedAt: milliseconds(row.happened_at) ?? 0,
      done: row.done_at !== null,
    }))
  }

/** Deletes those that came before a time (milliseconds), but for what still waits. A few at a time: each statement keeps
 * everybody else waiting, where the database is embedded. */
const forgetBefore =
  (query: Query) =>
  async (before: number): Promise<void> => {
    for (let gone = FORGOTTEN_AT_ONCE; gone === FORGOTTEN_AT_ONCE; ) {
      const rows = await query(
        `delete from mayday.deliveries where guid in (
             select guid from mayday.deliveries where received_at < $1 and (done_at is not null or not exists (
               select 1 from mayday.inbox where inbox.key = deliveries.key and body ->> 'guid' = guid))
             limit $2) returning 1`,
        [new Date(before), FORGOTTEN_AT_ONCE],
      )
      gone = rows.length
    }
  }

export const deliveries = (query: Query) => ({
  get: get(query),
  route: route(query),
  reopen: reopen(query),
  countUnanswered: countUnanswered(query),
  finish: finish(query),
  known: known(query),
  forgetAct: forgetAct(query),
  tellings: tellings(query),
  forgetBefore: forgetBefore(query),
})

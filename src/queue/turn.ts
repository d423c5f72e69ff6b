// What a claimed job stands for: itself, a run of a sync, or the first in a line.
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { INBOX } from './boss.ts'
import * as syncs from './coalesced.ts'
import * as line from './fifo.ts'
import { type Claim, newEnvelope } from './job.ts'

export type Turn = {
  data: object
  /** What has to happen in the transaction that completes the job; undefined: nothing. */
  end?: () => Promise<void>
}

type Context = { boss: PgBoss; database: Database; queue: string; restMs: number }

/** Looks at the claimed job before it is tried. */
export async function beginTurn(context: Context, claim: Claim): Promise<Turn> {
  if (claim.data.kind === 'sync') return beginSync(context, claim)
  if (claim.data.kind === 'line') return beginLine(context, claim)
  return { data: claim.data.data }
}

async function beginSync({ boss, database, queue, restMs }: Context, claim: Claim): Promise<Turn> {
  const { key, data } = claim.data
  const wish = await syncs.begin(database, key, Date.now())
  const end = async () => {
    const next = await syncs.end(database, key, { wish, now: Date.now(), restMs })
    if (!next.send) return
    const when = { priority: claim.priority, startAfter: next.afterSeconds }
    await boss.send(queue, newEnvelope('sync', key, data), { ...when, ...inGroup(claim.groupId) })
  }
  return { data, end }
}

async function beginLine({ boss, database }: Context, claim: Claim): Promise<Turn> {
  const { key } = claim.data
  const head = await line.head(database, key)
  if (!head) throw new Error('a line has a job, but nobody stands in it')
  const end = async () => {
    const next = await line.leave(database, key, head.place)
    if (next) await boss.send(INBOX, newEnvelope('line', key, {}), inGroup(next.group))
  }
  return { data: head.body, end }
}

/** pg-boss's option for a group; none for null. */
export function inGroup(group: string | null | undefined): { group?: { id: string } } {
  return group ? { group: { id: group } } : {}
}

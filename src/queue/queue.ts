// The queue: what came in waits in the inbox, in order per key; what has to be done waits in the outbox.
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import type { Log } from '../log.ts'
import { DEAD, INBOX, insertStatement, OUTBOX, resetActive, startBoss } from './boss.ts'
import * as syncs from './coalesced.ts'
import { countJobs, type QueueStats } from './counts.ts'
import * as line from './fifo.ts'
import { type Envelope, type Handlers, newEnvelope } from './job.ts'
import { POLL_MS } from './poller.ts'
import { inGroup } from './turn.ts'
import { openStaff } from './workers.ts'

export type { QueueStats } from './counts.ts'
export type { Newcomers } from './fifo.ts'
export type { Handlers, Job, Outcome } from './job.ts'

/** `group` (an installation, a channel): its jobs never take all slots, so that others get on while it hangs. */
export type Sent = { key: string; data: object; group?: string }

export type Queue = {
  /** Into the inbox, in this order: first in, first out per key, also over retries. Joins the open transaction. */
  receive(jobs: Sent[]): Promise<void>
  /** The same for whatever SQL finds or writes, in one statement; resolves to the numbers of those who were received. */
  receiveFrom(newcomers: line.Newcomers): Promise<number[]>
  /** Into the outbox, higher priority first; up to 40 a job is background work. Joins the open transaction. */
  perform(job: Sent & { priority?: number; afterSeconds?: number }): Promise<void>
  /**
   * Into the outbox, coalesced: at most one job waits or runs per key, one run begins per three seconds, and one begins
   * after the last request. The same key must come with the same data. Joins the open transaction.
   */
  sync(job: Sent & { priority?: number }): Promise<void>
  /** Starts to hand out jobs, and before each look for some waits for `giveWay`. A handler that throws has failed. */
  work(handlers: Handlers, giveWay?: () => Promise<void>): Promise<void>
  stats(): Promise<QueueStats>
  /** Takes no more jobs, waits for the running ones, gives back what is not finished in time. */
  stop(options: { timeoutMs: number }): Promise<void>
}

/**
 * Makes the queues and hands back to them what a dead process left running. `concurrency` is how many jobs run at a
 * time (8 of each unless told), `restMs` the pause that `sync` keeps (3,000), `pollMs` how often it is looked for
 * what became due (500). Rejects if the database does.
 */
export async function startQueue(options: {
  database: Database
  log: Log
  concurrency?: { inbox?: number; outbox?: number }
  restMs?: number
  pollMs?: number
}): Promise<Queue> {
  const { database, log, restMs = syncs.REST_MS, pollMs = POLL_MS } = options
  const boss = await startBoss(database, log)
  // Only the embedded database is ours alone, so that nobody else can be at work on what is active.
  if (database.kind === 'pglite') await resetActive(boss, database)
  const slots = { [INBOX]: 8, [OUTBOX]: 8, [DEAD]: 1, ...options.concurrency }
  const staff = openStaff({ boss, database, log, slots, restMs, pollMs })
  const insertHeads = await insertStatement(boss, INBOX, line.HEAD_JOBS)
  return {
    ...receiving({ database, insertHeads, kick: staff.kick }),
    ...sending({ boss, database, restMs, kick: staff.kick }),
    work: async (handlers, giveWay = async () => {}) => staff.work(handlers, giveWay),
    stats: () => countJobs(database, Date.now()),
    stop: async ({ timeoutMs }) => {
      await staff.stop(timeoutMs)
      await boss.stop({ close: false, graceful: false })
    },
  }
}

type Kick = (queue: string) => void
type Receiving = { database: Database; insertHeads: string; kick: Kick }

function receiving({ database, insertHeads, kick }: Receiving): Pick<Queue, 'receive' | 'receiveFrom'> {
  const receiveFrom: Queue['receiveFrom'] = async (newcomers) => {
    const numbers = await line.join(database, newcomers, { insertHeads, now: Date.now() })
    database.afterCommit(() => kick(INBOX))
    return numbers
  }
  return {
    receiveFrom,
    receive: async (jobs) => {
      const rows = jobs.map(({ key, data, group }, number) => ({ key, job_group: group, body: data, number }))
      await receiveFrom({ tables: SENT, params: [JSON.stringify(rows)] })
    },
  }
}

const SENT = `newcomer AS (
  SELECT * FROM json_to_recordset($1::text::json) AS sent (key text, job_group text, body jsonb, number int)
)`

type Sending = { boss: PgBoss; database: Database; restMs: number; kick: Kick }

function sending({ boss, database, restMs, kick }: Sending): Pick<Queue, 'perform' | 'sync'> {
  type Way = { kind: Envelope['kind']; priority: number; startAfter: number }
  const send = async ({ key, data, group }: Sent, { kind, ...when }: Way) => {
    await boss.send(OUTBOX, newEnvelope(kind, key, data), { ...when, ...inGroup(group) })
    database.afterCommit(() => kick(OUTBOX))
  }
  return {
    perform: ({ priority = 0, afterSeconds = 0, ...job }) =>
      send(job, { kind: 'single', priority, startAfter: afterSeconds }),
    sync: ({ priority = 0, ...job }) =>
      database.inTx(async () => {
        const wish = await syncs.want(database, job, { now: Date.now(), restMs })
        if (wish.send) await send(job, { kind: 'sync', priority, startAfter: wish.afterSeconds })
      }),
  }
}

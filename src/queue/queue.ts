// The queue: the inbox takes what arrives, in order per key; the outbox takes what has to be done.
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import type { Log } from '../log.ts'
import { DEAD, INBOX, inGroup, insertStatement, OUTBOX, QUEUES, resetActive, startBoss } from './boss.ts'
import { REST_MS, request } from './coalesced.ts'
import { countJobs, type QueueStats } from './counts.ts'
import { append, type Enqueue, HEAD_JOBS } from './fifo.ts'
import { type Handlers, newStoredJob, type StoredJob } from './job.ts'
import { POLL_MS } from './poller.ts'
import { startWorkers, type Workers } from './workers.ts'

export type { Enqueue } from './fifo.ts'
export type { Handlers, Job, Verdict } from './job.ts'

/** The jobs of one `group` (an installation, a channel) never take all slots, so that a hanging group stalls no other. */
type NewJob = { key: string; data: object; group?: string }

export type Queue = {
  /** Appends jobs to the inbox, first in, first out per key, over retries too. Joins the open transaction. */
  receive(jobs: NewJob[]): Promise<void>
  /** Does the same in one statement, for jobs that SQL finds or writes. Resolves to the numbers of the appended jobs. */
  receiveFrom(enqueue: Enqueue): Promise<number[]>
  /** Adds a job to the outbox; higher priorities run first, up to 40 is background work. Joins the open transaction. */
  perform(job: NewJob & { priority?: number; afterSeconds?: number }): Promise<void>
  /**
   * Requests a coalesced job in the outbox: at most one job per key waits or runs, one run starts per three seconds, and one
   * starts after the last request. A key always comes with the same data. Joins the open transaction.
   */
  sync(job: NewJob & { priority?: number }): Promise<void>
  /** Starts the workers. They await `giveWay` before each fetch. A handler that throws has failed. */
  work(handlers: Handlers, giveWay?: () => Promise<void>): Promise<void>
  /** Polls every queue now. Whoever moves the clock calls it, and need not wait for the next poll. */
  poll(): void
  stats(): Promise<QueueStats>
  /** Fetches no more jobs, waits for the running ones, and returns those that are not finished in time. */
  stop(options: { timeoutMs: number }): Promise<void>
}

/**
 * Creates the queues and returns to them the jobs that a dead process left running. `concurrency` is how many jobs run at a
 * time (8 per queue by default), `restMs` the pause of `sync` (3,000), `pollMs` the polling interval (500). Rejects if the
 * database does.
 */
export async function startQueue(options: {
  database: Database
  log: Log
  concurrency?: { inbox?: number; outbox?: number }
  restMs?: number
  pollMs?: number
}): Promise<Queue> {
  const { database, log, restMs = REST_MS, pollMs = POLL_MS } = options
  const boss = await startBoss(database, log)
  // Nobody else can work on the active jobs of an embedded database.
  if (database.kind === 'pglite') await resetActive(boss, database)
  const slots = { [INBOX]: 8, [OUTBOX]: 8, [DEAD]: 1, ...options.concurrency }
  const insertHeads = await insertStatement(boss, INBOX, HEAD_JOBS)
  let workers: Workers | undefined
  const kick = (queue: string) => workers?.kick(queue)
  return {
    ...inbox({ database, insertHeads, kick }),
    ...outbox({ boss, database, restMs, kick }),
    work: async (handlers, giveWay = async () => {}) => {
      workers = startWorkers({ boss, database, log, slots, restMs, pollMs, handlers, giveWay })
    },
    poll: () => {
      for (const queue of QUEUES) kick(queue)
    },
    stats: () => countJobs(database, Date.now()),
    stop: async ({ timeoutMs }) => {
      await workers?.stop(timeoutMs)
      await boss.stop({ close: false, graceful: false })
    },
  }
}

type Kick = (queue: string) => void
type InboxOptions = { database: Database; insertHeads: string; kick: Kick }

function inbox({ database, insertHeads, kick }: InboxOptions): Pick<Queue, 'receive' | 'receiveFrom'> {
  const receiveFrom: Queue['receiveFrom'] = async (enqueue) => {
    const numbers = await append(database, enqueue, { insertHeads, now: Date.now() })
    database.afterCommit(() => kick(INBOX))
    return numbers
  }
  return {
    receiveFrom,
    receive: async (jobs) => {
      const rows = jobs.map(({ key, data, group }, number) => ({ key, job_group: group, body: data, number }))
      await receiveFrom({ ctes: FROM_JSON, params: [JSON.stringify(rows)] })
    },
  }
}

const FROM_JSON = `newcomer AS (
  SELECT * FROM json_to_recordset($1::text::json) AS job (key text, job_group text, body jsonb, number int)
)`

type OutboxOptions = { boss: PgBoss; database: Database; restMs: number; kick: Kick }

function outbox({ boss, database, restMs, kick }: OutboxOptions): Pick<Queue, 'perform' | 'sync'> {
  type When = { kind: StoredJob['kind']; priority: number; startAfter: number }
  const send = async ({ key, data, group }: NewJob, { kind, ...when }: When) => {
    await boss.send(OUTBOX, newStoredJob(kind, key, data), { ...when, ...inGroup(group) })
    database.afterCommit(() => kick(OUTBOX))
  }
  return {
    perform: ({ priority = 0, afterSeconds = 0, ...job }) =>
      send(job, { kind: 'single', priority, startAfter: afterSeconds }),
    sync: ({ priority = 0, ...job }) =>
      database.inTx(async () => {
        const requested = await request(database, job, { now: Date.now(), restMs })
        if (requested.send) await send(job, { kind: 'sync', priority, startAfter: requested.afterSeconds })
      }),
  }
}

// Starts pg-boss with our queues: every default that matters is set here.
import { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { redact } from '../database/errors.ts'
import type { Log } from '../log.ts'

export const INBOX = 'inbox'
export const OUTBOX = 'outbox'
/** The dead letters: jobs that were given up, kept for a month. */
export const DEAD = 'dead'
export const QUEUES = [DEAD, INBOX, OUTBOX]

const DAY_SECONDS = 86_400

const QUEUE_DEFAULTS = {
  // We count attempts ourselves. If pg-boss gave up on a job, its key would stall.
  retryLimit: 1_000_000,
  retryDelay: 0,
  retryBackoff: false,
  expireInSeconds: 150,
  retentionSeconds: 365 * DAY_SECONDS,
}

/** Resolves once all queues exist and pg-boss has cached them. Rejects if the database does. */
export async function startBoss(database: Database, log: Log): Promise<PgBoss> {
  const boss = newBoss(database, log)
  await boss.start()
  await createQueues(boss, database.kind === 'pglite')
  return boss
}

function newBoss(database: Database, log: Log): PgBoss {
  const embedded = database.kind === 'pglite'
  const boss = new PgBoss({
    db: database.boss,
    backend: database.kind,
    schedule: false,
    // On PostgreSQL a dead process misses its heartbeat for 10 s; pg-boss checks for that this often.
    superviseIntervalSeconds: embedded ? 60 : 2,
    monitorIntervalSeconds: embedded ? 60 : 2,
    maintenanceIntervalSeconds: 600,
    ...(embedded ? { reindex: false, monitorVacuum: false } : {}),
  })
  boss.on('error', (error: unknown) => log.error({ err: redact(error) }, 'the queue reported an error'))
  // The warning's data may hold a statement with its values.
  boss.on('warning', ({ message }) => log.warn({ warning: message }, 'the queue reported a warning'))
  return boss
}

async function createQueues(boss: PgBoss, embedded: boolean): Promise<void> {
  const heartbeat = embedded ? {} : { heartbeatSeconds: 10 }
  for (const name of QUEUES) {
    const settings = {
      ...QUEUE_DEFAULTS,
      ...heartbeat,
      deleteAfterSeconds: name === DEAD ? 30 * DAY_SECONDS : DAY_SECONDS,
    }
    await boss.createQueue(name, settings)
    await boss.updateQueue(name, settings)
  }
  // Warms pg-boss's cache of the queues.
  for (const name of QUEUES) await boss.findJobs(name, { key: '' })
}

/** The parameter by which pg-boss's own statement takes new jobs, as one json. */
const JOBS_PARAMETER = '$1::text::json'

/** pg-boss's own statement that inserts jobs into a queue, for use inside another statement. `jobs` is SQL for one json. */
export async function insertStatement(boss: PgBoss, queue: string, jobs: string): Promise<string> {
  let statement = ''
  const db = {
    executeSql: async (text: string) => {
      statement = text
      return { rows: [] }
    },
  }
  await boss.insert(queue, [], { db })
  if (statement.split(JOBS_PARAMETER).length !== 2)
    throw new Error('the insert statement of pg-boss has changed')
  return statement.replace(JOBS_PARAMETER, () => jobs)
}

/** Returns running jobs to their queues. */
export async function resetActive(boss: PgBoss, database: Database): Promise<void> {
  const rows = await database.query<{ id: string; name: string; retryCount: number }>(
    `SELECT id, name, retry_count AS "retryCount" FROM pgboss.job WHERE state = 'active' AND name = ANY($1::text[])`,
    [QUEUES],
  )
  for (const { id, name, retryCount } of rows) {
    await boss.fail(name, [{ id, retryCount }], { reason: 'the process ended' })
  }
}

/** pg-boss's option for a group; none for null. */
export function inGroup(group: string | null | undefined): { group?: { id: string } } {
  return group ? { group: { id: group } } : {}
}

// The door's memory: many deliveries become durable in one transaction, each with its job.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from './database/database.ts'
import type { Queue } from './queue.ts'

export type Delivery = {
  /** GitHub's `X-GitHub-Delivery`; it stays the same when a delivery is sent again. */
  guid: string
  event: string
  action: string | null
  installationId: number | null
  repositoryId: number | null
  /** What is handled in order: the jobs of one key never overtake each other. */
  key: string
  payload: string
}

export type Intake = {
  /**
   * Resolves once the delivery and its job are on disk (`known`: they were before). Rejects when they are not; the
   * sender has to hear of it. The job's data is `{ guid }`.
   */
  offer(delivery: Delivery): Promise<'stored' | 'known'>
}

type Offer = { delivery: Delivery; resolve(answer: 'stored' | 'known'): void; reject(error: unknown): void }

/** The most that one transaction takes in: its rows block the embedded database while they are written. */
const GROUP_SIZE = 200
const GROUP_CHARACTERS = 8_000_000

// In one order, so that processes that are told the same do not wait for each other in a circle.
const INSERT = `
  INSERT INTO mayday.deliveries (guid, event, action, installation_id, repository_id, key, payload, received_at)
  SELECT *, $8::timestamptz
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
  ORDER BY 1
  ON CONFLICT (guid) DO NOTHING
  RETURNING guid`

/** `now` gives the time in milliseconds since the epoch. */
export function createIntake(options: { database: Database; queue: Queue; now: () => number }): Intake {
  const { database, queue, now } = options
  let waiting: Offer[] = []
  let flushing = false

  const store = (offers: Offer[]): Promise<Set<string>> =>
    database.inTx(async () => {
      const rows = await database.query<{ guid: string }>(INSERT, [...columns(offers), new Date(now())])
      const stored = new Set(rows.map(({ guid }) => guid))
      const jobs = new Map<string, { key: string; data: object; group?: string }>()
      for (const { delivery } of offers)
        if (stored.has(delivery.guid)) jobs.set(delivery.guid, toJob(delivery))
      if (jobs.size > 0) await queue.receive([...jobs.values()])
      return stored
    })

  const settle = async (offers: Offer[]) => {
    try {
      const stored = await store(offers)
      // Of twins in one group the first one is the stored one.
      for (const { delivery, resolve } of offers) resolve(stored.delete(delivery.guid) ? 'stored' : 'known')
    } catch (error) {
      for (const { reject } of offers) reject(error)
    }
  }

  const flush = async () => {
    flushing = true
    while (waiting.length > 0) {
      // Lets in what has arrived meanwhile, and others at the embedded database, which knows no pause by itself.
      await nextTurn()
      const size = groupSize(waiting)
      const group = waiting.slice(0, size)
      waiting = waiting.slice(size)
      await settle(group)
    }
    flushing = false
  }

  return {
    offer: (delivery) =>
      new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject })
        if (!flushing) void flush()
      }),
  }
}

function groupSize(offers: Offer[]): number {
  let characters = 0
  const first = offers.slice(0, GROUP_SIZE).findIndex(({ delivery }) => {
    characters += delivery.payload.length
    return characters > GROUP_CHARACTERS
  })
  return first === -1 ? GROUP_SIZE : Math.max(1, first)
}

function toJob({ guid, key, installationId }: Delivery): { key: string; data: object; group?: string } {
  const job = { key, data: { guid } }
  return installationId === null ? job : { ...job, group: String(installationId) }
}

function columns(offers: Offer[]): unknown[] {
  const deliveries = offers.map(({ delivery }) => delivery)
  return [
    deliveries.map(({ guid }) => guid),
    deliveries.map(({ event }) => event),
    deliveries.map(({ action }) => action),
    deliveries.map(({ installationId }) => installationId),
    deliveries.map(({ repositoryId }) => repositoryId),
    deliveries.map(({ key }) => key),
    deliveries.map(({ payload }) => payload),
  ]
}

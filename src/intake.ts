// The door's memory: many deliveries become durable in one transaction, each with its job.
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from './database/database.ts'
import type { Queue } from './queue.ts'
import { pack } from './store/packed.ts'

export type Delivery = {
  /** GitHub's `X-GitHub-Delivery`; it stays the same when a delivery is sent again. */
  guid: string
  event: string
  action: string | null
  installationId: number | null
  repositoryId: number | null
  /** What is handled in order: the jobs of one key never overtake each other. */
  key: string
  /** The body as GitHub sent it: JSON in UTF-8. */
  payload: Buffer
  /** What it tells, and when that happened (milliseconds), where GitHub's own record tells it too. */
  act?: { act: string; happenedAt: number } | null
}

export type Intake = {
  /**
   * Resolves once the delivery and its job are on disk (`known`: they were before). Rejects when they are not; the
   * sender has to hear of it. The job's data is `{ guid }`.
   */
  offer(delivery: Delivery): Promise<'stored' | 'known'>
  /** For whoever can wait while a burst comes in: resolves when it pauses, at the latest after `withinMs`; at once when
   * there is none. */
  pause(withinMs: number): Promise<void>
}

type Offer = { delivery: Delivery; resolve(answer: 'stored' | 'known'): void; reject(error: unknown): void }

/** The most that one transaction takes in: its rows block the embedded database while they are written. */
const GROUP_SIZE = 200
const GROUP_BYTES = 8_000_000

// In one order, so that processes that are told the same do not wait for each other in a circle. The payloads come as one
// piece that the statement cuts: an array of them would be escaped and read letter by letter, twice.
const INSERT = `
  INSERT INTO mayday.deliveries (guid, event, action, installation_id, repository_id, key, payload, act, happened_at,
    received_at)
  SELECT guid, event, action, installation_id, repository_id, key,
    substr($7::bytea, first, length), act, happened_at, $12::timestamptz
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $8::int[], $9::int[],
    $10::text[], $11::timestamptz[])
    AS delivery (guid, event, action, installation_id, repository_id, key, first, length, act, happened_at)
  ORDER BY guid
  ON CONFLICT (guid) DO NOTHING
  RETURNING guid`

/** So many at once are a burst, which has paused when nothing came for so long. */
const BURST_SIZE = 8
const PAUSE_MS = 25

/** GitHub gives up after ten seconds, and then asks nobody again by itself: before that it has to hear of a failure. */
const WITHIN_MS = 8_000

/** `now` gives the time in milliseconds since the epoch; `withinMs` is how long the database may take (8,000). What comes
 * meanwhile waits; a group that was refused may be stored all the same in the end, and is known when it comes again. */
export function createIntake(options: {
  database: Database
  queue: Queue
  now: () => number
  withinMs?: number
}): Intake {
  const { database, queue, now, withinMs = WITHIN_MS } = options
  let waiting: Offer[] = []
  let flushing = false
  let burstUntil = 0

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
      const stored = await within(withinMs, store(offers))
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
      if (group.length >= BURST_SIZE) burstUntil = performance.now() + PAUSE_MS
    }
    flushing = false
  }

  return {
    offer: (delivery) =>
      new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject })
        if (!flushing) void flush()
      }),
    pause: async (within) => {
      const end = performance.now() + within
      while (performance.now() < Math.min(burstUntil, end)) await delay(PAUSE_MS / 5)
    },
  }
}

/** Rejects where `work` takes longer; a connection that fell silent must not keep the door shut for ever. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function groupSize(offers: Offer[]): number {
  let bytes = 0
  const first = offers.slice(0, GROUP_SIZE).findIndex(({ delivery }) => {
    bytes += delivery.payload.length
    return bytes > GROUP_BYTES
  })
  return first === -1 ? GROUP_SIZE : Math.max(1, first)
}

function toJob({ guid, key, installationId }: Delivery): { key: string; data: object; group?: string } {
  const job = { key, data: { guid } }
  return installationId === null ? job : { ...job, group: String(installationId) }
}

function columns(offers: Offer[]): unknown[] {
  const deliveries = offers.map(({ delivery }) => delivery)
  const payloads = deliveries.map(({ payload }) => pack(payload))
  const lengths = payloads.map(({ length }) => length)
  let end = 0
  const ends = lengths.map((length) => (end += length))
  return [
    deliveries.map(({ guid }) => guid),
    deliveries.map(({ event }) => event),
    deliveries.map(({ action }) => action),
    deliveries.map(({ installationId }) => installationId),
    deliveries.map(({ repositoryId }) => repositoryId),
    deliveries.map(({ key }) => key),
    Buffer.concat(payloads),
    ends.map((last, index) => last - (lengths[index] ?? 0) + 1),
    lengths,
    deliveries.map(({ act }) => act?.act ?? null),
    deliveries.map(({ act }) => (act ? new Date(act.happenedAt) : null)),
  ]
}

// Stores deliveries and their jobs, many in one statement.
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { Routing } from '../github/webhook/relevant.ts'
import type { Enqueue, Queue } from '../queue/queue.ts'
import { pack } from '../store/packed.ts'

/** A delivery as the door stores it. */
export type IncomingDelivery = Routing & {
  /** GitHub's `X-GitHub-Delivery`; a redelivery has the same. */
  guid: string
  event: string
  action: string | null
  /** The body as GitHub sent it: JSON in UTF-8. */
  payload: Buffer
}

export type Intake = {
  /**
   * Resolves once the delivery and its job are on disk; `known`: they were before. Rejects when they are not, and the sender
   * must hear of it. The job's data is `{ guid }`.
   */
  store(delivery: IncomingDelivery): Promise<'stored' | 'known'>
  /** Resolves when the current burst pauses, after `withinMs` at the latest. Background work awaits it to yield to the door. */
  pause(withinMs: number): Promise<void>
}

type Waiting = {
  delivery: IncomingDelivery
  packed: Buffer
  resolve(answer: 'stored' | 'known'): void
  reject(error: unknown): void
}

/** The limits of one statement: its rows block the embedded database while they are written. */
const GROUP_SIZE = 200
const GROUP_BYTES = 8_000_000

// The rows are inserted in one order, so that processes that store the same deliveries cannot deadlock. The payloads come as one
// buffer that the statement cuts up, because an array of buffers would be escaped and parsed byte by byte, twice.
const STORE = `
  incoming AS (
    SELECT * FROM json_to_recordset($1::text::json) AS incoming (number int, guid text, event text, action text,
      installation_id bigint, repository_id bigint, key text, first int, length int, act text, happened_at timestamptz)
  ),
  stored AS (
    INSERT INTO mayday.deliveries (guid, event, action, installation_id, repository_id, key, payload, act, happened_at,
      received_at)
    SELECT guid, event, action, installation_id, repository_id, key, substr($2::bytea, first, length), act, happened_at,
      $3::timestamptz
    FROM incoming ORDER BY guid
    ON CONFLICT (guid) DO NOTHING
    RETURNING guid
  ),
  newcomer AS (
    SELECT key, installation_id::text AS job_group, jsonb_build_object('guid', guid) AS body, number
    FROM incoming JOIN stored USING (guid)
  )`

/** A group of this size starts a burst; it pauses when nothing came for PAUSE_MS. */
const BURST_SIZE = 8
const PAUSE_MS = 25

/** GitHub gives up after ten seconds and does not retry by itself, so it must hear of a failure before that. */
const WITHIN_MS = 8_000

/** `now` gives the time in milliseconds since the epoch; `withinMs` is how long the database may take (8,000). Deliveries that
 * arrive meanwhile wait. A group that timed out may still be stored in the end; it is `known` when GitHub sends it again. */
export function createIntake(options: { queue: Queue; now: () => number; withinMs?: number }): Intake {
  const { queue, now, withinMs = WITHIN_MS } = options
  let queued: Waiting[] = []
  let flushing = false
  let burstUntil = 0

  const settle = async (group: Waiting[]) => {
    // A delivery that is in the group twice is stored once, by its first entry.
    const first = [
      ...new Map(group.toReversed().map((waiting) => [waiting.delivery.guid, waiting])).values(),
    ].toReversed()
    try {
      const numbers = await within(withinMs, queue.receiveFrom(storing(first, now())))
      const stored = new Set(numbers.map((number) => first[number]))
      for (const waiting of group) waiting.resolve(stored.has(waiting) ? 'stored' : 'known')
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  const flush = async () => {
    flushing = true
    while (queued.length > 0) {
      // Lets more deliveries arrive, and others use the embedded database.
      await nextTurn()
      const size = groupSize(queued)
      const group = queued.slice(0, size)
      queued = queued.slice(size)
      await settle(group)
      if (group.length >= BURST_SIZE) burstUntil = performance.now() + PAUSE_MS
    }
    flushing = false
  }

  return {
    store: (delivery) =>
      new Promise((resolve, reject) => {
        // Packing is work for the time in which the group before is being written.
        queued.push({ delivery, packed: pack(delivery.payload), resolve, reject })
        if (!flushing) void flush()
      }),
    pause: async (within) => {
      const end = performance.now() + within
      while (performance.now() < Math.min(burstUntil, end)) await delay(PAUSE_MS / 5)
    },
  }
}

/** Rejects if `work` takes longer, so that a silent connection does not block the door for ever. */
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

function groupSize(queued: Waiting[]): number {
  let bytes = 0
  const first = queued.slice(0, GROUP_SIZE).findIndex(({ packed }) => {
    bytes += packed.length
    return bytes > GROUP_BYTES
  })
  return first === -1 ? GROUP_SIZE : Math.max(1, first)
}

function storing(group: Waiting[], now: number): Enqueue {
  let first = 1
  const rows = group.map(({ delivery, packed }, number) => {
    const { guid, event, action, key, act } = delivery
    const row = {
      ...{ number, guid, event, action, key, first, length: packed.length },
      ...{ installation_id: delivery.installationId, repository_id: delivery.repositoryId },
      ...(act && { act: act.act, happened_at: new Date(act.happenedAt) }),
    }
    first += packed.length
    return row
  })
  const payloads = Buffer.concat(group.map(({ packed }) => packed))
  return { ctes: STORE, params: [JSON.stringify(rows), payloads, new Date(now)] }
}

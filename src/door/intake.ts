// The door's memory: many deliveries become durable in one statement, each with its place in line.
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { Newcomers, Queue } from '../queue/queue.ts'
import { pack } from '../store/packed.ts'

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

type Offer = {
  delivery: Delivery
  packed: Buffer
  resolve(answer: 'stored' | 'known'): void
  reject(error: unknown): void
}

/** The most that one statement takes in: its rows block the embedded database while they are written. */
const GROUP_SIZE = 200
const GROUP_BYTES = 8_000_000

// In one order, so that processes that are told the same do not wait for each other in a circle. The payloads come as one
// piece that the statement cuts: an array of them would be escaped and read letter by letter, twice.
const STORE = `
  offered AS (
    SELECT * FROM json_to_recordset($1::text::json) AS offered (number int, guid text, event text, action text,
      installation_id bigint, repository_id bigint, key text, first int, length int, act text, happened_at timestamptz)
  ),
  stored AS (
    INSERT INTO mayday.deliveries (guid, event, action, installation_id, repository_id, key, payload, act, happened_at,
      received_at)
    SELECT guid, event, action, installation_id, repository_id, key, substr($2::bytea, first, length), act, happened_at,
      $3::timestamptz
    FROM offered ORDER BY guid
    ON CONFLICT (guid) DO NOTHING
    RETURNING guid
  ),
  newcomer AS (
    SELECT key, installation_id::text AS job_group, jsonb_build_object('guid', guid) AS body, number
    FROM offered JOIN stored USING (guid)
  )`

/** So many at once are a burst, which has paused when nothing came for so long. */
const BURST_SIZE = 8
const PAUSE_MS = 25

/** GitHub gives up after ten seconds, and then asks nobody again by itself: before that it has to hear of a failure. */
const WITHIN_MS = 8_000

/** `now` gives the time in milliseconds since the epoch; `withinMs` is how long the database may take (8,000). What comes
 * meanwhile waits; a group that was refused may be stored all the same in the end, and is known when it comes again. */
export function createIntake(options: { queue: Queue; now: () => number; withinMs?: number }): Intake {
  const { queue, now, withinMs = WITHIN_MS } = options
  let waiting: Offer[] = []
  let flushing = false
  let burstUntil = 0

  const settle = async (offers: Offer[]) => {
    // Of twins in one group the first one is the stored one.
    const first = [
      ...new Map(offers.toReversed().map((offer) => [offer.delivery.guid, offer])).values(),
    ].toReversed()
    try {
      const numbers = await within(withinMs, queue.receiveFrom(newcomers(first, now())))
      const stored = new Set(numbers.map((number) => first[number]))
      for (const offer of offers) offer.resolve(stored.has(offer) ? 'stored' : 'known')
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
        // While the group before is being written nothing else is to be done.
        waiting.push({ delivery, packed: pack(delivery.payload), resolve, reject })
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
  const first = offers.slice(0, GROUP_SIZE).findIndex(({ packed }) => {
    bytes += packed.length
    return bytes > GROUP_BYTES
  })
  return first === -1 ? GROUP_SIZE : Math.max(1, first)
}

function newcomers(offers: Offer[], now: number): Newcomers {
  let first = 1
  const rows = offers.map(({ delivery, packed }, number) => {
    const { guid, event, action, key, act } = delivery
    const row = {
      ...{ number, guid, event, action, key, first, length: packed.length },
      ...{ installation_id: delivery.installationId, repository_id: delivery.repositoryId },
      ...(act && { act: act.act, happened_at: new Date(act.happenedAt) }),
    }
    first += packed.length
    return row
  })
  const payloads = Buffer.concat(offers.map(({ packed }) => packed))
  return { tables: STORE, params: [JSON.stringify(rows), payloads, new Date(now)] }
}

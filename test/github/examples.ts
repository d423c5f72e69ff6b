// GitHub's own example payloads by event and action, given to our installation.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export type Payload = Record<string, unknown>

const schema = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))
const file = new URL(import.meta.resolve('@octokit/webhooks-examples/api.github.com/index.json'))

/** Examples about installations name theirs; every other one gets ours. */
const installed = (payload: Payload): Payload =>
  typeof payload.installation === 'object' ? payload : { ...payload, installation: { id: 7 } }

export const EXAMPLES: readonly { event: string; action: string | null; payload: Payload }[] = schema
  .parse(JSON.parse(readFileSync(file, 'utf8')))
  .flatMap(({ name, examples }) =>
    examples.map((payload) => ({
      event: name,
      action: typeof payload.action === 'string' ? payload.action : null,
      payload: installed(payload),
    })),
  )

/** The first example of an event; of one action where it is named and there is one, else with that action put in.
 * `changes` go over it, deep. */
export function example(event: string, action: string | null, changes: Payload = {}): Payload {
  const ofEvent = EXAMPLES.filter((one) => one.event === event)
  const found = ofEvent.find((one) => one.action === action) ?? ofEvent[0]
  if (!found) throw new TypeError(`no example of ${event}`)
  return merge({ ...found.payload, ...(action && { action }) }, changes)
}

export function merge(payload: Payload, changes: Payload): Payload {
  const merged = { ...payload }
  for (const [key, change] of Object.entries(changes)) {
    const old = merged[key]
    merged[key] = isRecord(change) && isRecord(old) ? merge(old, change) : change
  }
  return merged
}

const isRecord = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

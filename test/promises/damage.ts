// GitHub's own example payloads, and what becomes of them in bad hands.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export type Example = { name: string; payload: Record<string, unknown> }

const examplesSchema = z.array(
  z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }),
)
const file = new URL(import.meta.resolve('@octokit/webhooks-examples/api.github.com/index.json'))

/** Every example of every event. */
export const corpus: readonly Example[] = examplesSchema
  .parse(JSON.parse(readFileSync(file, 'utf8')))
  .flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })))

/** What Mayday looks into; of the others it sees the name alone. */
const READ =
  /^(issues|issue_comment|pull_request|pull_request_review|deployment_status|push|repository|installation|projects_v2_item)/
const read = corpus.filter(({ name }) => READ.test(name))

/** An example by chance, most of them of the events that Mayday looks into. */
export function anyExample(random: () => number): Example {
  const from = random() < 0.8 ? read : corpus
  return from[Math.floor(random() * from.length)] ?? { name: 'ping', payload: {} }
}

const HUGE = 100_000
const WRONG: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => -1,
  () => 0.5,
  () => 2 ** 60,
  () => 1e308,
  () => '',
  () => '\u0000',
  () => 'opened\u0000\u001b[31m',
  () => '\ud800',
  () => '👩‍🚒\u202e'.repeat(50),
  () => 'x'.repeat(HUGE),
  () => [],
  () => ({}),
  () => [[[]]],
  () => Array.from({ length: 1_000 }, () => null),
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":null}}'),
]

/** A copy with a few changes: replaces or removes values, each at a random place, or gives an object a `__proto__` of
 * its own. */
export function damage(value: unknown, random: () => number): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.05) {
    return WRONG[Math.floor(random() * WRONG.length)]?.()
  }
  if (Array.isArray(value)) {
    const hit = Math.floor(random() * value.length)
    return value.map((item, index) => (index === hit ? damage(item, random) : item))
  }
  const copy: Record<string, unknown> = { ...value }
  const keys = Object.keys(copy).filter((key) => key !== '__proto__')
  for (let hit = 0; hit < 3 && keys.length > 0; hit += 1) {
    const [key = ''] = keys.splice(Math.floor(random() * keys.length), 1)
    const fate = random()
    if (fate < 0.6) copy[key] = damage(copy[key], random)
    else if (fate < 0.8) copy[key] = WRONG[Math.floor(random() * WRONG.length)]?.()
    else if (fate < 0.97) delete copy[key]
    else
      Object.defineProperty(copy, '__proto__', {
        value: { polluted: true },
        enumerable: true,
        configurable: true,
      })
  }
  return copy
}

// P20: A webhook that is not signed with the secret gets 401, whatever it tries; nothing of it is stored, read or logged.
import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closeDoors, delivered, OLD_SECRET, SECRET, sign, startDoor } from '../door.ts'
import { seeded } from '../sandbox/random.ts'
import { seeds, sized } from './size.ts'

const BODY = JSON.stringify({ action: 'labeled', marker: 'PAYLOAD-CANARY' })
const RIGHT = sign(BODY)

let door: Awaited<ReturnType<typeof startDoor>>
beforeEach(async () => {
  door = await startDoor()
})
afterEach(closeDoors)

/** Node's own client, because it sends a header twice where it is given twice. */
function send(body: string, headers: Record<string, string | string[]>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port: door.port, host: '127.0.0.1', method: 'POST', path: '/api/github/webhooks', headers },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}

test.each([
  ['signed with another secret', sign(BODY, 'x'.repeat(40))],
  ["signed with Probot's default secret", sign(BODY, 'development')],
  ['signed for another body', sign(`${BODY} `)],
  ['wrong in the first digit', RIGHT.replace(/=./, (start) => (start === '=0' ? '=1' : '=0'))],
  ['wrong in the last digit', RIGHT.replace(/.$/, (end) => (end === '0' ? '1' : '0'))],
  ['cut', RIGHT.slice(0, -1)],
  ['too long', `${RIGHT}0`],
  ['in upper case', RIGHT.toUpperCase()],
  ['without its algorithm', RIGHT.slice('sha256='.length)],
  ['an empty digest', 'sha256='],
  ['a sha1 in the place of the sha256', sign(BODY, SECRET, 'sha1')],
  ['missing, with a good sha1', undefined],
])('is refused: signature %s', async (_what, signature) => {
  const { post, received, lines } = door
  const headers = delivered(BODY, {
    'x-hub-signature-256': signature,
    'x-hub-signature': sign(BODY, SECRET, 'sha1'),
  })
  expect((await post(BODY, headers)).status).toBe(401)
  expect(received).toEqual([])
  expect(lines).toEqual([])
})

/** A header that is wrong in one of many ways; `digit` is where a right one was changed. */
function forged(random: () => number): { body: string; signature: string | string[] | undefined } {
  const any = <Choice>(of: readonly Choice[]): Choice => of[Math.floor(random() * of.length)] as Choice
  const digits = (count: number): string =>
    Array.from({ length: count }, () => any([...'0123456789abcdef'])).join('')
  const at = 7 + Math.floor(random() * 64)
  const changed = RIGHT.slice(0, at) + (RIGHT[at] === '0' ? '1' : '0') + RIGHT.slice(at + 1)
  const signature = any([
    changed,
    changed,
    `sha256=${digits(64)}`,
    `sha256=${digits(Math.floor(random() * 200))}`,
    RIGHT.slice(0, Math.floor(random() * RIGHT.length)),
    RIGHT + digits(1 + Math.floor(random() * 9)),
    sign(BODY, digits(40)),
    sign(BODY, SECRET.slice(0, -1)),
    sign(BODY, OLD_SECRET.slice(1)),
    sign(BODY, SECRET, any(['sha1', 'sha512', 'md5'])),
    `${any(['', 'sha1', 'SHA256', 'sha256 ', 'hmac'])}=${RIGHT.slice(7)}`,
    [RIGHT, changed],
    [changed, RIGHT],
    [RIGHT, RIGHT],
    `${RIGHT},${RIGHT}`,
    '',
    undefined,
  ])
  return { body: BODY, signature }
}

test.each(seeds({ suite: [20], soak: 1 }))('any other way is refused, too (seed %i)', async (seed) => {
  const random = seeded(seed)
  const statuses = new Map<number, number>()
  const count = sized({ suite: 400, soak: 10_000 })
  for (let round = 0; round < count; round += 1) {
    const { body, signature } = forged(random)
    const { 'x-hub-signature-256': _, ...headers } = delivered(body)
    const status = await send(
      body,
      signature === undefined ? headers : { ...headers, 'x-hub-signature-256': signature },
    )
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  expect([...statuses]).toEqual([[401, count]])
  expect(door.received).toEqual([])
  expect(door.lines).toEqual([])
  expect(await send(BODY, delivered(BODY))).toBe(200)
})

test('bytes that only look alike once they are read as text are not what was signed', async () => {
  const text = JSON.stringify({ action: 'labeled', said: '\ufffd' })
  const bytes = Buffer.from(text.replace('\ufffd', '\0'))
  bytes[bytes.indexOf(0)] = 0xff
  const { status } = await fetch(`${door.url}/api/github/webhooks`, {
    method: 'POST',
    body: bytes,
    headers: delivered(text),
  })
  expect(status).toBe(401)
  expect(door.received).toEqual([])
})

test.runIf(sized({ suite: false, soak: true }))(
  'the time of a refusal does not tell how much was right',
  async () => {
    const wrong = (at: number): string =>
      RIGHT.slice(0, at) + (RIGHT[at] === '0' ? '1' : '0') + RIGHT.slice(at + 1)
    const tries = [
      { signature: wrong(7), times: [] as number[] },
      { signature: wrong(RIGHT.length - 1), times: [] as number[] },
    ]
    for (let round = 0; round < 20_000; round += 1) {
      for (const { signature, times } of round % 2 ? tries : tries.toReversed()) {
        const began = performance.now()
        await send(BODY, delivered(BODY, { 'x-hub-signature-256': signature }))
        times.push(performance.now() - began)
      }
    }
    // Welch's t over what is left without the slowest tenth, which is the machine's doing.
    const [first, last] = tries.map(({ times }) => {
      const kept = times.toSorted((one, other) => one - other).slice(0, times.length * 0.9)
      const mean = kept.reduce((sum, time) => sum + time, 0) / kept.length
      const variance = kept.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (kept.length - 1)
      return { mean, error: variance / kept.length }
    })
    if (!first || !last) throw new Error('nothing was measured')
    const t = (first.mean - last.mean) / Math.sqrt(first.error + last.error)
    console.info(
      `first digit ${first.mean.toFixed(4)} ms, last ${last.mean.toFixed(4)} ms, t = ${t.toFixed(2)}`,
    )
    expect(Math.abs(t)).toBeLessThan(4)
  },
)

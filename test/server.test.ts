// The door over real sockets: which webhooks it lets in, which it refuses, and in which words.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { closeDoors, delivered, OLD_SECRET, raw, SECRET, sign, startDoor } from './door.ts'

const BODY = JSON.stringify({ action: 'labeled', marker: 'PAYLOAD-CANARY' })
const MEGABYTE = 1024 * 1024

afterEach(closeDoors)

describe('a genuine delivery', () => {
  test.each([
    '/api/github/webhooks',
    '/api/github/webhooks/',
  ])('is stored before it is answered at %s', async (path) => {
    const stored = Promise.withResolvers<void>()
    const entered = vi.fn(() => stored.promise)
    const { post, get } = await startDoor({ receive: entered })
    const answered = vi.fn()
    const answer = post(BODY, delivered(BODY), path).finally(answered)
    await vi.waitFor(() => expect(entered).toHaveBeenCalled())
    await get('/healthz')
    expect(answered).not.toHaveBeenCalled()
    stored.resolve()
    const response = await answer
    expect([response.status, await response.json()]).toEqual([200, { outcome: 'accepted' }])
  })

  test('reaches the app with its id, event and payload', async () => {
    const { post, received } = await startDoor()
    await post(BODY, delivered(BODY))
    expect(received).toEqual([
      { id: '2d7f7bf0-9cf4-11ef-8a3f-000000000001', name: 'issues', payload: JSON.parse(BODY) },
    ])
  })

  test('may be signed with an older secret, and its content type may name a charset', async () => {
    const { post } = await startDoor()
    const headers = delivered(BODY, {
      'x-hub-signature-256': sign(BODY, OLD_SECRET),
      'content-type': 'application/json; charset=utf-8',
    })
    expect((await post(BODY, headers)).status).toBe(200)
  })

  test.each([
    'ping',
    'watch',
    'projects_v2',
    '__proto__',
    'constructor',
  ])('of the event %s, which nobody needs, is ignored', async (event) => {
    const { post, received } = await startDoor()
    const response = await post(BODY, delivered(BODY, { 'x-github-event': event }))
    expect([response.status, await response.json()]).toEqual([200, { outcome: 'ignored' }])
    expect(received).toEqual([])
  })

  test('that cannot be stored gets 503 and is asked for again, and its payload stays out of the log', async () => {
    const failure = Object.assign(new Error('disk full'), {
      params: [BODY],
      query: BODY,
      event: { payload: BODY },
    })
    const { post, lines } = await startDoor({ receive: () => Promise.reject(failure) })
    const response = await post(BODY, delivered(BODY))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await response.text()).not.toContain('disk full')
    expect(lines.join('')).toContain('disk full')
    expect(lines.join('')).not.toContain('PAYLOAD-CANARY')
  })

  test('gets 503, never 500, where our own filter throws', async () => {
    const { post } = await startDoor({
      relevant: () => {
        throw new TypeError('no issue in this payload')
      },
    })
    expect((await post(BODY, delivered(BODY))).status).toBe(503)
  })
})

describe('what is not genuine', () => {
  const right = sign(BODY)
  test.each([
    ['signed with another secret', sign(BODY, 'x'.repeat(40))],
    ["signed with Probot's default secret", sign(BODY, 'development')],
    ['signed for another body', sign(`${BODY} `)],
    ['wrong in the first digit', right.replace(/=./, (start) => (start === '=0' ? '=1' : '=0'))],
    ['wrong in the last digit', right.replace(/.$/, (end) => (end === '0' ? '1' : '0'))],
    ['cut', right.slice(0, -1)],
    ['too long', `${right}0`],
    ['in upper case', right.toUpperCase()],
    ['without its algorithm', right.slice('sha256='.length)],
    ['an empty digest', 'sha256='],
    ['a sha1 in the place of the sha256', sign(BODY, SECRET, 'sha1')],
    ['missing, with a good sha1', undefined],
  ])('is refused: signature %s', async (_what, signature) => {
    const { post, received, lines } = await startDoor()
    const headers = delivered(BODY, {
      'x-hub-signature-256': signature,
      'x-hub-signature': sign(BODY, SECRET, 'sha1'),
    })
    expect((await post(BODY, headers)).status).toBe(401)
    expect(received).toEqual([])
    expect(lines).toEqual([])
  })

  test.each([
    [415, 'a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    [415, 'something like JSON', { 'content-type': 'application/jsonish' }],
    [400, 'no event', { 'x-github-event': undefined }],
    [400, 'an event with a dot', { 'x-github-event': 'issues.opened' }],
    [400, 'a long event', { 'x-github-event': 'e'.repeat(65) }],
    [400, 'no delivery id', { 'x-github-delivery': undefined }],
    [400, 'a long delivery id', { 'x-github-delivery': 'd'.repeat(101) }],
  ])('gets %i: %s', async (status, _what, change) => {
    const { post, received } = await startDoor()
    const response = await post(BODY, delivered(BODY, change))
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ error: expect.any(String) })
    expect(received).toEqual([])
  })

  test.each([
    'null',
    '[]',
    '[{"action":"opened"}]',
    '"text"',
    '1',
    'true',
    '{',
    '',
  ])('gets 400 though signed: %s', async (body) => {
    const { post } = await startDoor()
    const signature = body === '' ? {} : { 'x-hub-signature-256': sign(body) }
    expect((await post(body, delivered(body, signature))).status).toBe(body === '' ? 401 : 400)
  })

  test('a million brackets are refused, and a million inside an object harm nobody', async () => {
    const { post } = await startDoor({ receive: async ({ payload }) => void JSON.stringify(payload) })
    const deep = '['.repeat(1e6) + ']'.repeat(1e6)
    expect((await post(deep, delivered(deep))).status).toBe(400)
    const hidden = `{"action":"opened","deep":${deep}}`
    expect((await post(hidden, delivered(hidden))).status).toBe(503)
    expect((await post(BODY, delivered(BODY))).status).toBe(200)
  })
})

describe('a body over 25 MB', () => {
  test('is refused by its announced length before any of it arrives', async () => {
    const { port } = await startDoor()
    const answer = await raw(port, (send) =>
      send(
        `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${26 * MEGABYTE}\r\n\r\n`,
      ),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('is refused while it streams, and sent whole it still gets its answer', async () => {
    const { port, post } = await startDoor()
    const chunk = `${MEGABYTE.toString(16)}\r\n${'x'.repeat(MEGABYTE)}\r\n`
    const headers = Object.entries(delivered('')).map(([name, value]) => `${name}: ${value}\r\n`)
    const answer = await raw(port, (send) => {
      send(
        `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\n${headers.join('')}transfer-encoding: chunked\r\n\r\n`,
      )
      for (let sent = 0; sent < 26; sent += 1) send(chunk)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect((await post('x'.repeat(26 * MEGABYTE), delivered(''))).status).toBe(413)
  })

  test('of 25 MB exactly is read', async () => {
    const { post } = await startDoor()
    const frame = '{"action":"opened","x":""}'
    const body = frame.replace('""', `"${'x'.repeat(25 * MEGABYTE - frame.length)}"`)
    expect((await post(body, delivered(body))).status).toBe(200)
  })

  test('gives what it held back to the budget, so that many in a row pass', async () => {
    const { post } = await startDoor()
    const body = JSON.stringify({ action: 'opened', x: 'x'.repeat(20 * MEGABYTE) })
    const headers = delivered(body)
    for (let sent = 0; sent < 12; sent += 1) expect((await post(body, headers)).status).toBe(200)
  })
})

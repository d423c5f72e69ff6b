// The door over real sockets: which webhooks it lets in, which it refuses, and in which words.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { closeDoors, delivered, OLD_SECRET, sign, startDoor } from '../door.ts'

const BODY = JSON.stringify({ action: 'labeled', marker: 'PAYLOAD-CANARY' })

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
      {
        id: '2d7f7bf0-9cf4-11ef-8a3f-000000000001',
        name: 'issues',
        payload: JSON.parse(BODY),
        body: Buffer.from(BODY),
      },
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
})

// The door beside webhooks: health, readiness, metrics, alerts, and how it stops.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { listen } from '../../src/door/http.ts'
import { closeDoors, delivered, keptLog, raw, startDoor } from '../door.ts'

const BODY = JSON.stringify({ action: 'labeled' })

afterEach(closeDoors)

describe('other paths', () => {
  test.each([
    ['GET', '/api/github/webhooks', 404],
    ['GET', '/nothing', 404],
    ['GET', '/constructor', 404],
    ['GET', '//', 200],
    ['POST', '/alerts/generic/acme/web', 404],
    ['POST', '/healthz', 405],
    ['DELETE', '/', 405],
    ['GET', '/', 200],
    ['GET', '/healthz', 200],
    ['HEAD', '/healthz', 200],
    ['GET', '/readyz?verbose', 200],
  ])('%s %s gets %i', async (method, path, status) => {
    const { url } = await startDoor()
    expect((await fetch(url + path, { method })).status).toBe(status)
  })

  test('alerts go to their own handler', async () => {
    const { post } = await startDoor({
      alerts: async (_request, response) => void response.writeHead(202).end(),
    })
    expect((await post('{}', {}, '/alerts/generic/acme/web')).status).toBe(202)
  })

  test.each([
    [{ database: true, queue: true, github: 'down' }, 200],
    [{ database: false, queue: true, github: 'up' }, 503],
    [{ database: true, queue: false, github: 'up' }, 503],
  ] as const)('readiness %o answers %i', async (state, status) => {
    const { get } = await startDoor({ readiness: async () => state })
    const response = await get('/readyz')
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ github: state.github })
  })

  test('readiness that cannot be told, or not in time, is 503', async () => {
    const failing = await startDoor({ readiness: () => Promise.reject(new Error('no connection')) })
    expect((await failing.get('/readyz')).status).toBe(503)
    const hanging = await startDoor({ readiness: () => new Promise(() => {}) })
    expect((await hanging.get('/readyz')).status).toBe(503)
  })
})

describe('metrics', () => {
  test('are told to this machine, but not through a proxy or under another name', async () => {
    const { get, port } = await startDoor()
    expect(await (await get('/metrics')).text()).toContain('mayday_deliveries_total')
    expect((await get('/metrics', { 'x-forwarded-for': '127.0.0.1' })).status).toBe(403)
    expect((await get('/metrics', { forwarded: 'for=127.0.0.1' })).status).toBe(403)
    const rebound = await raw(port, (send) => send('GET /metrics HTTP/1.1\r\nhost: evil.example\r\n\r\n'))
    expect(rebound).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('ask for their token where there is one', async () => {
    const { get } = await startDoor({ metricsToken: 's3cret' })
    expect((await get('/metrics')).status).toBe(401)
    expect((await get('/metrics', { authorization: 'Bearer s3cre' })).status).toBe(401)
    const through = { authorization: 'Bearer s3cret', 'x-forwarded-for': '192.0.2.1' }
    expect((await get('/metrics', through)).status).toBe(200)
  })

  test('count deliveries by what became of them', async () => {
    const { post, get } = await startDoor()
    await post(BODY, delivered(BODY))
    await post(BODY, delivered(BODY, { 'x-github-event': 'ping' }))
    await post(BODY, delivered(BODY, { 'x-hub-signature-256': 'sha256=0' }))
    const text = await (await get('/metrics')).text()
    for (const outcome of ['accepted', 'ignored', 'refused']) {
      expect(text).toContain(`mayday_deliveries_total{outcome="${outcome}"} 1`)
    }
  })
})

test('stopping finishes running answers, refuses new ones and does not wait for idle connections', async () => {
  const stored = Promise.withResolvers<void>()
  const entered = vi.fn(() => stored.promise)
  const { url, post, stop } = await startDoor({ receive: entered })
  await fetch(`${url}/healthz`)
  const answer = post(BODY, delivered(BODY))
  await vi.waitFor(() => expect(entered).toHaveBeenCalled())
  const stopped = stop(10_000)
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  stored.resolve()
  expect((await answer).status).toBe(200)
  await stopped
})

test('stopping cuts an answer that takes too long', async () => {
  const entered = vi.fn(() => new Promise<void>(() => {}))
  const { post, stop } = await startDoor({ receive: entered })
  const answer = post(BODY, delivered(BODY)).catch(() => 'cut')
  await vi.waitFor(() => expect(entered).toHaveBeenCalled())
  await stop(20)
  expect(await answer).toBe('cut')
})

test('an address in use is an error that the caller sees', async () => {
  const { port } = await startDoor()
  const again = listen({ host: '127.0.0.1', port, handler: async () => {}, log: keptLog().log })
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

// The app's log of deliveries: read back to a time, and the lost ones asked for again.
import { afterEach, expect, test } from 'vitest'
import { listDeliveries, redeliver, undelivered } from '../../../src/github/app/deliveries.ts'
import { Unreachable } from '../../../src/github/client/errors.ts'
import { endStand, startStand } from '../stand.ts'

afterEach(endStand)

const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z`
const item = (change: object) => ({
  id: 1,
  guid: 'a',
  delivered_at: at(30),
  redelivery: false,
  duration: 0.1,
  status: 'OK',
  status_code: 200,
  event: 'issues',
  action: 'labeled',
  installation_id: 7,
  repository_id: 1,
  ...change,
})

test('pages end at the time given', async () => {
  const stand = startStand()
  const next = { link: '<https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_9>; rel="next"' }
  stand.on('GET /app/hook/deliveries?per_page=100', { body: [item({ id: 3 })], headers: next })
  stand.on('GET /app/hook/deliveries?per_page=100&cursor=v1_9', {
    body: [item({ id: 2, delivered_at: at(20) }), item({ id: 1, delivered_at: at(1) })],
    headers: { link: '<https://api.github.com/app/hook/deliveries?cursor=v1_0>; rel="next"' },
  })
  const found = await listDeliveries(stand.gitHub.app(), Date.parse(at(10)))
  expect(found.map(({ id }) => id)).toEqual(['3', '2'])
  expect(found[0]).toMatchObject({
    guid: 'a',
    deliveredAt: Date.parse(at(30)),
    statusCode: 200,
    installationId: 7,
  })
  expect(stand.taken).toEqual([])
  stand.check()
})

test('an attempt number beyond what JavaScript counts is kept exactly', async () => {
  const stand = startStand()
  const text = JSON.stringify([item({ id: 0 })]).replace('"id":0', '"id":9007199254740993')
  stand.onText('/app/hook/deliveries?per_page=100', text)
  stand.on('POST /app/hook/deliveries/9007199254740993/attempts', { status: 202 })
  const [attempt] = await listDeliveries(stand.gitHub.app(), 0)
  expect(attempt?.id).toBe('9007199254740993')
  expect(await redeliver(stand.gitHub.app(), attempt?.id ?? '')).toBe(true)
  stand.check()
})

test('lost is what no attempt brought home', () => {
  const attempt = (id: string, guid: string, statusCode: number, deliveredAt: number) => ({
    id,
    guid,
    statusCode,
    deliveredAt,
    redelivery: false,
    event: 'issues',
    action: null,
    installationId: 7,
    repositoryId: 1,
  })
  const attempts = [
    attempt('5', 'late', 202, 5),
    attempt('4', 'late', 502, 4),
    attempt('3', 'lost', 0, 3),
    attempt('2', 'lost', 503, 2),
    attempt('1', 'fine', 200, 1),
  ]
  expect(undelivered(attempts).map(({ id }) => id)).toEqual(['3'])
})

test('too old to deliver again; unreachable', async () => {
  const stand = startStand()
  stand.on('POST /app/hook/deliveries/5/attempts', { status: 404 })
  expect(await redeliver(stand.gitHub.app(), '5')).toBe(false)
  stand.on('POST /app/hook/deliveries/5/attempts', { status: 500 })
  await expect(redeliver(stand.gitHub.app(), '5')).rejects.toBeInstanceOf(Unreachable)
})

// Deliveries: signed, filtered, logged, redelivered, and spoilt on request.
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jwtClient, listen, type Receiver, SECRET } from './harness.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { PERMISSIONS } from './world/seed.ts'

let sandbox: Sandbox
let receiver: Receiver

beforeEach(async () => {
  receiver = await listen()
  sandbox = await startSandbox({ secret: SECRET, webhookUrl: receiver.url })
})

afterEach(async () => {
  await sandbox.stop()
  await receiver.stop()
})

function openIssues(count: number): void {
  for (let number = 1; number <= count; number += 1) sandbox.as('ada').openIssue({ title: `Issue ${number}` })
}

function titles(): unknown[] {
  return receiver.received.map(({ payload }) => payload.issue).map((issue) => Object(issue).title)
}

test('a delivery carries the headers and signatures of GitHub', async () => {
  openIssues(1)
  await sandbox.settle()
  const [first] = receiver.received
  expect(first?.signed).toBe(true)
  expect(first?.guid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(first?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-hook-installation-target-id': String(sandbox.app.id),
    'x-github-hook-installation-target-type': 'integration',
  })
  expect(first?.headers['user-agent']).toMatch(/^GitHub-Hookshot\//)
  const sha1 = createHmac('sha1', SECRET).update(JSON.stringify(first?.payload)).digest('hex')
  expect(first?.headers['x-hub-signature']).toBe(`sha1=${sha1}`)
})

test('deliveries come in the order of what happened', async () => {
  openIssues(50)
  await sandbox.settle()
  expect(titles()).toEqual(Array.from({ length: 50 }, (_, index) => `Issue ${index + 1}`))
})

test('what the installation may not read is not told', async () => {
  const { issues: _, ...rest } = PERMISSIONS
  sandbox.installations.grant({ ...rest, checks: 'read' })
  openIssues(1)
  sandbox.as('ada').push({ branch: 'x', files: { 'x.txt': 'x' } })
  sandbox.installations.suspend()
  sandbox.as('ada').push({ branch: 'x', files: { 'x.txt': 'y' } })
  sandbox.installations.unsuspend()
  await sandbox.settle()
  expect(receiver.events()).toEqual([
    'installation.new_permissions_accepted',
    'push',
    'push',
    'installation.suspend',
    'installation.unsuspend',
  ])
})

test('the life of an installation is told', async () => {
  sandbox.addAccount({ login: 'sam' })
  const own = sandbox.addRepository({ owner: 'sam', name: 'own' })
  const other = sandbox.addRepository({ owner: 'sam', name: 'other' })
  const installation = sandbox.installations.install('sam', { repositories: [own] })
  sandbox.installations.add([other], installation)
  sandbox.installations.remove([own], installation)
  sandbox.installations.uninstall(installation)
  await sandbox.settle()
  expect(receiver.events()).toEqual([
    'installation.created',
    'installation_repositories.added',
    'installation_repositories.removed',
    'installation.deleted',
  ])
  expect(receiver.received.at(-1)?.payload).toMatchObject({ repositories: [{ full_name: 'sam/other' }] })
  expect(sandbox.violations).toEqual([])
})

test('a failed delivery is in the log, and comes again with its guid when asked', async () => {
  const app = jwtClient(sandbox)
  receiver.answer = 503
  openIssues(1)
  await sandbox.settle()
  openIssues(1)
  await sandbox.settle()
  receiver.answer = 200
  openIssues(1)
  await sandbox.settle()
  const failed = await app.rest.apps.listWebhookDeliveries({ status: 'failure' })
  expect(failed.data.map(({ status_code: code }) => code)).toEqual([503, 503])
  const [newest] = failed.data
  if (newest === undefined) throw new Error('no delivery')
  await app.rest.apps.redeliverWebhookDelivery({ delivery_id: newest.id })
  await sandbox.settle()
  expect(receiver.received.at(-1)?.guid).toBe(newest.guid)
  const { data: all } = await app.rest.apps.listWebhookDeliveries()
  expect(all.map((each) => [each.redelivery, each.status === 'OK'])).toEqual([
    [true, true],
    [false, true],
    [false, false],
    [false, false],
  ])
  const { data: whole } = await app.rest.apps.getWebhookDelivery({ delivery_id: newest.id })
  expect(whole.request.headers).toMatchObject({ 'x-github-delivery': newest.guid })
  expect(sandbox.violations).toEqual([])
})

test('the log is paged by a cursor', async () => {
  openIssues(7)
  await sandbox.settle()
  const pages = await jwtClient(sandbox).paginate('GET /app/hook/deliveries', { per_page: 3 })
  expect(new Set(pages.map(({ guid }) => guid)).size).toBe(7)
})

test('a receiver that is away fails the delivery', async () => {
  await receiver.stop()
  openIssues(1)
  await sandbox.settle()
  expect(sandbox.deliveries[0]).toMatchObject({ status: 'failed to connect to host', statusCode: 502 })
})

test('chaos loses, duplicates and reorders, the same way for the same seed', async () => {
  const walk = async (): Promise<{ guids: number; distinct: number; order: unknown[] }> => {
    receiver.received.length = 0
    sandbox.chaos({ lose: 0.2, duplicate: 0.3, reorder: 0.5, seed: 7 })
    openIssues(40)
    await sandbox.settle()
    const guids = receiver.received.map(({ guid }) => guid)
    return { guids: guids.length, distinct: new Set(guids).size, order: titles() }
  }
  const first = await walk()
  expect(first.distinct).toBeLessThan(40)
  expect(first.guids).toBeGreaterThan(first.distinct)
  expect(first.order).not.toEqual([...first.order].sort((a, b) => numberOf(a) - numberOf(b)))
  expect(await walk()).toEqual(first)
  expect(sandbox.deliveries.some((delivery) => delivery.status === 'failed to connect to host')).toBe(true)
})

function numberOf(title: unknown): number {
  return Number(String(title).split(' ')[1])
}

test('what vanishes is not even in the log', async () => {
  sandbox.chaos({ vanish: 1 })
  openIssues(3)
  await sandbox.settle()
  expect(sandbox.deliveries).toEqual([])
})

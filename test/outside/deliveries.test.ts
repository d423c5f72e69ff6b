// Deliveries that are not what they seem, at the running program: each gets its answer, and none takes effect.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fillFromTemplate } from '../database/template.ts'
import { delivered, raw, sign } from '../door.ts'
import { type AppProcess, startApp } from '../sandbox/app-process.ts'
import { SECRET } from '../sandbox/harness.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import type { Issue } from '../sandbox/world/world.ts'

const MEGABYTE = 1024 * 1024
const scratch = mkdtempSync(join(tmpdir(), 'mayday-outside-'))
let sandbox: Sandbox
let app: AppProcess

beforeAll(async () => {
  sandbox = await startSandbox({ secret: SECRET, validate: false })
  // The board's twenty calls are another test's.
  sandbox.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': 'board: none\n' } })
  const dataDir = join(scratch, 'data')
  await fillFromTemplate(dataDir)
  app = await startApp({ sandbox, secret: SECRET, dataDir, logLevel: 'info' })
})
afterAll(async () => {
  await app.kill()
  await sandbox.stop()
  rmSync(scratch, { recursive: true, force: true })
})

type Headers = Record<string, string | undefined>

async function post(body: string, change: Headers = {}) {
  const headers = delivered(body, {
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': sign(body, SECRET),
    ...change,
  })
  const response = await fetch(app.webhookUrl, { method: 'POST', body, headers })
  return [response.status, await response.json()]
}

/** An issue of ada's with the payload of its label, of which nobody was told yet. */
function untold(title: string): { issue: Issue; body: string; change: Headers } {
  // A port at which nobody listens: GitHub notes a failed delivery.
  sandbox.setWebhookUrl('http://localhost:1/')
  const issue = sandbox.as('ada').openIssue({ title })
  sandbox.as('ada').label(issue, 'incident', 'sev:P2')
  const sent = sandbox.deliveries.findLast(({ event, action }) => event === 'issues' && action === 'labeled')
  const body = JSON.stringify({
    ...sent?.payload,
    label: { ...Object(sent?.payload.label), name: 'incident' },
  })
  return { issue, body, change: { 'x-github-delivery': sent?.guid } }
}

async function quiet(): Promise<void> {
  await vi.waitFor(
    async () => {
      const metrics = await (await fetch(`${app.url}/metrics`)).text()
      const counts = [...metrics.matchAll(/^mayday_queue_jobs\{.*\} (\d+)$/gm)].map(([, count]) => count)
      expect(counts.filter((count) => count !== '0')).toEqual([])
    },
    { timeout: 15_000, interval: 50 },
  )
}

const livingComments = (issue: Issue): number =>
  issue.comments.filter(({ body }) => body.includes('<!-- mayday:living:')).length
const stored = async (): Promise<number> => {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  return Number(/^mayday_deliveries_total\{outcome="accepted"\} (\d+)$/m.exec(metrics)?.[1] ?? 0)
}

test('a forged copy of a real delivery declares nothing; the real one does, once, however often it comes', async () => {
  const { issue, body, change } = untold('Search answers 500')
  const forged: Headers[] = [
    { 'x-hub-signature-256': sign(body, 'x'.repeat(40)) },
    { 'x-hub-signature-256': sign(body, 'development') },
    { 'x-hub-signature-256': undefined },
    { 'x-hub-signature-256': undefined, 'x-hub-signature': sign(body, SECRET, 'sha1') },
  ]
  for (const signature of forged) expect((await post(body, { ...change, ...signature }))[0]).toBe(401)
  expect(await stored()).toBe(0)
  expect(app.stdout).not.toContain('Search answers 500')
  expect(app.stdout).not.toContain(change['x-github-delivery'])

  expect(await post(body, change)).toEqual([200, { outcome: 'accepted' }])
  await quiet()
  expect(livingComments(issue)).toBe(1)
  const calls = sandbox.calls.length
  for (let again = 0; again < 3; again += 1) {
    expect(await post(body, change)).toEqual([200, { outcome: 'accepted' }])
  }
  // The same act under another name, as a redelivery of a forgotten one would come.
  expect((await post(body))[0]).toBe(200)
  await quiet()
  expect(livingComments(issue)).toBe(1)
  expect(sandbox.calls.slice(calls).filter((call) => call.mutates && call.route !== null)).toEqual([])
}, 60_000)

test('what nobody asked for is answered and forgotten', async () => {
  const before = await stored()
  const calls = sandbox.calls.length
  const ignored = [200, { outcome: 'ignored' }]
  expect(await post('{"zen":"Keep it logically awesome."}', { 'x-github-event': 'ping' })).toEqual(ignored)
  expect(await post('{"action":"started"}', { 'x-github-event': 'star' })).toEqual(ignored)
  expect(await post('{"action":"an_action_of_2031"}')).toEqual(ignored)
  expect((await post('null'))[0]).toBe(400)
  expect((await post('[1]'))[0]).toBe(400)
  expect((await post('{"action":"labeled"'))[0]).toBe(400)
  expect(await stored()).toBe(before)
  expect(sandbox.calls.length).toBe(calls)
})

test('a delivery of an installation that is not ours is taken, comes to nothing, and holds up nobody', async () => {
  const foreign = untold('Foreign')
  const payload: Record<string, unknown> = JSON.parse(foreign.body)
  const strange = {
    ...payload,
    installation: { id: 999_999, node_id: 'x' },
    repository: { ...Object(payload.repository), id: 888_888 },
  }
  expect((await post(JSON.stringify(strange)))[0]).toBe(200)
  const real = untold('Ours')
  expect((await post(real.body, real.change))[0]).toBe(200)
  await quiet()
  expect([livingComments(foreign.issue), livingComments(real.issue)]).toEqual([0, 1])
  expect(app.stdout).not.toMatch(/given up/)
}, 60_000)

test('what has the right name and the wrong insides is taken and given up at once, told once, without its text', async () => {
  const { body } = untold('Wrong insides')
  const sound: Record<string, unknown> = JSON.parse(body)
  const wrongs = [
    { ...sound, issue: 'MARKER-OF-THE-TEXT' },
    { ...sound, sender: { login: ['MARKER-OF-THE-TEXT'] } },
    { ...sound, installation: undefined },
    { action: 'labeled' },
  ]
  const guids = wrongs.map(() => randomUUID())
  const answers = await Promise.all(
    wrongs.map((wrong, index) => post(JSON.stringify(wrong), { 'x-github-delivery': guids[index] })),
  )
  expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 200])
  await quiet()
  const given = app.stdout.split('\n').filter((line) => line.includes('given up'))
  expect(given.map((line) => JSON.parse(line)).map(({ reason, attempt }) => ({ reason, attempt }))).toEqual(
    expect.arrayContaining([
      { reason: `issues ${guids[0]}: issue invalid_type`, attempt: 1 },
      { reason: `issues ${guids[1]}: sender.login invalid_type`, attempt: 1 },
    ]),
  )
  expect(given).toHaveLength(2)
  expect(app.stdout).not.toContain('MARKER-OF-THE-TEXT')
}, 60_000)

test('JSON nested ten thousand deep beside what counts takes effect like any other', async () => {
  const { issue, body } = untold('Deep')
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
  const [status] = await post(body.replace(/\}$/, `,"deep":${deep}}`))
  expect([200, 503]).toContain(status)
  await quiet()
  expect(livingComments(issue)).toBe(status === 200 ? 1 : 0)
}, 60_000)

test('thirty megabytes get 413, announced or not, and the next delivery gets through', async () => {
  expect((await post('x'.repeat(30 * MEGABYTE)))[0]).toBe(413)
  const head = Object.entries(delivered('')).map(([name, value]) => `${name}: ${value}\r\n`)
  const chunk = `${MEGABYTE.toString(16)}\r\n${'x'.repeat(MEGABYTE)}\r\n`
  const answer = await raw(app.port, (send) => {
    send(
      `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\n${head.join('')}transfer-encoding: chunked\r\n\r\n`,
    )
    for (let sent = 0; sent < 30; sent += 1) send(chunk)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  const { issue, body, change } = untold('After the flood')
  expect((await post(body, change))[0]).toBe(200)
  await quiet()
  expect(livingComments(issue)).toBe(1)
}, 60_000)

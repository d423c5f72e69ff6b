// The app function inside a real Probot, and app.yml against what the app hears.

import { readFileSync } from 'node:fs'
import { schemas } from '@octokit/openapi-webhooks'
import { Probot, ProbotOctokit } from 'probot'
import { expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { createApp, createReceiver, HEARD } from '../../src/door/app.ts'
import type { IncomingDelivery } from '../../src/door/intake.ts'
import { readManifest } from '../../src/setup/manifest.ts'
import { keptLog, privateKey } from '../door.ts'

const payload = { action: 'labeled', issue: { body: 'PAYLOAD-CANARY' }, installation: { id: 3 } }
const bytes = Buffer.from(JSON.stringify(payload))
const routing = { key: '7/1', installationId: 3, repositoryId: 7 }

test('a relevant delivery is stored once, whole, and Probot waits for it', async () => {
  const stored: IncomingDelivery[] = []
  const app = createApp({
    relevant: ({ event, action }) => (event === 'issues' && action === 'labeled' ? routing : null),
    store: async (delivery) => {
      stored.push(delivery)
      return 'stored'
    },
  })
  const probot = new Probot({ githubToken: 'test', Octokit: ProbotOctokit, logLevel: 'fatal' })
  await probot.load(app)
  const webhook = { id: 'guid-1', name: 'issues', payload }
  await probot.receive(webhook as never)
  await probot.receive({ ...webhook, name: 'watch' } as never)
  await probot.receive({ ...webhook, payload: { ...payload, action: 'pinned' } } as never)
  expect(stored).toEqual([{ ...routing, guid: 'guid-1', event: 'issues', action: 'labeled', payload: bytes }])
})

test('every event that is heard arrives, those without an action too', async () => {
  const store = vi.fn(async () => 'stored' as const)
  const receive = await createReceiver({
    appId: 1,
    privateKey,
    secret: 's'.repeat(32),
    baseUrl: 'http://127.0.0.1:9',
    app: createApp({ relevant: () => routing, store }),
    log: keptLog().log,
  })
  const sent = Buffer.from('{"ref": "refs/heads/main"}')
  for (const name of HEARD) await receive({ id: name, name, payload: { ref: 'refs/heads/main' }, body: sent })
  expect(store).toHaveBeenCalledTimes(HEARD.length)
  expect(store).toHaveBeenCalledWith(expect.objectContaining({ event: 'push', action: null, payload: sent }))
})

test('a delivery that cannot be stored rejects, and Probot logs nothing of it at any level', async () => {
  const { log, lines } = keptLog('trace')
  const receive = await createReceiver({
    appId: 1,
    privateKey,
    secret: 's'.repeat(32),
    baseUrl: 'http://127.0.0.1:9',
    app: createApp({ relevant: () => routing, store: () => Promise.reject(new Error('disk full')) }),
    log,
  })
  await expect(receive({ id: 'guid-1', name: 'issues', payload, body: bytes })).rejects.toThrow('disk full')
  expect(lines).toEqual([])
})

test('app.yml subscribes to what is heard, and to nothing that GitHub refuses or sends anyway', () => {
  const { default_events: events, default_permissions: permissions } = readManifest()
  expect(events).toEqual(HEARD.filter((name) => !name.startsWith('installation')))
  expect(Object.keys(permissions).filter((name) => /workflows|administration|secret/.test(name))).toEqual([])
  expect(permissions).toEqual({
    actions: 'write',
    checks: 'write',
    contents: 'write',
    deployments: 'read',
    issues: 'write',
    members: 'read',
    metadata: 'read',
    organization_projects: 'write',
    pull_requests: 'write',
    statuses: 'read',
  })
})

/** The permission that each event needs, of GitHub's "Webhook events and payloads"; without it the whole manifest
 * is refused. */
const NEEDED: Record<string, string> = {
  deployment_status: 'deployments',
  issue_comment: 'issues',
  issues: 'issues',
  projects_v2_item: 'organization_projects',
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  push: 'contents',
  repository: 'metadata',
}

test('each subscribed event is known to GitHub and has its permission', () => {
  const { default_events: events, default_permissions: permissions } = readManifest()
  expect(events.filter((event) => !(NEEDED[event] && NEEDED[event] in permissions))).toEqual([])
  const described = Object.keys(schemas['api.github.com'].webhooks ?? {})
  const unknown = events.filter((event) => {
    const name = event.replaceAll('_', '-')
    return !described.some((webhook) => webhook === name || webhook.startsWith(`${name}-`))
  })
  expect(unknown).toEqual([])
})

test("app.yml is readable by Probot's own tools", () => {
  const manifest: unknown = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8'))
  expect(manifest).toMatchObject({ name: 'Mayday', public: false })
})

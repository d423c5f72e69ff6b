// The database goes away under the running app: the door says so, keeps no secret of it, and acknowledges nothing.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startMayday } from '../../src/start.ts'
import { onPglite } from '../database/backends.ts'
import { delivered, sign } from '../door.ts'
import { SECRET } from '../sandbox/harness.ts'
import { startSandbox } from '../sandbox/sandbox.ts'

onPglite('beside a busy database', (open) => {
  test('a chain of statements leaves everything else its turns', async () => {
    const database = await open()
    let turns = 0
    const count = (): void => {
      turns += 1
      if (turns < 1_000) setImmediate(count)
    }
    setImmediate(count)
    for (let asked = 0; asked < 50; asked += 1) await database.query('SELECT $1::int', [asked])
    for (let begun = 0; begun < 50; begun += 1) await database.inTx(() => database.query('SELECT 1'))
    expect(turns).toBeGreaterThanOrEqual(100)
    await database.close()
  })
})

onPglite('without a database', (_open, place) => {
  test('deliveries get 503, readiness says which half is down, and what comes again later is stored', async () => {
    const sandbox = await startSandbox({ secret: SECRET, validate: false })
    const start = () =>
      startMayday(
        {
          mode: 'serve',
          credentials: {
            appId: sandbox.app.id,
            privateKey: sandbox.app.privateKey,
            webhookSecrets: [SECRET],
          },
          settings: {
            port: 0,
            host: 'localhost',
            github: { baseUrl: `http://${sandbox.host}/api/v3`, webUrl: `http://${sandbox.host}` },
            databaseUrl: undefined,
            dataDir: place.dataDir,
            channelsFile: undefined,
            alertTokens: [],
            metricsToken: undefined,
            sweepEvery: 300_000,
            allowPrivateNetwork: false,
            logLevel: 'silent',
            logFormat: 'json',
          },
        },
        () => Date.now(),
      )
    let running = await start()
    const url = (path: string) => `http://localhost:${running.port}${path}`
    sandbox.setWebhookUrl(url('/api/github/webhooks'))
    const issue = sandbox.as('ada').openIssue({ title: 'Before' })
    await sandbox.settle()
    await running.shell?.database.close()

    sandbox.as('ada').label(issue, 'incident')
    await sandbox.settle()
    const lost = sandbox.deliveries.at(-1)
    expect([lost?.statusCode, lost?.responseHeaders['retry-after']]).toEqual([503, '5'])
    expect(lost?.responseBody).toBe('{"error":"the delivery could not be stored"}\n')
    const ready = await fetch(url('/readyz'))
    expect([ready.status, await ready.json()]).toMatchObject([503, { database: 'down', queue: 'down' }])
    expect((await fetch(url('/healthz'))).status).toBe(200)
    const metrics = await fetch(url('/metrics'))
    expect([metrics.status, await metrics.text()]).toEqual([
      200,
      expect.stringContaining('mayday_store_up 0'),
    ])
    const body = JSON.stringify({ action: 'started' })
    const ignored = delivered(body, {
      'x-github-event': 'star',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': sign(body, SECRET),
    })
    expect(
      (await fetch(url('/api/github/webhooks'), { method: 'POST', body, headers: ignored })).status,
    ).toBe(200)

    await running.stop().catch(() => {})
    running = await start()
    sandbox.setWebhookUrl(url('/api/github/webhooks'))
    if (!lost) throw new Error('there was no delivery')
    await sandbox.settle()
    const again = sandbox.redeliver(lost)
    await sandbox.settle()
    expect(again.statusCode).toBe(200)
    await running.stop()
    await sandbox.stop()
  }, 40_000)
})

// The set-up page over real sockets: a stranger gets nowhere, a person gets from two answers to a serving app.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { type Credentials, readCredentials } from '../../src/config/credentials.ts'
import { answerJson, type Handler, type Listening } from '../../src/door/http.ts'
import { createSetup } from '../../src/setup/setup.ts'
import { keptLog, open, privateKey, raw } from '../door.ts'

const SECRET = 'f'.repeat(40)
const HOUR = 3_600_000

const scratch = mkdtempSync(join(tmpdir(), 'mayday-setup-'))
afterAll(() => rmSync(scratch, { recursive: true }))
const opened: Listening[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((listening) => listening.stop(100)))
})

function registered(change: object = {}) {
  return {
    id: 77,
    slug: 'mayday',
    pem: privateKey,
    webhook_secret: SECRET,
    html_url: 'https://github.com/apps/mayday',
    ...change,
  }
}

async function start(
  github: Handler = async (_request, response) => answerJson(response, 201, registered()),
) {
  const calls: string[] = []
  const api = await open(async (request, response) => {
    calls.push(`${request.method} ${request.url}`)
    return github(request, response)
  })
  const clock = { now: Date.UTC(2026, 10, 2) }
  const onCredentials = vi.fn<(credentials: Credentials) => void>()
  const dataDir = join(mkdtempSync(join(scratch, 'home-')), 'data')
  const { log, lines } = keptLog('trace')
  const setup = createSetup({
    github: { baseUrl: api.url, webUrl: 'https://github.com' },
    dataDir,
    onCredentials,
    now: () => clock.now,
    log,
  })
  const listening = await open(setup, log)
  opened.push(api, listening)
  const get = (path: string) => fetch(listening.url + path, { redirect: 'manual' })
  const register = (form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    fetch(`${listening.url}/setup`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ address: 'https://mayday.acme.example', organization: '', ...form }),
    })
  const begin = async () => /state=([0-9a-f]{64})/.exec(await (await register()).text())?.[1] ?? ''
  return { ...listening, get, register, begin, calls, clock, onCredentials, dataDir, lines }
}

function manifestOf(html: string): unknown {
  const value = /name="manifest" value="([^"]*)"/.exec(html)?.[1] ?? ''
  return JSON.parse(value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'))
}

describe('before the registration', () => {
  test('GET / leads to the page, which loads and runs nothing', async () => {
    const { get } = await start()
    const home = await get('/')
    expect([home.status, home.headers.get('location')]).toEqual([302, '/setup'])
    const page = await get('/setup')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    const html = await page.text()
    expect(html).toContain('name="address"')
    expect(html).not.toMatch(/<script|src=|@import|url\(|<link/)
  })

  test('it is alive but not ready, and webhooks are asked to come again', async () => {
    const { get, url } = await start()
    expect((await get('/healthz')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(503)
    const webhook = await fetch(`${url}/api/github/webhooks`, { method: 'POST', body: '{}' })
    expect([webhook.status, webhook.headers.get('retry-after')]).toEqual([503, '60'])
    expect((await get('/probot/import')).status).toBe(404)
  })

  test.each([
    ['another name (DNS rebinding)', 'host: evil.example:3000'],
    ['a name that begins like ours', 'host: localhost.evil.example'],
    ['a proxy', 'host: localhost\r\nx-forwarded-for: 127.0.0.1'],
    ['another proxy', 'host: 127.0.0.1\r\nforwarded: for=127.0.0.1'],
  ])('it is closed to requests through %s', async (_what, headers) => {
    const { port } = await start()
    for (const path of ['/', '/setup', '/setup/registered?code=1&state=2']) {
      const answer = await raw(port, (send) => send(`GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`))
      expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    }
  })

  test('a form of another site is refused, and one that is too large', async () => {
    const { register } = await start()
    expect((await register({}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await register({}, { origin: 'null' })).status).toBe(403)
    expect((await register({ address: 'x'.repeat(20_000) })).status).toBe(413)
  })
})

describe('the manifest', () => {
  test('is app.yml with the addresses of this installation', async () => {
    const { register, url } = await start()
    const html = await (await register({}, { origin: url })).text()
    expect(html).toMatch(/action="https:\/\/github\.com\/settings\/apps\/new\?state=[0-9a-f]{64}"/)
    expect(manifestOf(html)).toMatchObject({
      name: 'Mayday',
      public: false,
      url: 'https://mayday.acme.example',
      hook_attributes: { url: 'https://mayday.acme.example/api/github/webhooks', active: true },
      redirect_url: `${url}/setup/registered`,
      default_events: expect.arrayContaining(['issues', 'issue_comment']),
      default_permissions: expect.objectContaining({ issues: 'write', metadata: 'read' }),
    })
  })

  test('is registered for an organization where one is named; a full address stays as it is', async () => {
    const { register } = await start()
    const html = await (await register({ organization: 'acme', address: 'https://smee.io/abc' })).text()
    expect(html).toContain('action="https://github.com/organizations/acme/settings/apps/new?state=')
    expect(manifestOf(html)).toMatchObject({ hook_attributes: { url: 'https://smee.io/abc' } })
  })

  test.each([
    { address: '' },
    { address: 'mayday.acme.example' },
    { address: 'javascript:alert(1)' },
    { address: 'https://user:password@mayday.acme.example' },
    { organization: 'acme/../../logout' },
    { organization: '"><script>alert(1)</script>' },
  ])('is not made of %o', async (form: Record<string, string>) => {
    const { register } = await start()
    const response = await register(form)
    const html = await response.text()
    expect(response.status).toBe(400)
    expect(html).toContain('role="alert"')
    expect(html).not.toContain('<script')
    expect(html).not.toContain('name="manifest"')
  })

  test('is not made while the data directory is a file', async () => {
    const { register, dataDir } = await start()
    writeFileSync(dataDir, '')
    expect((await register()).status).toBe(400)
  })
})

describe('the registration', () => {
  test('exchanges the code, keeps the credentials privately, says what is next, and lets Mayday serve', async () => {
    const { begin, get, calls, onCredentials, dataDir, lines } = await start()
    const response = await get(`/setup/registered?code=abc123&state=${await begin()}`)
    const html = await response.text()
    expect(response.status).toBe(200)
    expect(calls).toEqual(['POST /app-manifests/abc123/conversions'])
    expect(html).toContain('href="https://github.com/apps/mayday/installations/new"')
    expect(html).not.toContain(SECRET)
    const kept = readCredentials(dataDir)
    expect(kept).toMatchObject({ appId: 77, webhookSecrets: [SECRET] })
    expect(statSync(join(dataDir, 'credentials')).mode & 0o777).toBe(0o600)
    await vi.waitFor(() => expect(onCredentials).toHaveBeenCalledExactlyOnceWith(kept))
    expect(lines.join('')).not.toMatch(/PRIVATE KEY|f{40}/)
  })

  test('happens once', async () => {
    const { begin, get, onCredentials, calls } = await start()
    const [one, other] = [await begin(), await begin()]
    await get(`/setup/registered?code=abc&state=${one}`)
    expect((await get(`/setup/registered?code=abc&state=${one}`)).status).toBe(400)
    expect((await get(`/setup/registered?code=abc&state=${other}`)).status).toBe(400)
    expect(calls).toHaveLength(1)
    await vi.waitFor(() => expect(onCredentials).toHaveBeenCalledOnce())
  })

  test.each([
    ['no state', () => 'code=abc'],
    ['a made-up state', () => `code=abc&state=${'0'.repeat(64)}`],
    ['no code', (state: string) => `state=${state}`],
    ['a code that is a path', (state: string) => `code=..%2Fuser&state=${state}`],
  ])('does not begin with %s', async (_what, query) => {
    const { begin, get, calls, onCredentials } = await start()
    const response = await get(`/setup/registered?${query(await begin())}`)
    expect(response.status).toBe(400)
    expect(calls).toEqual([])
    expect(onCredentials).not.toHaveBeenCalled()
  })

  test.each([
    [HOUR - 1, 200],
    [HOUR, 400],
  ])('begun %i ms ago gets %i', async (age, status) => {
    const { begin, get, clock } = await start()
    const state = await begin()
    clock.now += age
    expect((await get(`/setup/registered?code=abc&state=${state}`)).status).toBe(status)
  })

  test.each([
    ['refuses the code', async (_request, response) => answerJson(response, 404, { message: 'Not Found' })],
    ['answers something else', async (_request, response) => answerJson(response, 201, { id: 1 })],
    [
      'answers a page that is no link',
      async (_request, response) =>
        answerJson(response, 201, registered({ html_url: 'javascript:alert(1)' })),
    ],
    [
      'leads elsewhere',
      async (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    ],
    ['hangs up', async (request) => void request.socket.destroy()],
  ] satisfies [string, Handler][])('fails in words where GitHub %s', async (_what, github) => {
    const { begin, get, onCredentials, dataDir } = await start(github)
    const response = await get(`/setup/registered?code=abc&state=${await begin()}`)
    expect(response.status).toBe(502)
    expect(await response.text()).toContain('Begin again')
    expect(readCredentials(dataDir)).toBeUndefined()
    expect(onCredentials).not.toHaveBeenCalled()
  })

  test.each([
    null,
    'short',
  ])('replaces the webhook secret %o and says where to enter the new one', async (given) => {
    const { begin, get, dataDir } = await start(async (_request, response) =>
      answerJson(response, 201, registered({ webhook_secret: given })),
    )
    const html = await (await get(`/setup/registered?code=abc&state=${await begin()}`)).text()
    const secret = readCredentials(dataDir)?.webhookSecrets[0] ?? ''
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    expect(html).toContain(secret)
  })
})

// Who the sandbox lets in: the app's JWT, installation tokens, narrowed ones, and nobody else.
import { createSign, generateKeyPairSync } from 'node:crypto'
import { Octokit } from '@octokit/rest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appClient, type Client, jwtClient, QUIET, SECRET } from './harness.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

let sandbox: Sandbox
let app: Client
let time = Date.now()

beforeAll(async () => {
  sandbox = await startSandbox({ secret: SECRET, now: () => time })
  app = jwtClient(sandbox)
})

afterAll(() => sandbox.stop())

function jwt(claims: Record<string, unknown>, privateKey = sandbox.app.privateKey): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${createSign('sha256').update(text).sign(privateKey, 'base64url')}`
}

async function get(path: string, credential: string | null): Promise<string> {
  const headers: Record<string, string> = { accept: 'application/vnd.github+json' }
  if (credential !== null) headers.authorization = `Bearer ${credential}`
  const response = await fetch(`${sandbox.url}/api/v3${path}`, { headers })
  const body: { message?: string } = await response.json()
  return `${response.status} ${body.message ?? ''}`.trim()
}

test('the app is known by a JWT of its key', async () => {
  const { data } = await app.rest.apps.getAuthenticated()
  expect(data).toMatchObject({ slug: 'mayday', id: sandbox.app.id })
})

test('a JWT of another key, another issuer, too old or too long is refused', async () => {
  const now = Math.floor(time / 1000)
  const claims = { iss: sandbox.app.id, iat: now - 30, exp: now + 300 }
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  expect(await get('/app', jwt(claims))).toBe('200')
  expect(await get('/app', jwt({ ...claims, iss: sandbox.app.clientId }))).toBe('200')
  expect(await get('/app', jwt(claims, privateKey))).toBe('401 A JSON web token could not be decoded')
  expect(await get('/app', jwt({ ...claims, iss: 1 }))).toMatch(/^401 'Issuer' claim/)
  expect(await get('/app', jwt({ ...claims, exp: now - 1 }))).toMatch(/^401 'Expiration time' claim/)
  expect(await get('/app', jwt({ ...claims, exp: now + 1200 }))).toMatch(/^401 'Expiration time' claim .*far/)
  expect(await get('/app', jwt({ ...claims, iat: now + 120 }))).toMatch(/^401 'Issued at' claim/)
})

test('nobody and a made-up token get nothing', async () => {
  expect(await get('/repos/acme/search', null)).toBe('401 Requires authentication')
  expect(await get('/repos/acme/search', 'ghs_invented')).toBe('401 Bad credentials')
})

test('a token is of the installation, and not of the app', async () => {
  const { data } = await app.rest.apps.createInstallationAccessToken({
    installation_id: sandbox.installations.of().id,
  })
  expect(await get('/installation/repositories', data.token)).toBe('200')
  expect(await get('/app', data.token)).toBe('401 A JSON web token could not be decoded')
})

test('a token ends after an hour', async () => {
  const { data } = await app.rest.apps.createInstallationAccessToken({
    installation_id: sandbox.installations.of().id,
  })
  const began = time
  time += 3_600_000
  expect(await get('/repos/acme/search', data.token)).toBe('401 Bad credentials')
  time = began
})

test('a narrowed token does less', async () => {
  sandbox.addRepository({ name: 'private', private: true })
  const mint = (body: Record<string, unknown>) =>
    app.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: sandbox.installations.of().id,
      ...body,
    })
  const { data } = await mint({ repositories: ['search'], permissions: { issues: 'read' } })
  expect(data.permissions).toEqual({ metadata: 'read', issues: 'read' })
  expect(await get('/repos/acme/private', data.token)).toBe('404 Not Found')
  const response = await fetch(`${sandbox.url}/api/v3/repos/acme/search/labels`, {
    method: 'POST',
    headers: { authorization: `Bearer ${data.token}` },
    body: JSON.stringify({ name: 'x' }),
  })
  expect(response.status).toBe(403)
  await expect(mint({ permissions: { workflows: 'write' } })).rejects.toThrow(/not granted/)
  await expect(mint({ repositories: ['absent'] })).rejects.toThrow(/does not exist or is not accessible/)
})

test('a suspended installation is refused, an ended one is forgotten', async () => {
  const client = await appClient(sandbox)
  await client.rest.repos.get({ owner: 'acme', repo: 'search' })
  const { data } = await app.rest.apps.createInstallationAccessToken({
    installation_id: sandbox.installations.of().id,
  })
  sandbox.installations.suspend()
  await expect(client.rest.repos.get({ owner: 'acme', repo: 'search' })).rejects.toThrow(/suspended/)
  sandbox.installations.unsuspend()
  await client.rest.repos.get({ owner: 'acme', repo: 'search' })
  sandbox.installations.uninstall()
  expect(await get('/repos/acme/search', data.token)).toBe('401 Bad credentials')
  sandbox.installations.install('acme')
})

test('an app is registered from a manifest, once per code', async () => {
  const form = (events: string[]): URLSearchParams =>
    new URLSearchParams({
      manifest: JSON.stringify({
        url: 'https://mayday.example',
        redirect_url: 'http://localhost:3000/setup',
        default_events: events,
      }),
    })
  const post = (events: string[]): Promise<Response> =>
    fetch(`${sandbox.url}/organizations/acme/settings/apps/new?state=s1`, {
      method: 'POST',
      body: form(events),
      redirect: 'manual',
    })
  const refused = await post(['issues', 'installation'])
  expect([refused.status, await refused.text()]).toEqual([422, 'Default events unsupported: installation'])
  const answer = await post(['issues'])
  const back = new URL(answer.headers.get('location') ?? '')
  expect([answer.status, back.origin, back.searchParams.get('state')]).toEqual([
    302,
    'http://localhost:3000',
    's1',
  ])
  const nobody = new Octokit({ baseUrl: `${sandbox.url}/api/v3`, log: QUIET })
  const code = back.searchParams.get('code') ?? ''
  const { data } = await nobody.request('POST /app-manifests/{code}/conversions', { code })
  expect(data).toMatchObject({ slug: 'mayday', pem: sandbox.app.privateKey, webhook_secret: SECRET })
  await expect(nobody.request('POST /app-manifests/{code}/conversions', { code })).rejects.toThrow(
    /Not Found/,
  )
})

test('all of it was in words that GitHub has', () => {
  expect(sandbox.violations).toEqual([])
})

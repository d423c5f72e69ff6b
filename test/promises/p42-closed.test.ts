// P42: From outside there are the webhooks and the two health checks; the rest, and all that Mayday keeps, is this machine's.
import { chmodSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { onPglite } from '../database/backends.ts'
import { privateKey } from '../door.ts'
import { freePort, startApp } from '../sandbox/app-process.ts'
import { SECRET } from '../sandbox/harness.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { mode, start, tidyUp } from './program.ts'

/** An address of this machine that others can reach, if it has one. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address

vi.setConfig({ testTimeout: 240_000 })
afterAll(tidyUp)

/** Every port on which a process listens, with the address; nothing where the system does not tell. */
function listening(pid: number): { address: string; port: number }[] | null {
  if (process.platform !== 'linux') return null
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]]
      } catch {
        // Closed meanwhile.
        return []
      }
    }),
  )
  const LISTEN = '0A'
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTEN && sockets.has(inode))
      .map(([, local = '']) => {
        const [address = '', port = ''] = local.split(':')
        return { address, port: Number.parseInt(port, 16) }
      }),
  )
}

/** As /proc writes 127.0.0.1 and ::1. */
const LOOPBACK = ['0100007F', '00000000000000000000000001000000']

/** Whether somebody answers at all. */
const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    () => true,
    () => false,
  )

onPglite('a start that goes well', (_open, place) => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox({ secret: SECRET, validate: false })
  })
  afterAll(() => sandbox.stop())

  test('opens one port to this machine alone, and asks for a signature or a token wherever it tells something', async () => {
    const app = await startApp({
      sandbox,
      secret: SECRET,
      dataDir: place.dataDir,
      // As if it was not given.
      env: { HOST: '' },
    })
    const ports = listening(app.pid)
    if (ports) {
      expect(new Set(ports.map(({ port }) => port))).toEqual(new Set([app.port]))
      expect(ports.filter(({ address }) => !LOOPBACK.includes(address))).toEqual([])
    }
    if (outside) expect(await answers(`http://${outside}:${app.port}/healthz`)).toBe(false)

    const proxied = { 'x-forwarded-for': '192.0.2.1' }
    const status = async (method: string, path: string) =>
      (await fetch(app.url + path, { method, headers: proxied })).status
    const told: Record<string, number> = {}
    for (const path of [
      '/',
      '/healthz',
      '/readyz',
      '/metrics',
      '/setup',
      '/setup/registered?code=a&state=b',
      '/probot',
      '/alerts',
      '/alerts/generic/acme/search',
      '/api/github/webhooks',
      '/.env',
      '/data/credentials',
      '/../package.json',
      '/%2e%2e/package.json',
    ])
      told[path] = await status('GET', path)
    expect(told).toEqual({
      '/': 200,
      '/healthz': 200,
      '/readyz': 200,
      '/metrics': 403,
      '/setup': 404,
      '/setup/registered?code=a&state=b': 404,
      '/probot': 404,
      '/alerts': 404,
      '/alerts/generic/acme/search': 404,
      '/api/github/webhooks': 404,
      '/.env': 404,
      '/data/credentials': 404,
      '/../package.json': 404,
      '/%2e%2e/package.json': 404,
    })
    for (const path of ['/setup', '/probot/import', '/alerts/generic/acme/search'])
      expect(await status('POST', path)).toBe(404)
    for (const path of ['/', '/healthz'])
      expect(await (await fetch(app.url + path)).text()).not.toMatch(
        /acme|search|node|version|\d+\.\d+\.\d+|data/i,
      )
    for (const [name, bits] of readdirSync(app.dataDir).map(
      (name) => [name, mode(join(app.dataDir, name))] as const,
    ))
      expect(name === 'pglite' ? mode(app.dataDir) : bits, name).toMatch(/^[67]00$/)
    await app.kill()
  })

  test('without credentials shows the set-up page to this machine, and serves once the app is registered', async () => {
    const port = await freePort()
    const { written, child, ended, dataDir } = start({
      PORT: String(port),
      GHE_HOST: sandbox.host,
      GHE_PROTOCOL: 'http',
      HOST: '0.0.0.0',
    })
    const url = `http://localhost:${port}`
    const answered = async (path: string, status: number) => {
      await vi.waitFor(async () => expect((await fetch(url + path)).status).toBe(status), 60_000)
    }
    await answered('/healthz', 200)
    if (outside) expect(await answers(`http://${outside}:${port}/healthz`)).toBe(false)
    expect(written.stdout).toContain(`${url}/`)
    expect(await (await fetch(`${url}/`)).text()).toContain('name="address"')
    expect((await fetch(`${url}/readyz`)).status).toBe(503)

    const form = new URLSearchParams({ address: 'http://mayday.acme.example', organization: 'acme' })
    const page = await (await fetch(`${url}/setup`, { method: 'POST', body: form })).text()
    const registration = await fetch(unescaped(/action="([^"]+)"/, page), {
      method: 'POST',
      body: new URLSearchParams({ manifest: unescaped(/name="manifest" value="([^"]*)"/, page) }),
      redirect: 'manual',
    })
    const back = registration.headers.get('location') ?? ''
    expect([registration.status, new URL(back).origin]).toEqual([302, url])
    expect((await fetch(back)).status).toBe(200)

    await answered('/readyz', 200)
    expect(mode(dataDir)).toBe('700')
    expect(mode(join(dataDir, 'credentials'))).toBe('600')
    expect(JSON.parse(readFileSync(join(dataDir, 'credentials'), 'utf8'))).toMatchObject({
      appId: sandbox.app.id,
      webhookSecrets: [SECRET],
    })
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('makes credentials private that others could read, and refuses those that are none', async () => {
    const { dataDir } = place
    chmodSync(dataDir, 0o755)
    const kept = { appId: 77, privateKey, webhookSecrets: [SECRET] }
    writeFileSync(join(dataDir, 'credentials'), JSON.stringify(kept), { mode: 0o644 })
    const { child, written, ended } = start({
      DATA_DIR: dataDir,
      GHE_HOST: sandbox.host,
      GHE_PROTOCOL: 'http',
    })
    await vi.waitFor(() => expect(written.stdout).toContain('Mayday serves'), 60_000)
    expect(mode(dataDir)).toBe('700')
    expect(readdirSync(dataDir)).toContain('pglite')
    expect(mode(join(dataDir, 'credentials'))).toBe('600')
    child.kill('SIGINT')
    expect(await ended).toBe(0)

    writeFileSync(join(dataDir, 'credentials'), '{}')
    const refused = start({ DATA_DIR: dataDir })
    expect(await refused.ended).toBe(1)
    expect(refused.written.stderr).toMatch(/^DATA_DIR: [^\n]*credentials[^\n]*\n$/)
  })
})

function unescaped(pattern: RegExp, html: string): string {
  const found = pattern.exec(html)?.[1] ?? ''
  return found.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

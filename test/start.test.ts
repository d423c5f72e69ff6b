// The start of the real program: what stops it and in which words, what it leaves private, how it ends.
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { privateKey } from './door.ts'
import { freePort, startApp } from './sandbox/app-process.ts'
import { SECRET } from './sandbox/harness.ts'
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts'

const scratch = mkdtempSync(join(tmpdir(), 'mayday-start-'))
const running = new Set<ReturnType<typeof spawn>>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
})

type Variables = Record<string, string | undefined>

const scratchDir = (): string => join(mkdtempSync(join(scratch, 'home-')), 'data')
const good = { APP_ID: '77', PRIVATE_KEY: privateKey, WEBHOOK_SECRET: SECRET }

/** Starts `src/main.ts` with these variables and nothing else of ours; `ended` gives its exit code. */
function start(variables: Variables) {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, PORT: '0', DATA_DIR: scratchDir(), ...variables }
  const child = spawn(process.execPath, [new URL('../src/main.ts', import.meta.url).pathname], { env })
  running.add(child)
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  const ended = once(child, 'close').then(() => {
    running.delete(child)
    return child.exitCode
  })
  return { child, written, ended, dataDir: env.DATA_DIR ?? '' }
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('a start that cannot go well ends with 1 and one line that says why', { timeout: 30_000 }, () => {
  const keyFile = join(scratch, 'key.pem')
  const otherKeyFile = join(scratch, 'elliptic.pem')
  beforeAll(() => {
    writeFileSync(keyFile, 'no key at all')
    const { privateKey: elliptic } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeFileSync(otherKeyFile, elliptic.export({ type: 'pkcs8', format: 'pem' }))
  })

  const file = (PRIVATE_KEY_PATH: string): Variables => ({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH })
  test.concurrent.each<[string, Variables, RegExp]>([
    [
      'no secret',
      { WEBHOOK_SECRET: undefined },
      /^WEBHOOK_SECRET is not given: expected APP_ID, PRIVATE_KEY/,
    ],
    ['a short secret', { WEBHOOK_SECRET: 'x'.repeat(31) }, /^WEBHOOK_SECRET .*at least 32 characters/],
    ["Probot's default secret", { WEBHOOK_SECRET: 'development' }, /^WEBHOOK_SECRET .*at least 32/],
    ['no app id', { APP_ID: undefined }, /^APP_ID is not given: expected .* together, or none of them/],
    ['a secret alone', { APP_ID: undefined, PRIVATE_KEY: undefined }, /^APP_ID is not given/],
    ['a key that is none', { PRIVATE_KEY: 'abc' }, /^PRIVATE_KEY is wrong: expected the RSA private key/],
    [
      'a missing key file',
      file(join(scratch, 'none.pem')),
      /^PRIVATE_KEY_PATH .*a file that can be read.*none/,
    ],
    ['a key file without a key', file(keyFile), /^PRIVATE_KEY_PATH .*a file with the RSA private key/],
    ['a key of another kind', file(otherKeyFile), /^PRIVATE_KEY_PATH .*a file with the RSA private key/],
    ['a port out of range', { PORT: '65536' }, /^PORT is wrong: expected a port number.*"65536"/],
    ['a sweep too often', { SWEEP_EVERY: '9s' }, /^SWEEP_EVERY is wrong: expected a duration from 10s.*"9s"/],
    ['a strange database', { DATABASE_URL: 'mysql://me:hush@db/x' }, /^DATABASE_URL .*postgres:/],
    [
      'a directory that cannot be',
      { DATA_DIR: join(keyFile, 'data') },
      /^mayday cannot start: DATA_DIR \(.*\) cannot be made: /,
    ],
  ])('%s', async (_what, change, expected) => {
    const { written, ended } = start({ ...good, ...change })
    expect(await ended).toBe(1)
    expect(written.stderr).toMatch(/^[^\n]+\n$/)
    expect(written.stderr).toMatch(expected)
    expect(written.stderr).not.toMatch(/hush|\bat .*\.ts:|BEGIN/)
    expect(written.stdout).toBe('')
  })
})

describe('a start that goes well', { timeout: 60_000 }, () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox({ secret: SECRET, validate: false })
  })
  afterAll(() => sandbox.stop())

  test('keeps its data private, refuses a second process beside it, and ends on SIGTERM', async () => {
    const app = await startApp({ sandbox, secret: SECRET, dataDir: scratchDir(), logLevel: 'info' })
    expect(mode(app.dataDir)).toBe('700')

    const second = start({ ...good, DATA_DIR: app.dataDir })
    expect(await second.ended).toBe(1)
    expect(second.written.stderr).toMatch(
      new RegExp(`^mayday cannot start: Another process \\(process ${app.pid}\\) [^\\n]*DATA_DIR[^\\n]*\\n$`),
    )
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200)

    const taken = start({ ...good, PORT: String(app.port), GHE_HOST: sandbox.host, GHE_PROTOCOL: 'http' })
    expect(await taken.ended).toBe(1)
    expect(taken.written.stderr).toMatch(new RegExp(`^[^\\n]*PORT ${app.port}[^\\n]* is in use[^\\n]*\\n$`))

    sandbox.setWebhookUrl(app.webhookUrl)
    const ada = sandbox.as('ada')
    ada.label(ada.openIssue({ title: 'Search answers 500' }), 'incident')
    await sandbox.settle()
    expect(sandbox.deliveries.map((delivery) => delivery.status)).not.toContain(null)
    const began = performance.now()
    expect(await app.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(app.stderr).toBe('')
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
      await vi.waitFor(async () => expect((await fetch(url + path)).status).toBe(status), 20_000)
    }
    await answered('/healthz', 200)
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
    const dataDir = scratchDir()
    mkdirSync(dataDir, { mode: 0o755 })
    const kept = { appId: 77, privateKey, webhookSecrets: [SECRET] }
    writeFileSync(join(dataDir, 'credentials'), JSON.stringify(kept), { mode: 0o644 })
    const { child, written, ended } = start({
      DATA_DIR: dataDir,
      GHE_HOST: sandbox.host,
      GHE_PROTOCOL: 'http',
    })
    await vi.waitFor(() => expect(written.stdout).toContain('Mayday serves'), 20_000)
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

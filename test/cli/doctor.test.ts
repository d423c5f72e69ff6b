// The doctor: what it finds right, and what it says where it is not.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/cli.ts'
import { openDatabase } from '../../src/database/database.ts'
import { onPglite, onPgliteAtLeast, onPostgres, silent } from '../database/backends.ts'
import { environmentFor } from '../sandbox/environment.ts'
import { SECRET } from '../sandbox/harness.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { at, said } from './said.ts'

const folder = mkdtempSync(join(tmpdir(), 'mayday-doctor-'))
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ secret: SECRET, now: () => Date.now() })
})
afterAll(async () => {
  await sandbox.stop()
  rmSync(folder, { recursive: true })
})

const ADDRESS = 'https://mayday.acme.example/api/github/webhooks'
beforeEach(() => {
  sandbox.setWebhookUrl(null)
  sandbox.registerHook({ contentType: 'json', insecureSsl: '0', secret: true })
})

const variables = (more: Record<string, string> = {}) => ({
  ...environmentFor(sandbox),
  DATA_DIR: folder,
  ...more,
})

/** What it says, with the stand-in's address taken out. */
async function doctor(more: Record<string, string> = {}, clock = 0) {
  const out: string[] = []
  const err: string[] = []
  const plain = (line: string) =>
    line.replaceAll(sandbox.url, 'https://github.com').replaceAll(folder, 'DATA')
  const exit = await run(['doctor'], {
    out: (line) => out.push(plain(line)),
    err: (line) => err.push(plain(line)),
    variables: variables(more),
    now: () => Date.now() + clock,
  })
  return { exit, out, err }
}

test('finds everything right, and says what it saw', async () => {
  sandbox.setWebhookUrl(ADDRESS)
  const { exit, out, err } = await doctor({ ALERT_TOKENS: 'generic:acme=abc' })
  expect(err).toEqual([])
  expect(out).toEqual([
    '✓ environment: all variables are well formed; alert tokens for generic:acme',
    '– database: nothing is stored in DATA (DATA_DIR) yet; the first start makes it',
    '✓ credentials: GitHub knows the key; the app is mayday (mayday) of acme',
    "✓ clock: agrees with GitHub's",
    '✓ registration: permissions and events are those of app.yml',
    `✓ webhook: ${ADDRESS}, JSON, with a secret`,
    '✓ deliveries: none within a day',
    '✓ acme: every permission is granted',
    '✓ acme: 1 repository, 0 with a configuration, all of them valid',
    '✓ acme: the board is made with the first incident',
  ])
  expect(exit).toBe(0)
  expect(existsSync(join(folder, 'pglite'))).toBe(false)
  expect(sandbox.violations).toEqual([])
  expect(sandbox.unknownCalls).toEqual([])
})

test('says how to mend a webhook', async () => {
  sandbox.setWebhookUrl('https://mayday.acme.example/hook')
  sandbox.registerHook({ contentType: 'form', insecureSsl: '1', secret: false })
  const { exit, err } = await doctor()
  expect(exit).toBe(1)
  const page = 'https://github.com/organizations/acme/settings/apps/mayday'
  expect(err).toEqual([
    `✗ webhook: https://mayday.acme.example/hook does not end in /api/github/webhooks → correct it, unless your proxy forwards that address: ${page}`,
    `✗ webhook: no secret, so that Mayday refuses every call → enter the first of WEBHOOK_SECRET: ${page}`,
    `✗ webhook: the content type is not application/json → choose application/json: ${page}`,
    `✗ webhook: certificates are not checked → enable SSL verification, or anybody on the way reads along: ${page}`,
  ])
})

test('names what is not granted, what is lost by it, and where it is granted', async () => {
  const installation = sandbox.installations.of()
  const { permissions } = installation
  const { checks: _, ...less } = permissions
  sandbox.installations.grant({ ...less, actions: 'read' })
  sandbox.setWebhookUrl(ADDRESS)
  const { exit, err } = await doctor()
  sandbox.setWebhookUrl(null)
  sandbox.installations.grant(permissions)
  expect(exit).toBe(1)
  expect(err).toEqual([
    expect.stringMatching(
      /^✗ acme: not granted: checks: write \(without it goes .*\); actions: write \(without it goes \/deploy and \/rollback\) → accept the request at https:\/\/github.com\/organizations\/acme\/settings\/installations\/\d+$/,
    ),
  ])
})

test.each([
  [
    'severties: {}\n',
    /^✗ acme\/search\/\.github\/mayday\.yml: `severties` is no key; did you mean `severities`\?.* → correct it on the default branch/,
  ],
  [
    'board: { number: 99 }\n',
    /^✗ acme: the board 99 cannot be used: no such board → correct `board` in the configuration, or set it to/,
  ],
])('names what does not hold in %j', async (text, line) => {
  const push = (content: string) =>
    sandbox.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': content } })
  push(text)
  sandbox.setWebhookUrl(ADDRESS)
  const { err } = await doctor()
  expect(err).toEqual([expect.stringMatching(line)])
  sandbox.setWebhookUrl(null)
  push('')
})

test('tells deliveries that did not arrive by what they ended with', async () => {
  sandbox.setWebhookUrl(`${sandbox.url}/api/github/webhooks`)
  sandbox.as('ada').openIssue({ title: 'Unheard' })
  await sandbox.settle()
  const { err } = await doctor()
  expect(err.at(-1)).toMatch(
    /^✗ deliveries: 0 of the last 1 within a day arrived; the last of 1 failure ended with 404 → the address leads elsewhere: it must end in \/api\/github\/webhooks \(https:.*\/advanced lists them/,
  )
})

test.each([
  [
    { ALERT_TOKENS: 'generic:globex=abc' },
    0,
    /^✗ ALERT_TOKENS: generic has a token for globex, where the app is not/,
  ],
  [{}, 90_000, /^✗ clock: (89|90|91) s ahead of GitHub's → set the clock/],
  [{ PORT: 'x' }, 0, /^✗ environment: PORT is wrong: .* → correct this variable/],
  [{ GHE_HOST: 'localhost:9' }, 0, /^✗ GitHub: no answer from http:\/\/localhost:9\/api\/v3/],
  [{ APP_ID: '1' }, 0, /^✗ credentials: GitHub does not accept the private key of app 1 → check APP_ID/],
  [
    { APP_ID: '', PRIVATE_KEY: '', WEBHOOK_SECRET: '' },
    0,
    /^✗ credentials: none .* → run npm start and open/,
  ],
  [
    { DATABASE_URL: 'postgres://x@127.0.0.1:9/x' },
    0,
    /^✗ database: cannot be opened: .* → check DATABASE_URL/,
  ],
])('%o and a clock of %i: wrong', async (more, clock, line) => {
  sandbox.setWebhookUrl(ADDRESS)
  const { exit, err } = await doctor(more, clock)
  expect(exit).toBe(1)
  expect(err).toContainEqual(expect.stringMatching(line))
})

onPgliteAtLeast('the database', (open, place) => {
  test('is of this version, or of an older or newer one', async () => {
    const database = await open()
    const [row] = await database.query<{ version: number }>(
      'select max(version) as version from mayday.migrations',
    )
    await database.close()
    const healthy = await said(['doctor'], { ...variables(), ...at(place) })
    expect(healthy.out.find((line) => /database/.test(line))).toMatch(
      new RegExp(`^✓ database: (PGlite|PostgreSQL), \\d+ MB, schema ${row?.version}$`),
    )
    const newer = await open()
    await newer.query(`insert into mayday.migrations values (999, '999-later.sql', $1)`, [new Date(0)])
    await newer.close()
    const refused = await said(['doctor'], { ...variables(), ...at(place) })
    expect(refused.exit).toBe(1)
    expect(refused.err).toContainEqual(expect.stringContaining('schema 999 of a newer Mayday'))
  })
})

onPostgres('a server', (open, place) => {
  test('is asked whether it vacuums', async () => {
    const database = await open()
    const [row] = await database.query<{ is: string }>("select current_setting('autovacuum') as is")
    await database.close()
    const { exit, out, err } = await said(['doctor'], { ...variables(), ...at(place) })
    if (row?.is === 'on') return expect(out).toContain('✓ vacuum: autovacuum is on')
    expect(err).toContainEqual(expect.stringMatching(/^✗ vacuum: autovacuum is off .* → ALTER SYSTEM SET/))
    expect(exit).toBe(1)
  })
})

onPglite('the database of a running Mayday', (_open, place) => {
  test('is left alone', async () => {
    const database = await openDatabase({ ...place, log: silent })
    try {
      sandbox.setWebhookUrl(ADDRESS)
      const { out } = await said(['doctor'], { ...variables(), ...at(place) })
      expect(out).toContainEqual(
        '– database: a running Mayday holds it, so that what is in it is not checked',
      )
    } finally {
      await database.close()
    }
  })
})

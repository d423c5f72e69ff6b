// The start matrix: which environments serve, which open the set-up page, and the one line that stops all others.
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readCredentials, writeCredentials } from '../../src/config/credentials.ts'
import { type EnvVariables, readEnvironment, WrongEnvironment } from '../../src/config/env.ts'
import { privateKey as pkcs1 } from '../door.ts'

const elliptic = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey
const SECRET = 's'.repeat(32)

const scratch = mkdtempSync(join(tmpdir(), 'mayday-env-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let DATA_DIR: string
beforeEach(() => {
  DATA_DIR = mkdtempSync(join(scratch, 'data-'))
})

const complete = () => ({ APP_ID: '12345', PRIVATE_KEY: pkcs1, WEBHOOK_SECRET: SECRET, DATA_DIR })

function complaint(variables: EnvVariables): string {
  try {
    readEnvironment(variables)
  } catch (error) {
    if (error instanceof WrongEnvironment) return error.message
    throw error
  }
  return 'nothing to complain about'
}

describe('the mode', () => {
  test('with nothing at all is set-up, with the documented defaults', () => {
    expect(readEnvironment({})).toMatchObject({
      mode: 'setup',
      settings: {
        port: 3000,
        host: 'localhost',
        github: { baseUrl: 'https://api.github.com', webUrl: 'https://github.com' },
        databaseUrl: undefined,
        dataDir: join(process.cwd(), 'data'),
        channelsFile: undefined,
        alertTokens: [],
        metricsToken: undefined,
        sweepEvery: 300_000,
        allowPrivateNetwork: false,
        logLevel: 'info',
        logFormat: 'json',
      },
    })
  })

  test('empty variables count as not given', () => {
    const environment = readEnvironment({
      DATA_DIR,
      APP_ID: '',
      PRIVATE_KEY: '',
      WEBHOOK_SECRET: '',
      PORT: '',
    })
    expect(environment).toMatchObject({ mode: 'setup', settings: { port: 3000 } })
  })

  test('with all credentials is serving', () => {
    expect(readEnvironment(complete())).toMatchObject({
      mode: 'serve',
      credentials: { appId: 12345, webhookSecrets: [SECRET] },
    })
  })

  test('with what the set-up page kept is serving; the environment goes before it', () => {
    writeCredentials(DATA_DIR, { appId: 7, privateKey: pkcs1, webhookSecrets: [SECRET] })
    expect(readEnvironment({ DATA_DIR })).toMatchObject({ mode: 'serve', credentials: { appId: 7 } })
    expect(readEnvironment(complete())).toMatchObject({ mode: 'serve', credentials: { appId: 12345 } })
  })

  test.each([
    ['APP_ID'],
    ['PRIVATE_KEY'],
    ['WEBHOOK_SECRET'],
  ])('without %s alone is a mistake, also where credentials are kept', (missing) => {
    writeCredentials(DATA_DIR, { appId: 7, privateKey: pkcs1, webhookSecrets: [SECRET] })
    const message = complaint({ ...complete(), [missing]: undefined })
    expect(message).toMatch(new RegExp(`^${missing}.* is not given: expected APP_ID, PRIVATE_KEY`))
  })
})

describe('the private key', () => {
  test.each([
    ['as PEM', pkcs1],
    ['in one line', pkcs1.replaceAll('\n', '\\n')],
    ['as base64', Buffer.from(pkcs1).toString('base64')],
  ])('may be given %s', (_how, PRIVATE_KEY) => {
    const environment = readEnvironment({ ...complete(), PRIVATE_KEY })
    expect(environment).toMatchObject({
      credentials: { privateKey: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/) },
    })
  })

  test('may be a file', () => {
    const PRIVATE_KEY_PATH = join(DATA_DIR, 'app.pem')
    writeFileSync(PRIVATE_KEY_PATH, pkcs1)
    expect(readEnvironment({ ...complete(), PRIVATE_KEY: undefined, PRIVATE_KEY_PATH })).toMatchObject({
      mode: 'serve',
    })
    expect(complaint({ ...complete(), PRIVATE_KEY_PATH })).toContain('both given')
  })
})

test.each([
  ['32 characters', SECRET, [SECRET]],
  ['two, the newest first', `${'n'.repeat(40)}, ${SECRET}`, ['n'.repeat(40), SECRET]],
])('the webhook secret may be %s', (_how, WEBHOOK_SECRET, webhookSecrets) => {
  expect(readEnvironment({ ...complete(), WEBHOOK_SECRET })).toMatchObject({
    credentials: { webhookSecrets },
  })
})

test.each([
  [{ GHE_HOST: 'github.com' }, 'https://api.github.com'],
  [{ GHE_HOST: 'git.acme.example' }, 'https://git.acme.example/api/v3'],
  [{ GHE_HOST: 'localhost:3999', GHE_PROTOCOL: 'http' }, 'http://localhost:3999/api/v3'],
])('GitHub at %o is %s', (variables, baseUrl) => {
  expect(readEnvironment({ DATA_DIR, ...variables }).settings.github.baseUrl).toBe(baseUrl)
})

test.each([
  ['10s', 10_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['3d', 259_200_000],
])('SWEEP_EVERY %s is %i ms', (SWEEP_EVERY, every) => {
  expect(readEnvironment({ DATA_DIR, SWEEP_EVERY }).settings.sweepEvery).toBe(every)
})

test('ALERT_TOKENS names a token per source and account', () => {
  const ALERT_TOKENS = 'alertmanager:Acme=s3cret, generic:acme=a=b,generic:acme=second'
  expect(readEnvironment({ DATA_DIR, ALERT_TOKENS }).settings.alertTokens).toEqual([
    { source: 'alertmanager', account: 'acme', token: 's3cret' },
    { source: 'generic', account: 'acme', token: 'a=b' },
    { source: 'generic', account: 'acme', token: 'second' },
  ])
})

describe('a wrong variable stops the start with one line that names it, says what was expected, and keeps secrets', () => {
  test.each([
    [{ APP_ID: 'Iv1.8a61f9b3a7aba766' }, /^APP_ID is wrong: expected the number .*, found "Iv1/],
    [{ APP_ID: '0' }, /^APP_ID is wrong/],
    [{ PRIVATE_KEY: 'hunter2' }, /^PRIVATE_KEY is wrong: expected the RSA private key/],
    [{ PRIVATE_KEY: elliptic }, /^PRIVATE_KEY is wrong: expected the RSA private key/],
    [
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '/nowhere.pem' },
      /^PRIVATE_KEY_PATH is wrong: .* found "\/nowhere/,
    ],
    [{ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '/etc/hostname' }, /^PRIVATE_KEY_PATH is wrong: .* RSA/],
    [{ WEBHOOK_SECRET: 'development' }, /^WEBHOOK_SECRET is wrong: expected at least 32 characters/],
    [{ WEBHOOK_SECRET: 'hunter2'.repeat(4) }, /^WEBHOOK_SECRET is wrong: expected at least 32 characters/],
    [{ WEBHOOK_SECRET: `${SECRET},hunter2` }, /^WEBHOOK_SECRET is wrong: expected at least 32 characters/],
    [{ WEBHOOK_SECRET: `${SECRET},` }, /^WEBHOOK_SECRET is wrong: expected at least 32 characters/],
    [{ PORT: 'http' }, /^PORT is wrong: expected a port number from 0 to 65535, found "http"$/],
    [{ PORT: '65536' }, /^PORT is wrong/],
    [{ PORT: '-1' }, /^PORT is wrong/],
    [{ HOST: 'http://localhost' }, /^HOST is wrong/],
    [{ GHE_HOST: 'https://git.acme.example' }, /^GHE_HOST is wrong: expected a host name/],
    [{ GHE_PROTOCOL: 'ftp' }, /^GHE_PROTOCOL is wrong: expected https or http, found "ftp"$/],
    [
      { DATABASE_URL: 'mysql://u:hunter2@db/x' },
      /^DATABASE_URL is wrong: expected an address such as postgres/,
    ],
    [{ CHANNELS_FILE: '/nowhere.yml' }, /^CHANNELS_FILE is wrong: expected a file that can be read/],
    [{ ALERT_TOKENS: 'nagios:acme=hunter2' }, /^ALERT_TOKENS is wrong: expected source:account=token/],
    [{ ALERT_TOKENS: 'generic:acme=' }, /^ALERT_TOKENS is wrong/],
    [{ ALERT_TOKENS: 'generic=hunter2' }, /^ALERT_TOKENS is wrong/],
    [{ METRICS_TOKEN: 'hunter2 hunter2' }, /^METRICS_TOKEN is wrong: expected a token without spaces$/],
    [
      { SWEEP_EVERY: '9s' },
      /^SWEEP_EVERY is wrong: expected a duration from 10s to 3d, such as 5m, found "9s"$/,
    ],
    [{ SWEEP_EVERY: '300' }, /^SWEEP_EVERY is wrong/],
    [{ SWEEP_EVERY: '4d' }, /^SWEEP_EVERY is wrong/],
    [
      { ALLOW_PRIVATE_NETWORK: 'yes' },
      /^ALLOW_PRIVATE_NETWORK is wrong: expected true or false, found "yes"$/,
    ],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL is wrong: expected one of trace, debug/],
    [{ LOG_FORMAT: 'xml' }, /^LOG_FORMAT is wrong: expected json or pretty/],
  ])('%o', (change: EnvVariables, expected) => {
    const message = complaint({ ...complete(), ...change })
    expect(message).toMatch(expected)
    expect(message).not.toContain('\n')
    expect(message).not.toContain('hunter2')
  })

  test.each([
    '',
    '{}',
    'not json',
    '{"appId":1,"privateKey":"x","webhookSecrets":["short"]}',
  ])('the kept credentials %j', (text) => {
    writeFileSync(join(DATA_DIR, 'credentials'), text, { mode: 0o600 })
    expect(complaint({ DATA_DIR })).toMatch(/^DATA_DIR: .*credentials does not hold credentials/)
  })

  test('kept credentials that cannot be read', () => {
    mkdirSync(join(DATA_DIR, 'credentials'), { mode: 0o700 })
    expect(complaint({ DATA_DIR })).toMatch(/^DATA_DIR: /)
  })
})

test('kept credentials are private, whatever the umask, and are made private again', () => {
  const directory = join(DATA_DIR, 'made')
  const umask = process.umask(0)
  writeCredentials(directory, { appId: 7, privateKey: pkcs1, webhookSecrets: [SECRET] })
  process.umask(umask)
  const file = join(directory, 'credentials')
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
  expect([mode(directory), mode(file)]).toEqual(['700', '600'])
  chmodSync(file, 0o644)
  expect(readCredentials(directory)?.appId).toBe(7)
  expect(mode(file)).toBe('600')
})

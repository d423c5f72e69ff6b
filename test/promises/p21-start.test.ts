// P21: Without a safe secret, a private data directory or a disk that keeps what is written, Mayday does not start.
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onPglite } from '../database/backends.ts'
import { good, start, tidyUp, type Variables } from './program.ts'

const scratch = mkdtempSync(join(tmpdir(), 'mayday-keys-'))
const UNSAFE = new URL('./unsafe-machine.ts', import.meta.url)
afterAll(tidyUp)

describe('a start that cannot go well ends with 1 and one line that says why', { timeout: 60_000 }, () => {
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
      'a database that does not answer',
      { DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/x' },
      /^mayday cannot start: DATABASE_URL: expected a PostgreSQL that answers .*ECONNREFUSED/,
    ],
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

onPglite(
  'a start on an unsafe machine ends with 1 and one line that says why',
  (_open, { dataDir: DATA_DIR }) => {
    test.each<[string, string, RegExp]>([
      [
        'a directory of somebody else',
        'directory',
        /^mayday cannot start: DATA_DIR \(.*\) is open to other users .* chmod 700 /,
      ],
      [
        'a disk that forgets',
        'fsync',
        /^mayday cannot start: .*does not write through to the disk \(fsync self-test failed\)/,
      ],
    ])('%s', async (_what, unsafe, expected) => {
      chmodSync(DATA_DIR, 0o755)
      const { written, ended } = start({ ...good, DATA_DIR, UNSAFE: unsafe }, UNSAFE)
      expect(await ended).toBe(1)
      expect(written.stderr).toMatch(/^[^\n]+\n$/)
      expect(written.stderr).toMatch(expected)
      expect(written.stdout).toBe('')
    })
  },
)

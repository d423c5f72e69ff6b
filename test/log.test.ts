// The log keeps secrets and payloads, whichever field or error they arrive in.
import { expect, test } from 'vitest'
import { createLog } from '../src/log.ts'
import { keptLog } from './door.ts'

test('a line is JSON with a level, a time, fields and a static message', () => {
  const { log, lines } = keptLog()
  log.info({ guid: 'g', count: 2 }, 'A delivery is stored')
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: expect.stringMatching(/Z$/),
    guid: 'g',
    count: 2,
    msg: 'A delivery is stored',
  })
})

test('an error is told by kind, message, code, status, stack and causes, without what it carries', () => {
  const { log, lines } = keptLog()
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'CANARY',
    query: 'CANARY',
  })
  const error = Object.assign(new AggregateError([cause], 'several', { cause }), {
    status: 500,
    params: ['CANARY'],
    event: { payload: 'CANARY' },
    request: { headers: { authorization: 'CANARY' } },
  })
  log.error({ err: error }, 'It failed')
  log.error({ error }, 'It failed')
  for (const line of lines) {
    expect(line).not.toContain('CANARY')
    expect(line).toContain('duplicate key')
    expect(line).toContain('23505')
    expect(line).toContain('"status":500')
  }
  const refused = Object.assign(new Error('CANARY\n    at CANARY'), {
    logged: 'GitHub refused (invalid, 422)',
  })
  log.error({ err: refused }, 'It failed')
  expect(lines.at(-1)).toContain('GitHub refused (invalid, 422)')
  expect(lines.at(-1)).not.toContain('CANARY')
  log.error({ err: 'CANARY' }, 'Something else than an error was thrown')
  expect(lines.at(-1)).not.toContain('CANARY')
})

test.each([
  'payload',
  'body',
  'token',
  'secret',
  'password',
  'privateKey',
  'authorization',
  'query',
  'params',
  'detail',
])('the field %s is hidden at the top and one level down', (name) => {
  const { log, lines } = keptLog()
  log.info({ [name]: 'CANARY', deeper: { [name]: 'CANARY', kept: 'yes' } }, 'Something')
  expect(lines[0]).not.toContain('CANARY')
  expect(lines[0]).toContain('"kept":"yes"')
})

test.each([
  ['an installation token', `ghs_${'a'.repeat(36)}`],
  ['a fine-grained token', `github_pat_${'a'.repeat(30)}`],
  ['a JSON web token', 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NSJ9.c2lnbmF0dXJlLWhlcmU'],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'],
  ['a password in an address', 'hunter2', 'connect to postgres://mayday:hunter2@db:5432/mayday failed'],
  ['a Slack token', 'xoxb-123456789012-abcdef'],
  ["a Slack webhook's path", 'T00/B00/XXXX', 'POST https://hooks.slack.com/services/T00/B00/XXXX failed'],
  ['a configured secret', 'pass "word" with\nodd characters'],
])('%s never appears', (_what, secret, text = `before ${secret} after`) => {
  const lines: string[] = []
  const to = { write: (line: string) => void lines.push(line) }
  for (const format of ['json', 'pretty'] as const) {
    const log = createLog({ level: 'info', format, to, secrets: ['pass "word" with\nodd characters'] })
    log.info({ text, list: [text] }, text)
    log.error({ err: new Error(text) }, 'It failed')
  }
  expect(lines.length).toBeGreaterThanOrEqual(4)
  const escaped = JSON.stringify(secret).slice(1, -1)
  for (const line of lines) {
    expect(line).not.toContain(secret)
    expect(line).not.toContain(escaped)
    expect(line).toContain('[hidden]')
  }
})

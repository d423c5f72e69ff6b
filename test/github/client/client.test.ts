// The client: what it counts, and what each failure of GitHub becomes.
import { once } from 'node:events'
import { createServer } from 'node:http'
import nock from 'nock'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createGitHub } from '../../../src/github/client/client.ts'
import { Limited, Refused, Unreachable } from '../../../src/github/client/errors.ts'
import { APP_ID, BASE_URL, endStand, PRIVATE_KEY, REPOSITORY, startStand } from '../stand.ts'

afterEach(endStand)

const PATH = '/repos/acme/search'
const TOKEN = {
  token: 'ghs_test',
  expires_at: '2099-01-01T00:00:00Z',
  permissions: {},
  repository_selection: 'all',
}
const OPTIONS = {
  appId: APP_ID,
  privateKey: PRIVATE_KEY,
  takeToken: async () => ({ ok: true }) as const,
  log: { warn: () => {} },
  userAgent: 'mayday-test',
  now: Date.now,
}

async function failureOf(reply: {
  status: number
  body?: unknown
  headers?: Record<string, string>
}): Promise<unknown> {
  const stand = startStand()
  stand.on(`GET ${PATH}`, reply)
  return stand.github.rest.repos.get(REPOSITORY).catch((error: unknown) => error)
}

async function graphqlFailureOf(errors: object[], headers: Record<string, string> = {}): Promise<unknown> {
  const stand = startStand()
  stand.onGraphql('Test', { data: null, errors, headers })
  return stand.github.graphql('query Test($a: Int) { rateLimit { cost } }').catch((error: unknown) => error)
}

describe('failures', () => {
  test.each([500, 502, 503])('%i is unreachable', async (status) => {
    expect(await failureOf({ status })).toBeInstanceOf(Unreachable)
  })

  test('a broken connection is unreachable', async () => {
    const stand = startStand()
    stand.on(`GET ${PATH}`, { lost: true })
    await expect(stand.github.rest.repos.get(REPOSITORY)).rejects.toBeInstanceOf(Unreachable)
  })

  test.each(['hangs', 'is cut in the middle'])('an answer that %s is unreachable', async (how) => {
    nock.enableNetConnect('127.0.0.1')
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json')
      if (request.url?.endsWith('/access_tokens')) return response.end(JSON.stringify(TOKEN))
      if (how === 'hangs') return
      response.setHeader('content-length', '1000')
      response.write('{"id": 1, ', () => response.destroy())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { rest } = createGitHub({
      ...OPTIONS,
      baseUrl: `http://127.0.0.1:${port}`,
      timeoutMs: 200,
    }).installation(7)
    await expect(rest.repos.get(REPOSITORY)).rejects.toBeInstanceOf(Unreachable)
    server.closeAllConnections()
    server.close()
  })

  test('after a limit nothing is sent before its time, and nothing of another installation waits', async () => {
    const stand = startStand()
    nock(BASE_URL).get(PATH).reply(429, {}, { 'retry-after': '60' })
    const limited = expect.objectContaining({ by: 'github', afterSeconds: 60 })
    await expect(stand.github.rest.repos.get(REPOSITORY)).rejects.toEqual(limited)
    // Sent, it would be refused as not described.
    await expect(stand.github.rest.repos.get(REPOSITORY)).rejects.toEqual(limited)
    await expect(stand.gitHub.installation(7, true).rest.repos.get(REPOSITORY)).rejects.toEqual(limited)
    expect(stand.gitHub.isUp()).toBe(true)
    await expect(stand.gitHub.installation(8).rest.repos.get(REPOSITORY)).rejects.toBeInstanceOf(Unreachable)
    expect(stand.gitHub.isUp()).toBe(false)
  })

  test('an answer that is no whole JSON is unreachable', async () => {
    const stand = startStand()
    nock(BASE_URL).get(PATH).reply(200, '{"id": 1, "na', { 'content-type': 'application/json' })
    await expect(stand.github.rest.repos.get(REPOSITORY)).rejects.toBeInstanceOf(Unreachable)
  })

  test.each([
    ['retry-after', { status: 403, headers: { 'retry-after': '17' } }, 17],
    ['429', { status: 429, headers: { 'retry-after': '5' } }, 5],
    ['429 that does not say', { status: 429 }, 60],
    ['secondary', { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } }, 60],
    [
      'too quickly',
      {
        status: 422,
        body: { message: 'Validation Failed', errors: [{ message: 'was submitted too quickly' }] },
      },
      60,
    ],
  ])('limit: %s', async (_name, reply, afterSeconds) => {
    const error = await failureOf(reply)
    expect(error).toBeInstanceOf(Limited)
    expect(error).toMatchObject({ afterSeconds, by: 'github' })
  })

  test("a primary limit is measured by GitHub's clock, not ours", async () => {
    const headers = {
      date: 'Fri, 20 Nov 2020 10:00:00 GMT',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2020-11-20T10:20:00Z') / 1000),
    }
    expect(await failureOf({ status: 403, headers })).toMatchObject({ name: 'Limited', afterSeconds: 1200 })
  })

  test.each([
    [404, 'Not Found', 'missing'],
    [410, 'This issue was deleted', 'missing'],
    [410, 'Issues are disabled for this repo', 'disabled'],
    [403, 'Resource not accessible by integration', 'forbidden'],
    [403, 'Repository was archived so is read-only.', 'archived'],
    [403, 'This installation has been suspended', 'suspended'],
    [409, 'Conflict', 'conflict'],
    [422, 'Validation Failed', 'invalid'],
  ])('%i %s is refused as %s', async (status, message, kind) => {
    const headers = { 'x-accepted-github-permissions': 'issues=write' }
    const error = await failureOf({ status, body: { message }, headers })
    expect(error).toBeInstanceOf(Refused)
    expect(error).toMatchObject({ kind, status, message, acceptedPermissions: 'issues=write' })
  })

  test('a refusal carries what was wrong, and neither token nor body', async () => {
    const stand = startStand()
    const body = {
      message: 'Validation Failed',
      errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }],
    }
    stand.on(`POST ${PATH}/issues`, { status: 422, body })
    const error = await stand.github.rest.issues
      .create({ ...REPOSITORY, title: 'secret-title' })
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ errors: ['Issue title missing_field'] })
    expect(`${JSON.stringify(error)} ${String(error)} ${Object.values(error ?? {})}`).not.toMatch(
      /secret-title|ghs_test/,
    )
  })

  test.each([
    [401, 'Bad credentials', Unreachable],
    [403, 'This installation has been suspended', Refused],
    [404, 'Not Found', Refused],
  ])('no token: %i', async (status, message, kind) => {
    const stand = startStand()
    nock.cleanAll()
    nock(BASE_URL).post('/app/installations/7/access_tokens').reply(status, { message })
    const error = await stand.github.rest.repos.get(REPOSITORY).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(kind)
    // Never `missing`: that would read as "the thing is not there".
    if (error instanceof Refused) expect(error.kind).toBe(status === 403 ? 'suspended' : 'uninstalled')
  })

  test.each([
    ['NOT_FOUND', 'Could not resolve to a node', 'missing'],
    ['FORBIDDEN', 'Resource not accessible by integration', 'forbidden'],
    ['UNPROCESSABLE', 'Name has already been taken', 'invalid'],
    ['STALE_DATA', 'Expected branch to point to', 'conflict'],
  ])('GraphQL %s', async (type, message, kind) => {
    expect(await graphqlFailureOf([{ type, message }])).toMatchObject({ name: 'Refused', kind, message })
  })

  test('GraphQL: limited, unknown to the schema, not executed', async () => {
    const limited = await graphqlFailureOf([{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }], {
      'retry-after': '9',
    })
    expect(limited).toMatchObject({ name: 'Limited', afterSeconds: 9 })
    const unknown = {
      message: "Field 'subIssues' doesn't exist on type 'Issue'",
      extensions: { code: 'undefinedField' },
    }
    expect(await graphqlFailureOf([unknown])).toMatchObject({ kind: 'unoffered' })
    const broken = { message: 'Something went wrong while executing your query.' }
    expect(await graphqlFailureOf([broken])).toBeInstanceOf(Unreachable)
  })
})

describe('the bucket', () => {
  test('is asked for writes and content, not for reads or tokens', async () => {
    const stand = startStand()
    stand.on(`GET ${PATH}`)
    stand.on(`POST ${PATH}/issues`, { status: 201 })
    stand.on(`PATCH ${PATH}/issues/1`)
    stand.on(`POST ${PATH}/issues/1/labels`)
    stand.onGraphql('Read', { data: {} })
    stand.onGraphql('Write', { data: {} })
    stand.onGraphql('Make', { data: {} })
    const { rest, graphql } = stand.github
    await rest.repos.get(REPOSITORY)
    await rest.issues.create({ ...REPOSITORY, title: 'x' })
    await rest.issues.update({ ...REPOSITORY, issue_number: 1, title: 'x' })
    await rest.issues.addLabels({ ...REPOSITORY, issue_number: 1, labels: ['x'] })
    await graphql('query Read($a: Int) { rateLimit { cost } }')
    await graphql('mutation Write($a: Int) { x }')
    await graphql('mutation Make($a: Int) { x }', { request: { kind: 'create' } })
    expect(stand.taken).toEqual(['create', 'write', 'write', 'write', 'create'])
  })

  test('holds a call back before it is sent', async () => {
    const stand = startStand({ ok: false, afterSeconds: 3 })
    const error = await stand.github.rest.issues
      .create({ ...REPOSITORY, title: 'x' })
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'Limited', by: 'bucket', afterSeconds: 3 })
    expect(stand.sent).toEqual([])
  })
})

test('one token serves many calls, and the version is pinned', async () => {
  const stand = startStand()
  nock.cleanAll()
  const mint = nock(BASE_URL).post('/app/installations/7/access_tokens').once().reply(201, TOKEN)
  nock(BASE_URL, {
    reqheaders: {
      authorization: 'token ghs_test',
      'x-github-api-version': '2022-11-28',
      'user-agent': /mayday-test/,
    },
  })
    .get(PATH)
    .times(2)
    .reply(200, {})
  await stand.github.rest.repos.get(REPOSITORY)
  await stand.github.rest.repos.get(REPOSITORY)
  expect(mint.isDone()).toBe(true)
})

test('a token that GitHub no longer accepts is not kept', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const stand = startStand()
  stand.on(`GET ${PATH}`)
  await stand.github.rest.repos.get(REPOSITORY)
  // Octokit itself waits and tries again while a token is younger than five seconds.
  vi.advanceTimersByTime(60_000)
  stand.on(`GET ${PATH}`, { status: 401, body: { message: 'Bad credentials' } })
  await expect(stand.github.rest.repos.get(REPOSITORY)).rejects.toBeInstanceOf(Unreachable)
  nock.cleanAll()
  const mint = nock(BASE_URL).post('/app/installations/7/access_tokens').reply(201, TOKEN)
  nock(BASE_URL).get(PATH).reply(200, {})
  await stand.gitHub.installation(7).rest.repos.get(REPOSITORY)
  expect(mint.isDone()).toBe(true)
  vi.useRealTimers()
})

test('a server of its own is asked for GraphQL beside its REST', async () => {
  startStand()
  const github = createGitHub({ ...OPTIONS, baseUrl: 'http://ghe.example:8080/api/v3' }).installation(7)
  nock('http://ghe.example:8080')
    .post('/api/v3/app/installations/7/access_tokens')
    .reply(201, {
      token: 't',
      expires_at: '2099-01-01T00:00:00Z',
      permissions: {},
      repository_selection: 'all',
    })
    .post('/api/graphql')
    .reply(200, { data: { viewer: { login: 'mayday[bot]' } } })
  expect(await github.graphql('query { viewer { login } }')).toEqual({ viewer: { login: 'mayday[bot]' } })
})

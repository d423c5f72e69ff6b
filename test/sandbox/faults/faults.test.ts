// Faults and limits: failed routes, cut and silent connections, lost answers of calls that were carried out.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appClient, type Client, SECRET } from '../harness.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import type { Issue } from '../world/world.ts'

let sandbox: Sandbox
let octokit: Client
let issue: Issue
let time = Date.parse('2026-11-21T10:00:00Z')
const acme = { owner: 'acme', repo: 'search' }
const COMMENTS = '/repos/{owner}/{repo}/issues/{issue_number}/comments'

beforeEach(async () => {
  time = Date.now()
  sandbox = await startSandbox({ secret: SECRET, now: () => time })
  octokit = await appClient(sandbox)
  issue = sandbox.as('ada').openIssue({ title: 'Down' })
})

afterEach(() => sandbox.stop())

function comment(body = 'text', signal?: AbortSignal): Promise<unknown> {
  const request = signal === undefined ? {} : { request: { signal } }
  return octokit.rest.issues.createComment({ ...acme, issue_number: issue.number, body, ...request })
}

test('a status fault strikes so often and carries nothing out', async () => {
  const fault = sandbox.fault({ kind: 'status', status: 502, route: COMMENTS, method: 'POST', times: 2 })
  await expect(comment()).rejects.toMatchObject({ status: 502 })
  await expect(comment()).rejects.toMatchObject({ status: 502 })
  await comment()
  expect([fault.hits, issue.comments.length]).toEqual([2, 1])
})

test('the answer of a call that was carried out is lost', async () => {
  sandbox.fault({ kind: 'cut-after', route: COMMENTS, times: 1 })
  await expect(comment()).rejects.toThrow()
  expect(issue.comments).toHaveLength(1)
  sandbox.fault({ kind: 'cut-before', route: COMMENTS, times: 1 })
  await expect(comment()).rejects.toThrow()
  expect(issue.comments).toHaveLength(1)
})

test('a silent connection stays silent until the caller gives up', async () => {
  sandbox.fault({ kind: 'hang', route: COMMENTS, times: 1 })
  await expect(comment('text', AbortSignal.timeout(50))).rejects.toThrow(/aborted|timeout/i)
  expect(issue.comments).toHaveLength(0)
})

test('a GraphQL field can fail alone', async () => {
  sandbox.fault({ kind: 'status', status: 503, graphql: 'addComment' })
  const query = `mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "x" }) { subject { id } } }`
  await expect(octokit.graphql(query, { id: issue.nodeId })).rejects.toMatchObject({ status: 503 })
  await octokit.graphql('{ viewer { login } }')
  expect(sandbox.calls.at(-2)).toMatchObject({ operations: ['addComment'], mutates: true, status: 503 })
})

test('limits are told as GitHub tells them', async () => {
  sandbox.fault({ kind: 'secondary-limit', route: COMMENTS, times: 1, retryAfter: 7 })
  await expect(comment()).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'retry-after': '7' } },
  })
  sandbox.fault({ kind: 'primary-limit', route: COMMENTS, times: 1 })
  await expect(comment()).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'x-ratelimit-remaining': '0' } },
  })
})

test('content has a limit a minute, calls one an hour; 304 costs nothing', async () => {
  sandbox.limits({ contentPerMinute: 2 })
  await comment()
  await comment()
  await expect(comment()).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'retry-after': '60' } },
  })
  time += 60_001
  await comment()
  const first = await octokit.rest.repos.get(acme)
  const before = Number(first.headers['x-ratelimit-used'])
  const again = octokit.rest.repos.get({ ...acme, headers: { 'if-none-match': first.headers.etag ?? '' } })
  await expect(again).rejects.toMatchObject({ status: 304 })
  const after = await octokit.rest.repos.get(acme)
  expect(Number(after.headers['x-ratelimit-used'])).toBe(before + 1)
  sandbox.limits({ primary: before + 1 })
  await expect(octokit.rest.repos.get(acme)).rejects.toThrow(/API rate limit exceeded for installation/)
  time += 3_600_000
  sandbox.limits({})
  octokit = await appClient(sandbox)
  await octokit.rest.repos.get(acme)
})

test('every call is in the log with its route', async () => {
  await comment()
  expect(sandbox.calls.at(-1)).toMatchObject({
    method: 'POST',
    route: COMMENTS,
    path: `/repos/acme/search/issues/${issue.number}/comments`,
    status: 201,
    mutates: true,
    installation: sandbox.installations.of().id,
  })
})

test('a page is served beside the API', async () => {
  const page = await fetch(`${sandbox.url}/acme/search/issues/${issue.number}`)
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Down')])
})

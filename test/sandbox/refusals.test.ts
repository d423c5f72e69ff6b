// What GitHub refuses, the sandbox refuses, with the same status and words.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appClient, type Client, SECRET } from './harness.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { PERMISSIONS } from './world/seed.ts'

let sandbox: Sandbox
let octokit: Client

beforeAll(async () => {
  sandbox = await startSandbox({ secret: SECRET })
  octokit = await appClient(sandbox)
  const ada = sandbox.as('ada')
  ada.openIssue({ title: 'One' })
  ada.openIssue({ title: 'Two' })
  ada.push({ branch: 'fix', files: { 'a.txt': 'a' } })
  ada.openPull({ head: 'fix', title: 'Fix' })
  sandbox.addRepository({ name: 'archived' })
  sandbox.archive(sandbox.repository('acme/archived'))
  sandbox.addRepository({ name: 'no-issues' }).hasIssues = false
  sandbox.addAccount({ login: 'tiny', kind: 'Organization', plan: 'free' })
  const tiny = sandbox.addRepository({ owner: 'tiny', name: 'secret', private: true })
  sandbox.installations.install('tiny', { permissions: PERMISSIONS })
  ada.push({ repo: tiny, branch: 'fix', files: { 'a.txt': 'a' } })
})

afterAll(() => sandbox.stop())

async function refusal(
  method: string,
  path: string,
  body?: Record<string, unknown>,
  client = octokit,
): Promise<string> {
  const failure: unknown = await client.request(`${method} ${path}`, body).then(
    (answer) => `${answer.status}`,
    (error: unknown) => error,
  )
  if (typeof failure === 'string') return failure
  if (typeof failure === 'object' && failure !== null && 'status' in failure && 'response' in failure) {
    const response = failure.response
    const told =
      typeof response === 'object' && response !== null && 'data' in response ? response.data : null
    return `${failure.status} ${summary(told)}`
  }
  throw failure
}

/** The message, and the first detail under it. */
function summary(told: unknown): string {
  if (typeof told !== 'object' || told === null || !('message' in told)) return String(told)
  const errors: unknown[] = 'errors' in told && Array.isArray(told.errors) ? told.errors : []
  const [first] = errors
  if (first === undefined) return String(told.message)
  if (typeof first === 'string') return `${told.message}: ${first}`
  const detail = { message: '', field: '', code: '', ...Object(first) }
  return `${told.message}: ${detail.message || `${detail.field} ${detail.code}`}`
}

const at = '/repos/acme/search'
const labels = (count: number): string[] => Array.from({ length: count }, (_, index) => `label-${index}`)

type Case = [method: string, path: string, body: Record<string, unknown> | undefined, expected: string]
const CASES: Case[] = [
  ['GET', '/repos/acme/nowhere', undefined, '404 Not Found'],
  ['GET', `${at}/issues/99`, undefined, '404 Not Found'],
  ['GET', `${at}/no-such-thing`, undefined, '404 Not Found'],
  ['POST', `${at}/issues`, { title: '' }, '422 Validation Failed: title missing_field'],
  [
    'POST',
    `${at}/issues`,
    { title: 'x'.repeat(257) },
    '422 Validation Failed: title is too long (maximum is 256 characters)',
  ],
  [
    'POST',
    `${at}/issues/1/comments`,
    { body: 'x'.repeat(65_537) },
    '422 Validation Failed: body is too long (maximum is 65536 characters)',
  ],
  ['POST', `${at}/issues/1/comments`, { body: 'x'.repeat(65_536) }, '201'],
  ['POST', `${at}/issues/1/comments`, { body: ' ' }, '422 Validation Failed: body missing_field'],
  [
    'POST',
    `${at}/issues/1/labels`,
    { labels: labels(101) },
    '422 Validation Failed: You can only add up to 100 labels to an issue',
  ],
  ['POST', `${at}/issues/1/assignees`, { assignees: labels(11) }, '422 Validation Failed: assignees invalid'],
  ['DELETE', `${at}/issues/1/labels/absent`, undefined, '404 Label does not exist'],
  ['POST', `${at}/labels`, { name: 'bug' }, '422 Validation Failed: name already_exists'],
  ['POST', `${at}/labels`, { name: 'odd', color: '#fff' }, '422 Validation Failed: color invalid'],
  ['POST', `${at}/issues/1/reactions`, { content: 'cheer' }, '422 Validation Failed: content invalid'],
  ['POST', `${at}/issues/1/reactions`, { content: 'eyes' }, '201'],
  ['POST', `${at}/issues/1/reactions`, { content: 'eyes' }, '200'],
  [
    'POST',
    `${at}/pulls`,
    { title: 'x', head: 'absent', base: 'main' },
    '422 Validation Failed: head invalid',
  ],
  ['POST', `${at}/pulls`, { title: 'x', head: 'fix', base: 'absent' }, '422 Validation Failed: base invalid'],
  [
    'POST',
    `${at}/pulls`,
    { title: 'x', head: 'main', base: 'main' },
    '422 Validation Failed: No commits between main and main',
  ],
  [
    'POST',
    `${at}/pulls`,
    { title: 'x', head: 'fix', base: 'main' },
    '422 Validation Failed: A pull request already exists for acme:fix.',
  ],
  [
    'POST',
    '/repos/tiny/secret/pulls',
    { title: 'x', head: 'fix', base: 'main', draft: true },
    '422 Draft pull requests are not supported in this repository.',
  ],
  ['POST', `${at}/git/refs`, { ref: 'refs/heads/fix', sha: 'MAIN' }, '422 Reference already exists'],
  ['POST', `${at}/git/refs`, { ref: 'refs/heads/new', sha: '0'.repeat(40) }, '422 Object does not exist'],
  ['POST', `${at}/git/refs`, { ref: 'heads/new', sha: 'MAIN' }, '422 Reference name is not valid'],
  ['DELETE', `${at}/git/refs/heads/absent`, undefined, '422 Reference does not exist'],
  [
    'PUT',
    `${at}/contents/README.md`,
    { message: 'x', content: '' },
    '422 Invalid request.\n\n"sha" wasn\'t supplied.',
  ],
  [
    'PUT',
    `${at}/contents/README.md`,
    { message: 'x', content: '', sha: '0'.repeat(40) },
    `409 README.md does not match ${'0'.repeat(40)}`,
  ],
  [
    'PUT',
    `${at}/contents/.github/workflows/evil.yml`,
    { message: 'x', content: '' },
    '403 refusing to allow a GitHub App to create or update workflow `.github/workflows/evil.yml` without `workflows` permission',
  ],
  ['GET', `${at}/contents/absent.txt`, undefined, '404 Not Found'],
  ['POST', '/repos/acme/archived/issues', { title: 'x' }, '403 Repository was archived so is read-only.'],
  [
    'POST',
    '/repos/acme/no-issues/issues',
    { title: 'x' },
    '410 Issues has been disabled in this repository.',
  ],
  ['GET', '/repos/acme/no-issues/issues', undefined, '410 Issues has been disabled in this repository.'],
  [
    'POST',
    `${at}/actions/workflows/deploy.yml/dispatches`,
    { ref: 'main', inputs: { surprise: '1' } },
    '422 Unexpected inputs provided: ["surprise"]',
  ],
  [
    'POST',
    `${at}/actions/workflows/deploy.yml/dispatches`,
    { ref: 'main', inputs: { deployment_type: 'wild' } },
    "422 Provided value 'wild' for input 'deployment_type' not in the list of allowed values",
  ],
  [
    'POST',
    `${at}/actions/workflows/deploy.yml/dispatches`,
    { ref: 'absent' },
    '422 No ref found for: absent',
  ],
  ['POST', `${at}/actions/workflows/absent.yml/dispatches`, { ref: 'main' }, '404 Not Found'],
  [
    'POST',
    `${at}/check-runs`,
    { name: 'x', head_sha: '0'.repeat(40) },
    `422 No commit found for SHA: ${'0'.repeat(40)}`,
  ],
  ['POST', `${at}/deployments`, { ref: 'main' }, '403 Resource not accessible by integration'],
  [
    'POST',
    `${at}/pulls/3/requested_reviewers`,
    { reviewers: ['ada'] },
    '422 Review cannot be requested from pull request author.',
  ],
  ['GET', `${at}/collaborators/nobody/permission`, undefined, '404 Not Found'],
]

test.each(CASES)('%s %s %#', async (method, path, body, expected) => {
  const main = sandbox.repository().branches.get('main')
  const filled = body?.sha === 'MAIN' ? { ...body, sha: main } : body
  const client = path.startsWith('/repos/tiny/')
    ? await appClient(sandbox, sandbox.installations.of('tiny').id)
    : octokit
  expect(await refusal(method, path, filled, client)).toBe(expected)
})

test('nobody approves an own pull request, and a blocked merge is refused', async () => {
  const { data: main } = await octokit.rest.git.getRef({ owner: 'acme', repo: 'search', ref: 'heads/main' })
  const mine = { owner: 'acme', repo: 'search' }
  await octokit.rest.git.createRef({ ...mine, ref: 'refs/heads/own', sha: main.object.sha })
  await octokit.rest.repos.createOrUpdateFileContents({
    ...mine,
    branch: 'own',
    path: 'own.txt',
    message: 'Own',
    content: 'b3du',
  })
  const { data: pull } = await octokit.rest.pulls.create({
    ...mine,
    title: 'Own',
    head: 'own',
    base: 'main',
    draft: true,
  })
  const path = `${at}/pulls/${pull.number}`
  expect(await refusal('POST', `${path}/reviews`, { event: 'APPROVE' })).toBe(
    '422 Unprocessable Entity: Can not approve your own pull request',
  )
  expect(await refusal('PUT', `${path}/merge`, {})).toBe('405 Pull Request is still a draft')
  const issue = sandbox.repository().issues.get(pull.number)
  if (issue === undefined) throw new Error('no pull request')
  sandbox.as('ada').ready(issue)
  sandbox.protect(sandbox.repository(), 'main', { requiredApprovals: 1 })
  expect(await refusal('PUT', `${path}/merge`, {})).toMatch(/^405 Repository rule violations found/)
  expect(await refusal('PUT', `${path}/merge`, { sha: main.object.sha })).toMatch(
    /^409 Head branch was modified/,
  )
  sandbox.as('ada').review(issue, 'approve')
  expect(await refusal('PUT', `${path}/merge`, {})).toBe('200')
  sandbox.repository().protection.clear()
})

test('an app without a permission is refused, and told which it needs', async () => {
  const { issues: _, ...rest } = PERMISSIONS
  sandbox.installations.grant({ ...rest, pull_requests: 'read' })
  const narrow = await appClient(sandbox)
  expect(await refusal('POST', `${at}/issues/1/comments`, { body: 'x' }, narrow)).toBe(
    '403 Resource not accessible by integration',
  )
  expect(await refusal('POST', `${at}/issues/3/comments`, { body: 'x' }, narrow)).toBe(
    '403 Resource not accessible by integration',
  )
  const failure = await narrow
    .request(`POST ${at}/issues/1/comments`, { body: 'x' })
    .catch((error: { response: { headers: Record<string, string> } }) => error)
  expect(failure).toMatchObject({
    response: { headers: { 'x-accepted-github-permissions': 'issues=write' } },
  })
  sandbox.installations.grant(PERMISSIONS)
})

test('a private repository is not there for who may not see it', async () => {
  expect(await refusal('GET', '/repos/tiny/secret')).toBe('404 Not Found')
})

test('roles are told as GitHub tells them', async () => {
  const roles: string[] = []
  for (const username of ['dee', 'ada', 'bo', 'eli', 'zoe']) {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({
      owner: 'acme',
      repo: 'search',
      username,
    })
    roles.push(`${username} ${data.permission} ${data.role_name}`)
  }
  expect(roles).toEqual([
    'dee admin admin',
    'ada write write',
    'bo read triage',
    'eli read read',
    'zoe read read',
  ])
})

test('the 101st sub-issue is refused, and so is a second parent', async () => {
  const ada = sandbox.as('ada')
  const parent = ada.openIssue({ title: 'Parent' })
  const path = `${at}/issues/${parent.number}/sub_issues`
  for (let count = 0; count < 100; count += 1) {
    const child = ada.openIssue({ title: `Child ${count}` })
    expect(await refusal('POST', path, { sub_issue_id: child.id })).toBe('201')
  }
  const more = ada.openIssue({ title: 'One more' })
  expect(await refusal('POST', path, { sub_issue_id: more.id })).toMatch(/^422 .*more than 100 sub-issues/)
  const [first] = parent.subIssues
  const other = ada.openIssue({ title: 'Other' })
  const second = `${at}/issues/${other.number}/sub_issues`
  expect(await refusal('POST', second, { sub_issue_id: first?.id })).toMatch(/^422 .*only have one parent/)
  expect(await refusal('POST', second, { sub_issue_id: first?.id, replace_parent: true })).toBe('201')
})

test('a renamed repository and a transferred issue lead on; a deleted issue is gone', async () => {
  const dee = sandbox.as('dee')
  const old = sandbox.addRepository({ name: 'old-name' })
  const issue = sandbox.as('ada').openIssue({ repo: old, title: 'Moves' })
  sandbox.rename(old, 'new-name')
  const { data } = await octokit.request('GET /repos/acme/old-name')
  expect(data.full_name).toBe('acme/new-name')
  const there = dee.transfer(issue, sandbox.repository())
  const moved = await octokit.request(`GET /repos/acme/new-name/issues/${issue.number}`)
  expect(moved.data.number).toBe(there.number)
  dee.deleteIssue(there)
  expect(await refusal('GET', `${at}/issues/${there.number}`)).toBe('410 This issue was deleted')
})

test('all of it was in words that GitHub has', () => {
  expect(sandbox.violations).toEqual([])
})

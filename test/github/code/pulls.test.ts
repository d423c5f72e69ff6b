// Branches, files and pull requests: each made once, with a way round what a server does not offer.
import { afterEach, describe, expect, test } from 'vitest'
import { Limited, Refused, Unreachable } from '../../../src/github/client/errors.ts'
import { addFile, branchHead, ensureBranch } from '../../../src/github/code/branches.ts'
import {
  addLabels,
  ensurePull,
  latestGoodDeployment,
  requestReviewers,
} from '../../../src/github/code/pulls.ts'
import { endStand, ISSUE, REPOSITORY, startStand } from '../stand.ts'

afterEach(endStand)

const BRANCH = 'hotfix/incident-INC-42'
const REF = '/repos/acme/search/git/ref/heads%2Fhotfix%2Fincident-INC-42'
const head = (sha: string) => ({ body: { ref: `refs/heads/${BRANCH}`, object: { sha } } })

describe('branches', () => {
  const wanted = { name: BRANCH, fromSha: 'abc', issueNodeId: 'I_42' }

  test('is made and linked in one call', async () => {
    const stand = startStand()
    stand.on(`GET ${REF}`, { status: 404 })
    stand.onGraphql('CreateLinkedBranch', {
      data: { createLinkedBranch: { linkedBranch: { ref: { target: { oid: 'abc' } } } } },
    })
    expect(await ensureBranch(stand.github, REPOSITORY, wanted)).toEqual({
      sha: 'abc',
      outcome: 'made',
      linked: true,
    })
    stand.check()
  })

  test('one that is there stays as it is', async () => {
    const stand = startStand()
    stand.on(`GET ${REF}`, head('older'))
    expect(await ensureBranch(stand.github, REPOSITORY, wanted)).toEqual({
      sha: 'older',
      outcome: 'found',
      linked: null,
    })
    expect(stand.taken).toEqual([])
  })

  test.each([
    ['nothing made', { data: { createLinkedBranch: { linkedBranch: null } } }],
    ['forbidden', { errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }] }],
    ['unknown', { errors: [{ message: "Field 'createLinkedBranch' doesn't exist on type 'Mutation'" }] }],
  ])('without linked branches (%s) it is made plainly', async (_name, answer) => {
    const stand = startStand()
    stand.on(`GET ${REF}`, { status: 404 })
    stand.onGraphql('CreateLinkedBranch', answer)
    stand.on('POST /repos/acme/search/git/refs', { status: 201 })
    expect(await ensureBranch(stand.github, REPOSITORY, wanted)).toMatchObject({
      outcome: 'made',
      linked: false,
    })
    expect(stand.sent.at(-1)?.body).toEqual({ ref: `refs/heads/${BRANCH}`, sha: 'abc' })
    stand.check()
  })

  test('somebody was faster; a ruleset refuses; the answer is lost', async () => {
    const stand = startStand()
    const unlinked = { data: { createLinkedBranch: null } }
    stand.on(`GET ${REF}`, { status: 404 })
    stand.onGraphql('CreateLinkedBranch', unlinked)
    stand.on('POST /repos/acme/search/git/refs', {
      status: 422,
      body: { message: 'Reference already exists' },
    })
    stand.on(`GET ${REF}`, head('other'))
    expect(await ensureBranch(stand.github, REPOSITORY, wanted)).toMatchObject({
      sha: 'other',
      outcome: 'found',
    })
    stand.on(`GET ${REF}`, { status: 404 })
    stand.onGraphql('CreateLinkedBranch', unlinked)
    const message = 'Repository rule violations found'
    stand.on('POST /repos/acme/search/git/refs', { status: 422, body: { message } })
    await expect(ensureBranch(stand.github, REPOSITORY, wanted)).rejects.toThrow(message)
    stand.on(`GET ${REF}`, { status: 404 })
    stand.on('POST /graphql', { lost: true })
    await expect(ensureBranch(stand.github, REPOSITORY, wanted)).rejects.toBeInstanceOf(Unreachable)
    stand.on(`GET ${REF}`, head('abc'))
    expect(await ensureBranch(stand.github, REPOSITORY, wanted)).toMatchObject({
      sha: 'abc',
      outcome: 'found',
    })
    stand.check()
  })

  test('a failure is not "no such branch"', async () => {
    const stand = startStand()
    stand.on(`GET ${REF}`, { status: 500 })
    await expect(branchHead(stand.github, REPOSITORY, BRANCH)).rejects.toBeInstanceOf(Unreachable)
  })
})

describe('files', () => {
  const FILE = '/repos/acme/search/contents/docs%2Fincidents%2Fa.md'
  const wanted = {
    ...{ branch: BRANCH, head: 'h1', path: 'docs/incidents/a.md' },
    ...{ content: '# Ä\n', message: 'Add the record' },
  }
  const encoded = Buffer.from(wanted.content).toString('base64')

  test('one signed commit, guarded by the head', async () => {
    const stand = startStand()
    stand.onGraphql('CreateCommit', { data: { createCommitOnBranch: { commit: { oid: 'h2' } } } })
    expect(await addFile(stand.github, REPOSITORY, wanted)).toBe('h2')
    expect(stand.sent[0]?.body).toMatchObject({
      variables: {
        input: {
          branch: { repositoryNameWithOwner: 'acme/search', branchName: BRANCH },
          expectedHeadOid: 'h1',
          fileChanges: { additions: [{ path: wanted.path, contents: encoded }] },
        },
      },
    })
    stand.check()
  })

  test('where GraphQL does not commit, REST does', async () => {
    const stand = startStand()
    stand.onGraphql('CreateCommit', {
      errors: [{ message: "Field 'createCommitOnBranch' doesn't exist on type 'Mutation'" }],
    })
    stand.on(`PUT ${FILE}`, { body: { commit: { sha: 'h2' } } })
    expect(await addFile(stand.github, REPOSITORY, wanted)).toBe('h2')
    expect(stand.sent[1]?.body).toMatchObject({ branch: BRANCH, content: encoded })
    stand.check()
  })

  test('a branch that moved meanwhile is a conflict', async () => {
    const stand = startStand()
    stand.onGraphql('CreateCommit', {
      errors: [{ type: 'STALE_DATA', message: 'Expected branch to point to' }],
    })
    await expect(addFile(stand.github, REPOSITORY, wanted)).rejects.toMatchObject({ kind: 'conflict' })
  })
})

describe('pull requests', () => {
  const LIST = '/repos/acme/search/pulls?head=acme%3Ahotfix%2Fincident-INC-42&state=all&per_page=30'
  const wanted = { head: BRANCH, base: 'main', title: 'Hotfix', body: 'Part of #42', draft: true }
  const pull = (change: object = {}) => ({
    id: 1,
    node_id: 'PR_1',
    number: 77,
    html_url: 'u',
    state: 'open',
    draft: true,
    title: 'Hotfix',
    body: null,
    labels: [{ name: 'hotfix' }],
    user: { login: 'mayday[bot]' },
    head: { sha: 'h1', ref: BRANCH, repo: { id: 1 } },
    base: { ref: 'main', repo: { id: 1 } },
    merged_at: null,
    ...change,
  })

  test('is made as a draft', async () => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [] })
    stand.on('POST /repos/acme/search/pulls', { status: 201, body: pull() })
    const made = await ensurePull(stand.github, REPOSITORY, wanted)
    expect(made).toMatchObject({ outcome: 'made', pull: { number: 77, headSha: 'h1', sameRepository: true } })
    expect(stand.taken).toEqual(['create'])
    stand.check()
  })

  test('where drafts are not offered, plainly', async () => {
    const stand = startStand()
    const message = 'Draft pull requests are not supported in this repository.'
    stand.on(`GET ${LIST}`, { body: [] })
    stand.on('POST /repos/acme/search/pulls', { status: 422, body: { message } })
    stand.on(`GET ${LIST}`, { body: [] })
    stand.on('POST /repos/acme/search/pulls', { status: 201, body: pull({ draft: false }) })
    expect(await ensurePull(stand.github, REPOSITORY, wanted)).toMatchObject({ pull: { draft: false } })
    expect(stand.sent.at(-1)?.body).toMatchObject({ draft: false })
    stand.check()
  })

  test('an open one is taken, one of a fork or of another branch is not', async () => {
    const stand = startStand()
    const fork = pull({ number: 1, head: { sha: 'x', ref: BRANCH, repo: { id: 2 } } })
    const other = pull({ number: 2, head: { sha: 'x', ref: 'other', repo: { id: 1 } } })
    stand.on(`GET ${LIST}`, { body: [fork, other, pull({ user: { login: 'ada' } })] })
    const found = await ensurePull(stand.github, REPOSITORY, wanted)
    expect(found).toMatchObject({ outcome: 'found', pull: { number: 77, author: 'ada' } })
  })

  test('a closed one stands while its branch holds nothing new', async () => {
    const stand = startStand()
    const closed = pull({ state: 'closed', merged_at: '2026-11-20T10:00:00Z' })
    stand.on(`GET ${LIST}`, { body: [closed] })
    stand.on(`GET ${REF}`, head('h1'))
    expect(await ensurePull(stand.github, REPOSITORY, wanted)).toMatchObject({ outcome: 'found' })
    stand.on(`GET ${LIST}`, { body: [closed] })
    stand.on(`GET ${REF}`, head('h2'))
    stand.on('POST /repos/acme/search/pulls', { status: 201, body: pull({ number: 78 }) })
    expect(await ensurePull(stand.github, REPOSITORY, wanted)).toMatchObject({
      outcome: 'made',
      pull: { number: 78 },
    })
    stand.check()
  })

  test('the answer is lost: the second try finds it; somebody was faster: found as well', async () => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [] })
    stand.on('POST /repos/acme/search/pulls', { lost: true })
    await expect(ensurePull(stand.github, REPOSITORY, wanted)).rejects.toBeInstanceOf(Unreachable)
    stand.on(`GET ${LIST}`, { body: [pull()] })
    expect(await ensurePull(stand.github, REPOSITORY, wanted)).toMatchObject({ outcome: 'found' })
    stand.on(`GET ${LIST}`, { body: [] })
    const errors = [{ message: 'A pull request already exists for acme:hotfix.' }]
    stand.on('POST /repos/acme/search/pulls', { status: 422, body: { message: 'Validation Failed', errors } })
    stand.on(`GET ${LIST}`, { body: [pull()] })
    expect(await ensurePull(stand.github, REPOSITORY, wanted)).toMatchObject({ outcome: 'found' })
    stand.check()
  })

  test.each([
    [422, 'No commits between main and x', Refused],
    [403, 'secondary rate limit', Limited],
    [503, '', Unreachable],
  ])('%i %s is passed on', async (status, message, kind) => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [] })
    const body = { message: 'Validation Failed', errors: [{ message }] }
    stand.on('POST /repos/acme/search/pulls', { status, body: status === 422 ? body : { message } })
    await expect(ensurePull(stand.github, REPOSITORY, wanted)).rejects.toBeInstanceOf(kind)
  })

  test('labels that are missing', async () => {
    const stand = startStand()
    stand.on('POST /repos/acme/search/issues/42/labels')
    const labels = ['hotfix', 'urgent']
    expect(await addLabels(stand.github, ISSUE, { labels, present: ['Hotfix'] })).toEqual(['urgent'])
    expect(await addLabels(stand.github, ISSUE, { labels, present: labels })).toEqual([])
    stand.check()
  })
})

describe('reviewers', () => {
  const PATH = '/repos/acme/search/pulls/42/requested_reviewers'
  const refused = { status: 422, body: { message: 'Reviews may only be requested from collaborators.' } }

  test('all at once, but for those who are asked already', async () => {
    const stand = startStand()
    stand.on(`GET ${PATH}`, { body: { users: [{ login: 'Ada' }], teams: [] } })
    stand.on(`POST ${PATH}`, { status: 201 })
    const outcome = await requestReviewers(stand.github, ISSUE, { users: ['ada', 'bo'], teams: ['core'] })
    expect(outcome).toEqual({ requested: ['bo', 'core'], dropped: [] })
    expect(stand.sent[1]?.body).toEqual({ reviewers: ['bo'], team_reviewers: ['core'] })
    stand.check()
  })

  test('who cannot be asked is dropped', async () => {
    const stand = startStand()
    stand.on(`GET ${PATH}`, { body: { users: [], teams: [] } })
    stand.on(`POST ${PATH}`, refused)
    stand.on(`POST ${PATH}`, { status: 201 })
    stand.on(`POST ${PATH}`, refused)
    const outcome = await requestReviewers(stand.github, ISSUE, { users: ['bo'], teams: ['core'] })
    expect(outcome).toEqual({ requested: ['bo'], dropped: ['core'] })
    stand.on(`GET ${PATH}`, { body: { users: [], teams: [] } })
    stand.on(`POST ${PATH}`, refused)
    expect(await requestReviewers(stand.github, ISSUE, { users: ['me'], teams: [] })).toEqual({
      requested: [],
      dropped: ['me'],
    })
    stand.check()
  })

  test('a failure drops nobody', async () => {
    const stand = startStand()
    stand.on(`GET ${PATH}`, { body: { users: [], teams: [] } })
    stand.on(`POST ${PATH}`, { status: 502 })
    const asking = requestReviewers(stand.github, ISSUE, { users: ['bo'], teams: [] })
    await expect(asking).rejects.toBeInstanceOf(Unreachable)
  })
})

describe('the latest good deployment', () => {
  const nodes = [
    { commitOid: 'c3', createdAt: '2026-11-20T10:00:00Z', latestStatus: { state: 'FAILURE' } },
    { commitOid: 'c2', createdAt: '2026-11-19T10:00:00Z', latestStatus: null },
    { commitOid: 'c1', createdAt: '2026-11-18T10:00:00Z', latestStatus: { state: 'SUCCESS' } },
  ]

  test('is the newest success; there may be none, or none that we may see', async () => {
    const stand = startStand()
    stand.onGraphql('LatestDeployments', { data: { repository: { deployments: { nodes } } } })
    stand.onGraphql('LatestDeployments', { data: { repository: { deployments: { nodes: [] } } } })
    stand.onGraphql('LatestDeployments', {
      errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible' }],
    })
    stand.onGraphql('LatestDeployments', {
      errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }],
    })
    const latest = () => latestGoodDeployment(stand.github, REPOSITORY, 'production')
    expect(await latest()).toEqual({ sha: 'c1', at: Date.parse('2026-11-18T10:00:00Z') })
    expect(await latest()).toBeNull()
    expect(await latest()).toBeNull()
    await expect(latest()).rejects.toBeInstanceOf(Limited)
    stand.check()
  })
})

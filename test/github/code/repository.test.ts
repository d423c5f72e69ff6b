// What we read of a repository, and the labels and checks that we put into it.
import { afterEach, describe, expect, test } from 'vitest'
import { hasOneWriter, permissionOf } from '../../../src/github/app/permissions.ts'
import { Limited, Refused, Unreachable } from '../../../src/github/client/errors.ts'
import { putCheck } from '../../../src/github/code/checks.ts'
import { getRepository, readFile } from '../../../src/github/code/contents.ts'
import { ensureLabels } from '../../../src/github/issues/labels.ts'
import { endStand, REPOSITORY, startStand } from '../stand.ts'

afterEach(endStand)

describe('permission', () => {
  const PATH = '/repos/acme/search/collaborators/ada/permission'

  test.each([
    [{ permission: 'admin', role_name: 'admin' }, 'admin'],
    [{ permission: 'write', role_name: 'maintain' }, 'maintain'],
    [{ permission: 'read', role_name: 'triage' }, 'triage'],
    [{ permission: 'write', role_name: 'release-manager' }, 'write'],
    [{ permission: 'read', role_name: 'read' }, 'read'],
    [{ permission: 'none', role_name: 'none' }, 'none'],
    [{ permission: 'none', role_name: '' }, 'none'],
  ])('%o is %s', async (body, permission) => {
    const stand = startStand()
    stand.on(`GET ${PATH}`, { body })
    expect(await permissionOf(stand.github, REPOSITORY, 'ada')).toBe(permission)
    stand.check()
  })

  test('unknown people have none; an answer that does not come is no answer', async () => {
    const stand = startStand()
    stand.on(`GET ${PATH}`, { status: 404 })
    expect(await permissionOf(stand.github, REPOSITORY, 'ada')).toBe('none')
    for (const [status, kind] of [
      [500, Unreachable],
      [403, Refused],
      [429, Limited],
    ] as const) {
      stand.on(`GET ${PATH}`, { status })
      await expect(permissionOf(stand.github, REPOSITORY, 'ada')).rejects.toBeInstanceOf(kind)
    }
  })
})

describe('writers', () => {
  const PATH = '/repos/acme/search/collaborators?permission=push&per_page=2'
  const person = (login: string) => ({ login, role_name: 'write' })

  test.each([
    [[person('ada')], true],
    [[person('ada'), person('bo')], false],
  ])('%#: one, or more', async (body, alone) => {
    const stand = startStand()
    stand.on(`GET ${PATH}`, { body })
    expect(await hasOneWriter(stand.github, REPOSITORY)).toBe(alone)
    stand.check()
  })

  test('where GitHub does not say, two are needed; where it does not answer, the job waits', async () => {
    const stand = startStand()
    stand.on(`GET ${PATH}`, { status: 403 })
    expect(await hasOneWriter(stand.github, REPOSITORY)).toBe(false)
    stand.on(`GET ${PATH}`, { status: 500 })
    await expect(hasOneWriter(stand.github, REPOSITORY)).rejects.toBeInstanceOf(Unreachable)
  })
})

describe('files', () => {
  const FILE = '/repos/acme/search/contents/.github%2Fmayday.yml'
  const read = (stand: ReturnType<typeof startStand>) =>
    readFile(stand.github, REPOSITORY, { path: '.github/mayday.yml' })

  test('found, missing, too big, a folder', async () => {
    const stand = startStand()
    const content = Buffer.from('label: störung\n').toString('base64')
    stand.on(`GET ${FILE}`, { body: { type: 'file', encoding: 'base64', content, sha: 'b1' } })
    stand.on(`GET ${FILE}`, { status: 404 })
    stand.on(`GET ${FILE}`, { body: { type: 'file', encoding: 'none', content: '', sha: 'b1' } })
    stand.on(`GET ${FILE}`, { body: [] })
    stand.on(`GET ${FILE}`, { body: { type: 'submodule' } })
    expect(await read(stand)).toEqual({ kind: 'found', text: 'label: störung\n', sha: 'b1' })
    expect(await read(stand)).toEqual({ kind: 'missing' })
    expect(await read(stand)).toEqual({ kind: 'unreadable', why: 'too big' })
    expect(await read(stand)).toEqual({ kind: 'unreadable', why: 'no file' })
    expect(await read(stand)).toEqual({ kind: 'unreadable', why: 'no file' })
    stand.check()
  })

  test('a failure is not "missing"', async () => {
    const stand = startStand()
    stand.on(`GET ${FILE}`, { status: 403, body: { message: 'Resource not accessible by integration' } })
    await expect(read(stand)).rejects.toMatchObject({ kind: 'forbidden' })
  })
})

test('the facts of a repository', async () => {
  const stand = startStand()
  const body = {
    id: 1,
    node_id: 'R_1',
    name: 'search',
    owner: { login: 'acme', type: 'Organization' },
    private: true,
    archived: false,
    has_issues: true,
    default_branch: 'main',
  }
  stand.on('GET /repos/acme/search', { body })
  stand.on('GET /repos/acme/search', { status: 404 })
  expect(await getRepository(stand.github, REPOSITORY)).toMatchObject({
    nodeId: 'R_1',
    ownerType: 'Organization',
    defaultBranch: 'main',
  })
  expect(await getRepository(stand.github, REPOSITORY)).toBeNull()
})

describe('labels', () => {
  const PATH = '/repos/acme/search/labels'
  const LABELS = [
    { name: 'incident', color: 'b60205', description: 'An incident' },
    { name: 'sev:P0', color: 'd93f0b', description: 'Critical' },
  ]

  test('only the missing are made, those of people stay as they are', async () => {
    const stand = startStand()
    const next = { link: `<https://api.github.com${PATH}?per_page=100&page=2>; rel="next"` }
    stand.on(`GET ${PATH}?per_page=100`, { body: [{ name: 'Incident', color: '000000' }], headers: next })
    stand.on(`GET ${PATH}?per_page=100&page=2`, { body: [{ name: 'bug' }] })
    stand.on(`POST ${PATH}`, { status: 201 })
    expect(await ensureLabels(stand.github, REPOSITORY, LABELS)).toEqual(['sev:P0'])
    expect(stand.sent[2]?.body).toEqual(LABELS[1])
    stand.check()
  })

  test('somebody was faster: no failure; refused or unreachable: told', async () => {
    const stand = startStand()
    const exists = { resource: 'Label', code: 'already_exists', field: 'name' }
    stand.on(`GET ${PATH}?per_page=100`, { body: [{ name: 'incident' }] })
    stand.on(`POST ${PATH}`, { status: 422, body: { message: 'Validation Failed', errors: [exists] } })
    expect(await ensureLabels(stand.github, REPOSITORY, LABELS)).toEqual(['sev:P0'])
    for (const [status, kind] of [
      [403, Refused],
      [502, Unreachable],
    ] as const) {
      stand.on(`GET ${PATH}?per_page=100`, { body: [{ name: 'incident' }] })
      stand.on(`POST ${PATH}`, { status })
      await expect(ensureLabels(stand.github, REPOSITORY, LABELS)).rejects.toBeInstanceOf(kind)
    }
  })
})

describe('checks', () => {
  const FIND =
    '/repos/acme/search/commits/abc/check-runs?check_name=Mayday%20%2F%20config&app_id=4711&per_page=1'
  const RUNS = '/repos/acme/search/check-runs'
  const check = {
    name: 'Mayday / config',
    headSha: 'abc',
    conclusion: 'failure',
    title: '60 problems',
    summary: 'Look',
    externalId: 'x',
    annotations: Array.from({ length: 60 }, (_, index) => ({
      path: '.github/mayday.yml',
      startLine: index + 1,
      endLine: index + 1,
      level: 'failure' as const,
      message: 'wrong',
    })),
  } as const
  const run = (annotations: number, title = '60 problems') => ({
    id: 5,
    html_url: 'u',
    status: 'completed',
    conclusion: 'failure',
    output: { title, summary: 'Look', annotations_count: annotations },
  })

  test('is made, fifty annotations at a time', async () => {
    const stand = startStand()
    stand.on(`GET ${FIND}`, { body: { total_count: 0, check_runs: [] } })
    stand.on(`POST ${RUNS}`, { status: 201, body: run(0) })
    stand.on(`PATCH ${RUNS}/5`, { body: run(60) })
    expect(await putCheck(stand.github, REPOSITORY, check)).toEqual({ id: 5, url: 'u', outcome: 'made' })
    const counts = stand.sent.slice(1).map(({ body }) => JSON.stringify(body).split('start_line').length - 1)
    expect(counts).toEqual([50, 10])
    stand.check()
  })

  test('is left alone where it says the same, and completed where annotations were lost', async () => {
    const stand = startStand()
    stand.on(`GET ${FIND}`, { body: { check_runs: [run(60)] } })
    expect(await putCheck(stand.github, REPOSITORY, check)).toMatchObject({ outcome: 'same' })
    stand.on(`GET ${FIND}`, { body: { check_runs: [run(50)] } })
    stand.on(`PATCH ${RUNS}/5`, { body: run(60) })
    expect(await putCheck(stand.github, REPOSITORY, check)).toMatchObject({ outcome: 'changed' })
    stand.check()
  })

  test('the answer is lost: the second try changes what the first made', async () => {
    const stand = startStand()
    stand.on(`GET ${FIND}`, { body: { check_runs: [] } })
    stand.on(`POST ${RUNS}`, { lost: true })
    const { annotations: _, ...plain } = check
    await expect(putCheck(stand.github, REPOSITORY, plain)).rejects.toBeInstanceOf(Unreachable)
    stand.on(`GET ${FIND}`, { body: { check_runs: [run(0, 'older title')] } })
    stand.on(`PATCH ${RUNS}/5`, { body: run(0) })
    expect(await putCheck(stand.github, REPOSITORY, plain)).toMatchObject({ outcome: 'changed' })
    stand.check()
  })

  test('one without a conclusion is in progress', async () => {
    const stand = startStand()
    stand.on(`GET ${FIND}`, { body: { check_runs: [] } })
    stand.on(`POST ${RUNS}`, { status: 201, body: run(0) })
    await putCheck(stand.github, REPOSITORY, { ...check, annotations: [], conclusion: null })
    expect(stand.sent[1]?.body).toMatchObject({ status: 'in_progress' })
    expect(stand.sent[1]?.body).not.toHaveProperty('conclusion')
    stand.check()
  })
})

// Issues: changed only where they differ; made once; attached where GitHub offers it.
import { afterEach, describe, expect, test } from 'vitest'
import { Limited, Refused, Unreachable } from '../../../src/github/client/errors.ts'
import { addAssignees, getIssue, setLabels, updateIssue } from '../../../src/github/issues/issues.ts'
import { mark, withMark } from '../../../src/github/issues/mark.ts'
import { createIssue } from '../../../src/github/issues/new-issue.ts'
import { createIssues } from '../../../src/github/issues/new-issues.ts'
import { listSubIssues } from '../../../src/github/issues/sub-issues.ts'
import { endStand, FOREIGN, ISSUE, REPOSITORY, restIssue, startStand } from '../stand.ts'

afterEach(endStand)

const ONE = '/repos/acme/search/issues/42'

test('an issue in our words', async () => {
  const stand = startStand()
  const body = restIssue({ labels: ['a', { name: 'b' }, {}], assignees: [{ login: 'ada' }], body: null })
  stand.on(`GET ${ONE}`, { body })
  expect(await getIssue(stand.github, ISSUE)).toMatchObject({
    owner: 'acme',
    repo: 'search',
    labels: ['a', 'b'],
    assignees: ['ada'],
    body: '',
    author: 'mayday[bot]',
    isPull: false,
    createdAt: Date.parse('2026-11-20T10:00:00Z'),
  })
})

test.each([404, 410])('an issue that is gone (%i) is null', async (status) => {
  const stand = startStand()
  stand.on(`GET ${ONE}`, { status, body: { message: 'This issue was deleted' } })
  expect(await getIssue(stand.github, ISSUE)).toBeNull()
})

test('issues that are switched off are not "gone"', async () => {
  const stand = startStand()
  stand.on(`GET ${ONE}`, { status: 410, body: { message: 'Issues are disabled for this repo' } })
  await expect(getIssue(stand.github, ISSUE)).rejects.toMatchObject({ kind: 'disabled' })
})

describe('changes', () => {
  test('all in one call, and none where nothing differs', async () => {
    const stand = startStand()
    const item = mark('item', '1')
    stand.on(`GET ${ONE}`, { body: restIssue({}) })
    stand.on(`PATCH ${ONE}`, { body: restIssue({}) })
    const wanted = { title: 'New', body: 'Text', mark: item, state: 'closed', reason: 'not_planned' } as const
    expect(await updateIssue(stand.github, ISSUE, wanted)).toBe('changed')
    expect(stand.sent[1]?.body).toEqual({
      title: 'New',
      body: withMark('Text', item),
      state: 'closed',
      state_reason: 'not_planned',
    })
    const now = { title: 'New', body: withMark('Text', item), state: 'closed', state_reason: 'not_planned' }
    stand.on(`GET ${ONE}`, { body: restIssue(now) })
    expect(await updateIssue(stand.github, ISSUE, wanted)).toBe('same')
    stand.check()
  })

  test('closing for another reason is a change, opening what is open is none', async () => {
    const stand = startStand()
    stand.on(`GET ${ONE}`, { body: restIssue({ state: 'closed', state_reason: 'completed' }) })
    stand.on(`PATCH ${ONE}`, { body: restIssue({}) })
    const reason = 'not_planned'
    expect(await updateIssue(stand.github, ISSUE, { state: 'closed', reason })).toBe('changed')
    stand.on(`GET ${ONE}`, { body: restIssue({ state_reason: 'reopened' }) })
    expect(await updateIssue(stand.github, ISSUE, { state: 'open' })).toBe('same')
    stand.on(`GET ${ONE}`, { status: 404 })
    expect(await updateIssue(stand.github, ISSUE, { title: 'x' })).toBe('missing')
    stand.check()
  })
})

describe('labels', () => {
  const managed = (name: string) => name.startsWith('sev:')

  test('adds what is missing at once and takes off only what is managed', async () => {
    const stand = startStand()
    stand.on(`POST ${ONE}/labels`)
    stand.on(`DELETE ${ONE}/labels/sev%3AP2`, { status: 404, body: { message: 'Label does not exist' } })
    const present = ['incident', 'sev:P2', 'mine']
    const want = ['incident', 'sev:P0']
    const outcome = await setLabels(stand.github, ISSUE, { want, managed, present })
    expect(outcome).toEqual({ added: ['sev:P0'], removed: ['sev:P2'] })
    expect(stand.sent[0]).toMatchObject({ method: 'POST', body: { labels: ['sev:P0'] } })
    stand.check()
  })

  test('sends nothing where all is right, whatever the case', async () => {
    const stand = startStand()
    stand.on(`GET ${ONE}`, { body: restIssue({ labels: [{ name: 'SEV:p0' }, { name: 'mine' }] }) })
    const outcome = await setLabels(stand.github, ISSUE, { want: ['sev:P0'], managed })
    expect(outcome).toEqual({ added: [], removed: [] })
    expect(stand.taken).toEqual([])
  })
})

describe('assignees', () => {
  test('those that GitHub left out are told', async () => {
    const stand = startStand()
    stand.on(`POST ${ONE}/assignees`, { status: 201, body: restIssue({ assignees: [{ login: 'Ada' }] }) })
    const outcome = await addAssignees(stand.github, ISSUE, { logins: ['ada', 'ghost'] })
    expect(outcome).toEqual({ assigned: ['ada'], dropped: ['ghost'] })
    stand.check()
  })

  test('where GitHub refuses all, the assignable ones are assigned', async () => {
    const stand = startStand()
    stand.on(`POST ${ONE}/assignees`, { status: 422, body: { message: 'Validation Failed' } })
    stand.on('GET /repos/acme/search/assignees/ada', { status: 204 })
    stand.on('GET /repos/acme/search/assignees/ghost', { status: 404 })
    stand.on(`POST ${ONE}/assignees`, { status: 201, body: restIssue({ assignees: [{ login: 'ada' }] }) })
    const outcome = await addAssignees(stand.github, ISSUE, { logins: ['ada', 'ghost'] })
    expect(outcome).toEqual({ assigned: ['ada'], dropped: ['ghost'] })
    stand.check()
  })

  test('nobody new: no call; more than ten: the rest is dropped', async () => {
    const stand = startStand()
    expect(await addAssignees(stand.github, ISSUE, { logins: ['ada'], present: ['Ada'] })).toEqual({
      assigned: [],
      dropped: [],
    })
    const present = Array.from({ length: 10 }, (_, index) => `p${index}`)
    expect(await addAssignees(stand.github, ISSUE, { logins: ['ada'], present })).toEqual({
      assigned: [],
      dropped: ['ada'],
    })
    expect(stand.sent).toEqual([])
  })
})

describe('new issues', () => {
  const LIST = '/repos/acme/search/issues?labels=pir&state=all&sort=created&direction=desc&per_page=100'
  const MARK = mark('item', '3')
  const wanted = { mark: MARK, title: 'Do it', body: 'Text', labels: ['pir'] as [string] }

  test('is made, assigned and attached', async () => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [restIssue({ ...FOREIGN, body: withMark('Text', MARK) })] })
    stand.on('POST /repos/acme/search/issues', { status: 201, body: restIssue({ number: 50, id: 950 }) })
    stand.on('POST /repos/acme/search/issues/50/assignees', {
      status: 201,
      body: restIssue({ assignees: [{ login: 'ada' }] }),
    })
    stand.on(`POST ${ONE}/sub_issues`, { status: 201, body: restIssue({}) })
    const made = await createIssue(stand.github, REPOSITORY, { ...wanted, assignees: ['ada'], parent: ISSUE })
    expect(made).toMatchObject({ outcome: 'made', attached: true, dropped: [], issue: { number: 50 } })
    expect(stand.sent[3]?.body).toEqual({ sub_issue_id: 950 })
    expect(stand.taken).toEqual(['create', 'write', 'write'])
    stand.check()
  })

  test('the answer is lost: the second try finds it and attaches it', async () => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [] })
    stand.on('POST /repos/acme/search/issues', { lost: true })
    await expect(createIssue(stand.github, REPOSITORY, wanted)).rejects.toBeInstanceOf(Unreachable)
    const there = restIssue({ number: 50, id: 950, body: withMark('Text', MARK) })
    stand.on(`GET ${LIST}`, { body: [there] })
    stand.on(`POST ${ONE}/sub_issues`, {
      status: 422,
      body: { message: 'Issue may not contain duplicate sub-issues' },
    })
    stand.on(`GET ${ONE}/sub_issues?per_page=100`, { body: [there] })
    const found = await createIssue(stand.github, REPOSITORY, { ...wanted, parent: ISSUE })
    expect(found).toMatchObject({ outcome: 'found', attached: true, issue: { number: 50 } })
    stand.check()
  })

  test('goes without sub-issues where they are not offered', async () => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [] })
    stand.on('POST /repos/acme/search/issues', { status: 201, body: restIssue({ number: 50 }) })
    stand.on(`POST ${ONE}/sub_issues`, { status: 404 })
    const made = await createIssue(stand.github, REPOSITORY, { ...wanted, parent: ISSUE })
    expect(made).toMatchObject({ outcome: 'made', attached: false })
    stand.on(`GET ${ONE}/sub_issues?per_page=100`, { status: 404, body: { message: 'Not Found' } })
    expect(await listSubIssues(stand.github, ISSUE)).toEqual({ offered: false, why: 'Not Found' })
  })

  test('the search stops at the time given', async () => {
    const stand = startStand()
    const link = { link: `<https://api.github.com${LIST}&page=2>; rel="next"` }
    stand.on(`GET ${LIST}`, { body: [restIssue({ created_at: '2026-11-01T00:00:00Z' })], headers: link })
    stand.on('POST /repos/acme/search/issues', { status: 201, body: restIssue({}) })
    const since = Date.parse('2026-11-20T10:00:00Z')
    expect(await createIssue(stand.github, REPOSITORY, { ...wanted, since })).toMatchObject({
      outcome: 'made',
    })
    stand.check()
  })

  test.each([
    [410, 'Issues are disabled for this repo', Refused],
    [403, 'You have exceeded a secondary rate limit', Limited],
    [500, '', Unreachable],
  ])('%i is passed on', async (status, message, kind) => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [] })
    stand.on('POST /repos/acme/search/issues', { status, body: { message } })
    await expect(createIssue(stand.github, REPOSITORY, wanted)).rejects.toBeInstanceOf(kind)
  })
})

describe('several new issues', () => {
  const LIST = '/repos/acme/search/issues?labels=pir&state=all&sort=created&direction=desc&per_page=100'
  const one = { mark: mark('item', '1'), title: 'Alarm', body: 'Text', assignee: 'Ada' }
  const other = { mark: mark('item', '2'), title: 'Runbook', body: 'Text', assignee: 'ghost' }
  const wanted = { issues: [one, other], labels: ['pir', 'new'] as [string, string], parent: ISSUE }
  const ids = {
    repository: { id: 'R_1', issue: { id: 'I_42' } },
    labels: { label0: { id: 'LA_1' }, label1: null },
    people: { login0: { nodes: [{ id: 'U_1', login: 'ada' }] }, login1: { nodes: [] } },
  }
  const opened = (number: number) => ({
    issue: {
      id: `I_${number}`,
      number,
      url: `https://github.com/i/${number}`,
      createdAt: '2026-11-20T10:00:00Z',
    },
  })
  const nobody = (stand: ReturnType<typeof startStand>, number: number) =>
    stand.on(`POST /repos/acme/search/issues/${number}/assignees`, {
      status: 201,
      body: restIssue({ number }),
    })

  test('are made in one document, in their order, with what is missing for it', async () => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [] })
    stand.onGraphql('FindIds', { data: ids })
    stand.on('POST /repos/acme/search/labels', { status: 201, body: { node_id: 'LA_2' } })
    stand.onGraphql('OpenIssues', { data: { issue0: opened(50), issue1: opened(51) } })
    nobody(stand, 51)
    const made = await createIssues(stand.github, REPOSITORY, wanted)
    expect(made.map(({ number }) => number)).toEqual([50, 51])
    const input = { repositoryId: 'R_1', labelIds: ['LA_1', 'LA_2'], parentIssueId: 'I_42' }
    expect(Object(stand.sent[3]?.body).variables).toEqual({
      issue0: { ...input, title: 'Alarm', body: withMark('Text', one.mark), assigneeIds: ['U_1'] },
      issue1: { ...input, title: 'Runbook', body: withMark('Text', other.mark) },
    })
    expect(stand.taken).toEqual(['write', 'create', 'write'])
    stand.check()
  })

  test('where GitHub refuses one, each is made alone and goes without; what was made is found', async () => {
    const stand = startStand()
    stand.on(`GET ${LIST}`, { body: [] })
    stand.onGraphql('FindIds', {
      data: { ...ids, labels: { label0: { id: 'LA_1' }, label1: { id: 'LA_2' } } },
    })
    stand.onGraphql('OpenIssues', {
      data: { issue0: opened(50), issue1: null },
      errors: [{ type: 'UNPROCESSABLE', path: ['issue1'], message: 'Parent has too many sub-issues' }],
    })
    const there = restIssue({
      number: 50,
      id: 950,
      body: withMark('Text', one.mark),
      assignees: [{ login: 'ada' }],
    })
    for (const _ of [1, 2]) stand.on(`GET ${LIST}`, { body: [there] })
    stand.on(`POST ${ONE}/sub_issues`, { status: 201, body: restIssue({}) })
    stand.on('POST /repos/acme/search/issues', { status: 201, body: restIssue({ number: 51, id: 951 }) })
    nobody(stand, 51)
    stand.on(`POST ${ONE}/sub_issues`, { status: 404 })
    const made = await createIssues(stand.github, REPOSITORY, wanted)
    expect(made.map(({ number }) => number)).toEqual([50, 51])
    stand.check()
  })
})

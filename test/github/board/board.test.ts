// The board: completed without touching what people made; cards: written in one call, only where they differ.
import { afterEach, describe, expect, test } from 'vitest'
import { type Board, ensureBoard } from '../../../src/github/board/board.ts'
import { putCard, readCard } from '../../../src/github/board/cards.ts'
import type { BoardField } from '../../../src/github/board/layout.ts'
import { Limited, Unreachable } from '../../../src/github/client/errors.ts'
import { endStand, type Stand, startStand } from '../stand.ts'

afterEach(endStand)

const SEVERITIES = [
  { key: 'P0', name: 'Critical' },
  { key: 'P1', name: 'High' },
]
const WISH = { org: 'acme', wanted: 'auto', severities: SEVERITIES, repositoryId: 'R_1' } as const
const OURS = { __typename: 'Bot', login: 'mayday' }
const ADA = { __typename: 'User', login: 'ada' }
const VIEWS = 'POST /orgs/acme/projectsV2/3/views'

const select = (name: string, options: string[], type = 'SINGLE_SELECT') => ({
  id: `F_${name}`,
  databaseId: name.length,
  name,
  dataType: type,
  options: options.map((option) => ({ id: `O_${option}`, name: option, color: 'GRAY', description: '' })),
})
const plain = (name: string, dataType: string) => ({
  id: `F_${name}`,
  databaseId: name.length,
  name,
  dataType,
})
const BUILT_IN = [
  plain('Title', 'TITLE'),
  plain('Assignees', 'ASSIGNEES'),
  select('Status', ['Todo', 'Done']),
]
const COMPLETE = [
  ...BUILT_IN,
  select('Kind', ['Incident', 'Hotfix', 'Review', 'Action item']),
  select('Phase', [
    'Triage',
    'Investigating',
    'Identified',
    'Fixing',
    'Monitoring',
    'Resolved',
    'Closed',
    'Cancelled',
  ]),
  select('Severity', ['P0', 'P1']),
  select('Priority', ['P0', 'P1', 'P2', 'P3']),
  select('Horizon', ['Immediate', 'Short-term', 'Medium-term', 'Long-term']),
  plain('Incident', 'TEXT'),
  plain('Due', 'DATE'),
]

function onRead(stand: Stand, board: object): void {
  const projectV2 = {
    id: 'PVT_1',
    number: 3,
    url: 'https://github.com/orgs/acme/projects/3',
    closed: false,
    creator: OURS,
    fields: { nodes: COMPLETE },
    views: { nodes: [{ name: 'Live incidents' }, { name: 'Action items' }, { name: 'Overdue' }] },
    repositories: { nodes: [{ id: 'R_1' }] },
    ...board,
  }
  stand.onGraphql('ReadBoard', { data: { organization: { projectV2 } } })
}

function onFind(stand: Stand, nodes: object[]): void {
  stand.onGraphql('FindBoards', { data: { organization: { id: 'O_1', projectsV2: { nodes } } } })
}

function variablesOf(stand: Stand, index: number): unknown {
  const body = stand.sent[index]?.body
  return typeof body === 'object' && body !== null && 'variables' in body ? body.variables : undefined
}

describe('the board', () => {
  test('is made with fields and views', async () => {
    const stand = startStand()
    onFind(stand, [{ number: 1, title: 'Incidents', creator: ADA }])
    stand.onGraphql('CreateBoard', { data: { createProjectV2: { projectV2: { number: 3 } } } })
    onRead(stand, { fields: { nodes: BUILT_IN }, views: { nodes: [{ name: 'View 1' }] } })
    stand.on('GET /app', { body: { slug: 'mayday' } })
    stand.onGraphql('CompleteFields', { data: {} })
    onRead(stand, {})
    for (let view = 0; view < 3; view += 1) stand.on(VIEWS, { status: 201 })
    const board = await ensureBoard(stand.github, WISH)
    expect(board).toMatchObject({ offered: true, number: 3, viewsSettled: true })
    expect(board.offered && board.madeFields).toHaveLength(7)
    const made = variablesOf(stand, 4)
    expect(made).toMatchObject({
      create0: { projectId: 'PVT_1', name: 'Kind', dataType: 'SINGLE_SELECT' },
      create2: {
        name: 'Severity',
        singleSelectOptions: [{ name: 'P0', color: 'RED', description: 'Critical' }, {}],
      },
      create5: { name: 'Incident', dataType: 'TEXT' },
      create6: { name: 'Due', dataType: 'DATE' },
    })
    expect(stand.sent.slice(-3).map(({ body }) => body)).toMatchObject([
      { name: 'Live incidents', layout: 'board', vertical_group_by: ['Phase'.length] },
      {
        name: 'Action items',
        layout: 'table',
        sort_by: [['Due'.length, 'asc']],
        group_by: ['Assignees'.length],
      },
      { name: 'Overdue' },
    ])
    stand.check()
  })

  test('is found again and costs two reads when it is complete', async () => {
    const stand = startStand()
    stand.on('GET /app', { body: { slug: 'mayday' } })
    onFind(stand, [{ number: 3, title: 'Incidents', creator: OURS }])
    onRead(stand, {})
    expect(await ensureBoard(stand.github, WISH)).toMatchObject({ number: 3, madeFields: [] })
    expect(stand.taken).toEqual([])
    stand.check()
  })

  test('a new severity becomes an option, with the ids of all that are there', async () => {
    const stand = startStand()
    stand.on('GET /app', { body: { slug: 'mayday' } })
    onRead(stand, {})
    stand.onGraphql('CompleteFields', { data: {} })
    onRead(stand, {})
    const known = { number: 3, madeFields: [], viewsSettled: true }
    await ensureBoard(stand.github, {
      ...WISH,
      severities: [...SEVERITIES, { key: 'P9', name: 'Minor' }],
      known,
    })
    expect(variablesOf(stand, 2)).toEqual({
      extend0: {
        fieldId: 'F_Severity',
        singleSelectOptions: [
          { id: 'O_P0', name: 'P0', color: 'GRAY', description: '' },
          { id: 'O_P1', name: 'P1', color: 'GRAY', description: '' },
          { name: 'P9', color: 'YELLOW', description: 'Minor' },
        ],
      },
    })
    stand.check()
  })

  test("on people's board their fields stay, ours come beside them and are known later", async () => {
    const stand = startStand()
    const theirs = [...BUILT_IN, select('severity', ['Bad', 'Worse']), plain('Due', 'TEXT')]
    const linked = { creator: ADA, repositories: { nodes: [] } }
    onRead(stand, { ...linked, fields: { nodes: theirs } })
    stand.onGraphql('CompleteFields', { data: {} })
    const after = COMPLETE.filter(({ name }) => name !== 'Severity' && name !== 'Due')
    onRead(stand, {
      ...linked,
      fields: { nodes: [...after, select('severity', ['Bad', 'Worse']), plain('Due', 'TEXT')] },
    })
    const board = await ensureBoard(stand.github, { ...WISH, wanted: { number: 3 } })
    expect(Object.keys(Object(variablesOf(stand, 1)))).toHaveLength(5)
    expect(JSON.stringify(variablesOf(stand, 1))).not.toMatch(/everity|Due/)
    expect(board).toMatchObject({
      madeFields: ['F_Kind', 'F_Phase', 'F_Priority', 'F_Horizon', 'F_Incident'],
    })
    stand.check()
  })

  test('a refused field is gone without, and so are views on a server without them', async () => {
    const stand = startStand()
    onRead(stand, { creator: ADA, fields: { nodes: BUILT_IN }, views: { nodes: [] } })
    const taken = { type: 'UNPROCESSABLE', message: 'Name has already been taken' }
    stand.onGraphql('CompleteFields', { errors: [taken] })
    onRead(stand, { creator: ADA, fields: { nodes: BUILT_IN } })
    stand.on(VIEWS, { status: 404 })
    const board = await ensureBoard(stand.github, { ...WISH, wanted: { number: 3 } })
    expect(board).toMatchObject({ offered: true, viewsSettled: true })
    stand.check()
  })

  test('a board of ours is linked to the next repository', async () => {
    const stand = startStand()
    stand.on('GET /app', { body: { slug: 'mayday' } })
    onRead(stand, {})
    stand.onGraphql('LinkBoard', { data: {} })
    const known = { number: 3, madeFields: [], viewsSettled: true }
    await ensureBoard(stand.github, { ...WISH, repositoryId: 'R_2', known })
    expect(variablesOf(stand, 2)).toEqual({ board: 'PVT_1', repository: 'R_2' })
    stand.check()
  })

  test('the answer is lost: the second try finds the board and makes no other', async () => {
    const stand = startStand()
    onFind(stand, [])
    stand.on('POST /graphql', { lost: true })
    await expect(ensureBoard(stand.github, WISH)).rejects.toBeInstanceOf(Unreachable)
    stand.on('GET /app', { body: { slug: 'mayday' } })
    onFind(stand, [{ number: 3, title: 'Incidents', creator: OURS }])
    onRead(stand, {})
    expect(await ensureBoard(stand.github, WISH)).toMatchObject({ number: 3 })
    stand.check()
  })

  test.each([
    ['NOT_FOUND', "Could not resolve to an Organization with the login of 'ada'.", 'no organization'],
    ['FORBIDDEN', 'Resource not accessible by integration', 'not permitted'],
  ])('none to be had: %s', async (type, message, why) => {
    const stand = startStand()
    stand.onGraphql('FindBoards', { data: { organization: null }, errors: [{ type, message }] })
    expect(await ensureBoard(stand.github, WISH)).toEqual({ offered: false, why })
  })

  test('a number that is no board; a closed board; a limit', async () => {
    const stand = startStand()
    const wish = { ...WISH, wanted: { number: 3 } }
    const message = 'Could not resolve to a ProjectV2 with the number 3.'
    stand.onGraphql('ReadBoard', { errors: [{ type: 'NOT_FOUND', message }] })
    expect(await ensureBoard(stand.github, wish)).toEqual({ offered: false, why: 'no such board' })
    onRead(stand, { closed: true })
    expect(await ensureBoard(stand.github, wish)).toEqual({ offered: false, why: 'closed' })
    stand.onGraphql('ReadBoard', { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] })
    await expect(ensureBoard(stand.github, wish)).rejects.toBeInstanceOf(Limited)
  })
})

describe('cards', () => {
  const fields: BoardField[] = COMPLETE.map(({ dataType: type, ...field }) => ({
    options: [],
    ...field,
    type,
  }))
  const board: Board = {
    offered: true,
    id: 'PVT_1',
    number: 3,
    url: 'u',
    fields,
    madeFields: [],
    viewsSettled: true,
  }
  const wanted = { board, contentNodeId: 'I_42', values: { Kind: 'Incident', Incident: 'INC-42', Due: null } }
  const added = { data: { card0: { item: { id: 'PVTI_1' } } } }

  test('is added and filled in two calls', async () => {
    const stand = startStand()
    stand.onGraphql('AddCards', added)
    stand.onGraphql('PutValues', { data: {} })
    expect(await putCard(stand.github, wanted)).toEqual({ itemId: 'PVTI_1', outcome: 'made', skipped: [] })
    expect(variablesOf(stand, 1)).toEqual({
      board: 'PVT_1',
      card0: 'PVTI_1',
      field0: 'F_Kind',
      value0: { singleSelectOptionId: 'O_Incident' },
      field1: 'F_Incident',
      value1: { text: 'INC-42' },
    })
    stand.check()
  })

  test('only what changed is sent, emptied fields too; nothing where nothing did', async () => {
    const stand = startStand()
    const last = { Kind: 'Incident', Phase: 'Fixing', Due: '2026-12-01' }
    const values = { Kind: 'Incident', Phase: 'Resolved', Due: null }
    stand.onGraphql('PutValues', { data: {} })
    expect(await putCard(stand.github, { ...wanted, values, itemId: 'PVTI_1', last })).toMatchObject({
      outcome: 'changed',
    })
    expect(variablesOf(stand, 0)).toMatchObject({
      field0: 'F_Phase',
      value0: { singleSelectOptionId: 'O_Resolved' },
      field1: 'F_Due',
    })
    const same = await putCard(stand.github, { ...wanted, values, itemId: 'PVTI_1', last: { ...values } })
    expect(same.outcome).toBe('same')
    expect(stand.sent).toHaveLength(1)
    stand.check()
  })

  const node = {
    id: 'PVTI_1',
    isArchived: false,
    project: { id: 'PVT_1' },
    content: { id: 'I_42', number: 42, repository: { name: 'search', owner: { login: 'acme' } } },
    fieldValues: {
      nodes: [
        { name: 'Incident', field: { name: 'Kind' } },
        { text: 'INC-42', field: { name: 'incident' } },
        { date: '2026-12-01', field: { name: 'Due' } },
        { name: 'theirs', field: { name: 'Team' } },
        {},
      ],
    },
  }

  test('is read', async () => {
    const stand = startStand()
    stand.onGraphql('ReadCard', { data: { node } })
    expect(await readCard(stand.github, 'PVTI_1')).toEqual({
      itemId: 'PVTI_1',
      boardId: 'PVT_1',
      archived: false,
      content: { nodeId: 'I_42', owner: 'acme', repo: 'search', number: 42 },
      values: { Kind: 'Incident', Incident: 'INC-42', Due: '2026-12-01' },
    })
    stand.onGraphql('ReadCard', { errors: [{ type: 'NOT_FOUND', message: 'Could not resolve to a node' }] })
    expect(await readCard(stand.github, 'PVTI_1')).toBeNull()
    stand.check()
  })

  test('without the last values it is read and compared', async () => {
    const stand = startStand()
    stand.onGraphql('ReadCard', { data: { node } })
    const values = { Kind: 'Incident', Due: '2026-12-01' }
    expect(await putCard(stand.github, { ...wanted, values, itemId: 'PVTI_1' })).toMatchObject({
      outcome: 'same',
    })
    expect(stand.taken).toEqual([])
  })

  test('what the board cannot hold is skipped', async () => {
    const stand = startStand()
    stand.onGraphql('AddCards', added)
    const values = { Severity: 'P7', Horizon: 'Immediate' }
    const poorer = { ...board, fields: fields.filter(({ name }) => name !== 'Horizon') }
    const outcome = await putCard(stand.github, { ...wanted, board: poorer, values })
    expect(outcome).toMatchObject({ outcome: 'made', skipped: ['Severity', 'Horizon'] })
  })

  test.each([
    ['NOT_FOUND', "Could not resolve to a node with the global id of 'PVTI_1'", 'missing'],
    ['UNPROCESSABLE', 'The item is archived and cannot be updated', 'archived'],
  ])('one that a person took away stays away: %s', async (type, message, outcome) => {
    const stand = startStand()
    stand.onGraphql('PutValues', { errors: [{ type, message }] })
    const card = await putCard(stand.github, { ...wanted, itemId: 'PVTI_1', last: {} })
    expect(card.outcome).toBe(outcome)
  })

  test('a field that is gone is told: the board is to be read anew', async () => {
    const stand = startStand()
    const message = "Could not resolve to a node with the global id of 'F_Kind'"
    stand.onGraphql('PutValues', { errors: [{ type: 'NOT_FOUND', message }] })
    const putting = putCard(stand.github, { ...wanted, itemId: 'PVTI_1', last: {} })
    await expect(putting).rejects.toMatchObject({ kind: 'missing' })
  })

  test('the answer is lost: adding again gives the same card', async () => {
    const stand = startStand()
    stand.on('POST /graphql', { lost: true })
    await expect(putCard(stand.github, wanted)).rejects.toBeInstanceOf(Unreachable)
    stand.onGraphql('AddCards', added)
    stand.onGraphql('PutValues', { data: {} })
    expect(await putCard(stand.github, wanted)).toMatchObject({ itemId: 'PVTI_1' })
  })
})

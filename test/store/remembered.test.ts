// What is remembered keeps the shape in which its rows are stored: a row is read and written back as it was.
import { expect, test } from 'vitest'
import { FORMS, type Kind, type Remembered, type Stored } from '../../src/store/remembered.ts'

const MADE = { nodeId: 'I_1', url: 'https://github.com/acme/search/issues/1' }
const WRITTEN = { id: 7, ...MADE, hash: 'abc', text: 'the living comment' }
const PART = { state: 'written', id: 7, ...MADE, hash: 'abc', text: 'the living comment', remade: null }

const rows: [kind: Kind, stored: Stored, known: object][] = [
  ['issue', MADE, MADE],
  ['living', WRITTEN, PART],
  ['living', { ...WRITTEN, hash: undefined }, { ...PART, hash: null }],
  ['living', { ...WRITTEN, again: 'mark' }, { ...PART, remade: 'mark' }],
  ['living', { id: 7, ...MADE, hash: 'abc' }, { ...PART, text: null }],
  ['living', { again: 'soon' }, { state: 'deleted' }],
  ['continuation', { gone: true }, { state: 'unwanted' }],
  ['pin', { id: 7 }, { id: 7 }],
  ['said', { id: 7, url: MADE.url }, { id: 7, url: MADE.url }],
  ['labels', { wanted: 'incident false ' }, { state: 'settled', wanted: 'incident false ' }],
  ['labels', { by: 'guid' }, { state: 'changed', by: 'guid', title: 'theirs' }],
  ['labels', { by: 'guid', title: 'put back' }, { state: 'changed', by: 'guid', title: 'wrong' }],
  ['review', { ...MADE, given: 'text', assignee: null }, { ...MADE, given: 'text', assignee: null }],
  [
    'item',
    { ...MADE, given: 'text', assigned: 'cy', wanted: '[]' },
    { ...MADE, given: 'text', assigned: 'cy', shown: { state: 'settled', wanted: '[]' } },
  ],
  [
    'item',
    { ...MADE, given: 'text', assigned: '', wanted: '', changedBy: 'guid' },
    { ...MADE, given: 'text', assigned: '', shown: { state: 'changed', by: 'guid' } },
  ],
  ['hotfix', MADE, MADE],
  ['node', { what: 'incident' }, { what: 'incident' }],
  ['node', { what: 'item', item: 'comment:7:0' }, { what: 'item', item: 'comment:7:0' }],
  [
    'card',
    { itemId: 'PVTI_1', values: { Kind: 'Incident', Due: null } },
    { itemId: 'PVTI_1', shown: { state: 'settled', wanted: { Kind: 'Incident', Due: null } } },
  ],
  [
    'card',
    { itemId: 'PVTI_1', changedBy: 'guid' },
    { itemId: 'PVTI_1', shown: { state: 'changed', by: 'guid' } },
  ],
  ['moved', {}, {}],
]

const FORM_OF: {
  readonly [kind: string]: { read(stored: Stored): Remembered[Kind]; write(body: object): Stored }
} = FORMS

test.each(rows)('%s %j', (kind, stored, known) => {
  const form = FORM_OF[kind]
  expect(form?.read(stored)).toEqual(known)
  expect(JSON.parse(JSON.stringify(form?.write(known)))).toEqual(JSON.parse(JSON.stringify(stored)))
})

test('every kind has a row here', () => {
  expect(new Set(rows.map(([kind]) => kind))).toEqual(new Set(Object.keys(FORMS)))
})

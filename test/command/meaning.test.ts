// What a command means: the fact that it states, with the repository's rules and the comment's own time.
import { describe, expect, it } from 'vitest'
import { incidentId } from '../../src/command/declaration.ts'
import type { CommandContext } from '../../src/command/row.ts'
import { factOf, isRefusal } from '../../src/command/table/meaning.ts'
import { reviewRule } from '../../src/incident/policy/policy.ts'
import { at, rules } from '../incident/given.ts'
import { command, type FlatCommand } from './flat.ts'

const these = rules(`
timezone: Europe/Berlin
id: "INC-{yyyy}{mm}{dd}-{number}"
roles: [tech, Comms]
services: { api: {}, Web: {} }
types: { breach: { roles: [legal] } }
`)

const review = reviewRule(these.policy)

function meaning(given: FlatCommand, changes: Partial<CommandContext> = {}) {
  return factOf(command(given), {
    by: 'ada',
    at: at('10:50'),
    key: 'comment:1:0',
    issue: { number: 42, title: 'Search is down', severity: null },
    exposed: false,
    incidents: new Map([
      [12, 'fixing'],
      [13, 'cancelled'],
    ]),
    item: null,
    ...these,
    ...changes,
  })
}

it('an approval says where its author alone may write', () => {
  expect(meaning({ verb: 'approve' }, { alone: true })).toEqual({ kind: 'review-approved', alone: true })
})

it.each<[string, Parameters<typeof meaning>[0], object]>([
  [
    'a past incident, in its zone',
    { verb: 'declare', since: '2025-12-18 10:10', resolved: '11:20' },
    { kind: 'declared', since: at('09:10'), resolved: at('10:20'), review },
  ],
  ['one of tomorrow', { verb: 'declare', since: '2025-12-19 10:10' }, { code: 'time' }],
  [
    'one that ended before it began',
    { verb: 'declare', since: '11:00', resolved: '10:30' },
    { code: 'before-started', milestone: 'resolved' },
  ],
  ['a duplicate of another incident', { verb: 'duplicate', number: 12 }, { duplicateOf: 12 }],
  ['of itself', { verb: 'duplicate', number: 42 }, { code: 'no-incident', number: 42 }],
  ['of a plain issue', { verb: 'duplicate', number: 9 }, { code: 'no-incident', number: 9 }],
  ['of a cancelled one', { verb: 'duplicate', number: 13 }, { code: 'cancelled-there', number: 13 }],
  ['what it cost', { verb: 'set', milestone: 'cost', value: '4 EUR' }, { kind: 'cost-set', text: '4 EUR' }],
])('%s', (_, command, expected) => expect(meaning(command)).toMatchObject(expected))

it('a private type is marked where everybody can read the repository, and there alone', () => {
  const policy = rules('types: { leak: { private: true }, breach: {} }').policy
  const of = (type: string, exposed: boolean) => meaning({ verb: 'type', type }, { policy, exposed })
  expect(of('leak', true)).toEqual({ kind: 'type-set', type: 'leak', exposed: true })
  expect(of('leak', false)).toEqual({ kind: 'type-set', type: 'leak' })
  expect(of('breach', true)).toEqual({ kind: 'type-set', type: 'breach' })
})

it('the id follows the repository’s pattern in its own zone', () => {
  expect(incidentId(42, { ...these, at: at('23:30') })).toBe('INC-20251219-42')
})

it.each<[FlatCommand, object | null]>([
  [
    { verb: 'declare', severity: 'p1', summary: 'no answers' },
    {
      kind: 'declared',
      id: 'INC-20251218-42',
      title: 'Search is down',
      severity: 'P1',
      summary: 'no answers',
    },
  ],
  [
    { verb: 'declare', severity: 'P9' },
    { code: 'severity', given: 'P9', allowed: ['P0', 'P1', 'P2', 'P3'] },
  ],
  [{ verb: 'accept' }, { kind: 'accepted' }],
  [{ verb: 'drill' }, { kind: 'drilled' }],
  [{ verb: 'ack' }, { kind: 'acknowledged' }],
  [
    { verb: 'sev', severity: 'p0', reason: 'all' },
    { kind: 'severity-set', severity: 'P0', reason: 'all' },
  ],
  [
    { verb: 'sev', severity: 'high' },
    { code: 'severity', given: 'high', allowed: ['P0', 'P1', 'P2', 'P3'] },
  ],
  [
    { verb: 'status', status: 'fixing', note: 'soon' },
    { kind: 'status-set', status: 'fixing', note: 'soon' },
  ],
  [{ verb: 'lead' }, { kind: 'lead-set', user: 'ada' }],
  [
    { verb: 'lead', user: 'bob' },
    { kind: 'lead-set', user: 'bob' },
  ],
  [
    { verb: 'handover', user: 'bob', note: 'night' },
    { kind: 'lead-set', user: 'bob', note: 'night' },
  ],
  [
    { verb: 'role', role: 'comms' },
    { kind: 'role-set', role: 'Comms', user: 'ada' },
  ],
  [
    { verb: 'role', role: 'LEGAL', user: 'eve' },
    { kind: 'role-set', role: 'legal', user: 'eve' },
  ],
  [
    { verb: 'role', role: 'cook' },
    { code: 'role', given: 'cook', allowed: ['tech', 'Comms', 'legal'] },
  ],
  [
    { verb: 'update', text: 'better', public: true },
    { kind: 'updated', text: 'better', public: true },
  ],
  [
    { verb: 'note', text: 'restarted' },
    { kind: 'noted', text: 'restarted' },
  ],
  [
    { verb: 'note', time: '10:45', text: 'x' },
    { kind: 'noted', text: 'x', time: at('09:45') },
  ],
  [
    { verb: 'note', time: '-15m', text: 'x' },
    { kind: 'noted', text: 'x', time: at('10:35') },
  ],
  [
    { verb: 'note', time: '2025-12-19 10:00', text: 'x' },
    { code: 'time', given: '2025-12-19 10:00', usage: '/note 10:45 <text>' },
  ],
  [
    { verb: 'amend', entry: 2, text: 'better' },
    { kind: 'entry-amended', entry: 2, text: 'better' },
  ],
  [
    { verb: 'hide', entry: 2 },
    { kind: 'entry-hidden', entry: 2 },
  ],
  [
    { verb: 'show', entry: 2 },
    { kind: 'entry-shown', entry: 2 },
  ],
  [
    { verb: 'set', milestone: 'Started', value: '10:10Z' },
    { kind: 'milestone-set', milestone: 'started', time: at('10:10') },
  ],
  [{ verb: 'set', milestone: 'begun', value: '10:10' }, expect.objectContaining({ code: 'milestone' })],
  [
    { verb: 'set', milestone: 'started', value: 'soon' },
    { code: 'time', given: 'soon', usage: '/set started 10:10' },
  ],
  [
    { verb: 'impact', text: 'no search' },
    { kind: 'impact-set', text: 'no search' },
  ],
  [
    { verb: 'service', services: ['API', 'web'] },
    { kind: 'services-set', services: ['api', 'Web'] },
  ],
  [
    { verb: 'service', services: ['api', 'db'] },
    { code: 'service', given: 'db', allowed: ['api', 'Web'] },
  ],
  [
    { verb: 'type', type: 'Security' },
    { kind: 'type-set', type: 'security' },
  ],
  [
    { verb: 'type', type: 'constructor' },
    { code: 'type', given: 'constructor', allowed: ['security', 'breach'] },
  ],
  [
    { verb: 'bridge', url: 'https://meet.example' },
    { kind: 'bridge-set', url: 'https://meet.example' },
  ],
  [
    { verb: 'cause', text: 'disk' },
    { kind: 'cause-found', text: 'disk' },
  ],
  [
    { verb: 'resolve', summary: 'done' },
    { kind: 'resolved', summary: 'done', review },
  ],
  [
    { verb: 'reopen', why: 'again' },
    { kind: 'reopened', why: 'again' },
  ],
  [
    { verb: 'cancel', reason: 'False-Alarm' },
    { kind: 'cancelled', reason: 'false-alarm' },
  ],
  [{ verb: 'cancel', reason: 'boring' }, expect.objectContaining({ code: 'reason', given: 'boring' })],
  [
    { verb: 'duplicate', number: 12 },
    { kind: 'cancelled', reason: 'duplicate', duplicateOf: 12 },
  ],
  [
    { verb: 'related', number: 12 },
    { kind: 'related', number: 12 },
  ],
  [
    { verb: 'hotfix', title: 'Undo' },
    { kind: 'hotfix-asked', title: 'Undo' },
  ],
  [{ verb: 'review' }, { kind: 'review-asked', review }],
  [
    { verb: 'waive', reason: 'known' },
    { kind: 'review-waived', reason: 'known' },
  ],
  [{ verb: 'approve' }, { kind: 'review-approved' }],
  [
    { verb: 'action', text: 'Alarm', owner: 'bob', due: '2026-01-05', priority: 'P1', horizon: 'short' },
    {
      kind: 'item-promised',
      item: 'comment:1:0',
      source: 'command',
      text: 'Alarm',
      owner: 'bob',
      due: '2026-01-05',
      priority: 'P1',
      horizon: 'short',
    },
  ],
  [
    { verb: 'action', text: 'Alarm', due: '3d' },
    expect.objectContaining({ kind: 'item-promised', due: '2025-12-21' }),
  ],
  [{ verb: 'action', text: 'Alarm', due: 'some day' }, expect.objectContaining({ code: 'date' })],
  [{ verb: 'help' }, null],
])('%o', (command, expected) => {
  expect(meaning(command)).toEqual(expected)
})

it('any service will do where the repository names none', () => {
  const { policy } = rules()
  const answer = meaning({ verb: 'service', services: ['db'] }, { policy })
  expect(answer).toEqual({ kind: 'services-set', services: ['db'] })
})

describe('on an action item’s own issue', () => {
  it.each<[FlatCommand, object]>([
    [
      { verb: 'due', date: 'tomorrow' },
      { kind: 'item-changed', item: 'alarm', due: '2025-12-19' },
    ],
    [
      { verb: 'due', date: 'soon' },
      { code: 'date', given: 'soon', usage: '/due 14d' },
    ],
    [
      { verb: 'snooze', duration: '3d' },
      { kind: 'item-snoozed', item: 'alarm', until: at('2025-12-21 10:50') },
    ],
    [
      { verb: 'snooze', duration: 'long' },
      { code: 'date', given: 'long', usage: '/snooze 3d' },
    ],
    [
      { verb: 'wontfix', reason: 'no' },
      { kind: 'item-declined', item: 'alarm', reason: 'no' },
    ],
    [
      { verb: 'assign', user: 'bob' },
      { kind: 'item-changed', item: 'alarm', owner: 'bob' },
    ],
  ])('%o', (command, expected) => {
    expect(meaning(command, { item: 'alarm' })).toEqual(expected)
    const elsewhere = meaning(command)
    expect(elsewhere && isRefusal(elsewhere) && elsewhere).toEqual({
      code: 'only-on-item',
      verb: command.verb,
    })
  })
})

// What people do by hand, read as the command that it means: labels, closing, assigning, renaming, cards, ticks.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cardFacts,
  declares,
  issueFacts,
  misread,
  placedIssueFacts,
  severityOfForm,
  severityOfLabels,
  ticks,
} from '../../../src/github/webhook/by-hand.ts'
import type { Delivery } from '../../../src/github/webhook/delivery.ts'
import { parseDelivery } from '../../../src/github/webhook/webhook.ts'
import { STATUSES } from '../../../src/incident/base/lifecycle.ts'
import { inOrder } from '../../../src/incident/base/placement.ts'
import type { Event, Fact } from '../../../src/incident/fold/nouns.ts'
import { reviewRule } from '../../../src/incident/policy/policy.ts'
import { rules } from '../../incident/given.ts'
import { example, type Payload } from '../examples.ts'

const { policy } = rules()
const resolved: Fact = { kind: 'resolved', review: reviewRule(policy) }

function delivered(action: string, changes: Payload = {}): Extract<Delivery, { kind: 'issue' }> {
  const plain = { issue: { title: 'Search is down', labels: [], state_reason: null }, label: undefined }
  const delivery = parseDelivery('issues', {
    ...example('issues', action, { ...plain, changes: undefined }),
    ...changes,
  })
  if (delivery?.kind !== 'issue') throw new TypeError('not an issue')
  return delivery
}

const meant = (action: string, changes: Payload = {}): Fact[] =>
  issueFacts(delivered(action, changes), policy)
const labeled = (name: string): Fact[] => meant('labeled', { label: { name } })
const issue = (changes: Payload): Payload => ({
  issue: example('issues', 'edited', { issue: changes }).issue,
})

describe('labels', () => {
  it.each<[string, Fact[]]>([
    ['sev:P0', [{ kind: 'severity-set', severity: 'P0' }]],
    ['SEV: p1', [{ kind: 'severity-set', severity: 'P1' }]],
    ['sev:P9', []],
    ['status:monitoring', [{ kind: 'status-set', status: 'monitoring' }]],
    ['Status:Fixing', [{ kind: 'status-set', status: 'fixing' }]],
    ['status:resolved', [resolved]],
    ['status:triage', []],
    ['status:closed', []],
    ['status:cancelled', []],
    ['status:done', []],
    ['bug', []],
    ['incident', []],
  ])('adding %s', (name, facts) => expect(labeled(name)).toEqual(facts))

  it('removing the incident’s own cancels, removing others means nothing', () => {
    expect(meant('unlabeled', { label: { name: 'Incident' } })).toEqual([
      { kind: 'cancelled', reason: 'other' },
    ])
    expect(meant('unlabeled', { label: { name: 'sev:P0' } })).toEqual([])
    expect(meant('unlabeled', { label: { name: 'status:fixing' } })).toEqual([])
  })

  it('the most severe counts where there are several', () => {
    expect(severityOfLabels(['bug', 'sev:P2', 'Sev:p1', 'sev:none'], policy)).toBe('P1')
    expect(severityOfLabels(['bug'], policy)).toBeUndefined()
  })

  it('the incident’s label declares, put on or brought along', () => {
    expect(declares(delivered('labeled', { label: { name: 'INCIDENT' } }), policy)).toBe(true)
    expect(declares(delivered('labeled', { label: { name: 'bug' } }), policy)).toBe(false)
    expect(declares(delivered('opened', issue({ labels: [{ name: 'incident' }] })), policy)).toBe(true)
    expect(declares(delivered('opened', issue({ labels: [{ name: 'bug' }] })), policy)).toBe(false)
    expect(declares(delivered('edited', issue({ labels: [{ name: 'incident' }] })), policy)).toBe(false)
    const outage = rules('label: outage').policy
    expect(declares(delivered('labeled', { label: { name: 'outage' } }), outage)).toBe(true)
    expect(declares(delivered('labeled', { label: { name: 'incident' } }), outage)).toBe(false)
  })
})

it.each<[string, string | undefined]>([
  ['sev:P9', 'severity'],
  ['status:closed', 'status-label'],
  ['status:triage', 'status-label'],
  ['status:done', 'status-label'],
  ['sev:P1', undefined],
  ['status:resolved', undefined],
  ['incident', undefined],
  ['bug', undefined],
])('%s on an incident is refused as %s', (name, code) => {
  expect(misread(delivered('labeled', { label: { name } }), policy)?.code).toBe(code)
  expect(misread(delivered('unlabeled', { label: { name } }), policy)).toBeNull()
})

describe('the issue', () => {
  it.each<[string, Payload, Fact[]]>([
    ['closed', issue({ state_reason: 'completed' }), [resolved]],
    ['closed', issue({ state_reason: null }), [resolved]],
    ['closed', issue({ state_reason: 'not_planned' }), [{ kind: 'cancelled', reason: 'other' }]],
    ['closed', issue({ state_reason: 'duplicate' }), [{ kind: 'cancelled', reason: 'duplicate' }]],
    ['reopened', {}, [{ kind: 'reopened' }]],
    ['assigned', { assignee: { login: 'bob' } }, [{ kind: 'assigned', user: 'bob' }]],
    ['unassigned', { assignee: { login: 'bob' } }, []],
    [
      'edited',
      { ...issue({ title: 'Search is slow' }), changes: { title: { from: 'Search is down' } } },
      [{ kind: 'renamed', title: 'Search is slow' }],
    ],
    ['edited', { changes: { body: { from: 'old' } } }, []],
    ['deleted', {}, [{ kind: 'cancelled', reason: 'other', text: 'the issue was deleted', gone: true }]],
    ['locked', {}, []],
    ['unlocked', {}, []],
    ['pinned', {}, []],
    ['milestoned', {}, []],
  ])('%s %#', (action, changes, facts) => expect(meant(action, changes)).toEqual(facts))
})

describe('the card', () => {
  it.each<[string, string, Fact[]]>([
    ['Status', 'Done', [resolved]],
    ['Status', 'Todo', []],
    ['Status', 'In Progress', []],
    ['Phase', 'Resolved', [resolved]],
    ['Phase', 'Monitoring', [{ kind: 'status-set', status: 'monitoring' }]],
    ['Phase', 'Investigating', [{ kind: 'status-set', status: 'investigating' }]],
    ['Phase', 'Triage', []],
    ['Phase', 'Closed', []],
    ['Phase', 'Cancelled', []],
    ['Phase', 'Parked', []],
  ])('%s to %s', (field, to, facts) => expect(cardFacts(field, to, policy)).toEqual(facts))

  it('says the same as the label of that status', () => {
    for (const status of STATUSES)
      expect(cardFacts('Phase', status, policy)).toEqual(labeled(`status:${status}`))
  })
})

describe('ticks', () => {
  it('are the boxes that differ, by their words', () => {
    const before = '- [ ] Tell legal\n* [x] Look at logs\n+ [ ] Restart\n1. [ ] no box'
    const after = '- [x] Tell legal\r\n* [ ] Look at logs\r\n+ [ ] Restart\r\n- [x] New one\r\n1. [x] no box'
    expect(ticks(before, after)).toEqual([
      { text: 'Tell legal', checked: true },
      { text: 'Look at logs', checked: false },
    ])
  })

  it('moving a line ticks nothing', () => {
    expect(ticks('- [x] a\n- [ ] b', '- [ ] b\n- [x] a')).toEqual([])
  })

  it('back and forth is nothing but the same boxes', () => {
    const body = fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean()), {
        selector: ([text]) => text,
      })
      .map((boxes) => boxes.map(([text, checked]) => `- [${checked ? 'x' : ' '}] ${text}`).join('\n'))
    fc.assert(
      fc.property(body, body, (one, other) => {
        const there = ticks(one, other)
        expect(new Set(ticks(other, one).map((tick) => tick.text))).toEqual(
          new Set(there.map((tick) => tick.text)),
        )
        expect(ticks(one, one)).toEqual([])
      }),
    )
  })
})

describe('the issue form', () => {
  it.each([
    ['### What is broken?\n\nSearch\n\n### Severity\n\nP1 High\n', 'P1'],
    ['### Severity\r\n\r\np0\r\n', 'P0'],
    ['### Severity\n\n_No response_\n', undefined],
    ['### Severity\n', undefined],
    ['Severity P1', undefined],
  ])('%j is %s', (body, severity) => expect(severityOfForm(body, policy)).toBe(severity))
})

describe('placed facts', () => {
  const time = { updated_at: '2025-12-18T10:00:00Z', closed_at: '2025-12-18T10:00:00Z' }
  const placedOf = (action: string, changes: Payload = {}): Event[] => {
    const delivery = delivered(action, { ...issue({ ...time, state_reason: 'completed' }), ...changes })
    return placedIssueFacts(delivery, issueFacts(delivery, policy), policy)
  }
  const label = (name: string) => placedOf('labeled', { label: { name } })

  it('carry GitHub’s time, the sender and the issue’s address', () => {
    const [fact] = placedOf('closed', { sender: { login: 'bob' } })
    expect(fact).toMatchObject({ kind: 'resolved', at: Date.parse(time.closed_at), by: 'bob' })
    expect(fact?.evidence).toMatch(/^https:\/\/github\.com\/.*\/issues\/\d+$/)
  })

  it('the same act told twice is one fact, two acts of one second are two', () => {
    expect(label('sev:P1')[0]?.key).toBe(label('sev:P1')[0]?.key)
    const keys = [...label('sev:P1'), ...label('sev:P2'), ...placedOf('closed'), ...placedOf('reopened')].map(
      (fact) => fact.key,
    )
    expect(new Set(keys).size).toBe(4)
  })

  it('of one second the worse severity, the further status and reopening count as the later', () => {
    const last = (...facts: Event[]) => facts.sort(inOrder).at(-1)
    expect(last(...label('sev:P0'), ...label('sev:P2'))).toMatchObject({ severity: 'P0' })
    expect(last(...label('status:monitoring'), ...label('status:fixing'))).toMatchObject({
      status: 'monitoring',
    })
    expect(last(...label('status:resolved'), ...label('status:fixing'))?.kind).toBe('resolved')
    expect(last(...placedOf('reopened'), ...placedOf('closed'))?.kind).toBe('reopened')
  })

  it('two ways of closing, two names and two people of one second are two facts', () => {
    const by = (login: string) => placedOf('reopened', { sender: { login } })[0]?.key
    expect(by('ada')).not.toBe(by('bo'))
    const closed = (reason: string) => placedOf('closed', issue({ ...time, state_reason: reason }))
    expect(closed('completed')[0]?.key).not.toBe(closed('not_planned')[0]?.key)
    const renamed = (title: string) =>
      placedOf('edited', { ...issue({ ...time, title }), changes: { title: { from: 'old' } } })
    expect(renamed('one')[0]?.key).not.toBe(renamed('two')[0]?.key)
  })

  it('labels come before other changes of the same second', () => {
    const facts = [...placedOf('closed'), ...label('status:monitoring')].sort(inOrder)
    expect(facts.map((fact) => fact.kind)).toEqual(['status-set', 'resolved'])
  })
})

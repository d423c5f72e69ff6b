// The state diagram: what each fact that a person can cause does to an incident in each status.

import { expect, it } from 'vitest'
import type { Fact } from '../../src/incident/fold/nouns.ts'
import { event, given } from './given.ts'
import { HISTORY } from './histories.ts'

/** Facts of Mayday's own making: no person causes them. */
type Own =
  | 'timer-fired'
  | 'notified'
  | 'duplicate-found'
  | 'entry-taken'
  | 'hotfix-refused'
  | 'review-opened'
  | 'item-opened'

const FACTS: { [K in Exclude<Fact['kind'], Own>]: Extract<Fact, { kind: K }> } = {
  declared: { kind: 'declared', id: 'INC-42', title: 'Search is down' },
  accepted: { kind: 'accepted' },
  drilled: { kind: 'drilled' },
  acknowledged: { kind: 'acknowledged' },
  'severity-set': { kind: 'severity-set', severity: 'P1' },
  'status-set': { kind: 'status-set', status: 'identified' },
  'lead-set': { kind: 'lead-set', user: 'eve' },
  assigned: { kind: 'assigned', user: 'eve' },
  'role-set': { kind: 'role-set', role: 'comms', user: 'eve' },
  updated: { kind: 'updated', text: 'we know more', public: false },
  noted: { kind: 'noted', text: 'restarted' },
  'entry-amended': { kind: 'entry-amended', entry: 2, text: 'said better' },
  'entry-hidden': { kind: 'entry-hidden', entry: 2 },
  'entry-shown': { kind: 'entry-shown', entry: 2 },
  'comment-edited': { kind: 'comment-edited', comment: 1, texts: [] },
  'comment-deleted': { kind: 'comment-deleted', comment: 1 },
  'milestone-set': { kind: 'milestone-set', milestone: 'started', time: 0 },
  'impact-set': { kind: 'impact-set', text: 'no search' },
  'services-set': { kind: 'services-set', services: ['api'] },
  'type-set': { kind: 'type-set', type: 'security' },
  'cost-set': { kind: 'cost-set', text: '4,000 EUR' },
  'bridge-set': { kind: 'bridge-set', url: 'https://meet.example' },
  'cause-found': { kind: 'cause-found', text: 'disk' },
  renamed: { kind: 'renamed', title: 'Search is slow' },
  related: { kind: 'related', number: 12 },
  suspected: { kind: 'suspected', number: 12 },
  'suspect-cleared': { kind: 'suspect-cleared', number: 12 },
  paged: { kind: 'paged', target: '@bob', names: ['@bob'] },
  spoke: { kind: 'spoke' },
  ticked: { kind: 'ticked', text: 'Check deployments', checked: true },
  resolved: { kind: 'resolved' },
  reopened: { kind: 'reopened', why: 'again' },
  cancelled: { kind: 'cancelled', reason: 'duplicate', duplicateOf: 12 },
  transferred: { kind: 'transferred', to: 'acme/infra#7' },
  'hotfix-asked': { kind: 'hotfix-asked' },
  'hotfix-opened': { kind: 'hotfix-opened', pull: 8, branch: 'hotfix/incident-INC-42-2', url: '…/8' },
  'hotfix-reviewed': { kind: 'hotfix-reviewed', pull: 7, state: 'approved' },
  'hotfix-ready': { kind: 'hotfix-ready', pull: 7 },
  'hotfix-merged': { kind: 'hotfix-merged', pull: 7, sha: 'abc' },
  'hotfix-closed': { kind: 'hotfix-closed', pull: 7 },
  deployed: { kind: 'deployed', environment: 'production', sha: 'abc', state: 'success' },
  'review-asked': { kind: 'review-asked' },
  'review-written': { kind: 'review-written', filled: ['summary'] },
  'review-approved': { kind: 'review-approved' },
  'review-waived': { kind: 'review-waived', reason: 'known' },
  'review-closed': { kind: 'review-closed' },
  'review-reopened': { kind: 'review-reopened' },
  'item-promised': { kind: 'item-promised', item: 'second', source: 'command', text: 'Test it' },
  'item-changed': { kind: 'item-changed', item: 'alarm', owner: 'eve' },
  'item-done': { kind: 'item-done', item: 'alarm' },
  'item-reopened': { kind: 'item-reopened', item: 'alarm' },
  'item-declined': { kind: 'item-declined', item: 'alarm', reason: 'no' },
  'item-snoozed': { kind: 'item-snoozed', item: 'alarm', until: 0 },
}

/** `→ status` a move, `✓` takes effect where it stands, `=` is so already, `✗ code` refused. */
function cell(status: keyof typeof HISTORY, fact: Fact): string {
  const { before, after, decision } = given(HISTORY[status]).when(event('12:00', fact, { by: 'eve' }))
  if (decision === 'already') return '='
  if (decision !== 'takes-effect') return `✗ ${decision.code}`
  return before.status !== after.status || before.declared !== after.declared ? `→ ${after.status}` : '✓'
}

function table(): string {
  const statuses = Object.keys(HISTORY) as (keyof typeof HISTORY)[]
  const rows = [
    ['', ...statuses],
    ...Object.values(FACTS).map((fact) => [fact.kind, ...statuses.map((status) => cell(status, fact))]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join(' | ')
        .trimEnd(),
    )
    .join('\n')
}

it('each history stands in its status', () => {
  for (const [status, facts] of Object.entries(HISTORY)) {
    const { incident } = given(facts)
    expect([status, incident.declared, incident.refused]).toEqual([status, status !== 'none', {}])
    if (status !== 'none') expect(incident.status).toBe(status)
  }
})

it('each status takes, ignores or refuses each fact', () => {
  expect(table()).toMatchInlineSnapshot(`
    "                | none            | triage          | investigating | identified   | fixing       | monitoring   | resolved             | closed               | cancelled
    declared        | → investigating | → investigating | =             | =            | =            | =            | =                    | =                    | → investigating
    accepted        | ✗ not-declared  | → investigating | =             | =            | =            | =            | =                    | =                    | ✗ cancelled
    drilled         | ✓               | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    acknowledged    | ✗ not-declared  | ✓               | =             | =            | =            | =            | ✗ over               | ✗ over               | ✗ cancelled
    severity-set    | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    status-set      | ✗ not-declared  | → identified    | → identified  | =            | → identified | → identified | ✗ over               | ✗ over               | ✗ cancelled
    lead-set        | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    assigned        | ✗ not-declared  | ✓               | =             | =            | =            | =            | =                    | =                    | ✗ cancelled
    role-set        | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    updated         | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    noted           | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    entry-amended   | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    entry-hidden    | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    entry-shown     | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    comment-edited  | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    comment-deleted | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    milestone-set   | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    impact-set      | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    services-set    | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    type-set        | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    cost-set        | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    bridge-set      | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    cause-found     | ✗ not-declared  | → identified    | → identified  | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    renamed         | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    related         | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    suspected       | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    suspect-cleared | ✗ not-declared  | ✗ no-suspect    | ✗ no-suspect  | ✗ no-suspect | ✗ no-suspect | ✗ no-suspect | ✗ no-suspect         | ✗ no-suspect         | ✗ no-suspect
    paged           | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✗ over               | ✗ over               | ✗ cancelled
    spoke           | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    ticked          | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    resolved        | ✗ not-declared  | → closed        | → resolved    | → resolved   | → resolved   | → resolved   | =                    | =                    | ✗ cancelled
    reopened        | ✗ not-declared  | =               | =             | =            | =            | =            | → investigating      | → investigating      | → investigating
    cancelled       | ✗ not-declared  | → cancelled     | → cancelled   | → cancelled  | → cancelled  | → cancelled  | ✗ too-late-to-cancel | ✗ too-late-to-cancel | =
    transferred     | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    hotfix-asked    | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✗ over               | ✗ over               | ✗ cancelled
    hotfix-opened   | ✗ not-declared  | ✓               | → fixing      | → fixing     | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    hotfix-reviewed | ✗ not-declared  | =               | =             | =            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    hotfix-ready    | ✗ not-declared  | =               | =             | =            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    hotfix-merged   | ✗ not-declared  | =               | =             | =            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    hotfix-closed   | ✗ not-declared  | =               | =             | =            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    deployed        | ✗ not-declared  | =               | =             | =            | =            | =            | =                    | =                    | ✗ cancelled
    review-asked    | ✗ not-declared  | ✗ not-over      | ✗ not-over    | ✗ not-over   | ✗ not-over   | ✗ not-over   | =                    | =                    | ✗ cancelled
    review-written  | ✗ not-declared  | ✗ no-review     | ✗ no-review   | ✗ no-review  | ✗ no-review  | ✗ no-review  | ✓                    | ✓                    | ✗ cancelled
    review-approved | ✗ not-declared  | ✗ no-review     | ✗ no-review   | ✗ no-review  | ✗ no-review  | ✗ no-review  | ✓                    | ✓                    | ✗ cancelled
    review-waived   | ✗ not-declared  | ✗ no-review     | ✗ no-review   | ✗ no-review  | ✗ no-review  | ✗ no-review  | → closed             | ✓                    | ✗ cancelled
    review-closed   | ✗ not-declared  | ✗ no-review     | ✗ no-review   | ✗ no-review  | ✗ no-review  | ✗ no-review  | ✓                    | ✓                    | ✗ cancelled
    review-reopened | ✗ not-declared  | ✗ no-review     | ✗ no-review   | ✗ no-review  | ✗ no-review  | ✗ no-review  | ✓                    | ✓                    | ✗ cancelled
    item-promised   | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✗ cancelled
    item-changed    | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    item-done       | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    item-reopened   | ✗ not-declared  | =               | =             | =            | =            | =            | =                    | =                    | =
    item-declined   | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓
    item-snoozed    | ✗ not-declared  | ✓               | ✓             | ✓            | ✓            | ✓            | ✓                    | ✓                    | ✓"
  `)
})

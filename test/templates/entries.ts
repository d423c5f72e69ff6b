// One row of the timeline for each kind of fact that is told, as an incident on a search index would leave them.
import type { Fact } from '../../src/incident/fold/nouns.ts'
import type { View, ViewValue } from '../../src/templates/templates.ts'

/** Two who could not be called. */
const GHOST: View = {
  missed: [
    { to: '@ghost', unknown: true },
    { to: 'pager', unknown: false },
  ],
}

/** Facts with people's words where people write them. `row` is what the shell adds around the fact. */
const TOLD: readonly (Fact & {
  leads?: string
  called?: View
  row?: { struck?: boolean; amended?: string; from?: string }
})[] = [
  {
    kind: 'declared',
    id: 'INC-42',
    title: 'Search is stale',
    severity: 'P1 High',
    summary: 'answers are old',
  },
  { kind: 'declared', id: 'INC-42', title: 'Search is stale' },
  { kind: 'declared', id: 'INC-42', title: 'Search is stale', triage: true },
  { kind: 'declared', id: 'INC-42', title: 'Search is stale', severity: 'P2 Medium', drill: true },
  { kind: 'declared', id: 'INC-42', title: 'Search is stale', severity: 'P1 High', since: 0, resolved: 0 },
  { kind: 'accepted' },
  { kind: 'drilled' },
  { kind: 'acknowledged' },
  { kind: 'acknowledged', leads: '@ada' },
  { kind: 'severity-set', severity: 'P0 Critical', reason: 'no customer can search' },
  { kind: 'status-set', status: 'identified', note: 'the index was renamed without its alias' },
  { kind: 'lead-set', user: 'bo', note: 'the hotfix waits for its review' },
  { kind: 'assigned', user: 'ada' },
  { kind: 'role-set', role: 'comms', user: 'cy' },
  { kind: 'updated', text: 'The fix is being deployed', public: false },
  { kind: 'updated', text: 'Search is back', public: true },
  { kind: 'noted', text: 'Access refused; script stopped at "delete index"' },
  { kind: 'noted', text: 'script stopped by itself', row: { struck: true } },
  { kind: 'milestone-set', milestone: 'started', time: 0 },
  { kind: 'impact-set', text: 'Search answers from a stale index; nothing lost so far' },
  { kind: 'services-set', services: ['search', 'api'] },
  { kind: 'type-set', type: 'data-loss' },
  { kind: 'cost-set', text: '4,000 EUR of refunds' },
  { kind: 'cause-found', text: 'Migration renamed the index before the alias moved' },
  { kind: 'renamed', title: 'Search answers from a stale index' },
  { kind: 'related', number: 31 },
  { kind: 'suspected', number: 12 },
  { kind: 'suspect-cleared', number: 12 },
  { kind: 'ticked', text: 'Look at recent changes', checked: true },
  { kind: 'ticked', text: 'Look at recent changes', checked: false },
  { kind: 'resolved', summary: 'the alias points at the new index' },
  { kind: 'resolved', summary: 'all good', row: { amended: 'all document counts are equal' } },
  { kind: 'reopened', why: 'errors are back since 11:20' },
  { kind: 'cancelled', reason: 'false-alarm', text: 'the probe was wrong' },
  { kind: 'cancelled', reason: 'duplicate', duplicateOf: 12 },
  { kind: 'transferred', to: 'acme/infra#7' },
  { kind: 'duplicate-found', number: 43, id: 'INC-43' },
  { kind: 'noted', text: 'the cluster is yellow', row: { from: 'INC-43' } },
  { kind: 'hotfix-opened', pull: 57, branch: 'hotfix/incident-INC-42', url: '', from: '9f8e7d6' },
  { kind: 'hotfix-opened', pull: 58, branch: 'hotfix/incident-INC-42-b', url: '' },
  { kind: 'hotfix-opened', pull: 59, branch: 'revert-12-rename', url: '', reverts: 12 },
  { kind: 'hotfix-refused', asked: '', why: 'the branch `production` is protected' },
  { kind: 'hotfix-refused', asked: '', why: 'it is not merged', reverts: 12 },
  { kind: 'hotfix-reviewed', pull: 57, state: 'approved' },
  { kind: 'hotfix-reviewed', pull: 57, state: 'changes_requested' },
  { kind: 'hotfix-reviewed', pull: 57, state: 'commented' },
  { kind: 'hotfix-merged', pull: 57, sha: 'a1b2c3d' },
  { kind: 'hotfix-closed', pull: 58 },
  { kind: 'deployed', environment: 'production', sha: 'a1b2c3d', state: 'success' },
  { kind: 'deployed', environment: 'production', sha: 'a1b2c3d', state: 'failure' },
  { kind: 'review-opened', issue: 60, url: '' },
  { kind: 'review-approved' },
  { kind: 'review-approved', alone: true },
  { kind: 'review-waived', reason: 'a drill found the same last week' },
  { kind: 'item-promised', item: '', source: 'command', text: 'Alarm on document count', owner: 'eli' },
  { kind: 'item-done', item: '', row: {} },
  { kind: 'item-reopened', item: '' },
  { kind: 'item-declined', item: '', reason: 'the service is switched off in March' },
  { kind: 'timer-fired', timer: 'escalate:P0:0', due: 0, names: ['@acme/on-call', '@dana'] },
  { kind: 'timer-fired', timer: 'overdue:0', due: 0, names: ['@dana'], takes: 'escalate:P0:1' },
  {
    kind: 'timer-fired',
    timer: 'escalate:P0:1',
    due: 0,
    names: ['@ghost', 'pager'],
    called: GHOST,
  },
  { kind: 'paged', target: '@bo', names: ['@bo'], text: 'the database needs you', called: GHOST },
  { kind: 'paged', target: 'api', names: ['@acme/api'], called: { drill: true, missed: [] } },
  { kind: 'timer-fired', timer: 'escalate:P0:0', due: 0, names: ['@bo'], called: { drill: true } },
]

const camel = (kind: string): string => kind.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The view of the template `entry` for each of them. */
export const entryViews: readonly View[] = TOLD.map(({ row = {}, called = {}, ...fact }) => {
  const words: Record<string, ViewValue> = { ...fact, ...called }
  if (fact.kind === 'milestone-set') words.time = '2025-12-18 10:11 UTC'
  if (fact.kind === 'declared' && fact.since !== undefined) words.since = '2025-12-18 10:10 UTC'
  if (fact.kind === 'declared' && fact.resolved !== undefined) words.resolved = '2025-12-18 11:30 UTC'
  if (fact.kind.startsWith('item-') && words.text === undefined) words.text = 'Alarm on document count'
  return {
    [camel(fact.kind)]: words,
    from: row.from ?? null,
    struck: row.struck ?? false,
    amended: row.amended ?? null,
  }
})

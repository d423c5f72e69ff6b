// One incident in every status, told as it comes about in practice.

import { RANK } from '../../src/incident/base/placement.ts'
import type { Event } from '../../src/incident/fold/nouns.ts'
import { declared, event } from './given.ts'

export const OWN = { rank: RANK.mayday, by: null } as const

const started: Event[] = [
  declared('10:00', 'P0'),
  event('10:01', { kind: 'lead-set', user: 'ada' }),
  event('10:02', { kind: 'noted', text: 'search answers 500' }),
  event('10:03', { kind: 'item-promised', item: 'alarm', source: 'command', text: 'Alarm on errors' }),
]
const identified = [...started, event('10:10', { kind: 'cause-found', text: 'The index was renamed' })]
const fixing = [
  ...identified,
  event('10:20', { kind: 'hotfix-asked' }, { key: 'asked' }),
  event(
    '10:21',
    { kind: 'hotfix-opened', pull: 7, branch: 'hotfix/incident-INC-42', url: '…/7', asked: 'asked' },
    OWN,
  ),
]
const monitoring = [...fixing, event('10:30', { kind: 'status-set', status: 'monitoring' })]
const resolved = [
  ...monitoring,
  event('10:40', { kind: 'resolved' }),
  event('10:41', { kind: 'review-opened', issue: 43, url: '…/43' }, OWN),
]

/** The facts that lead to each status; `none` is an issue that nobody declared. */
export const HISTORY = {
  none: [],
  triage: [
    event('10:00', { kind: 'declared', id: 'INC-42', title: 'Search is down', triage: true }),
    ...started.slice(2),
  ],
  investigating: started,
  identified,
  fixing,
  monitoring,
  resolved,
  closed: [...resolved, event('10:50', { kind: 'review-waived', reason: 'known' }, { by: 'bob' })],
  cancelled: [...started, event('10:10', { kind: 'cancelled', reason: 'false-alarm' })],
} satisfies Record<string, Event[]>

// The table of nouns: each kind of fact has one rule, and a timer's fact says what it is about.
import { describe, expect, it } from 'vitest'
import { CAUSES } from '../../src/incident/cause.ts'
import { nudgeOf, TIMERS } from '../../src/incident/clock/nudges.ts'
import { DECLARATIONS } from '../../src/incident/declaration.ts'
import { ENTRIES } from '../../src/incident/entry.ts'
import { RULES } from '../../src/incident/fold/nouns.ts'
import { HOTFIXES } from '../../src/incident/hotfix.ts'
import { ITEMS } from '../../src/incident/item.ts'
import { MILESTONE } from '../../src/incident/milestone.ts'
import { NOTES } from '../../src/incident/note.ts'
import { PEOPLE } from '../../src/incident/people.ts'
import { RELATIONS } from '../../src/incident/relation.ts'
import { REVIEWS } from '../../src/incident/review.ts'
import { SCOPE } from '../../src/incident/scope.ts'
import { SEVERITY } from '../../src/incident/severity.ts'
import { STATUS } from '../../src/incident/status.ts'
import { UPDATES } from '../../src/incident/update.ts'

const NOUNS = [
  ...[CAUSES, DECLARATIONS, ENTRIES, HOTFIXES, ITEMS, MILESTONE, NOTES, PEOPLE, RELATIONS, REVIEWS],
  ...[SCOPE, SEVERITY, STATUS, TIMERS, UPDATES],
]

describe('the rules of facts', () => {
  it('come from one noun each: two nouns that claim one kind would override each other', () => {
    expect(NOUNS.flatMap((noun) => Object.keys(noun)).sort()).toEqual(Object.keys(RULES).sort())
  })

  it('name words only for what people read or rewrite', () => {
    const bookkeeping = Object.entries(RULES).filter(([, rule]) => 'words' in rule && !('told' in rule))
    expect(bookkeeping.map(([kind]) => kind)).toEqual(['entry-amended', 'item-changed'])
  })
})

describe('a fired timer', () => {
  it('says what it is about', () => {
    expect(nudgeOf({ timer: 'lead:3', nudge: { kind: 'lead', last: true } })).toEqual({
      kind: 'lead',
      last: true,
    })
  })

  it.each([
    ['escalate:P0:1', { kind: 'escalate' }],
    ['overdue:1766054400000', { kind: 'overdue' }],
    ['update:1766054400000:2', { kind: 'update' }],
    ['external:1766054400000', { kind: 'external' }],
    ['quiet:1766054400000:2', { kind: 'quiet' }],
    ['lead:3', { kind: 'lead', last: false }],
    ['lead:last', { kind: 'lead', last: true }],
    ['handover:1766054400000:offer', { kind: 'handover', demand: false }],
    ['handover:1766054400000:demand', { kind: 'handover', demand: true }],
    ['deadline:begins:Notice: art. 33', { kind: 'deadline', name: 'Notice: art. 33', over: false }],
    ['deadline:due:Notice', { kind: 'deadline', name: 'Notice', over: true }],
    ['remind:comment:42:0:2026-01-10', { kind: 'remind', item: 'comment:42:0' }],
    ['tide:1', null],
  ])('of an older version says it in its key: %s', (timer, nudge) => {
    expect(nudgeOf({ timer })).toEqual(nudge)
  })
})

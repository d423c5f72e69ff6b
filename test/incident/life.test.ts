// The life of an incident: statuses, milestones, corrections, and what may not happen.

import { describe, expect, it } from 'vitest'
import { RANK } from '../../src/incident/base/placement.ts'
import { timers } from '../../src/incident/clock/clock.ts'
import { handedOver } from '../../src/incident/relation.ts'
import { CANCEL_REASONS } from '../../src/incident/status.ts'
import { timelineRows } from '../../src/incident/timeline/timeline.ts'
import { at, clock, DEFAULT, declared, event, given } from './given.ts'
import { HISTORY, OWN } from './histories.ts'

const milestones = (incident: { milestones: Partial<Record<string, number>> }) =>
  Object.fromEntries(Object.entries(incident.milestones).map(([name, time]) => [name, clock(time)]))

describe('statuses and milestones', () => {
  it('skipping forward fills the milestones in between', () => {
    const { after } = given([declared('10:00', 'P0')]).when(
      event('10:30', { kind: 'status-set', status: 'monitoring' }),
    )
    expect(milestones(after)).toEqual({
      detected: '10:00',
      declared: '10:00',
      acknowledged: '10:30',
      identified: '10:30',
      mitigated: '10:30',
    })
  })

  it('what was done under an old label, long before the declaration, is no part of it', () => {
    const before = [event('07:00', { kind: 'resolved' }), event('07:01', { kind: 'noted', text: 'long ago' })]
    const { after } = given(before).when(declared('10:00', 'P0'))
    expect(after.status).toBe('investigating')
    expect(timelineRows(after).map(({ event: { kind } }) => kind)).toEqual(['declared'])
    const [label, note] = [declared('10:00', 'P0'), event('09:59', { kind: 'noted', text: 'told first' })]
    expect(timelineRows(given([note]).when(label).after).map(({ event: { kind } }) => kind)).toContain(
      'noted',
    )
  })

  it('resolving from triage fills everything', () => {
    const { after } = given(HISTORY.triage).when(event('11:00', { kind: 'resolved' }))
    expect(milestones(after)).toEqual({
      detected: '10:00',
      declared: '11:00',
      acknowledged: '11:00',
      identified: '11:00',
      mitigated: '11:00',
      resolved: '11:00',
      closed: '11:00',
    })
  })

  it('a milestone that is set already is not filled again', () => {
    const { after } = given(HISTORY.fixing).when(event('11:00', { kind: 'status-set', status: 'monitoring' }))
    expect(clock(after.milestones.identified)).toBe('10:10')
  })

  it('nor one that somebody has corrected', () => {
    const corrected = event('11:00', { kind: 'milestone-set', milestone: 'mitigated', time: at('10:25') })
    const moved = event('11:05', { kind: 'status-set', status: 'monitoring' })
    expect(clock(given([...HISTORY.fixing, corrected]).when(moved).after.milestones.mitigated)).toBe('10:25')
  })

  it('going back clears the later milestones and keeps the timeline', () => {
    const { before, after } = given(HISTORY.monitoring).when(
      event('10:35', { kind: 'status-set', status: 'investigating', note: 'it came back' }),
    )
    expect(milestones(after)).toEqual({ detected: '10:00', declared: '10:00', acknowledged: '10:01' })
    expect(timelineRows(after).slice(0, -1)).toEqual(timelineRows(before))
    expect(timelineRows(after).at(-1)?.event).toMatchObject({ kind: 'status-set', note: 'it came back' })
    expect(after.statuses.map((one) => one.status)).toEqual([
      'investigating',
      'identified',
      'fixing',
      'monitoring',
      'investigating',
    ])
  })

  it('reopening clears how it ended, and resolving again waits for the same review to be approved anew', () => {
    const reopened = given([...HISTORY.closed, event('11:00', { kind: 'reopened', why: 'again' })])
    expect(milestones(reopened.incident)).toEqual({
      detected: '10:00',
      declared: '10:00',
      acknowledged: '10:01',
    })
    expect(reopened.incident.statuses.at(-1)?.note).toBe('again')
    const { effects, after } = reopened.when(event('12:00', { kind: 'resolved' }))
    expect(effects).not.toContainEqual({ do: 'open-review' })
    expect(after.status).toBe('resolved')
    expect(after.review?.approvedBy).toBeUndefined()
  })

  it.each(CANCEL_REASONS)('can be cancelled: %s', (reason) => {
    const { after, said } = given(HISTORY.investigating).when(
      event('10:20', { kind: 'cancelled', reason, text: 'see there', duplicateOf: 12 }),
    )
    expect(after.status).toBe('cancelled')
    expect(after.cancelled).toEqual({ reason, text: 'see there', duplicateOf: 12 })
    expect(said).toEqual(['change'])
  })

  it('cannot be cancelled for a reason of its own', () => {
    const reason = 'boring' as 'other'
    const { decision } = given(HISTORY.investigating).when(event('10:20', { kind: 'cancelled', reason }))
    expect(decision).toMatchObject({ code: 'reason', given: 'boring', allowed: CANCEL_REASONS })
  })

  it('reopening what was cancelled forgets the reason', () => {
    const { after } = given(HISTORY.cancelled).when(event('11:00', { kind: 'reopened', why: 'it was real' }))
    expect(after).toMatchObject({ status: 'investigating' })
    expect(after.cancelled).toBeUndefined()
  })

  it('a duplicate sends what people say of it to the other one, and reopening makes it its own again', () => {
    const duplicate = event('10:10', { kind: 'cancelled', reason: 'duplicate', duplicateOf: 12 })
    const { incident, when } = given([declared('10:00', 'P0'), duplicate])
    for (const fact of [
      { kind: 'noted', text: 'more' },
      { kind: 'related', number: 3 },
      { kind: 'entry-hidden', entry: 1 },
      { kind: 'status-set', status: 'fixing' },
    ] as const)
      expect(when(event('10:20', fact)).decision).toEqual({ code: 'duplicate', number: 12 })
    expect(incident.entries.map((entry) => entry.event.kind)).toEqual(['declared', 'cancelled'])
    expect(when(event('10:20', { kind: 'reopened', why: 'another' })).after.status).toBe('investigating')
  })

  it('along a chain of duplicates each entry moves once, under the key of where it was first told', () => {
    const ended = (of: number) => event('10:10', { kind: 'cancelled', reason: 'duplicate', duplicateOf: of })
    const note = event('10:05', { kind: 'noted', text: 'shards are missing' }, { by: 'bob', origin: 7 })
    const first = handedOver(given([declared('10:00', 'P0'), note, ended(2)]).incident, {
      incident: 1,
      number: 1,
    })
    const second = given([declared('10:00', 'P1'), ...first, ended(3)]).incident
    const keys = handedOver(second, { incident: 2, number: 2 }).map(({ key }) => key)
    expect(keys.filter((key) => key === `taken:1:${note.key}`)).toHaveLength(1)
    expect(new Set(keys).size).toBe(keys.length)
    const row = second.entries.find(({ event: { key } }) => key === `taken:1:${note.key}`)
    expect(row).toMatchObject({ at: at('10:05'), event: { by: 'bob', id: 'INC-42' } })
  })

  it('an issue that is gone ends what is live and leaves what is over as it ended', () => {
    const gone = event('12:00', { kind: 'cancelled', reason: 'other', gone: true })
    expect(given(HISTORY.fixing).when(gone).after).toMatchObject({ status: 'cancelled', gone: true })
    expect(given(HISTORY.resolved).when(gone).after).toMatchObject({ status: 'resolved', gone: true })
  })

  it('declaring again what was cancelled forgets the reason and keeps the id', () => {
    const again = event('11:00', { kind: 'declared', id: 'INC-20251219-42', title: 'It was real' })
    const { after } = given(HISTORY.cancelled).when(again)
    expect(after).toMatchObject({ status: 'investigating', id: 'INC-42', severity: 'P0' })
    expect(after.cancelled).toBeUndefined()
  })
})

describe('triage', () => {
  it('asks for acceptance, and neither acknowledges nor declares', () => {
    const { effects, after } = given([]).when(
      event('10:00', { kind: 'declared', id: 'INC-42', title: 'Slow', triage: true }, { by: 'stranger' }),
    )
    expect(effects).toContainEqual({ do: 'say', key: 'ask-accept', notice: { about: 'ask-accept' } })
    expect(milestones(after)).toEqual({ detected: '10:00' })
  })

  it('is accepted by somebody who may, and counts from then', () => {
    const { after } = given(HISTORY.triage).when(event('10:20', { kind: 'accepted' }))
    expect(milestones(after)).toEqual({ detected: '10:00', declared: '10:20' })
  })

  it('is accepted by declaring, and what was said in triage stays', () => {
    const severity = event('10:05', { kind: 'severity-set', severity: 'P0' })
    const { after } = given([...HISTORY.triage, severity]).when(declared('10:20'))
    expect(after).toMatchObject({ status: 'investigating', severity: 'P0', severityAssumed: false })
  })

  it('a second reporter without the right changes nothing', () => {
    const again = event('10:05', { kind: 'declared', id: 'INC-42', title: 'Slow', triage: true })
    expect(given(HISTORY.triage).when(again)).toMatchObject({ decision: 'already', said: [] })
  })
})

describe('declaring', () => {
  it('counts before everything else on the issue, whatever its time', () => {
    const early = event('09:59:58', { kind: 'severity-set', severity: 'P1' })
    const { incident } = given([early, declared('10:00', 'P3')])
    expect(incident).toMatchObject({ declared: true, severity: 'P1', refused: {} })
  })

  it('what arrives before the declaration causes nothing until it is there', () => {
    const hotfix = event('10:05', { kind: 'hotfix-asked' }, { key: 'asked' })
    expect(given([]).when(hotfix).effects).toEqual([])
    expect(given([hotfix]).when(declared('10:00')).effects).toContainEqual({
      do: 'open-hotfix',
      asked: 'asked',
    })
  })

  it('asks for the severity where none was given', () => {
    expect(given([]).when(declared('10:00')).said).toEqual(['ask-severity'])
    expect(given([]).when(declared('10:00', 'P1')).said).toEqual([])
  })

  it('is the default of the moment of declaring; of older facts, the documented one', () => {
    const assumed = { ...declared('10:00', 'S2'), assumed: true as const }
    expect(given([assumed]).incident).toMatchObject({ severity: 'S2', severityAssumed: true })
    expect(given([declared('10:00')]).incident).toMatchObject({ severity: 'P2', severityAssumed: true })
  })
})

describe('a past incident', () => {
  const past = (more: object = {}) =>
    event('10:00', {
      ...{ kind: 'declared', id: 'INC-42', title: 'Last night', severity: 'P0' },
      ...{ since: at('08:00'), ...more },
    })

  it('has its milestones as given, and nobody is told or waited for', () => {
    const { after, said, effects } = given([]).when(past())
    expect(milestones(after)).toEqual({ started: '08:00', detected: '08:00', declared: '08:00' })
    expect([after.status, said]).toEqual(['investigating', []])
    expect(timers(after, DEFAULT)).toEqual([])
    expect(effects).toContainEqual({ do: 'sync-issue' })
    expect(given([]).when(past({ assumed: true })).said).toEqual([])
    expect(given([past()]).when(event('10:05', { kind: 'resolved' })).said).toEqual([])
  })

  it('that is over is reviewed as its severity asks', () => {
    const { after, said, effects } = given([]).when(past({ resolved: at('09:00') }))
    expect(milestones(after)).toMatchObject({ mitigated: '09:00', resolved: '09:00' })
    expect([after.status, said]).toEqual(['resolved', []])
    expect(effects).toContainEqual({ do: 'open-review' })
    expect(given([past({ resolved: at('09:00'), severity: 'P3' })]).incident.status).toBe('closed')
  })

  it('taken up again is told and waited for like any other', () => {
    const { after, said } = given([past({ resolved: at('09:00') })]).when(
      event('10:30', { kind: 'reopened', why: 'it is back' }),
    )
    expect(said).toEqual(['change'])
    expect(timers(after, DEFAULT)).not.toEqual([])
  })

  it('is put on record once; what is live already is corrected instead', () => {
    expect(given(HISTORY.investigating).when(past()).decision).toEqual({
      code: 'declared-already',
      usage: '',
    })
    expect(given(HISTORY.cancelled).when(past()).decision).toMatchObject({ code: 'declared-already' })
  })
})

describe('/set', () => {
  it.each(['resolved', 'reviewed', 'closed'] as const)('%s only where it has happened', (milestone) => {
    const fact = event('12:00', { kind: 'milestone-set', milestone, time: at('11:00') })
    expect(given(HISTORY.fixing).when(fact).decision).toEqual({
      ...{ code: 'not-reached', milestone, status: 'fixing' },
    })
    expect(given(HISTORY.closed).when(fact).after.milestones[milestone]).toBe(at('11:00'))
  })

  const set = (milestone: 'started' | 'mitigated', time: string) =>
    event('12:00', { kind: 'milestone-set', milestone, time: at(time) })

  it('started precedes all others', () => {
    expect(given(HISTORY.monitoring).when(set('started', '09:50')).after.milestones.started).toBe(at('09:50'))
    expect(given(HISTORY.monitoring).when(set('started', '10:05')).decision).toMatchObject({
      code: 'started-after',
      time: at('10:00'),
    })
  })

  it('nothing precedes started', () => {
    const begun = [...HISTORY.monitoring, set('started', '09:50')]
    expect(given(begun).when(set('mitigated', '09:40')).decision).toEqual({
      code: 'before-started',
      milestone: 'mitigated',
      time: at('09:50'),
    })
    const { after } = given(begun).when(set('mitigated', '10:25'))
    expect(after.milestones.mitigated).toBe(at('10:25'))
  })
})

describe('people', () => {
  it('who acknowledges first leads, who comes second does not', () => {
    const acknowledged = given([declared('10:00', 'P0')]).when(
      event('10:01', { kind: 'acknowledged' }, { by: 'bob' }),
    )
    expect(acknowledged.after).toMatchObject({ lead: 'bob', leadSince: at('10:01') })
    const second = given([declared('10:00'), event('10:01', { kind: 'acknowledged' }, { by: 'bob' })])
    expect(second.when(event('10:02', { kind: 'acknowledged' })).decision).toBe('already')
  })

  it('being made lead acknowledges nothing, taking the lead does', () => {
    const named = [declared('10:00', 'P0'), event('10:01', { kind: 'lead-set', user: 'Bob' })]
    expect(given(named).incident.milestones.acknowledged).toBeUndefined()
    const { after } = given(named).when(event('10:02', { kind: 'lead-set', user: 'bob' }, { by: 'bob' }))
    expect(clock(after.milestones.acknowledged)).toBe('10:02')
    expect(after.leadSince).toBe(at('10:01'))
  })

  it('an assignment leads only while nobody does', () => {
    const assigned = event('10:05', { kind: 'assigned', user: 'bob' })
    expect(given([declared('10:00')]).when(assigned).after.lead).toBe('bob')
    expect(given(HISTORY.investigating).when(assigned).after.lead).toBe('ada')
  })

  it('a status that Mayday sets acknowledges nothing', () => {
    const moved = event('10:05', { kind: 'status-set', status: 'monitoring' }, OWN)
    const { after } = given([declared('10:00')]).when(moved)
    expect(after).toMatchObject({ status: 'monitoring' })
    expect(after.milestones.acknowledged).toBeUndefined()
  })
})

describe('two facts of the same second', () => {
  const close = event('10:31', { kind: 'resolved' }, { rank: RANK.issue, key: 'a' })
  const back = event('10:31', { kind: 'status-set', status: 'identified' }, { rank: RANK.comment, key: 'b' })
  const label = event('10:31', { kind: 'status-set', status: 'identified' }, { rank: RANK.label, key: 'c' })

  it('are ordered by what they came from, whichever arrives first', () => {
    for (const facts of [
      [close, back],
      [back, close],
    ]) {
      const { incident } = given([...HISTORY.monitoring, ...facts])
      expect(incident).toMatchObject({
        status: 'resolved',
        refused: { b: { code: 'over', status: 'resolved' } },
      })
    }
    expect(given([...HISTORY.monitoring, close, label]).incident.statuses.map((one) => one.status)).toEqual([
      'investigating',
      'identified',
      'fixing',
      'monitoring',
      'identified',
      'resolved',
    ])
  })

  it('of one kind by GitHub’s id, then by their place in the comment', () => {
    const severity = (key: string, origin: number, index: number) =>
      event('10:30', { kind: 'severity-set', severity: key }, { origin, index })
    expect(given([declared('10:00'), severity('P3', 9, 0), severity('P1', 8, 5)]).incident.severity).toBe(
      'P3',
    )
    expect(given([declared('10:00'), severity('P3', 9, 0), severity('P1', 9, 1)]).incident.severity).toBe(
      'P1',
    )
  })
})

describe('the timeline', () => {
  it('numbers on arrival and sorts by the time that is told', () => {
    const facts = [
      declared('10:00'),
      event('10:30', { kind: 'noted', text: 'late' }),
      event('10:31', { kind: 'noted', text: 'earlier', time: at('09:45') }),
      event('10:20', { kind: 'cause-found', text: 'arrived last' }),
    ]
    expect(timelineRows(given(facts).incident).map(({ n, at }) => [n, clock(at)])).toEqual([
      [3, '09:45'],
      [1, '10:00'],
      [4, '10:20'],
      [2, '10:30'],
    ])
  })

  it('is curated by people: amended, hidden, shown, edited, struck', () => {
    const note = event('10:02', { kind: 'noted', text: 'as written' }, { origin: 77, index: 1 })
    const told = (...facts: Parameters<ReturnType<typeof given>['when']>) => {
      const { after } = given([declared('10:00'), note]).when(...facts)
      return timelineRows(after).find((row) => row.n === 2)
    }
    expect(told(event('11:00', { kind: 'entry-amended', entry: 2, text: 'better' }))?.text).toBe('better')
    const hidden = event('11:00', { kind: 'entry-hidden', entry: 2 })
    expect(told(hidden)).toBeUndefined()
    expect(told(hidden, event('11:01', { kind: 'entry-shown', entry: 2 }))).toMatchObject({ n: 2 })
    const edited = event('11:00', { kind: 'comment-edited', comment: 77, texts: [null, 'edited'] })
    expect(told(edited)?.event).toMatchObject({ kind: 'noted', text: 'edited' })
    expect(told(event('11:00', { kind: 'comment-deleted', comment: 77 }))?.struck).toBe(true)
    const emptied = event('11:00', { kind: 'comment-edited', comment: 77, texts: ['', ''] })
    expect(told(emptied)).toMatchObject({ event: { text: 'as written' }, struck: true })
    const rewritten = event('11:01', { kind: 'comment-edited', comment: 77, texts: [null, 'again'] })
    expect(told(emptied, rewritten)).toMatchObject({ event: { text: 'again' }, struck: false })
  })

  it('loses the words that an edit takes away where it can be told without them', () => {
    const status = event(
      '10:02',
      { kind: 'status-set', status: 'identified', note: 'the alias' },
      { origin: 77 },
    )
    const emptied = event('11:00', { kind: 'comment-edited', comment: 77, texts: [''] })
    const told = timelineRows(given([declared('10:00'), status]).when(emptied).after).find(
      (row) => row.n === 2,
    )
    expect(told?.struck).toBe(false)
    expect(told?.event).not.toHaveProperty('note')
    const unknown = event('11:00', { kind: 'entry-hidden', entry: 9 })
    expect(given([declared('10:00')]).when(unknown).decision).toEqual({
      code: 'entry',
      given: 9,
      usage: '/hide 3',
    })
  })
})

describe('hotfixes', () => {
  const reviewed = (time: string, state: 'approved' | 'changes_requested' | 'commented', by: string) =>
    event(time, { kind: 'hotfix-reviewed', pull: 7, state }, { by })
  const approvals = (...facts: Parameters<ReturnType<typeof given>['when']>) =>
    given(HISTORY.fixing).when(...facts).after.hotfixes[0]?.approvals

  it('a comment leaves an approval alone, a change request and a dismissal end it', () => {
    const approved = reviewed('10:22', 'approved', 'bob')
    expect(approvals(approved, reviewed('10:23', 'approved', 'eve'))).toEqual(['bob', 'eve'])
    expect(approvals(approved, reviewed('10:23', 'commented', 'bob'))).toEqual(['bob'])
    expect(approvals(approved, reviewed('10:23', 'changes_requested', 'bob'))).toEqual([])
    const dismissed = { kind: 'hotfix-reviewed', pull: 7, state: 'dismissed', reviewer: 'bob' } as const
    expect(approvals(approved, event('10:23', dismissed, { by: 'ada' }))).toEqual([])
  })

  it('opened from the command, or by a person; what fails says why', () => {
    expect(given(HISTORY.fixing).incident.hotfixesAsked).toEqual([{ key: 'asked', by: 'ada', pull: 7 }])
    const asked = event('10:20', { kind: 'hotfix-asked', title: 'Undo' }, { key: 'asked' })
    const refused = event('10:21', { kind: 'hotfix-refused', asked: 'asked', why: 'no branch' }, OWN)
    expect(given([...HISTORY.identified, asked]).when(refused).after).toMatchObject({
      status: 'identified',
      hotfixesAsked: [{ key: 'asked', title: 'Undo', refused: 'no branch' }],
    })
  })

  it('stays merged when GitHub says closed as well', () => {
    const { after } = given(HISTORY.fixing).when(
      event('10:25', { kind: 'hotfix-merged', pull: 7, sha: 'abc' }),
      event('10:26', { kind: 'hotfix-closed', pull: 7 }),
    )
    expect(after.hotfixes[0]).toMatchObject({ state: 'merged', sha: 'abc' })
  })
})

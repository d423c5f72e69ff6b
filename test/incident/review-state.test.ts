// The review's way to completion: what it lacks, who may approve it, closing it early, waiving it.

import { describe, expect, it } from 'vitest'
import type { Event, Fact } from '../../src/incident/fold/nouns.ts'
import { dueOf } from '../../src/incident/item.ts'
import { missingFromReview } from '../../src/incident/review.ts'
import { at, clock, DEFAULT, declared, event, given, rules } from './given.ts'
import { HISTORY } from './histories.ts'

const SECTIONS = ['summary', 'what-happened', 'why-it-happened', 'lessons']
const say = (time: string, fact: Fact, by = 'ada'): Event => event(time, fact, { by })
const written = say('11:00', { kind: 'review-written', filled: SECTIONS })
const owned = say('11:01', { kind: 'item-changed', item: 'alarm', owner: 'bob', due: '2026-01-05' })
const approved = (by: string): Event => say('11:02', { kind: 'review-approved' }, by)
const missing = (facts: readonly Event[]) =>
  missingFromReview(given(facts).incident).map((one) => ('section' in one ? one.section : one.what))

describe('completion', () => {
  it('asks for the sections, an owner and a date for each open item, and an approval', () => {
    expect(missing(HISTORY.resolved)).toEqual([...SECTIONS, 'owner', 'due', 'approval'])
    expect(missing([...HISTORY.resolved, written])).toEqual(['owner', 'due', 'approval'])
    expect(missing([...HISTORY.resolved, written, owned])).toEqual(['approval'])
    const done = say('11:01', { kind: 'item-done', item: 'alarm' })
    expect(missing([...HISTORY.resolved, written, done])).toEqual(['approval'])
  })

  it.each([
    ['the approval', [written, owned], approved('bob')],
    ['the text', [owned, approved('bob')], say('11:05', { kind: 'review-written', filled: SECTIONS })],
    [
      'the owner',
      [written, approved('bob')],
      say('11:05', { kind: 'item-changed', item: 'alarm', owner: 'eve', due: '2026-01-05' }),
    ],
  ])('closes the incident with %s, whichever comes last', (_, before, last) => {
    const { after, said } = given([...HISTORY.resolved, ...before]).when(last)
    expect(after.status).toBe('closed')
    expect([clock(after.milestones.reviewed), clock(after.milestones.closed)]).toEqual([
      clock(last.at),
      clock(last.at),
    ])
    expect(said).toEqual(['change'])
  })

  it('is not approved by who writes it: the lead, in any case of letters, else who resolved', () => {
    expect(given(HISTORY.resolved).when(approved('ADA')).decision).toEqual({
      code: 'own-review',
      user: 'ADA',
    })
    const leaderless = [declared('10:00', 'P0'), say('10:30', { kind: 'resolved' }, 'bob')]
    expect(given(leaderless).when(approved('bob')).decision).toMatchObject({ code: 'own-review' })
    expect(given(leaderless).when(approved('ada')).decision).toBe('takes-effect')
  })

  it('is approved by who writes it where nobody else may', () => {
    const alone = say('11:02', { kind: 'review-approved', alone: true }, 'ada')
    expect(given(HISTORY.resolved).when(alone).decision).toBe('takes-effect')
  })
})

describe('closing it', () => {
  const closed = (time: string): Event => say(time, { kind: 'review-closed' })

  it('early is answered once with what is missing', () => {
    const { after, effects, said } = given(HISTORY.resolved).when(closed('11:00'))
    expect(after.status).toBe('resolved')
    expect(said).toEqual(['review-incomplete'])
    expect(effects).toContainEqual({
      do: 'say',
      key: 'review-incomplete',
      on: 'review',
      notice: { about: 'review-incomplete', user: 'ada' },
    })
  })

  it('is not answered again by what happens next', () => {
    const next = say('11:01', { kind: 'noted', text: 'still writing' })
    expect(given([...HISTORY.resolved, closed('11:00')]).when(next).said).toEqual([])
  })

  it('again wins', () => {
    const reopened = say('11:01', { kind: 'review-reopened' })
    const { after, said } = given([...HISTORY.resolved, closed('11:00'), reopened]).when(closed('11:02'))
    expect(after.status).toBe('closed')
    expect(after.review?.waived).toBeDefined()
    expect(said).toEqual(['change'])
  })

  it('once complete says nothing', () => {
    const complete = [...HISTORY.resolved, written, owned, approved('bob')]
    expect(given(complete).when(closed('11:10')).said).toEqual([])
  })
})

describe('where the severity asks for none', () => {
  it.each(['P2', 'P3'])('%s is closed at once', (severity) => {
    const { after, effects } = given([declared('10:00', severity)]).when(say('10:30', { kind: 'resolved' }))
    expect(after.status).toBe('closed')
    expect(after.milestones.reviewed).toBeUndefined()
    expect(effects).not.toContainEqual({ do: 'open-review' })
  })

  it('somebody may ask for one, once', () => {
    const closed = [declared('10:00', 'P2'), say('10:30', { kind: 'resolved' })]
    const asked = say('11:00', { kind: 'review-asked' })
    expect(given(closed).when(asked).effects).toContainEqual({ do: 'open-review' })
    const again = say('11:01', { kind: 'review-asked' })
    expect(given([...closed, asked]).when(again)).toMatchObject({ decision: 'already' })
    expect(given([...closed, asked]).when(again).effects).not.toContainEqual({ do: 'open-review' })
  })

  it('is as the fact says, whatever the configuration says later', () => {
    const rule = (severities: string[], sections: string[]) => ({ review: { severities, sections } })
    const ended = (more: object) => [declared('10:00', 'P2'), say('10:30', { kind: 'resolved', ...more })]
    expect(given(ended(rule(['P1'], []))).incident).toMatchObject({ status: 'closed', review: null })
    expect(given(ended(rule(['P2'], ['lessons']))).incident).toMatchObject({ status: 'resolved' })
    expect(missing(ended(rule(['P2'], ['lessons'])))).toEqual(['lessons', 'approval'])
    const asked = say('11:00', { kind: 'review-asked', ...rule([], ['impact']) })
    expect(missing([...ended(rule([], [])), asked])).toEqual(['impact', 'approval'])
  })

  it('a waived one closes', () => {
    const { after } = given(HISTORY.resolved).when(say('11:00', { kind: 'review-waived', reason: 'known' }))
    expect(after).toMatchObject({ status: 'closed', review: { waived: 'known' } })
  })
})

describe('an action item is due', () => {
  const due = (words: object, severity: string, these = DEFAULT) => {
    const { incident } = given([
      declared('10:00', severity),
      say('10:10', { kind: 'item-promised', item: 'alarm', source: 'command', text: 'Alarm', ...words }),
      say('10:30', { kind: 'resolved' }),
    ])
    const [item] = incident.items
    return item && dueOf(item, incident, these.policy)
  }

  it('as written, else by its horizon from the resolution, else not known', () => {
    expect(due({ due: '2026-01-05', horizon: 'short' }, 'P0')).toEqual({ date: '2026-01-05' })
    expect(due({ horizon: 'short' }, 'P0')).toEqual({ after: '14d', from: at('10:30') })
    expect(due({}, 'P0')).toBeNull()
  })

  it('never, in the backlog of the least severe', () => {
    expect(due({ horizon: 'short' }, 'P3')).toBe('backlog')
    const own = rules('severities: { P0: { action_items: { immediate: 3d } } }')
    expect(due({ horizon: 'immediate' }, 'P0', own)).toEqual({ after: '3d', from: at('10:30') })
  })

  it('promised twice under one name is one', () => {
    const again: Fact = { kind: 'item-promised', item: 'alarm', source: 'review', text: 'Alarm, again' }
    const { after, decision, effects } = given(HISTORY.resolved).when(say('10:50', again))
    expect(decision).toBe('already')
    expect(after.items.map((item) => item.text)).toEqual(['Alarm on errors'])
    expect(effects).not.toContainEqual({ do: 'sync-items' })
  })

  it('done forgets why it was dropped', () => {
    const dropped = say('10:40', { kind: 'item-declined', item: 'alarm', reason: 'no time' })
    const { after } = given([...HISTORY.resolved, dropped]).when(
      say('10:50', { kind: 'item-done', item: 'alarm' }),
    )
    expect(after.items[0]).toMatchObject({ state: 'done' })
    expect(after.items[0]).not.toHaveProperty('reason')
  })
})

// What channels are told: the first message, then what stakeholders follow; nothing where none is announced.
import { expect, test } from 'vitest'
import { arrive } from '../../src/incident/fold/arrival.ts'
import type { Event } from '../../src/incident/fold/nouns.ts'
import { announcements } from '../../src/incident/react/announce.ts'
import { withConfiguredChannels } from '../../src/notify/channel.ts'
import { declared, event, rules } from './given.ts'

const { policy } = rules('announce: [ops]\nseverities: { P0: { announce: [ops, public] }, P1: {} }')

/** The messages after each of these facts, as `channel news`. */
function told(facts: readonly Event[], heeded = policy): string[][] {
  let { events, after: before } = arrive([], [])
  return facts.map((fact) => {
    const { added, after, events: all } = arrive(events, [fact])
    const news = announcements(before, after, { added, policy: heeded })
    events = all
    before = after
    return news.map(({ to, news }) => `${to} ${news}`)
  })
}

const FACTS = [
  declared('10:00', 'P1'),
  event('10:01', { kind: 'noted', text: 'the alias' }),
  event('10:02', { kind: 'updated', text: 'Search is slow', public: false }),
  event('10:03', { kind: 'severity-set', severity: 'P0' }),
  event('10:04', { kind: 'severity-set', severity: 'P0' }),
  event('10:05', { kind: 'resolved' }),
]

test('a channel hears first of the incident, then of what changes', () => {
  expect(told(FACTS)).toEqual([
    ['ops first'],
    [],
    ['ops update'],
    ['ops update', 'public first'],
    [],
    ['ops update', 'public update'],
  ])
})

test('channels that are not configured hear nothing', () => {
  const heeded = withConfiguredChannels(policy, (name) => name === 'public')
  expect(told(FACTS, heeded).flat()).toEqual(['public first', 'public update'])
  expect(
    told(
      FACTS,
      withConfiguredChannels(policy, () => false),
    ).flat(),
  ).toEqual([])
})

test('an exercise and a record of the past go nowhere', () => {
  const past = event('10:00', { kind: 'declared', id: 'INC-42', title: 'Search was down', since: 1 })
  expect(told([declared('10:00', 'P1'), event('10:00', { kind: 'drilled' }, { origin: 2 })])[1]).toEqual([])
  expect(told([past]).flat()).toEqual([])
})

// How long each status and severity lasted, and which facts are told.
import { expect, it } from 'vitest'
import { arrive } from '../../src/incident/fold/arrival.ts'
import { phases, timeInSeverity } from '../../src/incident/timeline/timeline.ts'
import { at, clock, declared, event, given } from './given.ts'
import { HISTORY } from './histories.ts'

it('each status lasts until the next; the last one until now; being over is no phase', () => {
  const told = (facts: Parameters<typeof given>[0]) =>
    phases(given(facts).incident, at('12:00')).map((one) => [one.name, clock(one.from), clock(one.to)])
  expect(told(HISTORY.fixing)).toEqual([
    ['investigating', '10:00', '10:10'],
    ['identified', '10:10', '10:21'],
    ['fixing', '10:21', '12:00'],
  ])
  expect(told([...HISTORY.resolved, event('11:00', { kind: 'reopened', why: 'again' })]).slice(-2)).toEqual([
    ['monitoring', '10:30', '10:40'],
    ['investigating', '11:00', '12:00'],
  ])
})

it('time in a severity adds up and ends with the resolution', () => {
  const severity = (time: string, key: string) => event(time, { kind: 'severity-set', severity: key })
  const facts = [declared('10:00', 'P1'), severity('10:10', 'P0'), severity('10:15', 'P1')]
  const { incident } = given([...facts, event('10:30', { kind: 'resolved' })])
  expect(timeInSeverity(incident, at('12:00'))).toEqual([
    { severity: 'P1', length: 25 * 60_000 },
    { severity: 'P0', length: 5 * 60_000 },
  ])
})

it('a fact is counted once, however often one delivery carries it', () => {
  const note = event('10:05', { kind: 'noted', text: 'restarted' })
  const known = arrive([], [declared('10:00')]).events
  expect(arrive(known, [note, note, declared('10:00')]).added).toEqual([{ ...note, n: 2 }])
})

it('a row takes its number when it first shows: what was already so takes none, what takes effect late takes the next', () => {
  const again = event('10:05', { kind: 'severity-set', severity: 'P1' })
  const note = event('10:06', { kind: 'noted', text: 'restarted' })
  const known = arrive([], [declared('10:00', 'P1'), again, note]).events
  expect(known.map((one) => one.n)).toEqual([1, undefined, 2])
  const between = event('10:02', { kind: 'severity-set', severity: 'P0' })
  const { added, late } = arrive(known, [between])
  expect([...late, ...added].map(({ key, n }) => [key, n])).toEqual([
    [again.key, 3],
    [between.key, 4],
  ])
})

it('an escalation is told, a nudge is not', () => {
  const fired = (timer: string) => event('10:05', { kind: 'timer-fired', timer, due: at('10:05') })
  const { events } = given([
    declared('10:00'),
    fired('escalate:P0:0'),
    fired('lead:1'),
    fired('remind:x:2026-01-05'),
  ])
  expect(events.map((one) => one.n)).toEqual([1, 2, undefined, undefined])
})

// How long each status and severity lasted, and which facts are told.
import { expect, it } from 'vitest'
import { numbered, phases, timeInSeverity } from '../../src/incident/timeline.ts'
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
  const known = numbered([declared('10:00')], [])
  expect(numbered([note, note, declared('10:00')], known)).toEqual([{ ...note, n: 2 }])
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

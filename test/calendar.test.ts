// The calendar over weekends, changes of summer time, and the ways in which people write a time.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCalendar } from '../src/calendar.ts'
import { defaultPolicy } from '../src/config/policy.ts'
import type { Duration } from '../src/incident/policy/duration.ts'
import type { Weekday } from '../src/incident/policy/policy.ts'

const at = (iso: string) => Date.parse(iso)
const iso = (moment: number | null) =>
  moment === null ? null : new Date(moment).toISOString().replace('.000Z', 'Z')
const calendarIn = (timezone: string) => createCalendar({ ...defaultPolicy, timezone })
const berlin = calendarIn('Europe/Berlin')

describe('add', () => {
  it.each<[why: string, from: string, duration: Duration, then: string]>([
    ['seconds', '2025-12-18T10:00:00Z', '30s', '2025-12-18T10:00:30Z'],
    ['minutes', '2025-12-18T10:00:00Z', '15m', '2025-12-18T10:15:00Z'],
    ['72 exact hours over the start of summer time', '2026-03-27T11:00:00Z', '72h', '2026-03-30T11:00:00Z'],
    [
      '3 days by the wall clock over the start of summer time',
      '2026-03-27T11:00:00Z',
      '3d',
      '2026-03-30T10:00:00Z',
    ],
    ['1 day over the end of summer time', '2026-10-24T10:00:00Z', '1d', '2026-10-25T11:00:00Z'],
    [
      'a wall clock that summer time skips (02:30) moves on',
      '2026-03-28T01:30:00Z',
      '1d',
      '2026-03-29T01:30:00Z',
    ],
    ['a business day', '2025-12-18T10:00:00Z', '1bd', '2025-12-19T10:00:00Z'],
    ['a business day from Friday', '2025-12-19T10:00:00Z', '1bd', '2025-12-22T10:00:00Z'],
    ['a business day from Saturday', '2025-12-20T10:00:00Z', '1bd', '2025-12-22T10:00:00Z'],
    ['five business days', '2025-12-18T10:00:00Z', '5bd', '2025-12-25T10:00:00Z'],
    ['five business days from Sunday', '2025-12-21T10:00:00Z', '5bd', '2025-12-26T10:00:00Z'],
    ['ten business days over summer time', '2026-03-20T11:00:00Z', '10bd', '2026-04-03T10:00:00Z'],
    ['Friday 23:30 UTC is Saturday in Berlin', '2025-12-19T23:30:00Z', '1bd', '2025-12-21T23:30:00Z'],
    ['nothing', '2025-12-20T10:00:00Z', '0m', '2025-12-20T10:00:00Z'],
  ])('%s', (_why, from, duration, then) => {
    expect(iso(berlin.add(at(from), duration))).toBe(then)
  })

  it.each<[why: string, zone: string, from: string, duration: Duration, then: string]>([
    ['Friday evening', 'Europe/Berlin', '2026-03-27T19:00:00Z', '1bd', '2026-03-30T18:00:00Z'],
    ['Friday evening, in autumn', 'Europe/Berlin', '2026-10-23T18:00:00Z', '1bd', '2026-10-26T19:00:00Z'],
    ['spring in New York', 'America/New_York', '2026-03-06T22:00:00Z', '1bd', '2026-03-09T21:00:00Z'],
    ['autumn in New York', 'America/New_York', '2026-10-30T21:00:00Z', '1bd', '2026-11-02T22:00:00Z'],
    [
      '72 hours over New York’s spring',
      'America/New_York',
      '2026-03-06T22:00:00Z',
      '72h',
      '2026-03-09T22:00:00Z',
    ],
    ['half an hour off', 'Asia/Kolkata', '2026-03-27T18:00:00Z', '1bd', '2026-03-30T18:00:00Z'],
    ['already Saturday there', 'Asia/Kolkata', '2026-03-27T19:00:00Z', '1bd', '2026-03-29T19:00:00Z'],
    [
      'half an hour off, in autumn',
      'Australia/Adelaide',
      '2026-04-03T05:30:00Z',
      '1bd',
      '2026-04-06T06:30:00Z',
    ],
    [
      'a summer time of half an hour',
      'Australia/Lord_Howe',
      '2026-04-03T05:00:00Z',
      '1d',
      '2026-04-04T05:00:00Z',
    ],
    ['and its end', 'Australia/Lord_Howe', '2026-04-04T05:00:00Z', '1d', '2026-04-05T05:30:00Z'],
  ])('%s, %s', (_why, zone, from, duration, then) => {
    expect(iso(calendarIn(zone).add(at(from), duration))).toBe(then)
  })

  it('counts in the zone that is asked for', () => {
    expect(iso(berlin.add(at('2025-12-19T23:30:00Z'), '1bd', 'America/New_York'))).toBe(
      '2025-12-22T23:30:00Z',
    )
  })

  it('takes the working days of the configuration', () => {
    const days: Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu']
    const calendar = createCalendar({ timezone: 'UTC', working_hours: { days, from: '08:00', to: '16:00' } })
    expect(iso(calendar.add(at('2025-12-18T10:00:00Z'), '1bd'))).toBe('2025-12-21T10:00:00Z')
  })
})

describe('working hours', () => {
  it.each([
    ['inside', '2025-12-18T10:00:00Z', '2025-12-18T10:00:00Z'],
    ['at the opening', '2025-12-18T08:00:00Z', '2025-12-18T08:00:00Z'],
    ['before', '2025-12-18T07:59:59Z', '2025-12-18T08:00:00Z'],
    ['at the closing', '2025-12-18T17:00:00Z', '2025-12-19T08:00:00Z'],
    ['Friday evening', '2025-12-19T17:00:00Z', '2025-12-22T08:00:00Z'],
    ['Sunday', '2025-12-21T12:00:00Z', '2025-12-22T08:00:00Z'],
    ['Friday evening before summer time', '2026-03-27T17:00:00Z', '2026-03-30T07:00:00Z'],
    ['Sunday night at the end of summer time', '2026-10-25T00:30:00Z', '2026-10-26T08:00:00Z'],
  ])('%s', (_why, moment, next) => {
    expect(iso(berlin.nextWorking(at(moment)))).toBe(next)
    expect(berlin.isWorking(at(moment))).toBe(moment === next)
  })

  it('are those of the person asked for', () => {
    const moment = at('2025-12-18T09:00:00Z')
    expect(berlin.isWorking(moment)).toBe(true)
    expect(iso(berlin.nextWorking(moment, 'America/New_York'))).toBe('2025-12-18T14:00:00Z')
  })

  it('open on a date, or on the first working day after it', () => {
    expect(iso(berlin.opens('2025-12-18'))).toBe('2025-12-18T08:00:00Z')
    expect(iso(berlin.opens('2025-12-20', 'America/New_York'))).toBe('2025-12-22T14:00:00Z')
  })

  it('open on the next Monday', () => {
    expect(iso(berlin.nextMonday(at('2025-12-18T10:00:00Z')))).toBe('2025-12-22T08:00:00Z')
    expect(iso(berlin.nextMonday(at('2025-12-22T07:59:59Z')))).toBe('2025-12-22T08:00:00Z')
    expect(iso(berlin.nextMonday(at('2025-12-22T08:00:00Z')))).toBe('2025-12-29T08:00:00Z')
    expect(iso(berlin.nextMonday(at('2026-03-27T10:00:00Z')))).toBe('2026-03-30T07:00:00Z')
  })

  it('always lie ahead, at an opening or now, in any zone', () => {
    const moments = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') })
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'UTC',
    )
    fc.assert(
      fc.property(moments, zones, (moment, zone) => {
        const next = berlin.nextWorking(moment, zone)
        expect(next).toBeGreaterThanOrEqual(moment)
        expect(next - moment).toBeLessThan(4 * 86_400_000)
        expect(berlin.isWorking(next, zone)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('dates', () => {
  it('are those of the zone', () => {
    expect(berlin.date(at('2025-12-18T23:30:00Z'))).toBe('2025-12-19')
    expect(berlin.date(at('2025-12-18T23:30:00Z'), 'America/New_York')).toBe('2025-12-18')
    expect(berlin.parts(at('2025-12-18T23:05:00Z'))).toEqual({
      yyyy: '2025',
      mm: '12',
      dd: '19',
      HH: '00',
      MM: '05',
    })
  })

  it('can be counted', () => {
    expect(berlin.addDays('2026-03-28', 2)).toBe('2026-03-30')
    expect(berlin.addDays('2026-03-01', -1)).toBe('2026-02-28')
    expect(berlin.daysBetween('2026-03-28', '2026-03-30')).toBe(2)
    expect(berlin.daysBetween('2026-10-26', '2026-10-24')).toBe(-2)
  })

  it.each([
    ['2026-12-01', '2026-12-01'],
    ['2026-02-30', null],
    ['2026-13-01', null],
    ['today', '2025-12-18'],
    ['Tomorrow', '2025-12-19'],
    ['friday', '2025-12-19'],
    ['thu', '2025-12-25'],
    ['3d', '2025-12-21'],
    ['2bd', '2025-12-22'],
    ['soon', null],
    ['', null],
  ])('are read: %s', (text, date) => {
    expect(berlin.parseDate(text, at('2025-12-18T10:00:00Z'))).toBe(date)
  })
})

describe('times as people write them', () => {
  const now = at('2025-12-18T10:00:30Z') // 11:00:30 in Berlin

  it.each([
    ['10:45', '2025-12-18T09:45:00Z'],
    ['11:00', '2025-12-18T10:00:00Z'],
    ['11:01', '2025-12-17T10:01:00Z'],
    ['9:05', '2025-12-18T08:05:00Z'],
    ['10:45:20', '2025-12-18T09:45:20Z'],
    ['23:59', '2025-12-17T22:59:00Z'],
    ['09:30Z', '2025-12-18T09:30:00Z'],
    ['09:30 utc', '2025-12-18T09:30:00Z'],
    ['10:30Z', '2025-12-17T10:30:00Z'],
    ['11:30+02:00', '2025-12-18T09:30:00Z'],
    ['11:30 +0200', '2025-12-18T09:30:00Z'],
    ['02:30-07:00', '2025-12-18T09:30:00Z'],
    ['09:30 GMT', '2025-12-18T09:30:00Z'],
    ['10:30 CET', '2025-12-18T09:30:00Z'],
    ['11:30 CEST', '2025-12-18T09:30:00Z'],
    ['04:30 EST', '2025-12-18T09:30:00Z'],
    ['05:30 EDT', '2025-12-18T09:30:00Z'],
    ['03:30 CST', '2025-12-18T09:30:00Z'],
    ['04:30 CDT', '2025-12-18T09:30:00Z'],
    ['02:30 MST', '2025-12-18T09:30:00Z'],
    ['03:30 MDT', '2025-12-18T09:30:00Z'],
    ['01:30 PST', '2025-12-18T09:30:00Z'],
    ['02:30 PDT', '2025-12-18T09:30:00Z'],
    ['23:30 PST', '2025-12-18T07:30:00Z'],
    ['2025-12-18 10:45', '2025-12-18T09:45:00Z'],
    ['2025-12-18T10:45', '2025-12-18T09:45:00Z'],
    ['2025-12-18 10:45 PST', '2025-12-18T18:45:00Z'],
    ['2025-12-18T10:45:00Z', '2025-12-18T10:45:00Z'],
    ['2025-07-01 10:45', '2025-07-01T08:45:00Z'],
    ['2027-01-01 00:00', '2026-12-31T23:00:00Z'],
    ['-15m', '2025-12-18T09:45:30Z'],
    ['–15m', '2025-12-18T09:45:30Z'],
    ['-2h', '2025-12-18T08:00:30Z'],
    ['-1d', '2025-12-17T10:00:30Z'],
    ['now', '2025-12-18T10:00:30Z'],
    ['-2bd', null],
    ['24:00', null],
    ['10:60', null],
    ['10:5', null],
    ['10:45 XYZ', null],
    ['10:45+25:00', null],
    ['2025-02-30 10:00', null],
    ['2025-12-18', null],
    ['15m', null],
    ['10:45 constructor', null],
    ['', null],
  ])('%s', (text, then) => {
    expect(iso(berlin.parseTime(text, now))).toBe(then)
  })

  it.each([
    ['skipped by summer time, so yesterday', '02:30', '2026-03-29T12:00:00Z', '2026-03-28T01:30:00Z'],
    ['twice in autumn, both past: the later', '02:30', '2026-10-25T12:00:00Z', '2026-10-25T01:30:00Z'],
    ['twice in autumn, one past: that one', '02:30', '2026-10-25T01:00:00Z', '2026-10-25T00:30:00Z'],
    ['yesterday over the change', '11:00', '2026-03-29T08:00:00Z', '2026-03-28T10:00:00Z'],
  ])('around a change of summer time: %s', (_why, text, moment, then) => {
    expect(iso(berlin.parseTime(text, at(moment)))).toBe(then)
  })

  it('are in the zone asked for', () => {
    expect(iso(berlin.parseTime('04:30', now, 'America/New_York'))).toBe('2025-12-18T09:30:00Z')
  })

  it('never lie ahead without a date', () => {
    const clocks = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    const moments = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') })
    fc.assert(
      fc.property(clocks, moments, ([hour, minute], moment) => {
        const text = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
        const parsed = berlin.parseTime(text, moment) ?? Number.NaN
        expect(parsed).toBeLessThanOrEqual(moment)
        expect(moment - parsed).toBeLessThanOrEqual(49 * 3_600_000)
      }),
      { numRuns: 500 },
    )
  })
})

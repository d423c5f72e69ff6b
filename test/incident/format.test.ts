// Moments, lengths and durations as people read them.
import { describe, expect, it } from 'vitest'
import { type Duration, milliseconds, parseDuration } from '../../src/incident/policy/duration.ts'
import {
  formatClock,
  formatDate,
  formatDuration,
  formatLength,
  formatTime,
} from '../../src/incident/timeline/format.ts'

const at = Date.parse('2025-12-18T23:59:59Z')
const later = Date.parse('2025-12-19T00:40:00Z')

describe('moments', () => {
  it('show the date only after midnight', () => {
    expect(formatTime(at)).toBe('23:59 UTC')
    expect(formatTime(at, at)).toBe('23:59 UTC')
    expect(formatTime(later, at)).toBe('2025-12-19 00:40 UTC')
    expect(formatClock(later, at)).toBe('2025-12-19 00:40')
    expect(formatDate(at)).toBe('2025-12-18')
  })
})

describe('lengths', () => {
  const minute = 60_000
  it.each([
    [-5, '0 s'],
    [0, '0 s'],
    [45_999, '45 s'],
    [minute, '1 min'],
    [26 * minute, '26 min'],
    [60 * minute - 1, '59 min'],
    [60 * minute, '1 h'],
    [130 * minute, '2 h 10'],
    [125 * minute, '2 h 05'],
    [24 * 60 * minute - 1, '23 h 59'],
    [24 * 60 * minute, '1 day'],
    [28 * 60 * minute, '1 day 4 h'],
    [50 * 60 * minute, '2 days 2 h'],
    [31 * 24 * 60 * minute + 5, '31 days'],
  ])('%i ms: %s', (length, text) => {
    expect(formatLength(length)).toBe(text)
  })
})

describe('durations', () => {
  it.each<[Duration, string]>([
    ['30s', '30 s'],
    ['15m', '15 min'],
    ['2h', '2 h'],
    ['1d', '1 day'],
    ['3d', '3 days'],
    ['1bd', '1 business day'],
    ['5bd', '5 business days'],
  ])('%s in words: %s', (duration, text) => {
    expect(formatDuration(duration)).toBe(text)
  })

  it('have a length', () => {
    expect([milliseconds('30s'), milliseconds('15m'), milliseconds('2h'), milliseconds('3d')]).toEqual([
      30_000, 900_000, 7_200_000, 259_200_000,
    ])
  })

  it.each([
    '',
    '5',
    'm',
    '5 m',
    '-5m',
    '1.5h',
    '5min',
    '5y',
    '99999d',
    '5mm',
    'constructor',
    '5bdx',
  ])('are not %j', (text) => {
    expect(parseDuration(text)).toBeNull()
  })

  it('are read in any case', () => {
    expect(parseDuration(' 05BD ')).toEqual({ amount: 5, unit: 'bd', duration: '5bd' })
  })
})

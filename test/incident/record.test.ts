// Names of what stays behind: slugs, the record's path, branches; whatever a title or an id is made of.
import { execFileSync } from 'node:child_process'
import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hotfixBranch, recordPath, slug } from '../../src/incident/timeline/names.ts'
import { at, DEFAULT, declared, event, given, rules } from './given.ts'

/** Titles that people write, and those that somebody writes to do harm. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom(
      '.',
      '/',
      '\\',
      '-',
      '@',
      '{',
      '~',
      '^',
      ':',
      ' ',
      '\u0000',
      'a',
      'Ü',
      '✓',
      '..',
      '.lock',
    ),
  }),
)

describe('slug', () => {
  it.each([
    ['Search is down', 'search-is-down'],
    ['Über–Straße: 50% Fehler!', 'uber-stra-e-50-fehler'],
    ['../../etc/passwd', 'etc-passwd'],
    ['検索が落ちた', 'incident'],
    ['', 'incident'],
    ['---', 'incident'],
    [`${'a'.repeat(49)} b`, 'a'.repeat(49)],
  ])('of %j is %s', (title, expected) => expect(slug(title)).toBe(expected))

  it('is a–z, 0–9 and single hyphens, at most 50', () => {
    fc.assert(
      fc.property(hostile, (title) => {
        expect(slug(title)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
        expect(slug(title).length).toBeLessThanOrEqual(50)
      }),
    )
  })
})

describe('the record', () => {
  const pathOf = (title: string, these = DEFAULT, ...more: Parameters<ReturnType<typeof given>['when']>) => {
    const { after } = given([{ ...declared('2025-12-18 23:30'), ...{ title } }]).when(...more)
    return recordPath(after, these.policy, these.calendar)
  }

  it('carries the date of started in the repository’s zone', () => {
    expect(pathOf('Search is down')).toBe('docs/incidents/incident-2025-12-18-search-is-down.md')
    const berlin = rules('timezone: Europe/Berlin\nreview: { path: records }')
    expect(pathOf('Search is down', berlin)).toBe('records/incident-2025-12-19-search-is-down.md')
    const started = { kind: 'milestone-set', milestone: 'started', time: at('2025-12-17 08:00') } as const
    expect(pathOf('Search is down', berlin, event('2025-12-19 09:00', started))).toBe(
      'records/incident-2025-12-17-search-is-down.md',
    )
  })

  it('stays in its folder whatever the title', () => {
    fc.assert(
      fc.property(hostile, (title) => {
        const path = pathOf(title)
        expect(posix.normalize(path)).toBe(path)
        expect(posix.dirname(path)).toBe('docs/incidents')
      }),
    )
  })
})

describe('a hotfix’s branch', () => {
  it.each([
    ['INC-42', 1, 'hotfix/incident-INC-42'],
    ['INC-42', 2, 'hotfix/incident-INC-42-2'],
    ['2025/12/18 #42', 1, 'hotfix/incident-2025-12-18-42'],
    ['..', 3, 'hotfix/incident-incident-3'],
  ])('of %s, %i: %s', (id, round, expected) => expect(hotfixBranch(id, round)).toBe(expected))

  it('is one that git accepts, whatever the id', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 99 }), (id, round) => {
        const branch = hotfixBranch(id, round)
        expect(execFileSync('git', ['check-ref-format', '--branch', branch], { encoding: 'utf8' })).toBe(
          `${branch}\n`,
        )
      }),
    )
  })
})

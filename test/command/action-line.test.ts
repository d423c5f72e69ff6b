// Action items: the words of `/action` and the lines of a review's list.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ActionLine,
  type ActionWords,
  parseActionLine,
} from '../../src/command/arguments/action-line.ts'
import { parse } from '../../src/command/comment/parse.ts'

describe('/action', () => {
  it.each<[string, ActionWords]>([
    ['Alarm', { text: 'Alarm' }],
    [
      '@eli due:2026-12-01 P1 short Alarm on document count',
      { text: 'Alarm on document count', owner: 'eli', due: '2026-12-01', priority: 'P1', horizon: 'short' },
    ],
    [
      'Alarm on document count [p1] (Short-term) due: 2026–12–1, @eli in:acme/infra',
      {
        text: 'Alarm on document count',
        owner: 'eli',
        due: '2026-12-01',
        priority: 'P1',
        horizon: 'short',
        repository: 'acme/infra',
      },
    ],
    ['P0 Alarm on document count @eli', { text: 'Alarm on document count', owner: 'eli', priority: 'P0' }],
    ['due:14d Alarm', { text: 'Alarm', due: '14d' }],
    ['due: Friday Alarm', { text: 'Alarm', due: 'friday' }],
    ['long-term Alarm', { text: 'Alarm', horizon: 'long' }],
    ['Long queries time out', { text: 'Long queries time out' }],
    ['Make the timeout short', { text: 'Make the timeout short' }],
    ['Ask @bo about alarms', { text: 'Ask @bo about alarms' }],
    ['Agree on alarms with @bo', { text: 'Agree on alarms with @bo' }],
    ['Agree on alarms with @bo @eli', { text: 'Agree on alarms with @bo', owner: 'eli' }],
    ['Define response times for P1', { text: 'Define response times for P1' }],
    ['@acme/api Alarm', { text: '@acme/api Alarm' }],
    ['due diligence', { text: 'due diligence' }],
    ['Fix #45', { text: 'Fix #45' }],
    ['\nAlarm @eli\n\nmore words', { text: 'Alarm', owner: 'eli' }],
  ])('%j', (words, expected) => {
    expect(parse(`/action ${words}`)).toMatchObject([{ command: { verb: 'action', said: expected } }])
    expect(Object.keys(expected).length).toBe(keysOf(`/action ${words}`))
  })
})

function keysOf(body: string): number {
  const [line] = parse(body)
  return line && 'command' in line ? Object.keys(line.command.said).length : 0
}

describe('a line of the list', () => {
  it.each<[string, ActionLine | null]>([
    [
      '- [ ] [P1] Alarm on document count @owner due:2026-12-01',
      { checked: false, text: 'Alarm on document count', owner: 'owner', due: '2026-12-01', priority: 'P1' },
    ],
    ['- [x] Alarm', { checked: true, text: 'Alarm' }],
    ['  * [X] Alarm\r', { checked: true, text: 'Alarm' }],
    ['1. [ ] Alarm', { checked: false, text: 'Alarm' }],
    ['- [ ] #45', { checked: false, text: '', link: '#45' }],
    [
      '- [x] #45 [P1] Alarm @eli',
      { checked: true, text: 'Alarm', owner: 'eli', priority: 'P1', link: '#45' },
    ],
    ['- [ ] acme/infra#45', { checked: false, text: '', link: 'acme/infra#45' }],
    [
      '- [ ] https://github.com/acme/web/issues/45 Alarm',
      { checked: false, text: 'Alarm', link: 'https://github.com/acme/web/issues/45' },
    ],
    [
      '- [ ] [Alarm on documents](https://github.com/acme/web/issues/45) @eli',
      {
        checked: false,
        text: 'Alarm on documents',
        owner: 'eli',
        link: 'https://github.com/acme/web/issues/45',
      },
    ],
    [
      '- [ ] [Runbook](https://wiki.acme.example/a)',
      { checked: false, text: '[Runbook](https://wiki.acme.example/a)' },
    ],
    ['- [ ] Follow up on #45', { checked: false, text: 'Follow up on #45' }],
    ['- [ ] short circuits', { checked: false, text: 'short circuits' }],
    ['- [ ] [short] Alarm', { checked: false, text: 'Alarm', horizon: 'short' }],
    ['- [ ] Alarm due:soon', { checked: false, text: 'Alarm due:soon' }],
    ['- [ ] Alarm in:acme/infra', { checked: false, text: 'Alarm', repository: 'acme/infra' }],
    ['- [ ] ', null],
    ['- [ ] @eli', null],
    ['- [ ]Alarm', null],
    ['- Alarm', null],
    ['[ ] Alarm', null],
    ['> - [ ] Alarm', null],
    ['', null],
  ])('%j', (line, expected) => {
    expect(parseActionLine(line)).toEqual(expected)
  })

  it('never throws', () => {
    const words = fc.constantFrom(
      '@a',
      'due:',
      'due:x',
      '2026-12-01',
      '[P1]',
      'in:',
      'in:a/b',
      '#1',
      '[',
      '](',
      '\u200b',
      'of',
      'w',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ unit: 'binary' }))), (parts) => {
        const item = parseActionLine(`- [ ] ${parts.join(' ')}`)
        expect(item === null || item.text !== '' || item.link !== undefined).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })
})

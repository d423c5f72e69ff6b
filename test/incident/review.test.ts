// The review as people write it: sections, what is filled, action lines, and edits that leave the rest to the letter.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  filledSections,
  readReview,
  sectionName,
  withLines,
  withNewLines,
} from '../../src/texts/review/sections.ts'

const GIVEN = `Review of #42

## Summary
<!-- One paragraph. -->

## What happened
<!-- The facts,
## Not a heading
- [ ] not an item
in order. -->

## Why it happened
Said during the incident: disk full

## What went well

## Action items
<!-- One line each: - [ ] [P1] What will be true @owner -->

### Immediate

### Short-term
- [ ] Alarm on errors @ada

### Long-term

## Agenda
1. The timeline
`

describe('sections', () => {
  it.each([
    ['What happened', 'what-happened'],
    ['  Lessons ', 'lessons'],
    ['Where we were lucky!', 'where-we-were-lucky'],
  ])('%s is named %s', (heading, name) => expect(sectionName(heading)).toBe(name))

  it('are the second-level headings, without comments', () => {
    expect(Object.fromEntries(readReview(GIVEN).sections)).toEqual({
      summary: '',
      'what-happened': '',
      'why-it-happened': 'Said during the incident: disk full',
      'what-went-well': '',
      'action-items': '### Immediate\n\n### Short-term\n- [ ] Alarm on errors @ada\n\n### Long-term',
      agenda: '1. The timeline',
    })
  })

  it('are the same with the line ends of Windows', () => {
    const read = readReview(GIVEN.replaceAll('\n', '\r\n'))
    expect(read).toEqual(readReview(GIVEN))
  })

  it.each(['```', '````', '~~~'])('a fence of %s hides headings until it ends as it began', (fence) => {
    const inside = fence === '````' ? '```' : fence === '~~~' ? '```' : '~~~'
    const { sections, lines } = readReview(
      `## Action items\n${fence}md\n${inside}\n## Lessons\n- [ ] no item\n${fence}\n- [ ] an item\n`,
    )
    expect([...sections.keys()]).toEqual(['action-items'])
    expect(lines.map((line) => line.text)).toEqual(['an item'])
  })

  it('a comment in a code fence is code', () => {
    expect(readReview('## Summary\n```\n<!-- shown\n```\nand more').sections.get('summary')).toBe(
      '```\n<!-- shown\n```\nand more',
    )
  })
})

describe('filled', () => {
  const filled = (from: string, to: string) =>
    filledSections(readReview(GIVEN.replace(from, to)), readReview(GIVEN))

  it('nothing in the template as given', () => expect(filled('', '')).toEqual([]))
  it('by text', () => {
    expect(filled('## Summary\n', '## Summary\nThe index was gone.\n')).toEqual(['summary'])
  })
  it('by text beside the template’s own', () => {
    expect(filled('disk full', 'disk full\nbecause of logs')).toEqual(['why-it-happened'])
  })
  it('by the template’s own line changed', () => {
    expect(filled('disk full', 'disk full, of logs')).toEqual(['why-it-happened'])
  })
  it('not by a comment', () => {
    expect(filled('<!-- One paragraph. -->', '<!-- nothing\nyet -->')).toEqual([])
  })
  it('not by taking the template’s own text away', () => {
    expect(filled('1. The timeline', '')).toEqual([])
    expect(filled('### Immediate\n', '')).toEqual([])
  })
  it('whatever the line ends', () => {
    const crlf = GIVEN.replace('## Summary\n', '## Summary\nGone.\n').replaceAll('\n', '\r\n')
    expect(filledSections(readReview(crlf), readReview(GIVEN))).toEqual(['summary'])
  })
  it('whatever its name', () => {
    expect(filled('## Agenda', '## Constructor\nnew\n## Agenda')).toEqual(['constructor'])
    expect(readReview('## Action items\n### Constructor\n- [ ] x').lines[0]?.horizon).toBeNull()
  })
  it('by a section of their own', () =>
    expect(filled('## Agenda', '## Costs\nnone\n## Agenda')).toEqual(['costs']))
})

describe('action lines', () => {
  it('carry the horizon of their heading and their place', () => {
    const body = `## Action items
- [ ] anytime
### Immediate
- [x] now
### Short-term
* [ ] soon
### Medium-term
+ [X] later
### Long-term
  - [ ] some day
### Somewhere
- [ ] else
- [] no box
## Agenda
- [ ] not an item
`
    expect(
      readReview(body).lines.map(({ text, horizon, checked, index }) => [text, horizon, checked, index]),
    ).toEqual([
      ['anytime', null, false, 1],
      ['now', 'immediate', true, 3],
      ['soon', 'short', false, 5],
      ['later', 'medium', true, 7],
      ['some day', 'long', false, 9],
      ['else', null, false, 11],
    ])
  })
})

/** Any text with the marks that a review is made of, in any mixture of line ends. */
const anyBody = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        '## Action items',
        '### Immediate',
        '- [ ] x',
        '```',
        '~~~~',
        '<!--',
        '-->',
        '',
        'text',
        '## Agenda',
      ),
      fc.constantFrom('\n', '\r\n'),
    ),
    { maxLength: 20 },
  )
  .map((rows) => rows.flat().join(''))

describe('edits', () => {
  it('replace the lines that they name and nothing else', () => {
    const body = 'a\r\nb\nc'
    expect(withLines(body, new Map([[1, 'B']]))).toBe('a\r\nB\nc')
    fc.assert(
      fc.property(anyBody, (any) => {
        expect(withLines(any, new Map())).toBe(any)
      }),
    )
  })

  it('tick a line where it stands', () => {
    const line = readReview(GIVEN).lines[0]
    const ticked = withLines(GIVEN, new Map([[line?.index ?? 0, '- [x] #45 Alarm on errors @ada']]))
    expect(ticked).toBe(GIVEN.replace('- [ ] Alarm', '- [x] #45 Alarm'))
  })

  it('add lines at the end of their horizon, else of the section’s beginning', () => {
    const body = withNewLines(GIVEN, [
      { horizon: 'short', line: '- [ ] #46 second' },
      { horizon: 'immediate', line: '- [ ] #47 first' },
      { horizon: 'short', line: '- [ ] #48 third' },
      { horizon: 'medium', line: '- [ ] #49 no heading' },
      { horizon: null, line: '- [ ] #50 no horizon' },
    ])
    expect(readReview(body).lines.map(({ text, horizon }) => [text, horizon])).toEqual([
      ['#49 no heading', null],
      ['#50 no horizon', null],
      ['#47 first', 'immediate'],
      ['Alarm on errors @ada', 'short'],
      ['#46 second', 'short'],
      ['#48 third', 'short'],
    ])
  })

  it('keep the line ends and the last line', () => {
    const added = [{ horizon: null, line: '- [ ] new' }]
    expect(withNewLines('## Action items\r\n- [ ] old\r\n\r\n## Agenda\r\n', added)).toBe(
      '## Action items\r\n- [ ] old\r\n- [ ] new\r\n\r\n## Agenda\r\n',
    )
    expect(withNewLines('## Action items\n- [ ] old\n## Agenda\r\n', added)).toBe(
      '## Action items\n- [ ] old\n- [ ] new\n## Agenda\r\n',
    )
    expect(withNewLines('## Action items\n- [ ] old', added)).toBe('## Action items\n- [ ] old\n- [ ] new')
  })

  it('leave a review without the section alone', () => {
    const body = '## Lessons\n```\n## Action items\n```\n'
    expect(withNewLines(body, [{ horizon: null, line: '- [ ] new' }])).toBe(body)
  })

  it('an added line is read back, and only it is new', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const longer = withNewLines(body, [{ horizon: 'immediate', line: '- [ ] #99 added' }])
        const has = readReview(body).sections.has('action-items')
        const texts = readReview(longer).lines.map((line) => line.text)
        if (!has) {
          expect(longer).toBe(body)
          return
        }
        expect(longer.length).toBeGreaterThan(body.length)
        expect(texts.filter((text) => text !== '#99 added')).toEqual(
          readReview(body).lines.map((line) => line.text),
        )
      }),
      { numRuns: 500 },
    )
  })
})

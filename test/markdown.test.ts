// People's text in our Markdown, read by a GFM parser: it shows what was written and does nothing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { block, code, inline, link, Markup, spans, unescaped } from '../src/markdown.ts'
import { parse, read } from './gfm.ts'
import { HOSTILE } from './hostile.ts'

/** The characters that a reader sees. */
const seen = (text: string) => text.replace(/[\u2060]/g, '')

const asCell = (markup: Markup) => `| # | text | by |\n| --- | --- | --- |\n| 1 | ${markup} | us |`
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'@#a1-_*`~[]()<>!|\\/:. \n&;$g'), maxLength: 40 }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join(' ')),
  fc
    .array(
      fc.constantFrom('@', 'ada', '#', '1', 'https://', 'x.io/a/b/', 'issues/', '`', '<!--', '|', '\\', '\n'),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
)

describe('inline', () => {
  it.each(HOSTILE)('does nothing and is all there: %j', (text) => {
    expectInert(text)
  })

  it('does nothing, whatever the text is', () => {
    fc.assert(fc.property(anyText, expectInert), { numRuns: 2_000 })
  })

  function expectInert(text: string) {
    const reading = read(`Title: ${inline(text)} end`)
    expect(reading.live).toEqual([])
    expect(reading.html).toEqual([])
    expect([...reading.kinds.keys()].filter((kind) => !/^(paragraph_|inline|text|link_)/.test(kind))).toEqual(
      [],
    )
    const alone = read(String(inline(text)))
    expect([...alone.kinds.keys()].filter((kind) => !/^(paragraph_|inline|text|link_)/.test(kind))).toEqual(
      [],
    )
    expect(alone.live).toEqual([])
    expect(String(inline(text))).not.toMatch(/<|\n|[\u202A-\u202E]/)
  }

  it('fills one cell of a table', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = parse(asCell(inline(text)))
        expect(tokens.filter(({ type }) => type === 'td_open')).toHaveLength(3)
        expect(tokens.filter(({ type }) => type === 'tr_open')).toHaveLength(2)
        expect(tokens.filter(({ type }) => type === 'inline').at(-1)?.content).toBe('us')
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['deploy of `api` | *v2* <b>', 'deploy of `api` | *v2* <b>'],
    ['fixes #12 by @ada & GH-3', 'fixes #12 by @ada & GH-3'],
    ['snake_case __init__.py 2 * 3', 'snake_case __init__.py 2 * 3'],
    ['&lt; stays &amp; as typed', '&lt; stays &amp; as typed'],
    ['C:\\Users costs $5', 'C:\\Users costs $5'],
    ['two\nlines', 'two lines'],
    ['  much   space ', 'much space'],
    ['\u202Edetrever\u202C', 'detrever'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['1. first', '1. first'],
    ['- [ ] task', '- [ ] task'],
  ])('shows %j as it was written', (text, shown) => {
    expect(seen(read(String(inline(text))).text)).toBe(shown)
  })

  it.each(HOSTILE)('gives the words back: %j', (text) => {
    const once = unescaped(String(inline(text)))
    expect(unescaped(String(inline(once)))).toBe(once)
    expect(seen(read(String(inline(text))).text)).toBe(seen(read(String(inline(once))).text))
  })

  it('keeps addresses as links, whole', () => {
    const { links, text } = read(String(inline('see https://grafana.acme.example/d/a_b_c?from=1&to=2.')))
    expect(links).toEqual(['https://grafana.acme.example/d/a_b_c?from=1&to=2'])
    expect(text).toBe('see https://grafana.acme.example/d/a_b_c?from=1&to=2.')
  })

  it('leaves commit hashes and e-mail addresses to be copied', () => {
    expect(String(inline('a1b2c3d4e5 ada@acme.example'))).toBe('a1b2c3d4e5 ada@acme.example')
  })

  it('cannot be joined into a reference by what follows', () => {
    expect(
      read(`${inline('#')}${inline('12')} ${inline('GH-')}${inline('12')} ${inline('a@')}`).live,
    ).toEqual([])
  })

  it('takes time in proportion to the length', () => {
    for (const unit of [
      '@',
      '#1',
      '`',
      '[',
      '<!--',
      'https://',
      '_a',
      '\\',
      '| ',
      '\u200B',
      '1.',
      ' ',
      '@a/b#1 ',
    ]) {
      const text = unit.repeat(60_000 / unit.length)
      expect(String(inline(text)).length).toBeLessThan(text.length * 6 + 10)
    }
  })
})

describe('block', () => {
  it('does nothing, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { maxLength: 4 }).map((parts) => parts.join('\n')),
        (text) => {
          const reading = read(String(block(text)))
          expect(reading.live).toEqual([])
          expect(reading.html).toEqual([])
          const kinds = [...reading.kinds.keys()].filter(
            (kind) => !/^(paragraph_|inline|text|link_|softbreak|hardbreak)/.test(kind),
          )
          expect(kinds).toEqual([])
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('keeps paragraphs, lines and lists as they were typed', () => {
    const markdown = String(block('First line\nsecond\n\n\n- one\n  - two @ada\n1. three\n```\ncode\n```'))
    expect(parse(markdown).filter(({ type }) => type === 'paragraph_open')).toHaveLength(2)
    expect(seen(read(markdown).text)).toBe('First line\nsecond- one\n- two @ada\n1. three\n```\ncode\n```')
  })
})

describe('code', () => {
  it('shows exactly the text, in one cell, and does nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const reading = read(`x ${code(text)} y`)
        expect(reading.live).toEqual([])
        expect(reading.html).toEqual([])
        expect(String(code(text))).not.toContain('<!--')
        expect(parse(asCell(code(text))).filter(({ type }) => type === 'td_open')).toHaveLength(3)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['deploy.yml', '`deploy.yml`'],
    ['a `b` c', '``a `b` c``'],
    ['`', '`` ` ``'],
    ['a | b', 'a \\| b'],
    ['', ''],
  ])('%j', (text, markdown) => {
    expect(String(code(text))).toBe(markdown)
  })
})

describe('link', () => {
  it.each([
    ['run', 'https://x.io/a_(b)', '[run](https://x.io/a_%28b%29)'],
    ['a]b', 'https://x.io/', '[a\\]b](https://x.io/)'],
    ['note', '#issuecomment-1', '[note](#issuecomment-1)'],
    ['x', 'javascript:alert(1)', 'x'],
    ['x', '//evil.example', 'x'],
    ['x', 'https://x.io/a b', 'x'],
    ['x', 'https://x.io/|', '[x](https://x.io/%7C)'],
    ['x', '', 'x'],
  ])('%j to %j', (text, url, markdown) => {
    expect(String(link(text, url))).toBe(markdown)
  })

  it('keeps text that is Markdown already', () => {
    expect(String(link(new Markup('`a1b2c3d`'), 'https://x.io/'))).toBe('[`a1b2c3d`](https://x.io/)')
  })
})

describe('our own line with words in backticks', () => {
  it('keeps the spans and the spaces around them', () => {
    expect(spans('`board` is `x`; allowed: `auto` or a number.').toString()).toBe(
      '`board` is `x`; allowed: `auto` or a number.',
    )
  })

  it('lets nothing in them take effect, however the backticks stand', () => {
    const hostile = spans('`a` is `@ada` and `` `<img src=x>` @everyone fixes #1').toString()
    expect(hostile).not.toMatch(/(^|[^`\w\u2060])@everyone/)
    expect(hostile).not.toMatch(/fixes #1\b/)
    expect(hostile).not.toContain('<img')
  })
})

// People's text in our Markdown, read by a GFM parser: it shows what was written and does nothing.
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { describe, expect, it } from 'vitest'
import { block, code, inline, link, Markup, spans } from '../src/markdown.ts'

const parser = new MarkdownIt({ html: true, linkify: true, breaks: true })

type Reading = { text: string; live: string[]; html: string[]; links: string[]; kinds: Set<string> }

/** What GitHub would make of a comment: its text outside code, what is live in it, its HTML and its links. */
function read(markdown: string): Reading {
  const reading: Reading = { text: '', live: [], html: [], links: [], kinds: new Set() }
  for (const token of parser.parse(markdown, {})) {
    reading.kinds.add(token.type)
    if (token.type === 'html_block') reading.html.push(token.content)
    let inLink = false
    let run = ''
    for (const child of token.children ?? []) {
      reading.kinds.add(child.type)
      if (child.type === 'html_inline') reading.html.push(child.content)
      if (child.type === 'link_open') reading.links.push(String(child.attrGet('href')))
      if (child.type === 'link_open' || child.type === 'link_close') inLink = child.type === 'link_open'
      reading.text += child.type === 'softbreak' || child.type === 'hardbreak' ? '\n' : child.content
      if (!inLink && child.type !== 'code_inline') run += child.content || ' '
    }
    reading.live.push(...liveIn(run))
  }
  reading.live.push(...reading.links.filter((href) => REFERENCE.test(href)))
  return reading
}

function liveIn(text: string): string[] {
  const mentions = text.match(/(?:^|[^A-Za-z0-9`])@[A-Za-z0-9]/g) ?? []
  const references = text.match(/#\d|\bGH-\d/gi) ?? []
  const addresses = text.match(/https?:\/\/\S+/gi) ?? []
  return [...mentions, ...references, ...addresses.filter((address) => REFERENCE.test(address))]
}

const REFERENCE = /^https?:\/\/[^/]+\/+[^/]+\/+[^/]+\/+(issues|pull|discussions|commit)\/+\w/i

/** The characters that a reader sees. */
const seen = (text: string) => text.replace(/[\u2060]/g, '')

const CORPUS = [
  '@ada',
  'see @acme/team please',
  '(@ada)',
  '"@ada"',
  '*@ada*',
  '_@ada_',
  '.@ada',
  'é@ada',
  '/@ada',
  '@@ada',
  '@ada@bob',
  '\\@ada',
  '&#64;ada',
  '&commat;ada',
  '@\u200Bada',
  '@\u2060ada',
  '@\u202Eada',
  '\u200B@ada',
  '@\u00ADada',
  '@<!-- -->ada',
  '@**ada**',
  '#1',
  'fixes #1',
  'Closes: #12',
  'resolves acme/web#12',
  'fix GH-12',
  'gh-12',
  '#\u200B12',
  '#\u206012',
  '\\#12',
  '&#35;12',
  '#**1**',
  'https://github.com/acme/web/issues/1',
  'closes https://github.com/acme/web/pull/2',
  'http://ghe.acme.example/a/b/issues/3',
  'https://github.com/acme/web/commit/a1b2c3d4',
  'https://github.com//acme/web/issues/1',
  'HTTPS://GITHUB.COM/a/b/ISSUES/4',
  'https://github.com/acme/web/discussions/5#discussioncomment-1',
  'www.github.com/acme/web/issues/1',
  '<https://github.com/a/b/issues/6>',
  '[x](https://github.com/a/b/pull/7)',
  'https://github.com/a/b/issues/1?x=@ada',
  'xhttps://github.com/a/b/issues/1',
  'https://x.io/#12 #13',
  'ftp://github.com/a/b/issues/1',
  '[x]: https://github.com/a/b/issues/8',
  '![x](https://x.io/y.png)',
  '[x](javascript:alert(1))',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<!-- mayday:incident=42 -->',
  '-->',
  '<!--',
  '<details open>',
  '</td></tr>',
  '<a href="https://x.io">x</a>',
  '<?php ?>',
  '<![CDATA[x]]>',
  '<!DOCTYPE html>',
  '&lt;b&gt;',
  '&amp;lt;',
  '<b',
  'a<b>c',
  '1 < 2 > 0',
  'a | b',
  'a \\| b',
  'a \\\\| b',
  '| --- |',
  '||',
  '`a | b`',
  '`',
  '``',
  '```\nx\n```',
  '~~~\nx',
  '`@ada`',
  '`` ` ``',
  '`unclosed @ada',
  '**bold**',
  '__bold__',
  '*em*',
  '_em_',
  '~~gone~~',
  '~gone~',
  'snake_case_name',
  '__init__.py',
  '2 * 3 * 4',
  'a*b*c',
  '***',
  '___',
  '---',
  '===',
  '# heading',
  '###### h',
  '> quote',
  '>quote',
  '- item',
  '* item',
  '+ item',
  '1. one',
  '1) one',
  '- [ ] task',
  '- [x] done',
  '    code',
  '\tcode',
  '[ref][1]',
  '[1]: x',
  '[^1]',
  '[^1]: note',
  '> [!NOTE]',
  ':tada:',
  '$x^2$',
  '$$x$$',
  '$HOME and $PATH',
  '\\',
  '\\\\',
  'C:\\Users\\ada',
  'end\\',
  'line\nbreak',
  'a\r\nb',
  'a\rb',
  'a\u2028b',
  'a\u0085b',
  'a\u0000b',
  '\u202Eevil\u202C',
  '\u2066x\u2069',
  '\uFEFFx',
  '\u{E0041}x',
  '\uD800x',
  'x\uDC00',
  '👩‍👩‍👧 family',
  'مرحبا',
  'שלום',
  '日本語',
  'Ｆｕｌｌ＠ａｄａ',
  'a@b.example',
  'mailto:ada@acme.example',
  'user@a1b2c3d4e5',
  '/deploy',
  '/resolve now',
  '<@U123>',
  '<!channel>',
  '{{title}}',
  '{{{x}}}',
  '%0a',
  'x'.repeat(300),
  '@'.repeat(50),
  `${'#'.repeat(50)}1`,
  '['.repeat(60),
  '`'.repeat(61),
  '*'.repeat(61),
  '<'.repeat(61),
  `https://${'a'.repeat(300)}`,
  'https://x.io/a_b_c/d*e|f[g]h`i',
  'https://x.io/?a=1&copy=2&lt;3',
  "https://x.io/'y'",
  '',
  ' ',
  '\n\n',
]

const asCell = (markup: Markup) => `| # | text | by |\n| --- | --- | --- |\n| 1 | ${markup} | us |`
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'@#a1-_*`~[]()<>!|\\/:. \n&;$g'), maxLength: 40 }),
  fc.array(fc.constantFrom(...CORPUS), { maxLength: 4 }).map((parts) => parts.join(' ')),
  fc
    .array(
      fc.constantFrom('@', 'ada', '#', '1', 'https://', 'x.io/a/b/', 'issues/', '`', '<!--', '|', '\\', '\n'),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
)

describe('inline', () => {
  it.each(CORPUS)('does nothing and is all there: %j', (text) => {
    expectInert(text)
  })

  it('does nothing, whatever the text is', () => {
    fc.assert(fc.property(anyText, expectInert), { numRuns: 2_000 })
  })

  function expectInert(text: string) {
    const reading = read(`Title: ${inline(text)} end`)
    expect(reading.live).toEqual([])
    expect(reading.html).toEqual([])
    expect([...reading.kinds].filter((kind) => !/^(paragraph_|inline|text|link_)/.test(kind))).toEqual([])
    const alone = read(String(inline(text)))
    expect([...alone.kinds].filter((kind) => !/^(paragraph_|inline|text|link_)/.test(kind))).toEqual([])
    expect(alone.live).toEqual([])
    expect(String(inline(text))).not.toMatch(/<|\n|[\u202A-\u202E]/)
  }

  it('fills one cell of a table', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = parser.parse(asCell(inline(text)), {})
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
          const kinds = [...reading.kinds].filter(
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
    expect(parser.parse(markdown, {}).filter(({ type }) => type === 'paragraph_open')).toHaveLength(2)
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
        expect(parser.parse(asCell(code(text)), {}).filter(({ type }) => type === 'td_open')).toHaveLength(3)
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

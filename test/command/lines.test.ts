// Which lines are plain text, compared with a complete Markdown parser.
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { describe, expect, it } from 'vitest'
import { commentLines } from '../../src/command/comment/lines.ts'

const markdown = new MarkdownIt('commonmark')

/** The words `w0`, `w1` … that a Markdown parser shows as text outside of quotes. */
function shown(body: string): Set<string> {
  const words = new Set<string>()
  let quotes = 0
  for (const token of markdown.parse(body, {})) {
    if (token.type === 'blockquote_open') quotes += 1
    if (token.type === 'blockquote_close') quotes -= 1
    if (token.type === 'html_block' && quotes === 0 && !/^ {0,3}<(?:!--|pre|textarea)/.test(token.content)) {
      const content = token.content.replaceAll(/<!--(?:-?>|[\s\S]*?(?:-->|$))/g, '')
      for (const word of content.match(/w\d+/g) ?? []) words.add(word)
    }
    if (token.type !== 'inline' || quotes > 0) continue
    for (const child of token.children ?? []) {
      if (child.type === 'text') for (const word of child.content.match(/w\d+/g) ?? []) words.add(word)
    }
  }
  return words
}

/** Those that stand on a line at whose beginning a command may stand, as we read it. */
function plain(body: string): Set<string> {
  const lines = commentLines(body).lines.filter(({ text }) => /^ {0,3}\/x /.test(text))
  return new Set(lines.flatMap(({ text }) => /w\d+/.exec(text)?.[0] ?? []))
}

/** Bodies of lines with every kind of prefix, each command with a word of its own. */
function bodiesOf(kinds: string[]): fc.Arbitrary<string> {
  const prefix = fc.constantFrom(
    '',
    '',
    '',
    '',
    ' ',
    '  ',
    '   ',
    '    ',
    '\t',
    '> ',
    '>',
    '- ',
    '  - ',
    '1. ',
    '2. ',
    '* ',
    '> - ',
  )
  const line = fc.tuple(
    prefix,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('/x') },
      { weight: 5, arbitrary: fc.constantFrom(...kinds) },
    ),
  )
  return fc
    .array(line, { minLength: 1, maxLength: 12 })
    .map((lines) =>
      lines
        .map(([before, text], index) => (text === '/x' ? `${before}/x w${index}` : before + text))
        .join('\n'),
    )
}

const blocks = [
  '',
  '',
  'text',
  '\u00a0',
  '```',
  '````',
  '~~~',
  '``` sh',
  '---',
  '===',
  '***',
  '# heading',
  '-',
  'a ` b',
  'c `` d',
  'e \\` f',
  'g `h` i',
]
const html = [
  '<!--',
  '-->',
  '<!-- a -->',
  'b <!-- c',
  'd --> e',
  '<pre>',
  '</pre>',
  '<textarea>',
  '<!-->',
  '<details>',
  '</div>',
  '<b>',
  '<br> x',
  'x <i>',
  '<https://a.b>',
]

describe('a line is plain', () => {
  it('exactly where a Markdown parser shows it', () => {
    fc.assert(
      fc.property(bodiesOf(blocks), (body) => {
        const visible = shown(body)
        const ours = plain(body)
        const begins = new Set(body.split('\n').flatMap((line) => /^ {0,3}\/x (w\d+)/.exec(line)?.[1] ?? []))
        expect([...ours].sort()).toEqual([...visible].filter((word) => begins.has(word)).sort())
      }),
      { numRuns: 5_000 },
    )
  })

  it('never where a Markdown parser hides it, whatever the HTML', () => {
    fc.assert(
      fc.property(bodiesOf([...blocks, ...html, ...html]), (body) => {
        const visible = shown(body)
        expect([...plain(body)].filter((word) => !visible.has(word))).toEqual([])
      }),
      { numRuns: 5_000 },
    )
  })
})

// Comments as people, programs and attackers write them, each with what it asks for: whoever built it knows.

import { DIRECTORIES, OTHER_BOTS } from '../../src/command/comment/other-bots.ts'
import { rows } from '../../src/command/table/table.ts'
import { seeded } from '../sandbox/random.ts'

/** `/verb` for a command, `!verb` for one with a mistake, `~` for a near miss, `?` for another bot's. */
export type Asked = string
export type Body = { text: string; asks: Asked[] }

type Block = { text: string; asks: Asked[] }

const VERBS = rows().flatMap(({ verb, row }) => [verb, ...(row.aliases ?? [])])
const COMMANDS = rows().flatMap(({ verb, row }) => row.examples.map((text) => ({ text, verb })))

/** What is wrong in each, by its verb. */
const MISTAKES: readonly (readonly [text: string, verb: string])[] = [
  ['/snooze soon', 'snooze'],
  ['/sev', 'sev'],
  ['/sev P\u202e1', 'sev'],
  ['/sev P1\u200f', 'sev'],
  ['/lead @a\u200bda', 'lead'],
  ['/lead @acme/leads', 'lead'],
  ['/assign \u2066@ada\u2069', 'assign'],
  ['/role co\u00admms @bo', 'role'],
  ['/service a\u2060pi', 'service'],
  ['/type secu\ufeffrity', 'type'],
  ['/bridge https://meet.example/\u202egnp', 'bridge'],
  ['/status resolved', 'status'],
  ['/set lunch 12:00', 'set'],
  ['/hide all', 'hide'],
  ['/due 2026-02-30', 'due'],
  ['/note 25:10 late', 'note'],
  [`/sev ${'P'.repeat(5_000)}`, 'sev'],
  ['/deploy staging', 'deploy'],
]

const NO_COMMANDS = [
  '/etc/hosts',
  '/ack.',
  '/ack: now',
  '/2fast',
  '//ack',
  '/ ack',
  '/tmp is full',
  '/a\u200bck',
  '\u202e/ack',
  'please /ack',
  '- /ack',
  '1. /resolve',
  '* [ ] /resolve',
  '`/resolve`',
  '# /resolve',
  '\u00a0\u00a0/resolve',
]

const WORDS = [
  'index',
  'the',
  '10:45',
  'größer',
  'поиск',
  '検索が遅い',
  'بحث',
  '👩\u200d💻',
  'e\u0301\u0323',
  '\u202eflipped\u202c',
  'zero\u200bwidth',
  '@ada',
  '#12',
  'P1',
  'a|b',
  '50 %',
  '\ud83d',
  'ﷺ',
  "it's",
]

/** Bodies without end, the same for the same seed. `giants`: some have a line of up to 64 KB. */
export function* commentBodies(seed: number, { giants }: { giants: boolean }): Generator<Body> {
  const random = seeded(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const pick = <One>(list: readonly [One, ...One[]] | readonly One[]): One => {
    const one = list[below(list.length)]
    if (one === undefined) throw new Error('there is nothing to pick from')
    return one
  }
  const some = (most: number): number => 1 + below(most)
  const sentence = (): string => Array.from({ length: some(12) }, () => pick(WORDS)).join(' ')
  /** A letter first, so that no word begins a block of Markdown. */
  const prose = (): string => Array.from({ length: some(3) }, () => `So ${sentence()}`).join('\n')

  const command = (): Block => {
    const { text, verb } = pick(COMMANDS)
    const written = pick([text, text.toUpperCase().slice(0, verb.length + 1) + text.slice(verb.length + 1)])
    const incident = below(8) === 0 ? `/incident ${written.slice(below(2))}` : written
    return {
      text: `${' '.repeat(below(4))}${incident}${pick(['', ' ', '\t', '\u200b'])}`,
      asks: [`/${verb}`],
    }
  }
  const nearMiss = (): Block => {
    for (;;) {
      const word = edited(pick(VERBS.filter(({ length }) => length > 3)))
      const taken =
        VERBS.includes(word) || OTHER_BOTS.has(word) || DIRECTORIES.has(word) || word === 'incident'
      if (!taken && /^[a-z]+$/.test(word)) return { text: `/${word} ${pick(['', 'P1', 'now'])}`, asks: ['~'] }
    }
  }
  const edited = (word: string): string => {
    const at = below(word.length - 1)
    const [before, after] = [word.slice(0, at), word.slice(at)]
    return pick([
      `${before}${after.slice(1)}`,
      `${before}${after.charAt(1)}${after.charAt(0)}${after.slice(2)}`,
      `${before}${pick([...'aeinrst'])}${after}`,
      `${before}${pick([...'aeinrst'])}${after.slice(1)}`,
    ])
  }
  const inside = (): string[] =>
    Array.from({ length: some(4) }, () => pick([pick(COMMANDS).text, sentence(), '/resolve', '> /resolve']))

  const hidden = (): Block => {
    const lines = inside()
    const mark = pick(['`', '~'])
    const fence = mark.repeat(3 + below(4))
    const nested = mark.repeat(fence.length - 1)
    const text = pick([
      () => [
        `${fence}${pick(['', 'sh', ' ts'])}`,
        ...lines,
        nested.length >= 3 ? nested : '',
        ...lines,
        fence,
      ],
      () => lines.map((line) => `${'> '.repeat(some(5))}${line}`),
      () => ['text:', '', ...lines.map((line) => `${' '.repeat(4 + below(3))}${line.replace(/^> /, '')}`)],
      () => ['<!--', ...lines, '', ...lines, '-->'],
      () => ['<pre>', ...lines, '</pre>'],
      () => ['<blockquote>', '', '/resolve', '', '</blockquote>'],
      () => ['So ``code', '/resolve', '` here``', 'and no more'],
      () => ['- a list', '  ```', ...lines.map((line) => `  ${line}`), '  ```'],
      () => ['> a quote that goes on', '/resolve'],
    ])()
    return { text: text.join('\n'), asks: [] }
  }
  const giant = (): Block => {
    const piece = pick([
      'x',
      '`',
      '> ',
      '- ',
      '<!--',
      '~',
      '/',
      ' ',
      '\t',
      '1. ',
      '\\',
      'ﷺ',
      '\u200b',
      '[',
      '👩\u200d💻',
    ])
    return { text: `So ${piece.repeat(Math.ceil(some(64_000) / piece.length))}`, asks: [] }
  }
  const block = (): Block =>
    pick([
      command,
      command,
      nearMiss,
      hidden,
      hidden,
      () => ({ text: prose(), asks: [] }),
      () => ({ text: pick(NO_COMMANDS), asks: [] }),
      () => {
        const [text, verb] = pick(MISTAKES)
        return { text, asks: [`!${verb}`] }
      },
      () => ({ text: `/${pick([...OTHER_BOTS].filter((word) => /^[a-z]+$/.test(word)))} it`, asks: ['?'] }),
    ])()

  for (;;) {
    const blocks = Array.from({ length: some(8) }, block)
    // What it opens may hide the rest.
    if (giants && below(50) === 0) blocks.push(giant())
    const end = pick(['\n', '\n', '\r\n', '\r'])
    const text = blocks
      .map((one) => one.text)
      .join('\n\n')
      .replaceAll('\n', end)
    yield { text, asks: blocks.flatMap((one) => one.asks) }
  }
}

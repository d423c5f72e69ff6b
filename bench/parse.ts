// Reading commands: how many comments a second, beside the least that any reader must do, and what hostile ones cost.
import { parse } from '../src/command/comment/parse.ts'
import { commentBodies } from '../test/promises/comment-bodies.ts'
import { percentile, type Theme } from './report.ts'

const BODIES = 5_000
const LONGEST = 65_536
/** Each repeated to the longest comment that GitHub takes, behind each of the heads. */
const HOSTILE = [
  '/ack\n',
  '/stauts\n',
  '/frobnicates now\n',
  '/aab\n/aac\n/aad\n',
  '/',
  ' ',
  '/note a\n\n',
  '\t',
  '>',
  '- ',
  '- a\n  - b\n',
  '`',
  'a `b ``c ```d ',
  'a <!-- ',
  '<!-- a -->',
  '```\n',
  '- - -\n',
  '/service a ',
  '@ada P1 ',
  'x',
  'ﷺ',
]
const HEADS = ['', '/ack\n\t', '/declare ', '/note ', '/action ', '/service ', 'text\n/ack\n']

export function measureParsing(): Theme {
  const comments = firstOf(commentBodies(28, { giants: false }), BODIES)
  const ours = cost(() => comments.forEach((text) => void parse(text)))
  const least = cost(() => comments.forEach(firstWords))
  const bodies = HEADS.flatMap((head) => HOSTILE.map((piece) => ({ head, piece })))
  const pairs = bodies.map((one) => costs(bodyOf(one, LONGEST), bodyOf(one, LONGEST / 2)))
  // Below a tenth of a millisecond the clock, not the reader, is measured.
  const growth = pairs.map(([whole, half]) => whole / Math.max(half, 0.1))
  const single = comments.map((text) => cost(() => parse(text), 3))
  const perBody = (ms: number): number => (ms * 1000) / BODIES
  const worst = bodies[growth.indexOf(Math.max(...growth))]
  return {
    title: 'Reading commands',
    figures: [
      {
        name: 'one comment, mean',
        value: perBody(ours),
        unit: 'µs',
        bar: { atMost: 20 },
        note: `${Math.round(1e6 / perBody(ours))} a second`,
      },
      {
        name: 'beside splitting it into lines and looking at their beginnings',
        value: ours / least,
        unit: '×',
      },
      { name: 'one comment, p99', value: percentile(single, 0.99), unit: 'ms', bar: { atMost: 1 } },
      {
        name: 'a hostile comment of 64 KB, the slowest',
        value: Math.max(...pairs.map(([whole]) => whole)),
        unit: 'ms',
        bar: { atMost: 20 },
        matters: true,
      },
      {
        name: 'twice the length of a hostile comment, the most',
        value: Math.max(...growth),
        unit: '×',
        bar: { atMost: 2.5 },
        note: `\`${JSON.stringify(`${worst?.head}${worst?.piece}`).replaceAll('`', '')}\` again and again`,
      },
    ],
  }
}

function firstOf(bodies: Generator<{ text: string }>, count: number): string[] {
  return Array.from({ length: count }, () => bodies.next().value.text)
}

const firstWords = (text: string): string[] =>
  text.split(/\r\n|\n|\r/).filter((line) => /^ {0,3}\/[a-z]/i.test(line))

const bodyOf = ({ head, piece }: { head: string; piece: string }, length: number): string =>
  (head + piece.repeat(length)).slice(0, length)

/** Milliseconds of the fastest of several runs: what the work costs when nothing disturbs it. */
function cost(work: () => unknown, runs = 9): number {
  const each = Array.from({ length: runs }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(...each)
}

/** Of two texts in turn, so that whatever else the machine does meets both. */
function costs(whole: string, half: string, runs = 9): [number, number] {
  const each = Array.from({ length: runs }, () => [cost(() => parse(whole), 1), cost(() => parse(half), 1)])
  const least = (which: number): number => Math.min(...each.map((pair) => pair[which] ?? Number.NaN))
  return [least(0), least(1)]
}

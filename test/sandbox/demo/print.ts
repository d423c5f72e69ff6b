// How the demo speaks in a terminal: the time in the incident, who does what, what was seen, where to look.
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

const INDENT = ' '.repeat(13)
const WIDTH = 110

/** Colours only where a terminal shows them (`NO_COLOR` is heard). */
const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout })

const write = (line = ''): void => {
  process.stdout.write(`${line}\n`)
}

export function printTitle(title: string, lines: readonly string[]): void {
  write()
  write(paint('bold', title))
  for (const line of lines) write(paint('dim', line))
}

/** `Thursday 18 December 2025`, where a new day begins. */
export function printDay(at: number): void {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(at)
  write()
  write(paint(['bold', 'underline'], day.replace(',', '')))
}

/** One act: when, who and what. Nobody acts where only time passes. */
export function printAct(at: number, who: string, does: string): void {
  const time = new Date(at).toISOString().slice(11, 16)
  const [first = '', ...rest] = wrap(does)
  write()
  write(`${paint('dim', time)}  ${paint('cyan', who.padEnd(5))} ${paint('bold', first)}`)
  for (const line of rest) write(`${INDENT}${paint('bold', line)}`)
}

/** Something that the sandbox shows now. */
export function printSeen(claim: string): void {
  const [first = '', ...rest] = wrap(claim)
  write(`${INDENT}${paint('green', '✓')} ${first}`)
  for (const line of rest) write(`${INDENT}  ${line}`)
}

/** Words of Mayday as they stand on the page. */
export function printQuote(text: string): void {
  for (const paragraph of text.split('\n')) {
    for (const line of wrap(paragraph)) write(`${INDENT}${paint('dim', '│')} ${paint('italic', line)}`)
  }
}

export function printLink(url: string): void {
  write(`${INDENT}${paint('dim', url)}`)
}

export function printFailure(message: string): void {
  write()
  write(`${paint('red', '✗')} ${message}`)
}

/** Pairs of a figure and what it counts, under a heading. */
export function printFigures(heading: string, figures: ReadonlyArray<readonly [string, string]>): void {
  const width = Math.max(...figures.map(([figure]) => figure.length))
  write()
  write(paint('bold', heading))
  for (const [figure, what] of figures) write(`  ${paint('cyan', figure.padStart(width))}  ${what}`)
}

export function printList(heading: string, lines: readonly string[]): void {
  write()
  write(paint('bold', heading))
  for (const line of lines) write(`  ${line}`)
}

function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

// The post-incident review as text: its sections, what people filled in, the lines of its action items; pure.
import type { Horizon } from '../../incident/policy/policy.ts'

/** A line of the action items as it stands, with the horizon of the sub-heading above it. */
type ReviewLine = {
  text: string
  horizon: Horizon | null
  checked: boolean
  line: string
  index: number
}

export type ReviewText = {
  /** What stands under each second-level heading, without HTML comments; by the section's name. */
  sections: ReadonlyMap<string, string>
  lines: ReviewLine[]
}

const HORIZON_OF: ReadonlyMap<string, Horizon> = new Map([
  ['immediate', 'immediate'],
  ['short-term', 'short'],
  ['medium-term', 'medium'],
  ['mid-term', 'medium'],
  ['long-term', 'long'],
])

/** A section's name is its heading in lower case with hyphens. */
export const sectionName = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')

type SectionLine = {
  text: string
  /** How the line ends: `\n`, `\r\n`, or nothing where the text does. */
  ending: string
  /** What of it can be read: without HTML comments; a code fence's lines are whole. */
  shown: string
  /** Inside a code fence, so neither a heading nor an action item. */
  fenced: boolean
}

/** Cuts a body into lines as GitHub shows them: fences end as they began, comments go over lines. */
function linesOf(body: string): SectionLine[] {
  const parts = body.split(/(\r?\n)/)
  let fence = ''
  let commented = false
  return parts.flatMap((text, index): SectionLine[] => {
    if (index % 2 === 1) return []
    const ending = parts[index + 1] ?? ''
    const mark = commented ? '' : (/^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1] ?? '')
    if (fence) {
      if (mark.startsWith(fence) && text.trim() === mark) fence = ''
      return [{ text, ending, shown: text, fenced: true }]
    }
    if (mark) {
      fence = mark
      return [{ text, ending, shown: text, fenced: true }]
    }
    const rest = withoutComments(text, commented)
    commented = rest.commented
    return [{ text, ending, shown: rest.text, fenced: false }]
  })
}

/** A line without its HTML comments. `commented`: one that began before is still open. */
function withoutComments(line: string, commented: boolean): { text: string; commented: boolean } {
  let open = false
  const text = `${commented ? '<!--' : ''}${line}`.replaceAll(/<!--.*?(-->|$)/g, (_, end: string) => {
    open = end === ''
    return ''
  })
  return { text, commented: open }
}

/** Reads a review's body. Code fences and HTML comments hide headings and lines inside them. */
export function readReview(body: string): ReviewText {
  const sections = new Map<string, string>()
  const lines: ReviewLine[] = []
  let section = ''
  let horizon: Horizon | null = null
  linesOf(body).forEach(({ text: line, shown, fenced }, index) => {
    const heading = fenced ? null : /^(#{2,3})\s+(.+?)\s*#*$/.exec(shown)
    if (heading?.[1] === '##') {
      section = sectionName(heading[2] ?? '')
      horizon = null
      sections.set(section, sections.get(section) ?? '')
      return
    }
    if (heading && section === 'action-items') horizon = HORIZON_OF.get(sectionName(heading[2] ?? '')) ?? null
    if (section) sections.set(section, `${sections.get(section)}${shown}\n`)
    const box = fenced || section !== 'action-items' ? null : /^\s*[-*+] \[([ xX])\] (.*\S)\s*$/.exec(shown)
    if (box?.[2]) lines.push({ text: box[2], horizon, checked: box[1] !== ' ', line, index })
  })
  for (const [name, text] of sections) sections.set(name, text.trim())
  return { sections, lines }
}

/** The sections that hold text which is neither the template's own nor an HTML comment. */
export function filledSections(now: ReviewText, given: ReviewText): string[] {
  const written = (text: string | undefined): string[] =>
    (text ?? '').split('\n').flatMap((line) => line.trim() || [])
  return [...now.sections].flatMap(([name, text]) => {
    const own = new Set(written(given.sections.get(name)))
    return written(text).some((line) => !own.has(line)) ? [name] : []
  })
}

/** Replaces lines by their index, everything else stays to the letter. */
export function withLines(body: string, changes: ReadonlyMap<number, string>): string {
  return linesOf(body)
    .map(({ text, ending }, index) => (changes.get(index) ?? text) + ending)
    .join('')
}

const HEADING: Record<Horizon, string> = {
  immediate: 'immediate',
  short: 'short-term',
  medium: 'medium-term',
  long: 'long-term',
}

/** Puts lines at the end of the action items, under their horizon's sub-heading where there is one. A review without
 * that section is left alone: its people have their own way. */
export function withNewLines(
  body: string,
  added: readonly { horizon: Horizon | null; line: string }[],
): string {
  return added.reduce((text, line) => withNewLine(text, line), body)
}

function withNewLine(body: string, { horizon, line }: { horizon: Horizon | null; line: string }): string {
  const rows = linesOf(body)
  const heading = (row: SectionLine | undefined, level: '##' | '###'): string | null =>
    row && !row.fenced && row.shown.startsWith(`${level} `)
      ? sectionName(row.shown.slice(level.length))
      : null
  const next = (from: number, level: '##' | '###', limit: number): number => {
    const found = rows.findIndex(
      (row, index) => index > from && index < limit && heading(row, level) !== null,
    )
    return found < 0 ? limit : found
  }
  const start = rows.findIndex((row) => heading(row, '##') === 'action-items')
  if (start < 0) return body
  const end = next(start, '##', rows.length)
  const wanted = horizon && HEADING[horizon]
  const sub = rows.findIndex(
    (row, index) => index > start && index < end && wanted !== null && heading(row, '###') === wanted,
  )
  const from = sub < 0 ? start : sub
  let place = next(from, '###', end) - 1
  while (place > from && rows[place]?.text.trim() === '') place -= 1
  const newline = body.includes('\r\n') ? '\r\n' : '\n'
  return rows
    .map((row, index) => {
      if (index !== place) return row.text + row.ending
      return `${row.text}${row.ending || newline}${line}${row.ending}`
    })
    .join('')
}

// The post-incident review as text: its sections, what people filled in, the lines of its action items; pure.
import type { Horizon } from './policy.ts'

/** A line of the action items as it stands, with the horizon of the sub-heading above it. */
export type ReviewLine = {
  text: string
  horizon: Horizon | null
  checked: boolean
  line: string
  index: number
}

export type ReviewText = {
  /** What stands under each second-level heading, without HTML comments; by the section's name (SPEC 9). */
  sections: Record<string, string>
  lines: ReviewLine[]
}

const HORIZON_OF: Record<string, Horizon> = {
  immediate: 'immediate',
  'short-term': 'short',
  'medium-term': 'medium',
  'mid-term': 'medium',
  'long-term': 'long',
}

/** A section's name is its heading in lower case with hyphens. */
export const sectionName = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')

/** Reads a review's body. Code fences hide headings and lines inside them. */
export function readReview(body: string): ReviewText {
  const sections: Record<string, string> = {}
  const lines: ReviewLine[] = []
  let section = ''
  let horizon: Horizon | null = null
  let fenced = false
  body.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced
    const heading = fenced ? null : /^(#{2,3})\s+(.+?)\s*#*$/.exec(line)
    if (heading?.[1] === '##') {
      section = sectionName(heading[2] ?? '')
      horizon = null
      sections[section] ??= ''
      return
    }
    if (heading && section === 'action-items') horizon = HORIZON_OF[sectionName(heading[2] ?? '')] ?? null
    if (section) sections[section] = `${sections[section]}${line}\n`
    const box = fenced || section !== 'action-items' ? null : /^\s*[-*+] \[([ xX])\] (.*\S)\s*$/.exec(line)
    if (box?.[2]) lines.push({ text: box[2], horizon, checked: box[1] !== ' ', line, index })
  })
  for (const [name, text] of Object.entries(sections)) sections[name] = withoutComments(text)
  return { sections, lines }
}

const withoutComments = (text: string): string => text.replaceAll(/<!--[\s\S]*?(-->|$)/g, '').trim()

/** The sections that hold text which is neither the template's own nor an HTML comment (SPEC 9). */
export function filledSections(now: ReviewText, given: ReviewText): string[] {
  return Object.entries(now.sections).flatMap(([name, text]) => {
    const own = given.sections[name] ?? ''
    const added = own ? text.replace(own, '').trim() : text
    return added !== '' && text !== own ? [name] : []
  })
}

/** Replaces lines by their index, everything else stays to the letter. */
export function withLines(body: string, changes: ReadonlyMap<number, string>): string {
  const ending = body.includes('\r\n') ? '\r\n' : '\n'
  return body
    .split(/\r?\n/)
    .map((line, index) => changes.get(index) ?? line)
    .join(ending)
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
  let text = body
  for (const { horizon, line } of added) {
    const rows = text.split('\n')
    const start = rows.findIndex((row) => /^##\s/.test(row) && sectionName(row.slice(2)) === 'action-items')
    if (start < 0) return text
    const next = rows.findIndex((row, index) => index > start && /^##\s/.test(row))
    const end = next < 0 ? rows.length : next
    const wanted = horizon ? HEADING[horizon] : null
    const sub = rows.findIndex(
      (row, index) =>
        index > start && index < end && /^###\s/.test(row) && sectionName(row.slice(3)) === wanted,
    )
    const from = sub < 0 ? start : sub
    const limit = rows.findIndex((row, index) => index > from && index < end && /^###\s/.test(row))
    let place = (limit < 0 ? end : limit) - 1
    while (place > from && rows[place]?.trim() === '') place -= 1
    rows.splice(place + 1, 0, line)
    text = rows.join('\n')
  }
  return text
}

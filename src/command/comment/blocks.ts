// How the blocks of Markdown begin and end, as questions about one line (CommonMark 0.31, https://spec.commonmark.org).

/** What closes a piece of HTML; any of them does. */
export type Ends = readonly string[]
export const COMMENT_ENDS: Ends = ['-->']
const SPACE = 32
const TAB = 9
const QUOTE_ENDS: Ends = ['</blockquote>']
const RAW_ENDS: Ends = ['</pre>', '</script>', '</style>', '</textarea>']

/** CommonMark's sixth kind of HTML block; `blockquote` stands with the raw ones. */
const BLOCK_TAGS: ReadonlySet<string> = new Set(
  `address article aside base basefont body caption center col colgroup dd details dialog dir div dl dt fieldset
  figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu
  menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead title tr track
  ul`.split(/\s+/),
)

/** Whether a line is surely text: no block but a paragraph begins with it. False too often rather than too seldom. */
export function beginsNoBlock(text: string): boolean {
  return /^ {0,3}[^ >+*\d`~<#=_-]/.test(text)
}

export function afterQuote(text: string): string | undefined {
  const indent = indentOf(text)
  if (indent > 3 || text[indent] !== '>') return undefined
  return text.slice(text[indent + 1] === ' ' ? indent + 2 : indent + 1)
}

/** An item goes on below an empty line, but not where it has held nothing so far. */
export function afterIndent(text: string, item: { indent: number; empty: boolean }): string | undefined {
  if (isBlank(text)) return item.empty ? undefined : ''
  return indentOf(text) >= item.indent ? text.slice(item.indent) : undefined
}

/** A list item's beginning. One that interrupts a paragraph must hold text and, where numbered, begin with 1. */
export function listItem(
  text: string,
  interrupts: boolean,
): { indent: number; empty: boolean; rest: string } | undefined {
  const match = /^ {0,3}(?:[-+*]|(\d{1,9})[.)])(?= |$)/.exec(text)
  if (!match || isRule(text)) return undefined
  const after = text.slice(match[0].length)
  const blank = isBlank(after)
  if (interrupts && (blank || (match[1] !== undefined && Number(match[1]) !== 1))) return undefined
  const spaces = indentOf(after)
  const padding = blank || spaces > 4 ? 1 : spaces
  return { indent: match[0].length + padding, empty: blank, rest: after.slice(padding) }
}

export function opensFence(text: string): { mark: string; length: number } | undefined {
  const indent = indentOf(text)
  const mark = text[indent]
  if (indent > 3 || (mark !== '`' && mark !== '~')) return undefined
  const length = runLength(text, indent)
  if (length < 3 || (mark === '`' && text.includes('`', indent + length))) return undefined
  return { mark, length }
}

export function closesFence(text: string, fence: { mark: string; length: number }): boolean {
  const indent = indentOf(text)
  if (indent > 3 || text[indent] !== fence.mark) return false
  const length = runLength(text, indent)
  return length >= fence.length && isBlank(text.slice(indent + length))
}

/** The HTML that begins here and hides what follows up to one of its ends. A `<blockquote>` is a quote like any other,
 * and what stands in it may be Markdown. */
export function opensRaw(text: string): { ends: Ends; holdsMarkdown: boolean } | undefined {
  if (/^ {0,3}<!--/.test(text)) return { ends: COMMENT_ENDS, holdsMarkdown: false }
  const match = /^ {0,3}<(?:(blockquote)|pre|script|style|textarea)(?=[\s>]|$)/i.exec(text)
  if (!match) return undefined
  return match[1] ? { ends: QUOTE_ENDS, holdsMarkdown: true } : { ends: RAW_ENDS, holdsMarkdown: false }
}

/** Whether a block of HTML begins here: with a tag of a block, or, where no paragraph is open, with any whole tag. */
export function opensHtml(text: string, anyTag: boolean): boolean {
  const name = /^ {0,3}<\/?([a-z][a-z\d-]{0,30})(?=[\s>]|\/>|$)/i.exec(text)?.[1]?.toLowerCase()
  if (name === undefined) return false
  return BLOCK_TAGS.has(name) || (anyTag && /^ {0,3}<[^<>]*>\s*$/.test(text))
}

export function hasEnd(text: string, ends: Ends): boolean {
  const lower = text.toLowerCase()
  return ends.some((end) => lower.includes(end))
}

/** Whether the line begins a block that can stand directly below a paragraph, containers aside. */
export function startsBlock(text: string): boolean {
  if (indentOf(text) > 3) return false
  return (
    Boolean(opensFence(text) ?? opensRaw(text)) || opensHtml(text, false) || isHeading(text) || isRule(text)
  )
}

export function isHeading(text: string): boolean {
  return /^ {0,3}#{1,6}(?: |$)/.test(text)
}

export function isRule(text: string): boolean {
  const indent = indentOf(text)
  const mark = text[indent]
  if (indent > 3 || (mark !== '-' && mark !== '*' && mark !== '_')) return false
  let marks = 0
  for (let at = indent; at < text.length; at += 1) {
    if (text[at] === mark) marks += 1
    else if (text[at] !== ' ') return false
  }
  return marks >= 3
}

/** The line of `=` or `-` that makes a heading of the paragraph above it. */
export function isUnderline(text: string): boolean {
  const indent = indentOf(text)
  if (indent > 3 || (text[indent] !== '=' && text[indent] !== '-')) return false
  return isBlank(text.slice(indent + runLength(text, indent)))
}

export function indentOf(text: string): number {
  let indent = 0
  while (text.charCodeAt(indent) === SPACE) indent += 1
  return indent
}

export function isBlank(text: string): boolean {
  return indentOf(text) === text.length
}

/** A tab goes on to the next column that four divides; those at the end mean nothing. */
export function expandTabs(text: string): string {
  let end = text.length
  while (isBlankCode(text.charCodeAt(end - 1))) end -= 1
  let wider = 0
  return text.slice(0, end).replaceAll(/\t+/g, (tabs, offset: number) => {
    const width = 4 * tabs.length - ((offset + wider) % 4)
    wider += width - tabs.length
    return ' '.repeat(width)
  })
}

const isBlankCode = (code: number): boolean => code === SPACE || code === TAB

export function runLength(text: string, from: number): number {
  let end = from
  const mark = text.charCodeAt(from)
  while (end < text.length && text.charCodeAt(end) === mark) end += 1
  return end - from
}

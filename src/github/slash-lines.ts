// Which lines of a comment are plain text to a reader: what stands in code, a quote or an HTML comment is no command.

/** One line without its end. `plain`: a command may begin here, as GitHub shows the line outside of code, quotes and
 * HTML comments. */
export type BodyLine = { text: string; plain: boolean }

/** An open block that holds others: a block quote, or a list item whose content begins at column `indent`. */
type Container = { kind: 'quote' } | { kind: 'item'; indent: number; empty: boolean }

type ParagraphLine = { index: number; text: string }

/** The open block that holds text. `raw` is HTML whose text is no Markdown, up to one of its ends; `html` is shown, up to
 * an empty line. */
type Leaf =
  | { kind: 'fence'; mark: string; length: number }
  | { kind: 'raw'; ends: readonly string[] }
  | { kind: 'html' }
  | { kind: 'paragraph'; lines: ParagraphLine[] }

/** `hidden`: the ends of HTML that hides what follows, whatever Markdown makes of it. */
type Scan = {
  lines: BodyLine[]
  containers: Container[]
  leaf: Leaf | null
  hidden: readonly string[] | null
}

/** Deeper nesting is read as text, so that no line costs more than a constant number of containers. */
const MAX_DEPTH = 32

const COMMENT_ENDS = ['-->'] as const
const RAW_ENDS = ['</pre>', '</script>', '</style>', '</textarea>'] as const

/** CommonMark's sixth kind of HTML block; `blockquote` stands with the raw ones. */
const BLOCK_TAGS: ReadonlySet<string> = new Set(
  `address article aside base basefont body caption center col colgroup dd details dialog dir div dl dt fieldset
  figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu
  menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead title tr track
  ul`.split(/\s+/),
)

/** Cuts a body into lines, following the block structure of CommonMark 0.31 (https://spec.commonmark.org) as far as it
 * decides where a command may begin. Linear in the length of the body. Where it deviates it does so to the safe
 * side: HTML comments, `<pre>` and `<blockquote>` last until they are closed, whatever else ends before.
 * What follows an e-mail program's mark for the original message is dropped. */
export function bodyLines(body: string): BodyLine[] {
  const texts = withoutOriginalMessage(body.split(/\r\n|\n|\r/))
  const lines = texts.map((text) => ({ text, plain: false }))
  const scan: Scan = { lines, containers: [], leaf: null, hidden: null }
  for (const [index, text] of texts.entries()) {
    const { hidden } = scan
    readLine(scan, index, expandTabs(text))
    if (hidden && hasEnd(text, hidden)) scan.hidden = null
  }
  endParagraph(scan)
  return scan.lines
}

function readLine(scan: Scan, index: number, text: string): void {
  const { rest: inner, matched } = continueContainers(scan.containers, text)
  const whole = matched === scan.containers.length
  if (scan.leaf && scan.leaf.kind !== 'paragraph') {
    if (whole && scan.leaf.kind === 'html') addHtml(scan, index, inner)
    if (!whole || endsLeaf(inner, scan.leaf)) scan.leaf = null
    if (whole) return
  }
  const interrupts = whole && scan.leaf?.kind === 'paragraph'
  const opened = openContainers(inner, { interrupts, depth: matched })
  const goesOn = scan.leaf?.kind === 'paragraph' && opened.containers.length === 0
  if (goesOn && !isBlank(inner) && !startsBlock(inner)) {
    if (!(whole && isUnderline(inner))) return addToParagraph(scan, index, inner)
    return endParagraph(scan)
  }
  if (opened.containers.length > 0 || !whole || isBlank(inner)) endParagraph(scan)
  scan.containers = [...scan.containers.slice(0, matched), ...opened.containers]
  readLeaf(scan, index, opened.rest)
}

function endsLeaf(text: string, leaf: Exclude<Leaf, { kind: 'paragraph' }>): boolean {
  if (leaf.kind === 'html') return isBlank(text)
  return leaf.kind === 'fence' ? closesFence(text, leaf) : hasEnd(text, leaf.ends)
}

/** Strips what the open containers take of a line; `matched` of them go on. */
function continueContainers(containers: Container[], text: string): { rest: string; matched: number } {
  let rest = text
  let matched = 0
  for (const container of containers) {
    const next = container.kind === 'quote' ? afterQuote(rest) : afterIndent(rest, container)
    if (next === undefined) break
    if (container.kind === 'item') container.empty = false
    rest = next
    matched += 1
  }
  return { rest, matched }
}

function openContainers(
  text: string,
  { interrupts, depth }: { interrupts: boolean; depth: number },
): { containers: Container[]; rest: string } {
  const containers: Container[] = []
  let rest = text
  while (depth + containers.length < MAX_DEPTH) {
    const quoted = afterQuote(rest)
    if (quoted !== undefined) {
      containers.push({ kind: 'quote' })
      rest = quoted
      continue
    }
    const item = listItem(rest, interrupts && containers.length === 0)
    if (!item) break
    containers.push({ kind: 'item', indent: item.indent, empty: item.empty })
    rest = item.rest
  }
  return { containers, rest }
}

function readLeaf(scan: Scan, index: number, text: string): void {
  if (isBlank(text)) return
  if (indentOf(text) >= 4) return
  const fence = opensFence(text)
  const raw = opensRaw(text)
  if (fence || raw) endParagraph(scan)
  if (fence) scan.leaf = { kind: 'fence', ...fence }
  if (raw && !hasEnd(text, raw.ends)) {
    scan.hidden ??= raw.ends
    if (!raw.holdsMarkdown) scan.leaf = { kind: 'raw', ends: raw.ends }
  }
  if (fence || raw) return
  if (opensHtml(text, scan.leaf === null)) {
    endParagraph(scan)
    scan.leaf = { kind: 'html' }
    return addHtml(scan, index, text)
  }
  if (isHeading(text) || isRule(text)) return endParagraph(scan)
  addToParagraph(scan, index, text)
}

function addToParagraph(scan: Scan, index: number, text: string): void {
  markPlain(scan, index)
  if (scan.leaf?.kind === 'paragraph') scan.leaf.lines.push({ index, text })
  else scan.leaf = { kind: 'paragraph', lines: [{ index, text }] }
}

/** A line of HTML that is shown, but for the comment that it may begin. */
function addHtml(scan: Scan, index: number, text: string): void {
  markPlain(scan, index)
  if (text.lastIndexOf('<!--') > text.lastIndexOf('-->')) scan.hidden ??= COMMENT_ENDS
}

function markPlain(scan: Scan, index: number): void {
  const line = scan.lines[index]
  // Also a line that only goes on with a quote's paragraph, without its `>`, is shown inside the quote.
  if (line) line.plain = !scan.hidden && !scan.containers.some((container) => container.kind === 'quote')
}

/** Inline code and inline comments may run over the lines of a paragraph, so they are found when it is complete. */
function endParagraph(scan: Scan): void {
  const { leaf } = scan
  if (leaf?.kind !== 'paragraph') return
  scan.leaf = null
  if (leaf.lines.length < 2) return
  const spans = inlineSpans(leaf.lines.map((line) => line.text).join('\n'))
  let offset = 0
  let current = 0
  for (const { index, text } of leaf.lines) {
    while ((spans[current]?.end ?? Number.POSITIVE_INFINITY) <= offset) current += 1
    const span = spans[current]
    const line = scan.lines[index]
    if (span && span.start < offset && line) line.plain = false
    offset += text.length + 1
  }
}

/** Code spans and HTML comments of a paragraph, in order. Each search goes forward only, so the whole is linear. */
function inlineSpans(text: string): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = []
  const runs = backtickRuns(text)
  let commentEnd = 0
  let at = 0
  while (at < text.length) {
    const character = text[at]
    if (character === '\\') {
      at += 2
      continue
    }
    let end: number | undefined
    if (character === '`') {
      const length = runLength(text, at)
      end = runs(length, at + length)
      if (end === undefined) at += length - 1
    } else if (character === '<' && text.startsWith('<!--', at)) {
      if (commentEnd >= 0 && commentEnd < at + 4) commentEnd = text.indexOf('-->', at + 2)
      end = commentEnd < 0 ? undefined : commentEnd + 3
    }
    if (end === undefined) {
      at += 1
      continue
    }
    spans.push({ start: at, end })
    at = end
  }
  return spans
}

/** Finds where the next run of exactly `length` backticks at or after `from` ends; `from` must not decrease. */
function backtickRuns(text: string): (length: number, from: number) => number | undefined {
  const starts = new Map<number, number[]>()
  for (let at = text.indexOf('`'); at >= 0; at = text.indexOf('`', at)) {
    const length = runLength(text, at)
    const known = starts.get(length)
    if (known) known.push(at)
    else starts.set(length, [at])
    at += length
  }
  for (const known of starts.values()) known.reverse()
  return (length, from) => {
    const known = starts.get(length)
    while (known?.length && (known.at(-1) ?? 0) < from) known.pop()
    const start = known?.at(-1)
    return start === undefined ? undefined : start + length
  }
}

function runLength(text: string, from: number): number {
  let end = from
  while (text[end] === text[from]) end += 1
  return end - from
}

function afterQuote(text: string): string | undefined {
  const indent = indentOf(text)
  if (indent > 3 || text[indent] !== '>') return undefined
  return text.slice(text[indent + 1] === ' ' ? indent + 2 : indent + 1)
}

/** An item goes on below an empty line, but not where it has held nothing so far. */
function afterIndent(text: string, item: { indent: number; empty: boolean }): string | undefined {
  if (isBlank(text)) return item.empty ? undefined : ''
  return indentOf(text) >= item.indent ? text.slice(item.indent) : undefined
}

/** A list item's beginning. One that interrupts a paragraph must hold text and, where numbered, begin with 1. */
function listItem(
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

function opensFence(text: string): { mark: string; length: number } | undefined {
  const indent = indentOf(text)
  const mark = text[indent]
  if (indent > 3 || (mark !== '`' && mark !== '~')) return undefined
  const length = runLength(text, indent)
  if (length < 3 || (mark === '`' && text.includes('`', indent + length))) return undefined
  return { mark, length }
}

function closesFence(text: string, fence: { mark: string; length: number }): boolean {
  const indent = indentOf(text)
  if (indent > 3 || text[indent] !== fence.mark) return false
  const length = runLength(text, indent)
  return length >= fence.length && isBlank(text.slice(indent + length))
}

/** The HTML that begins here and hides what follows up to one of its ends. A `<blockquote>` is a quote like any other,
 * and what stands in it may be Markdown. */
function opensRaw(text: string): { ends: readonly string[]; holdsMarkdown: boolean } | undefined {
  if (/^ {0,3}<!--/.test(text)) return { ends: COMMENT_ENDS, holdsMarkdown: false }
  const match = /^ {0,3}<(?:(blockquote)|pre|script|style|textarea)(?=[\s>]|$)/i.exec(text)
  if (!match) return undefined
  return match[1]
    ? { ends: ['</blockquote>'], holdsMarkdown: true }
    : { ends: RAW_ENDS, holdsMarkdown: false }
}

/** Whether a block of HTML begins here: with a tag of a block, or, where no paragraph is open, with any whole tag. */
function opensHtml(text: string, anyTag: boolean): boolean {
  const name = /^ {0,3}<\/?([a-z][a-z\d-]{0,30})(?=[\s>]|\/>|$)/i.exec(text)?.[1]?.toLowerCase()
  if (name === undefined) return false
  return BLOCK_TAGS.has(name) || (anyTag && /^ {0,3}<[^<>]*>\s*$/.test(text))
}

function hasEnd(text: string, ends: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return ends.some((end) => lower.includes(end))
}

/** Whether the line begins a block that can stand directly below a paragraph, containers aside. */
function startsBlock(text: string): boolean {
  if (indentOf(text) > 3) return false
  return (
    Boolean(opensFence(text) ?? opensRaw(text)) || opensHtml(text, false) || isHeading(text) || isRule(text)
  )
}

function isHeading(text: string): boolean {
  return /^ {0,3}#{1,6}(?: |$)/.test(text)
}

function isRule(text: string): boolean {
  if (indentOf(text) > 3) return false
  const marks = text.replaceAll(' ', '')
  return marks.length >= 3 && '-*_'.includes(marks.charAt(0)) && runLength(marks, 0) === marks.length
}

/** The line of `=` or `-` that makes a heading of the paragraph above it. */
function isUnderline(text: string): boolean {
  const indent = indentOf(text)
  if (indent > 3 || (text[indent] !== '=' && text[indent] !== '-')) return false
  return isBlank(text.slice(indent + runLength(text, indent)))
}

function indentOf(text: string): number {
  return text[0] === ' ' ? runLength(text, 0) : 0
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text
  let column = 0
  let expanded = ''
  for (const part of text.split(/(\t)/)) {
    const piece = part === '\t' ? ' '.repeat(4 - (column % 4)) : part
    expanded += piece
    column += piece.length
  }
  return expanded
}

/** Outlook repeats the message that is answered without quoting it, below a line and a `From:`. */
function withoutOriginalMessage(texts: string[]): string[] {
  const cut = texts.findIndex((text, index) => {
    const line = text.trim()
    const separates = /^_{10,}$/.test(line) || (line.startsWith('-----') && line.endsWith('-----'))
    return separates && /^\*{0,2}(?:from|von|de|da|van|fra|från) ?:/i.test(texts[index + 1] ?? '')
  })
  return cut < 0 ? texts : texts.slice(0, cut)
}

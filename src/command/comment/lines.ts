// Which lines of a comment are plain text to a reader: what stands in code, a quote or an HTML comment is no command.
import {
  afterIndent,
  afterQuote,
  beginsNoBlock,
  COMMENT_ENDS,
  closesFence,
  type Ends,
  expandTabs,
  hasEnd,
  indentOf,
  isBlank,
  isHeading,
  isRule,
  isUnderline,
  listItem,
  opensFence,
  opensHtml,
  opensRaw,
  startsBlock,
} from './blocks.ts'
import { inlineSpans, mayHoldSpan } from './inline.ts'

/** A line that begins with a `/`, without its end, where it stands in the body, and its number from 0. `plain`: a command may
 * begin here, as GitHub shows the line outside of code, quotes and HTML comments. */
export type CommentLine = { text: string; begin: number; line: number; plain: boolean }

/** An open block that holds others: a block quote, or a list item whose content begins at column `indent`. */
type Container = { kind: 'quote' } | { kind: 'item'; indent: number; empty: boolean }

/** The open block that holds text. `raw` is HTML whose text is no Markdown, up to one of its ends; `html` is shown, up to
 * an empty line. Of a paragraph are kept the lines from the first one that may hold code or a comment. */
type Leaf =
  | { kind: 'fence'; mark: string; length: number }
  | { kind: 'raw'; ends: Ends }
  | { kind: 'html' }
  | { kind: 'paragraph'; first: number; texts: string[] }

/** `hidden`: the ends of HTML that hides what follows, whatever Markdown makes of it. */
type Scan = {
  found: CommentLine[]
  containers: Container[]
  leaf: Leaf | null
  hidden: Set<Ends>
}

const SLASH = 47
/** Deeper nesting is read as text, so that no line costs more than a constant number of containers. */
const MAX_DEPTH = 32

/** The lines of a body where a command may begin, as far as the block structure of CommonMark 0.31
 * (https://spec.commonmark.org) decides it; the body's lines end with `\n`. Linear in the length of the body. Where
 * it deviates it does so to the safe side: HTML comments, `<pre>` and `<blockquote>` last until they are closed, whatever
 * else ends before. `end`: how far the body was read, as what follows an e-mail program's mark for the original message is
 * dropped. */
export function commentLines(body: string): { lines: CommentLine[]; end: number } {
  const scan: Scan = { found: [], containers: [], leaf: null, hidden: new Set() }
  const mayRepeat = body.includes('-----') || body.includes('__________')
  const hasTabs = body.includes('\t')
  let begin = 0
  for (let line = 0; begin <= body.length; line += 1) {
    const newline = body.indexOf('\n', begin)
    const end = newline < 0 ? body.length : newline
    const text = body.slice(begin, end)
    if (mayRepeat && separatesOriginal(text) && beginsOriginal(body.slice(end + 1, end + 20))) break
    if (text.charCodeAt(indentOf(text)) === SLASH) scan.found.push({ text, begin, line, plain: false })
    const hidden = scan.hidden.size > 0 ? [...scan.hidden] : []
    readLine(scan, line, hasTabs ? expandTabs(text) : text)
    for (const ends of hidden) if (hasEnd(text, ends)) scan.hidden.delete(ends)
    begin = end + 1
  }
  endParagraph(scan)
  return { lines: scan.found.filter(({ plain }) => plain), end: begin - 1 }
}

function readLine(scan: Scan, index: number, text: string): void {
  // Most lines of most comments: text that no block surrounds.
  const outside = scan.containers.length === 0 && (scan.leaf === null || scan.leaf.kind === 'paragraph')
  if (outside && text === '') return endParagraph(scan)
  if (outside && beginsNoBlock(text)) return addToParagraph(scan, index, text)
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
  if (!whole || opened.containers.length > 0)
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
    scan.hidden.add(raw.ends)
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
  if (scan.leaf?.kind !== 'paragraph') scan.leaf = { kind: 'paragraph', first: index, texts: [] }
  const { leaf } = scan
  if (leaf.texts.length === 0) {
    if (!mayHoldSpan(text)) return
    leaf.first = index
  }
  leaf.texts.push(text)
}

/** A line of HTML that is shown, but for the comment that it may begin. */
function addHtml(scan: Scan, index: number, text: string): void {
  markPlain(scan, index)
  if (text.lastIndexOf('<!--') > text.lastIndexOf('-->')) scan.hidden.add(COMMENT_ENDS)
}

function markPlain(scan: Scan, index: number): void {
  const last = scan.found.at(-1)
  // Also a line that only goes on with a quote's paragraph, without its `>`, is shown inside the quote.
  if (last?.line === index)
    last.plain = scan.hidden.size === 0 && !scan.containers.some((container) => container.kind === 'quote')
}

/** Inline code and inline comments may run over the lines of a paragraph, so they are found when it is complete. */
function endParagraph(scan: Scan): void {
  const { leaf } = scan
  if (leaf?.kind !== 'paragraph') return
  scan.leaf = null
  if (leaf.texts.length < 2) return
  const inside = linesInside(inlineSpans(leaf.texts.join('\n')), leaf.texts)
  for (let at = scan.found.length - 1; (scan.found[at]?.line ?? -1) >= leaf.first; at -= 1) {
    const line = scan.found[at]
    if (line && inside.has(line.line - leaf.first)) line.plain = false
  }
}

/** The lines that begin inside of a span. */
function linesInside(
  spans: readonly { start: number; end: number }[],
  texts: readonly string[],
): Set<number> {
  const inside = new Set<number>()
  let offset = 0
  let current = 0
  for (const [index, text] of texts.entries()) {
    while ((spans[current]?.end ?? Number.POSITIVE_INFINITY) <= offset) current += 1
    const span = spans[current]
    if (span && span.start < offset) inside.add(index)
    offset += text.length + 1
  }
  return inside
}

/** Outlook repeats the message that is answered without quoting it, below a line and a `From:`. */
function separatesOriginal(text: string): boolean {
  const line = text.trim()
  return /^_{10,}$/.test(line) || (line.startsWith('-----') && line.endsWith('-----'))
}

function beginsOriginal(text: string): boolean {
  return /^\*{0,2}(?:from|von|de|da|van|fra|från) ?:/i.test(text)
}

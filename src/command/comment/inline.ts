// Inline code and HTML comments of a paragraph, which may run over its lines.
import { runLength } from './blocks.ts'

/** False where no code span or HTML comment can begin. */
export function mayHoldSpan(text: string): boolean {
  return text.includes('`') || text.includes('<!--')
}

/** Code spans and HTML comments of a paragraph, in order. Each search goes forward only, so the whole is linear. */
export function inlineSpans(text: string): { start: number; end: number }[] {
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

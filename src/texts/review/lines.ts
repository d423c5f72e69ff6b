// A review's text kept in step with its action items: what people wrote stays, each line is linked and ticked.
import { MAX_BODY } from '../../command/comment/body.ts'
import type { Loaded } from '../../shell/load.ts'
import type { Shell } from '../../shell/shell.ts'
import { BODY_ROOM, takeWhileFits } from '../limits.ts'
import { isCalled, isLinkTo, readActionLine } from './action-lines.ts'
import { lineOf, lineSize, withMore } from './review.ts'
import { readReview, withLines, withNewLines } from './sections.ts'

/** A review's text with its lines linked and ticked as their items stand. */
export function asItStands(shell: Pick<Shell, 'templates'>, body: string, loaded: Loaded): string {
  const { items } = loaded.incident
  const changes = new Map<number, string>()
  const lines = readReview(body).lines.flatMap(({ line, index }) => {
    const words = readActionLine(line)
    return words ? [{ line, index, words }] : []
  })
  const linked = lines.flatMap(
    ({ words }) => items.find((item) => words.link && isLinkTo(words.link, item)) ?? [],
  )
  const seen = new Set(linked.map((item) => item.key))
  for (const { line, index, words } of lines) {
    const item = items.find((candidate) =>
      words.link
        ? isLinkTo(words.link, candidate)
        : !seen.has(candidate.key) && isCalled(words.text, candidate),
    )
    if (!item) continue
    seen.add(item.key)
    if (!item.issue) continue
    const box = /^(\s*[-*+] \[)[ xX](\] )(.*)$/.exec(line)
    if (!box) continue
    const rest = words.link ? box[3] : `#${item.issue} ${box[3]}`
    const wanted = `${box[1]}${item.state === 'open' ? ' ' : 'x'}${box[2]}${rest}`
    if (wanted !== line) changes.set(index, wanted)
  }
  const missing = items.filter((item) => item.issue && !seen.has(item.key) && item.source === 'command')
  const added = missing.map((item) => ({
    horizon: item.horizon ?? null,
    line: `- [${item.state === 'open' ? ' ' : 'x'}] ${lineOf(loaded, item)}`,
  }))
  const changed = changes.size > 0 ? withLines(body, changes) : body
  // What people wrote is never cut: where it leaves no room for what Mayday would add, it stays as it is.
  const text = changed.length <= MAX_BODY ? changed : body
  const { shown, more } = takeWhileFits(added, BODY_ROOM - text.length, ({ line }) => lineSize(line))
  const whole = withMore(shell, withNewLines(text, shown), more)
  return whole.length <= MAX_BODY ? whole : text
}

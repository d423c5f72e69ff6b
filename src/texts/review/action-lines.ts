// The lines of a review that are action items, and which item each of them is.
import { type ActionLine, parseActionLine } from '../../command/arguments/action-line.ts'
import type { Item } from '../../incident/item.ts'
import { inline, unescaped } from '../../markdown.ts'

/** A line as it reads, without what keeps its words from taking effect. */
export function readActionLine(line: string): ActionLine | null {
  const words = parseActionLine(line)
  return words && { ...words, text: unescaped(words.text) }
}

export const isLinkTo = (link: string, item: Item): boolean => link === `#${item.issue}` || link === item.url

/** A line that has no link yet is known by its words. */
export const lineKey = (text: string): string => `line:${text.toLowerCase().replaceAll(/\s+/g, ' ').trim()}`
/** The words as they come back from a line that Mayday wrote. */
const asLine = (text: string): string => lineKey(unescaped(inline(text).toString()))
export const isCalled = (text: string, item: Item): boolean =>
  item.key === lineKey(text) || asLine(item.text) === asLine(text)

// What is told in one body on GitHub has to fit into it: long words are cut, long lists say how many more there are.

/** GitHub takes 65,536 characters; the rest is room for the mark and for what GitHub counts differently. */
export const FULL = 60_000

/** Longer words (characters) are cut where Mayday tells them; the comment behind them has all of them. */
const LONGEST = 500

export const cut = (text: string, longest = LONGEST): string =>
  text.length > longest ? `${text.slice(0, longest).toWellFormed()} …` : text

/** A row costs its words and what stands around them; generous, because what is cut too early does no harm. */
export const rowSize = (...words: readonly string[]): number =>
  words.reduce((size, one) => size + one.length, 120)

/** The first ones of a list that fit into so many characters, and how many more there are (null: none). */
export function fitting<One>(
  list: readonly One[],
  room: number,
  sizeOf: (one: One) => number,
): { shown: One[]; more: number | null } {
  let size = 0
  const end = list.findIndex((one) => {
    size += sizeOf(one)
    return size > room
  })
  return end < 0 ? { shown: [...list], more: null } : { shown: list.slice(0, end), more: list.length - end }
}

/** A name as a template has it: `sync-issue` is `syncIssue` there. */
export const camelCase = (name: string): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

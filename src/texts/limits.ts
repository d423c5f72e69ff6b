// Limits of a body on GitHub: long texts are truncated, long lists say how many more items there are.

/** GitHub takes 65,536 characters; the rest is room for the mark and for what GitHub counts differently. */
export const BODY_ROOM = 60_000

/** Characters. Mayday truncates a longer text of a person; the comment behind it has all of it. */
const MAX_TEXT = 500

export const truncate = (text: string, longest = MAX_TEXT): string =>
  text.length > longest ? `${text.slice(0, longest).toWellFormed()} …` : text

/** The characters that a row takes: its texts and the Markdown around them. Generous, because cutting too early does no
 * harm. */
export const estimateRow = (...words: readonly string[]): number =>
  words.reduce((size, text) => size + text.length, 120)

/** The first items of a list that fit into `room` characters, and how many more there are (null: none). */
export function takeWhileFits<Item>(
  list: readonly Item[],
  room: number,
  sizeOf: (item: Item) => number,
): { shown: Item[]; more: number | null } {
  let size = 0
  const end = list.findIndex((item) => {
    size += sizeOf(item)
    return size > room
  })
  return end < 0 ? { shown: [...list], more: null } : { shown: list.slice(0, end), more: list.length - end }
}

/** A name as a template has it: `sync-issue` is `syncIssue` there. */
export const camelCase = (name: string): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

// The words of one long line, read at its ends only: to cut all of it into words would cost more than all other reading.

/** The first `count` words. */
export function firstWords(line: string, count: number): string[] {
  return line.trimStart().split(/\s+/, count).filter(Boolean)
}

/** What stands behind the first `count` words. */
export function afterWords(line: string, count: number): string {
  let rest = line.trimStart()
  for (let left = count; left > 0; left -= 1) rest = rest.replace(/^\S+/, '').trimStart()
  return rest
}

/** The last `count` words, as they stand on the line. */
export function lastWords(line: string, count: number): string[] {
  const words: string[] = []
  let rest = line.trimEnd()
  while (words.length < count && rest !== '') {
    const start = beginOfLast(rest)
    words.unshift(rest.slice(start))
    rest = rest.slice(0, start).trimEnd()
  }
  return words
}

/** What stands before the last `count` words. */
export function beforeWords(line: string, count: number): string {
  let rest = line.trimEnd()
  for (let left = count; left > 0 && rest !== ''; left -= 1) rest = rest.slice(0, beginOfLast(rest)).trimEnd()
  return rest
}

/** The words with single blanks between them. */
export function singleSpaced(line: string): string {
  const text = line.trim()
  return /[^\S ]| {2}/.test(text) ? text.split(/\s+/).join(' ') : text
}

/** Where the last word begins; a search from the front would be quadratic. */
function beginOfLast(line: string): number {
  let start = line.length
  while (start > 0 && line.charAt(start - 1).trim() !== '') start -= 1
  return start
}

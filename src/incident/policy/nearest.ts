// The word that was probably meant.

/** The candidate with the fewest changed letters, in any case; of equals the one with the same first letter, then the
 * first. Undefined where none is within `limit`, by default a third of the word's letters (in a word of two letters none),
 * and where no letter would stay. Words above 64 letters have no neighbour. */
export function nearest<Word extends string>(
  word: string,
  candidates: Iterable<Word>,
  limit?: number,
): Word | undefined {
  return nearestOf(word, vocabulary(candidates), limit)
}

/** Candidates made ready to be compared with many words. */
export type Vocabulary<Word extends string> = readonly { candidate: Word; lower: string; letters: number }[]

export function vocabulary<Word extends string>(candidates: Iterable<Word>): Vocabulary<Word> {
  return Array.from(candidates, (candidate) => {
    const lower = candidate.toLowerCase()
    return { candidate, lower, letters: lettersOf(lower) }
  })
}

/** As `nearest`. */
export function nearestOf<Word extends string>(
  word: string,
  known: Vocabulary<Word>,
  limit = word.length < 3 ? 0 : Math.ceil(word.length / 3),
): Word | undefined {
  if (word.length > 64) return undefined
  const sought = word.toLowerCase()
  const letters = lettersOf(sought)
  let best: { candidate: Word; score: number } | undefined
  for (const { candidate, lower, letters: others } of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue
    if (countBits(letters ^ others) > 2 * limit) continue
    const distance = editDistance(sought, lower, limit)
    if (distance > limit || distance >= candidate.length) continue
    const score = distance - (lower[0] === sought[0] ? 0.5 : 0)
    if (score < (best?.score ?? Number.POSITIVE_INFINITY)) best = { candidate, score }
  }
  return best?.candidate
}

/** The letters of a word as bits; where two share one, words only seem more alike. */
function lettersOf(word: string): number {
  let bits = 0
  for (let index = 0; index < word.length; index += 1) bits |= 1 << (word.charCodeAt(index) & 31)
  return bits
}

/** An edit takes one letter away, or brings one, or both: words with more letters apart need no closer look. */
function countBits(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Levenshtein's distance; two neighbours that changed places count once (optimal string alignment). Above the limit it is
 * some number above the limit. */
function editDistance(a: string, b: string, limit: number): number {
  const width = b.length + 1
  let before = new Array<number>(width).fill(0)
  let previous = before.map((_, index) => index)
  let current = before.slice()
  for (let i = 1; i <= a.length; i += 1) {
    const letter = a.charCodeAt(i - 1)
    let cost = i
    let least = i
    current[0] = i
    for (let j = 1; j < width; j += 1) {
      const same = letter === b.charCodeAt(j - 1)
      cost = Math.min(at(previous, j) + 1, cost + 1, at(previous, j - 1) + (same ? 0 : 1))
      if (
        !same &&
        i > 1 &&
        j > 1 &&
        letter === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      )
        cost = Math.min(cost, at(before, j - 2) + 1)
      current[j] = cost
      if (cost < least) least = cost
    }
    // A row is at most one above the row before it, so that not even two that changed places come back below the limit.
    if (least > limit) return least
    ;[before, previous, current] = [previous, current, before]
  }
  return at(previous, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0
}

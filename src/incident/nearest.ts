// The word that was probably meant.

/** The candidate with the fewest changed letters, in any case; of equals the one with the same first letter, then the
 * first. Undefined where none is within `limit`, by default a third of the word's letters (in a word of two letters none),
 * and where no letter would stay. Words above 64 letters have no neighbour. */
export function nearest<Word extends string>(
  word: string,
  candidates: Iterable<Word>,
  limit = word.length < 3 ? 0 : Math.ceil(word.length / 3),
): Word | undefined {
  if (word.length > 64) return undefined
  const sought = word.toLowerCase()
  const letters = lettersOf(sought)
  let best: { candidate: Word; score: number } | undefined
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue
    const found = candidate.toLowerCase()
    if (countBits(letters ^ lettersOf(found)) > 2 * limit) continue
    const distance = editDistance(sought, found)
    if (distance > limit || distance >= candidate.length) continue
    const score = distance - (found[0] === sought[0] ? 0.5 : 0)
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
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1
  return count
}

/** Levenshtein's distance; two neighbours that changed places count once (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      current[j] = cost
    }
    before = previous
    previous = current
  }
  return previous[b.length] ?? 0
}

// The word that somebody probably meant.
import { nearestOf, vocabulary } from '../../incident/policy/nearest.ts'

/** How far a word may be from the one that was meant (the near miss). */
const NEAR = 2

/** The one of `candidates` that was probably meant: at an edit distance of at most 2, and at least one letter stays. */
export function nearest<Word extends string>(word: string, candidates: Iterable<Word>): Word | undefined {
  return finder(candidates)(word)
}

/** As `nearest`, among candidates that stay the same for many words. */
export function finder<Word extends string>(candidates: Iterable<Word>): (word: string) => Word | undefined {
  const known = vocabulary(candidates)
  return (word) => nearestOf(word, known, Math.min(NEAR, word.length - 1))
}

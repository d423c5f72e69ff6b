// Where a fact stands among the others: its time, its source, and what breaks a tie.

/** The source of a fact; the number is its rank where two facts carry the same second. */
export const RANK = {
  label: 1,
  issue: 2,
  comment: 3,
  /** What Mayday made on GitHub: after the comment that asked for it, before what people do to it. */
  mayday: 4,
  review: 5,
  pull: 6,
  board: 7,
  timer: 8,
} as const

/** `key` makes a fact unique within its incident. `at` is GitHub's own time in milliseconds. `rank`, `origin` (GitHub's id
 * of the comment, review …) and `index` (within one comment) break ties, so that the order never depends on arrival. */
export type Placement = {
  key: string
  at: number
  rank: number
  origin: number
  index: number
  by: string | null
  /** Address of the immutable thing behind it: a comment, a commit, a deployment. */
  evidence?: string
  /** Number in the timeline: given on arrival to what may show there, never changed. */
  n?: number
}

/** GitHub's time decides, then the fixed rank (source, GitHub's id, place in the comment), never arrival. */
export function inOrder(a: Placement, b: Placement): number {
  return (
    a.at - b.at ||
    a.rank - b.rank ||
    a.origin - b.origin ||
    a.index - b.index ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  )
}

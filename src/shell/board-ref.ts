// The organization's board as it was last found or made.
import type { Board, NoBoard } from '../github/board/board.ts'
import type { Policy } from '../incident/policy/policy.ts'
import type { Loaded } from './load.ts'
import type { Shell } from './shell.ts'

export type Kept = (Board | NoBoard) & { keptAt: number }

export const boardKey = (wanted: Policy['board']): string =>
  typeof wanted === 'object' ? String(wanted.number) : wanted

/** The board's address as far as it is known already; asks nobody. */
export async function boardUrlOf(shell: Shell, { place }: Loaded): Promise<string | null> {
  if (place.policy.board === 'none') return null
  const kept = (await shell.store.installations.board(
    place.repository.installation,
    boardKey(place.policy.board),
  )) as Kept | null
  return kept?.offered ? kept.url : null
}

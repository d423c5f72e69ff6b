// The organization's board as it was last found or made.
import type { Board, NoBoard } from '../github/board/board.ts'
import type { Policy } from '../incident/policy/policy.ts'
import type { Place, Shell } from './shell.ts'

export type KeptBoard = (Board | NoBoard) & {
  /** When it was found, or was not; milliseconds. */
  keptAt: number
}

export const boardKey = (wanted: Policy['board']): string =>
  typeof wanted === 'object' ? String(wanted.number) : wanted

/** The board that the repository's rules ask for; null where it was never looked for. Asks nobody. */
export async function keptBoard(shell: Shell, { policy, repository }: Place): Promise<KeptBoard | null> {
  if (policy.board === 'none') return null
  const stored = await shell.store.installations.board(repository.installation, boardKey(policy.board))
  return isBoard(stored) ? stored : null
}

/** The board's address as far as it is known already; asks nobody. */
export async function boardUrlOf(shell: Shell, { place }: { place: Place }): Promise<string | null> {
  const kept = await keptBoard(shell, place)
  return kept?.offered ? kept.url : null
}

/** What is not whole was stored by another version: the board is looked for again. */
function isBoard(stored: unknown): stored is KeptBoard {
  if (typeof stored !== 'object' || stored === null) return false
  if (!('keptAt' in stored) || typeof stored.keptAt !== 'number' || !('offered' in stored)) return false
  if (stored.offered === false) return 'why' in stored && typeof stored.why === 'string'
  if (!('id' in stored) || !('url' in stored) || !('fields' in stored)) return false
  return typeof stored.id === 'string' && typeof stored.url === 'string' && Array.isArray(stored.fields)
}

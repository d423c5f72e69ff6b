// The organization's board: one card for the incident, its hotfixes, its review and its action items.

import { type Board, ensureBoard, type NoBoard } from '../github/board/board.ts'
import { CARDS_AT_ONCE, type CardValues, putCards } from '../github/board/cards.ts'
import { getRepository } from '../github/code/contents.ts'
import { isOver } from '../incident/base/lifecycle.ts'
import { dueDate } from '../incident/clock/reminder.ts'
import type { Item } from '../incident/item.ts'
import { boardKey, boardUrlOf, keptBoard } from '../shell/board-ref.ts'
import { enqueue } from '../shell/jobs.ts'
import { type Loaded, refOf } from '../shell/load.ts'
import { addressOf, type Place, type Shell } from '../shell/shell.ts'
import { RetryLater } from '../shell/while-reachable.ts'

/** How long "there is no board here" is believed before GitHub is asked again. */
const ASK_AGAIN_AFTER = 24 * 60 * 60_000

/** A job that died while it made the board holds up the others no longer than this. */
const LEASE_MS = 60_000

/** Makes the cards say what is so. Without a board nothing is lost: labels carry the same. */
export async function syncBoard(shell: Shell, loaded: Loaded): Promise<void> {
  if (!loaded.incident.declared || loaded.place.policy.board === 'none') return
  const before = await boardUrlOf(shell, loaded)
  const board = await findBoard(shell, loaded)
  if (!board) return
  const changed = cards(loaded).filter((card) => !isWritten(loaded, card))
  for (let from = 0; from < changed.length; from += CARDS_AT_ONCE)
    await syncCards(shell, loaded, { board, cards: changed.slice(from, from + CARDS_AT_ONCE) })
  // The living comment links the board from now on.
  if (before === null) await enqueue(shell, loaded.target, { do: 'sync-issue' })
}

async function findBoard(shell: Shell, { place }: Loaded): Promise<Board | null> {
  const kept = await keptBoard(shell, place)
  if (kept?.offered) return kept
  if (kept && shell.now() - kept.keptAt < ASK_AGAIN_AFTER) return null
  return makeBoard(shell, place)
}

/** Finds or makes the board; one job per account at a time, or two incidents at once would make two boards. */
async function makeBoard(shell: Shell, place: Place): Promise<Board | null> {
  const { policy, repository, github } = place
  if (policy.board === 'none') return null
  const key = boardKey(policy.board)
  const lease = `board:${repository.installation}:${key}`
  if (
    !(await shell.store.leases.acquire(lease, {
      now: shell.now(),
      holdMs: LEASE_MS,
      installation: repository.installation,
    }))
  )
    throw new RetryLater(2)
  try {
    const facts = await getRepository(github, addressOf(place))
    if (!facts) return null
    const { severities } = policy
    const found: Board | NoBoard =
      facts.ownerType === 'Organization'
        ? await ensureBoard(github, {
            org: facts.owner,
            wanted: policy.board,
            severities,
            repositoryId: facts.nodeId,
          })
        : { offered: false, why: 'no organization' }
    await shell.store.installations.saveBoard(repository.installation, key, { ...found, keptAt: shell.now() })
    return found.offered ? found : null
  } finally {
    await shell.store.leases.release(lease)
  }
}

type Card = { node: string; values: CardValues }

const PHASE = (status: string): string => status.charAt(0).toUpperCase() + status.slice(1)

/** Every card of the incident with the values that the facts give it. */
function cards(loaded: Loaded): Card[] {
  const { incident } = loaded
  const over = isOver(incident)
  const common: CardValues = { Severity: incident.severity, Incident: incident.id }
  const nodeOf = (kind: 'issue' | 'hotfix' | 'review' | 'item', key = ''): string =>
    refOf(loaded, kind, key)?.body.nodeId ?? ''
  return [
    {
      node: incident.gone ? '' : nodeOf('issue'),
      values: {
        ...common,
        Kind: 'Incident',
        Phase: PHASE(incident.status),
        Status: over ? 'Done' : 'In Progress',
      },
    },
    ...incident.hotfixes.map((hotfix) => ({
      node: nodeOf('hotfix', String(hotfix.pull)),
      values: {
        ...common,
        Kind: 'Hotfix',
        Phase: PHASE(incident.status),
        Status: ['merged', 'closed'].includes(hotfix.state) ? 'Done' : 'In Progress',
      },
    })),
    {
      node: nodeOf('review'),
      values: { ...common, Kind: 'Review', Status: incident.status === 'closed' ? 'Done' : 'Todo' },
    },
    ...incident.items.map((item) => ({
      node: nodeOf('item', item.key),
      values: { ...common, ...itemValues(loaded, item) },
    })),
  ].filter((card) => card.node !== '')
}

const HORIZON = {
  immediate: 'Immediate',
  short: 'Short-term',
  medium: 'Medium-term',
  long: 'Long-term',
} as const

function itemValues({ incident, place }: Loaded, item: Item): CardValues {
  return {
    Kind: 'Action item',
    Priority: item.priority ?? null,
    Horizon: item.horizon ? HORIZON[item.horizon] : null,
    Due: dueDate(item, incident, place),
    Status: item.state === 'open' ? 'Todo' : 'Done',
  }
}

/** What the card said when it was written last; undefined where a person moved it since. */
function lastOf(loaded: Loaded, node: string): CardValues | undefined {
  const shown = refOf(loaded, 'card', node)?.body.shown
  return shown?.state === 'settled' ? shown.wanted : undefined
}

const isWritten = (loaded: Loaded, { node, values }: Card): boolean =>
  JSON.stringify(lastOf(loaded, node)) === JSON.stringify(values)

async function syncCards(
  shell: Shell,
  loaded: Loaded,
  { board, cards }: { board: Board; cards: readonly Card[] },
): Promise<void> {
  const put = await putCards(loaded.place.github, {
    board,
    cards: cards.map(({ node, values }) => {
      const itemId = refOf(loaded, 'card', node)?.body.itemId
      const last = lastOf(loaded, node)
      return { contentNodeId: node, values, ...(itemId && { itemId }), ...(last && { last }) }
    }),
  })
  for (const [index, { node, values }] of cards.entries()) {
    const card = { incident: loaded.target.incident, kind: 'card' as const, key: node, number: null }
    const body = { itemId: put[index]?.itemId ?? '', shown: { state: 'settled' as const, wanted: values } }
    await shell.store.refs.settle({ ...card, body }, refOf(loaded, 'card', node))
  }
}

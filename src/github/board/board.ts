// Finds or creates the organization's Projects board with our fields and views; leaves those of people alone.

import type { InstallationClient } from '../client/client.ts'
import { isMissing, isNotOffered, Refused } from '../client/errors.ts'
import {
  type BoardAnswer,
  type BoardsAnswer,
  CREATE_BOARD,
  type CreatedBoard,
  type Creator,
  FIND_BOARDS,
  LINK_BOARD,
  READ_BOARD,
} from './board-documents.ts'
import { completeFields } from './fields.ts'
import { type BoardField, fieldLayouts, viewLayouts } from './layout.ts'

/** Kept by the caller and given back as `known`: it holds what only the maker knows. */
export type Board = {
  offered: true
  id: string
  number: number
  url: string
  fields: BoardField[]
  /** The ids of the fields that we made: only to them options are added. */
  madeFields: string[]
  /** Whether the views are settled: made, or not to be had here. They are made once; who deletes one wants it so. */
  viewsSettled: boolean
}

export type NoBoard = {
  offered: false
  why: 'no organization' | 'not permitted' | 'no such board' | 'closed'
}

/** Of a board that we make. */
const TITLE = 'Incidents'

export type BoardRequest = {
  /** The account's login; on a user's account there is no board that an app could see. */
  org: string
  wanted: 'auto' | { number: number }
  /** The title of our own board (`Incidents`). */
  title?: string
  /** Most severe first. */
  severities: readonly { key: string; name: string }[]
  /** Node id of the repository that a board of ours is linked to. */
  repositoryId: string
  known?: Pick<Board, 'number' | 'madeFields' | 'viewsSettled'> | undefined
}

/**
 * The board with all fields and views that it lacked. Fields and options of people are never touched; options are added to
 * fields of ours alone, and always with all that are there, as GitHub replaces the whole list. `Unreachable` and `Limited`
 * are thrown: what was done by then is found the next time.
 */
export async function ensureBoard(github: InstallationClient, wish: BoardRequest): Promise<Board | NoBoard> {
  try {
    const number = wish.wanted === 'auto' ? await findOrCreateBoard(github, wish) : wish.wanted.number
    if (number === null) return { offered: false, why: 'no organization' }
    const board = await readBoard(github, wish.org, number)
    if (board === null) return { offered: false, why: 'no such board' }
    if (board.closed) return { offered: false, why: 'closed' }
    return await completeBoard(github, wish, board)
  } catch (error) {
    if (!isNotOffered(error) || error.kind === 'invalid') throw error
    if (/organization/i.test(error.message)) return { offered: false, why: 'no organization' }
    const missing = error.kind === 'missing' || error.kind === 'unoffered'
    return { offered: false, why: missing ? 'no such board' : 'not permitted' }
  }
}

/** What `ensureBoard` would find, changing nothing. Throws `Refused` where GitHub refuses to tell. */
export async function inspectBoard(
  github: InstallationClient,
  { org, wanted }: Pick<BoardRequest, 'org' | 'wanted'>,
): Promise<{ is: 'there'; url: string } | { is: 'to be made' } | { is: 'unusable'; why: NoBoard['why'] }> {
  const own = wanted === 'auto' ? await ownBoard(github, org, TITLE) : null
  if (wanted === 'auto' && own === null) return { is: 'unusable', why: 'no organization' }
  const number = wanted === 'auto' ? own?.number : wanted.number
  if (number === undefined) return { is: 'to be made' }
  const board = await readBoard(github, org, number).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (board === null) return { is: 'unusable', why: 'no such board' }
  return board.closed ? { is: 'unusable', why: 'closed' } : { is: 'there', url: board.url }
}

/** The board of that title that we made before, if there is one; null: there is no organization. */
async function ownBoard(
  github: InstallationClient,
  org: string,
  title: string,
): Promise<{ organization: string; number: number | undefined } | null> {
  const { organization } = await github.graphql<BoardsAnswer>(FIND_BOARDS, { org, title })
  if (organization === null) return null
  for (const board of organization.projectsV2.nodes) {
    if (board?.title === title && (await isOurBoard(github, board.creator)))
      return { organization: organization.id, number: board.number }
  }
  return { organization: organization.id, number: undefined }
}

/** The number of the board that we made before, or make now. */
async function findOrCreateBoard(github: InstallationClient, wish: BoardRequest): Promise<number | null> {
  if (wish.known) return wish.known.number
  const title = wish.title ?? TITLE
  const own = await ownBoard(github, wish.org, title)
  if (own === null) return null
  if (own.number !== undefined) return own.number
  const created = await github.graphql<CreatedBoard>(CREATE_BOARD, {
    owner: own.organization,
    title,
    repository: wish.repositoryId,
    request: { kind: 'create' },
  })
  const number = created.createProjectV2?.projectV2?.number
  if (number === undefined)
    throw new Refused({ kind: 'forbidden', status: 200, message: 'No board was made' })
  return number
}

async function completeBoard(
  github: InstallationClient,
  wish: BoardRequest,
  board: BoardAnswer,
): Promise<Board> {
  const ours = await isOurBoard(github, board.creator)
  const layouts = fieldLayouts(wish.severities)
  const known = wish.known?.number === board.number ? wish.known : undefined
  const before = fieldsOf(board)
  const made = known?.madeFields ?? []
  const isOurField = ({ id }: BoardField) => ours || made.includes(id)
  const changed = await completeFields(github, { board: board.id, layouts, fields: before, isOurField })
  const fields = changed ? fieldsOf((await readBoard(github, wish.org, board.number)) ?? board) : before
  const added = fields.filter(({ id }) => !before.some((field) => field.id === id)).map(({ id }) => id)
  const viewsSettled = known?.viewsSettled || (await createViews(github, wish.org, { ...board, fields }))
  if (ours) await linkRepository(github, board, wish.repositoryId)
  const { id, number, url } = board
  return { offered: true, id, number, url, fields, madeFields: [...made, ...added], viewsSettled }
}

/** Makes the views that are not there by name; only newer servers can. Returns true: it is settled either way. */
async function createViews(
  github: InstallationClient,
  org: string,
  board: { number: number; fields: BoardField[]; views: BoardAnswer['views'] },
): Promise<true> {
  const present = new Set(board.views.nodes.map((view) => view?.name))
  try {
    for (const view of viewLayouts(board.fields)) {
      if (present.has(view.name)) continue
      const route = 'POST /orgs/{org}/projectsV2/{project_number}/views'
      await github.rest.request(route, { org, project_number: board.number, ...view })
    }
  } catch (error) {
    if (!isNotOffered(error)) throw error
  }
  return true
}

/** Links a board of ours to the repository, so that it shows there; going without is no loss worth a failure. */
async function linkRepository(
  github: InstallationClient,
  board: BoardAnswer,
  repository: string,
): Promise<void> {
  if (board.repositories.nodes.some((linked) => linked?.id === repository)) return
  try {
    await github.graphql(LINK_BOARD, { board: board.id, repository })
  } catch (error) {
    if (!isNotOffered(error)) throw error
  }
}

async function readBoard(
  github: InstallationClient,
  org: string,
  number: number,
): Promise<BoardAnswer | null> {
  const answer = await github.graphql<{ organization: { projectV2: BoardAnswer | null } | null }>(
    READ_BOARD,
    {
      org,
      number,
    },
  )
  return answer.organization?.projectV2 ?? null
}

// GraphQL gives an app's login without the `[bot]` of REST.
async function isOurBoard(github: InstallationClient, creator: Creator): Promise<boolean> {
  if (creator?.__typename !== 'Bot') return false
  return creator.login.replace(/\[bot\]$/, '') === (await github.slug())
}

function fieldsOf(board: BoardAnswer): BoardField[] {
  return board.fields.nodes.flatMap((field) => {
    if (!field?.id || !field.name || !field.dataType) return []
    const { id, name, dataType: type, databaseId = null, options = [] } = field
    return { id, name, type, databaseId, options }
  })
}

// The comments in which an incident is told: the living one and, where GitHub's room ends, its continuations.

import { findComment, getComment, type Put, putComment } from '../github/comments.ts'
import { mark } from '../github/mark.ts'
import { nameOf } from '../incident/living.ts'
import type { Ref } from '../store.ts'
import type { EntryView } from './entries.ts'
import { type Loaded, numberOf, refOf, textOf } from './load.ts'
import type { Shell } from './shell.ts'

/** GitHub takes 65,536 characters; the rest is room for the mark and for what GitHub counts differently. */
export const FULL = 60_000

type Kind = 'living' | 'continuation'

/** Where the entries stand that found no room in the living comment. */
export type Older = { count: number; parts: { part: string; url: string }[] }

/** Moves the oldest entries to continuation comments, so that each part is below the limit; the newest stay. A continuation
 * that is needed no more says so: a link to it may stand anywhere. */
export async function rollOver(
  shell: Shell,
  loaded: Loaded,
  { all, room }: { all: EntryView[]; room: number },
): Promise<{ shown: EntryView[]; older: Older }> {
  const cut: EntryView[][] = []
  let rest = all
  while (rest.length > 0 && sizeOf(rest) > room) {
    const taken = fitting(rest, room)
    cut.push(rest.slice(0, taken))
    rest = rest.slice(taken)
  }
  const parts: Older['parts'] = []
  for (const [index, part] of cut.entries()) {
    const { url } = await putContinuation(shell, loaded, { part: index + 1, entries: part })
    parts.push({ part: `part ${index + 1}`, url })
  }
  for (const { kind, key } of loaded.refs)
    if (kind === 'continuation' && Number(key) > cut.length)
      await putContinuation(shell, loaded, { part: Number(key), entries: [] })
  return { shown: rest, older: { count: all.length - rest.length, parts } }
}

function putContinuation(
  shell: Shell,
  loaded: Loaded,
  { part, entries }: { part: number; entries: EntryView[] },
): Promise<Put> {
  const living = textOf(refOf(loaded, 'living'), 'url') || loaded.url
  const name = nameOf(loaded.incident)
  const body = shell.templates.render('continuation', { name, part, living, entries })
  return putPart(shell, loaded, { kind: 'continuation', key: String(part), body })
}

/** A row costs its words and the table around them; generous, because what is cut too early does no harm. */
const rowSize = (entry: EntryView): number =>
  entry.text.toString().length + (entry.link?.url.length ?? 0) + 120
const sizeOf = (rows: EntryView[]): number => rows.reduce((size, row) => size + rowSize(row), 0)
function fitting(rows: EntryView[], room: number): number {
  let size = 0
  const index = rows.findIndex((row) => {
    size += rowSize(row)
    return size > room
  })
  return Math.max(1, index)
}

/** Makes one of the comments say `body` and remembers what stands there. */
export async function putPart(
  shell: Shell,
  loaded: Loaded,
  part: { kind: Kind; key: string; body: string },
): Promise<Put> {
  const { target, place, issue } = loaded
  const ref = refOf(loaded, part.kind, part.key)
  const id = numberOf(ref, 'id')
  const known =
    id === undefined
      ? undefined
      : { id, nodeId: textOf(ref, 'nodeId'), url: textOf(ref, 'url'), hash: textOf(ref, 'hash') }
  const marked = markOf(loaded, part)
  const put = await putComment(place.github, issue, { mark: marked, body: part.body, known })
  // A person deleted it: told by GitHub, or seen now that it was missing.
  const again = textOf(ref, 'again') || (ref && put.outcome === 'made') ? marked : ''
  if (put.outcome !== 'same' || put.id !== id) {
    const { nodeId, url, hash } = put
    const body = { id: put.id, nodeId, url, hash, text: part.body, ...(again && { again }) }
    const { kind, key } = part
    await shell.store.settleRef({ incident: target.incident, kind, key, number: null, body }, ref)
  }
  return put
}

const markOf = ({ target }: Loaded, { kind, key }: { kind: Kind; key: string }): string =>
  mark(kind, `${target.repository}-${target.number}-${key}`)

/** The living comment was deleted: it comes back, unless it has come back before. */
export async function forgetLiving(shell: Shell, living: Ref): Promise<void> {
  const again = living.body.again
  await shell.store.putRef({ ...living, body: again ? { gone: true } : { again: 'soon' } })
}

/** Whether people deleted the living comment twice, so that it stays away. One that came back is looked for before it is
 * written: GitHub may not have told yet that it is gone again. */
export async function isUnwanted(shell: Shell, loaded: Loaded): Promise<boolean> {
  const living = refOf(loaded, 'living')
  if (!living) return false
  if (living.body.gone === true) return true
  const id = numberOf(living, 'id')
  const marked = markOf(loaded, { kind: 'living', key: '' })
  // In another repository, where its issue was moved to, it has another mark and was never deleted.
  if (id === undefined || textOf(living, 'again') !== marked) return false
  const { github } = loaded.place
  if (await getComment(github, loaded.issue, id)) return false
  if (await findComment(github, loaded.issue, { mark: marked })) return false
  await forgetLiving(shell, living)
  return true
}

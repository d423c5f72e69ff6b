// The comments in which an incident is told: the living one and, where GitHub's room ends, its continuations.

import { findComment, getComment, type PutResult, putComment } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import { type Loaded, livingUrl, refOf } from '../shell/load.ts'
import { forgetPart } from '../shell/look-again.ts'
import type { Shell } from '../shell/shell.ts'
import { entrySize } from '../texts/entry.ts'
import { takeWhileFits } from '../texts/limits.ts'
import { nameOf } from '../texts/names.ts'
import { render } from '../texts/render.ts'
import type { EntryView, OlderView } from '../texts/views.ts'

/** One of the comments: `key` is the number of a continuation. */
type PartKey = { kind: 'living' | 'continuation'; key: string }
export const LIVING: PartKey = { kind: 'living', key: '' }
/** A continuation with less room than this (characters) would be one of too many. */
const LEAST_ROOM = 5_000

/** Moves the oldest entries to continuation comments, so that each part is below the limit; the newest stay. A continuation
 * that is needed no more says so: a link to it may stand anywhere. */
export async function rollOver(
  shell: Shell,
  loaded: Loaded,
  { all, room }: { all: EntryView[]; room: number },
): Promise<{ shown: EntryView[]; older: OlderView }> {
  const cut: EntryView[][] = []
  let rest = all
  for (;;) {
    const { shown, more } = takeWhileFits(rest, Math.max(room, LEAST_ROOM), entrySize)
    if (more === null) break
    const taken = Math.max(1, shown.length)
    cut.push(rest.slice(0, taken))
    rest = rest.slice(taken)
  }
  const parts: OlderView['parts'] = []
  for (const [index, part] of cut.entries()) {
    const put = await putContinuation(shell, loaded, { part: index + 1, entries: part })
    parts.push({ part: `part ${index + 1}${put ? '' : ' (deleted)'}`, url: put?.url ?? '' })
  }
  for (const ref of loaded.refs)
    if (ref.kind === 'continuation' && Number(ref.key) > cut.length && ref.body.state === 'written')
      await putContinuation(shell, loaded, { part: Number(ref.key), entries: [] })
  return { shown: rest, older: { count: all.length - rest.length, parts } }
}

/** null where people do not want it. */
async function putContinuation(
  shell: Shell,
  loaded: Loaded,
  { part, entries }: { part: number; entries: EntryView[] },
): Promise<PutResult | null> {
  const which: PartKey = { kind: 'continuation', key: String(part) }
  if (await isUnwanted(shell, loaded, which)) return null
  const living = livingUrl(loaded)
  const name = nameOf(loaded.incident)
  const body = render(shell, 'continuation', { name, part, living, entries })
  return putPart(shell, loaded, { ...which, body })
}

/** Writes `body` to one of the comments and remembers what was written. */
export async function putPart(
  shell: Shell,
  loaded: Loaded,
  part: PartKey & { body: string },
): Promise<PutResult> {
  const { target, place, issue } = loaded
  const ref = refOf(loaded, part.kind, part.key)
  const written = ref?.body.state === 'written' ? ref.body : undefined
  const known = written && { ...written, hash: written.hash ?? '' }
  const marked = markOf(loaded, part)
  const put = await putComment(place.github, issue, { mark: marked, body: part.body, known })
  // A person deleted it: told by GitHub, or seen now that it was missing.
  const isBack = ref?.body.state === 'deleted' || written?.remade || (ref && put.outcome === 'made')
  if (put.outcome !== 'same' || put.id !== written?.id) {
    const { id, nodeId, url, hash } = put
    const remade = isBack ? marked : null
    const body = { state: 'written' as const, id, nodeId, url, hash, text: part.body, remade }
    const { kind, key } = part
    await shell.store.refs.settle({ incident: target.incident, kind, key, number: null, body }, ref)
  }
  return put
}

const markOf = ({ target, issue }: Loaded, { kind, key }: PartKey): string =>
  mark(kind, `${target.repository}-${issue.number}-${key}`)

/** Whether people deleted one of the comments twice, so that it stays away. One that came back is looked for before it is
 * written: GitHub may not have told yet that it is gone again. */
export async function isUnwanted(shell: Shell, loaded: Loaded, part: PartKey): Promise<boolean> {
  const ref = refOf(loaded, part.kind, part.key)
  if (!ref) return false
  const { body } = ref
  if (body.state === 'unwanted') return true
  const marked = markOf(loaded, part)
  // In another repository, where its issue was moved to, it has another mark and was never deleted.
  if (body.state !== 'written' || body.remade !== marked) return false
  const { github } = loaded.place
  if (await getComment(github, loaded.issue, body.id)) return false
  if (await findComment(github, loaded.issue, { mark: marked })) return false
  await forgetPart(shell, ref)
  return true
}

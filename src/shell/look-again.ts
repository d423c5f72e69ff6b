// What somebody changed on GitHub is compared with it the next time, instead of with what was written last.
import type { Ref } from '../store/store.ts'
import type { Shell } from './shell.ts'

/** Somebody changed what the issue shows (`by`: the delivery that tells it), so it is compared with GitHub the next time.
 * Its title stays a person's own, unless it has to be `put back`. */
export async function forgetIssueState(
  shell: Shell,
  incident: number,
  change: { by: string; title?: 'put back' },
): Promise<void> {
  await shell.store.refs.put({ incident, kind: 'labels', key: '', number: null, body: change })
}

/** Somebody changed an item's issue (`by`: the delivery that tells it), so it is compared with GitHub the next time. */
export async function forgetItemIssue(
  shell: Shell,
  incident: number,
  { item, by }: { item: string; by: string },
): Promise<void> {
  const ref = await shell.store.refs.get(incident, 'item', item)
  if (ref) await shell.store.refs.put({ ...ref, body: { ...ref.body, wanted: '', changedBy: by } })
}

/** What the comment says now is not what was written last: it is compared with GitHub the next time. */
export async function forgetText(shell: Shell, part: Ref): Promise<void> {
  const { hash: _, ...body } = part.body
  await shell.store.refs.put({ ...part, body })
}

/** One of the comments was deleted: it comes back, unless it has come back before. */
export async function forgetPart(shell: Shell, part: Ref): Promise<void> {
  const again = part.body.again
  await shell.store.refs.put({ ...part, body: again ? { gone: true } : { again: 'soon' } })
}

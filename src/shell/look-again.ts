// What somebody changed on GitHub is compared with it the next time, instead of with what was written last.
import type { Ref, Remembered } from '../store/store.ts'
import type { Shell } from './shell.ts'

/** Somebody changed what the issue shows (`by`: the delivery that tells it), so it is compared with GitHub the next time.
 * The title stays theirs, unless it is `wrong`: then it is put back. */
export async function forgetIssueState(
  shell: Shell,
  incident: number,
  { by, title = 'theirs' }: { by: string; title?: Extract<Remembered['labels'], { title: string }>['title'] },
): Promise<void> {
  await shell.store.refs.put({
    incident,
    kind: 'labels',
    key: '',
    number: null,
    body: { state: 'changed', by, title },
  })
}

/** Somebody changed an item's issue (`by`: the delivery that tells it), so it is compared with GitHub the next time. */
export async function forgetItemIssue(
  shell: Shell,
  incident: number,
  { item, by }: { item: string; by: string },
): Promise<void> {
  const ref = await shell.store.refs.get(incident, 'item', item)
  if (ref) await shell.store.refs.put({ ...ref, body: { ...ref.body, shown: { state: 'changed', by } } })
}

/** What the comment says now is not what was written last: it is compared with GitHub the next time. */
export async function forgetText(shell: Shell, part: Ref<'living' | 'continuation'>): Promise<void> {
  if (part.body.state === 'written')
    await shell.store.refs.put({ ...part, body: { ...part.body, hash: null } })
}

/** One of the comments was deleted: it comes back, unless it has come back before. */
export async function forgetPart(shell: Shell, part: Ref<'living' | 'continuation'>): Promise<void> {
  const { body } = part
  const isFirst = body.state === 'written' && body.remade === null
  await shell.store.refs.put({ ...part, body: { state: isFirst ? 'deleted' : 'unwanted' } })
}

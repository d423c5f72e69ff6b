// The few new comments that Mayday writes: a change of status or severity, and what a named person must act on.

import { latestPersonsComment, putComment } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import { placed } from '../github/webhook/by-hand.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Notice, Say } from '../incident/react/notice.ts'
import { isStale } from '../incident/react/stale.ts'
import { execute } from '../shell/execute.ts'
import { issueBehind, type Loaded, refOf } from '../shell/load.ts'
import type { Shell } from '../shell/shell.ts'
import { RetryLater } from '../shell/while-reachable.ts'
import { noticeText } from '../texts/notice/notice.ts'

/** Writes one notice, found again by its key, so that it is never written twice. */
export async function say(shell: Shell, loaded: Loaded, effect: Say): Promise<void> {
  const { place, issue, incident, target } = loaded
  if (isStale(effect.notice, incident)) return
  if (isTooEarly(shell, loaded, effect.notice)) throw new RetryLater(1)
  const on = effect.on ? await issueFor(shell, loaded, effect) : issue
  if (!on || incident.gone || refOf(loaded, 'said', effect.key)) return
  if (effect.notice.about === 'nudge-quiet' && (await hearsSomebody(shell, loaded))) return
  const body = noticeText(shell, effect.notice, { loaded, now: shell.now() })
  const put = await putComment(place.github, on, {
    mark: mark('say', `${issue.number}-${effect.key}`),
    body,
  })
  await shell.store.refs.put({
    incident: target.incident,
    kind: 'said',
    key: effect.key,
    number: null,
    body: { id: put.id, url: put.url },
  })
}

/** For so long a question of the first moment waits. */
const FIRST_MS = 60_000

/** The living comment helps more than a question, so it is written first and stands above it. */
function isTooEarly(shell: Shell, loaded: Loaded, { about }: Notice): boolean {
  const [begun] = loaded.incident.statuses
  const isFirst = about === 'ask-severity' || about === 'ask-accept'
  return isFirst && !refOf(loaded, 'living') && begun !== undefined && shell.now() - begun.at < FIRST_MS
}

/** The issue of the review, or of the item that the notice is about. */
async function issueFor(shell: Shell, loaded: Loaded, { notice }: Say): Promise<Loaded['issue'] | null> {
  const { review, items } = loaded.incident
  const key = notice.about === 'ask-item' ? notice.item : null
  const number = key === null ? review?.issue : items.find((item) => item.key === key)?.issue
  const ref = key === null ? refOf(loaded, 'review') : refOf(loaded, 'item', key)
  return number === undefined ? null : issueBehind(shell, loaded, { ref, number })
}

/** Whether a person wrote anything since the last fact: no command, so nobody told. It is remembered as a fact, from which
 * the silence counts anew. */
async function hearsSomebody(shell: Shell, { place, issue, incident, target }: Loaded): Promise<boolean> {
  const spoken = await latestPersonsComment(place.github, issue, incident.activeAt)
  if (!spoken) return false
  const { id, by, at, url } = spoken
  const fact = placed({ kind: 'spoke' }, { key: `spoke:${id}`, at, rank: RANK.comment, origin: id, by, url })
  await execute(shell, target, { facts: [fact], rules: place })
  return true
}

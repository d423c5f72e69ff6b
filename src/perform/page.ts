// Calling people: an escalation step or a `/page`, through the channels that reach its targets; the timeline hears what
// came of it.

import { isReachable } from '../github/app/people.ts'
import { Unreachable } from '../github/client/errors.ts'
import { putComment } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import type { Page } from '../incident/react/notice.ts'
import { isStale } from '../incident/react/stale.ts'
import { tell } from '../notify/channel.ts'
import { mentions } from '../notify/mention.ts'
import { execute, ownFact } from '../shell/execute.ts'
import type { Loaded } from '../shell/load.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { noticeText } from '../texts/notice/notice.ts'

/** Calls once: what was called is remembered as a fact. An escalation that was answered meanwhile calls nobody. */
export async function page(shell: Shell, loaded: Loaded, { key, of, notice }: Page): Promise<void> {
  const { incident, place, target, issue } = loaded
  if (incident.gone || isStale(notice, incident) || of.every((fact) => incident.notified[fact])) return
  const words = (called: readonly string[]): string =>
    noticeText(shell, notice, { loaded, now: shell.now(), called })
  const comment = async (body: string): Promise<string> => {
    const put = await putComment(place.github, issue, { mark: mark('say', `${issue.number}-${key}`), body })
    return put.url
  }
  // A call for help does not wait for this one question: a name that nobody has harms nobody.
  const reaches = (name: string): Promise<boolean> =>
    isReachable(place.github, addressOf(place), name).catch((error: unknown) => {
      if (error instanceof Unreachable) return true
      throw error
    })
  const channels = [mentions({ reaches, comment })]
  const { outcomes, url = loaded.url } = await tell(channels, { to: notice.to, drill: incident.drill, words })
  const fact = ownFact(
    { kind: 'notified', of, outcomes, url },
    { key: `notified:${key}`, at: shell.now(), by: null },
  )
  await execute(shell, target, { facts: [fact], rules: place })
}

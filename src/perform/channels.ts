// The channels of an incident: the comment on its issue that mentions people. There is no other kind yet.
import { isReachable } from '../github/app/people.ts'
import { Unreachable } from '../github/client/errors.ts'
import { putComment } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import type { Announce } from '../incident/react/announce.ts'
import type { Channel } from '../notify/channel.ts'
import { mentions } from '../notify/mention.ts'
import { hasIssue, type Loaded, type LoadedIncident } from '../shell/load.ts'
import { addressOf, type Shell } from '../shell/shell.ts'

/** `key` names what is told, so that no channel tells it twice. */
export const channelsOf = (loaded: LoadedIncident, key: string): Channel[] =>
  hasIssue(loaded) ? [onIssue(loaded, key)] : []

function onIssue({ place, issue }: Loaded, key: string): Channel {
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
  return mentions({ reaches, comment })
}

/** Tells one channel of an incident; it may be there before its issue. A channel that is configured no more hears nothing. */
export async function announce(_shell: Shell, loaded: LoadedIncident, effect: Announce): Promise<void> {
  const { id, title, severity, status } = loaded.incident
  const channel = channelsOf(loaded, effect.key).find(({ takes }) => takes(effect.to))
  const news = { to: effect.to, id, title, severity, status, url: loaded.url }
  await (effect.news === 'first' ? channel?.announce(news) : channel?.update(news))
}

// A permission that GitHub does not tell: the question is repeated, and after ten minutes the sender is refused.
import type { Delivery } from '../github/webhook/delivery.ts'
import { type Answer, refusalAnswer } from '../shell/answer.ts'
import type { Shell } from '../shell/shell.ts'
import type { Handled } from './conclude.ts'
import { TELL_AGAIN_AFTER } from './reply.ts'
import type { PermissionUnknown } from './subject.ts'

export const ASK_EVERY_SECONDS = 20
/** Ten minutes of asking. An attempt counts only while GitHub answers other calls: after an outage of all of GitHub, however
 * long, the delivery is handled. */
const MOST_ASKED = 30

type Unanswered = { delivery: Delivery; guid: string; unknown: PermissionUnknown }

/** What becomes of a delivery whose sender's permission stays unknown. Null: it is asked for again. In the end nothing was
 * done, and the sender is told once. */
export async function giveUpAsking(
  shell: Shell,
  { delivery, guid, unknown }: Unanswered,
): Promise<Handled | null> {
  if ((await shell.store.deliveries.countUnanswered(guid)) <= MOST_ASKED) return null
  const { place, sender } = unknown
  return {
    place,
    along: async () => (sender.bot ? undefined : await refusal(shell, { delivery, guid, unknown })),
  }
}

/** Once per person, issue and hour in words; further ones get 😕 alone. */
async function refusal(shell: Shell, { delivery, guid, unknown }: Unanswered): Promise<Answer | undefined> {
  const { place, sender } = unknown
  const number = await numberOf(shell, delivery)
  if (number === null) return undefined
  const { repository } = place
  const tells = await shell.store.leases.acquire(`unknown:${repository.id}#${number}:${sender.login}`, {
    now: shell.now(),
    holdMs: TELL_AGAIN_AFTER,
    installation: repository.installation,
  })
  return refusalAnswer({
    repository: repository.id,
    number,
    comment: delivery.kind === 'comment' ? delivery.comment.id : null,
    key: guid,
    reactions: ['confused'],
    refusals: tells ? [{ code: 'permission-unknown', user: sender.login }] : [],
  })
}

/** The issue or pull request on which it happened. */
async function numberOf(shell: Shell, delivery: Delivery): Promise<number | null> {
  if ('issue' in delivery) return delivery.issue.number
  if ('pull' in delivery) return delivery.pull.number
  if (delivery.kind === 'card') {
    const ref = await shell.store.refs.ofNode(delivery.node, delivery.installation)
    return ref?.number ?? null
  }
  return null
}

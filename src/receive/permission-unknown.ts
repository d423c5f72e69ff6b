// A permission that GitHub does not tell: it is asked for again and again, and after ten minutes told as a refusal.
import type { Delivery } from '../github/webhook/delivery.ts'
import type { AnswerJob } from '../perform/answer.ts'
import type { Verdict } from '../queue/queue.ts'
import type { Shell } from '../shell/shell.ts'
import { TELL_AGAIN_AFTER } from './reply.ts'
import { finish, type PermissionUnknown } from './subject.ts'

const ASK_EVERY_SECONDS = 20
/** Ten minutes of asking. Only what was asked while GitHub answered otherwise counts: an outage of all of GitHub, however
 * long, makes everything wait, and then happen. */
const MOST_ASKED = 30

type Asked = { delivery: Delivery; guid: string; unknown: PermissionUnknown }

/** What becomes of a delivery whose sender's permission stays unknown: it waits; in the end it is over, nothing was done,
 * and who did it is told once. */
export async function askAgain(shell: Shell, { delivery, guid, unknown }: Asked): Promise<Verdict> {
  if ((await shell.store.askedInVain(guid)) <= MOST_ASKED)
    return { again: 'waiting', afterSeconds: ASK_EVERY_SECONDS }
  const { place, sender } = unknown
  await shell.database.inTx(async () => {
    await finish(
      shell,
      place,
      guid,
      sender.bot ? undefined : await refusal(shell, { delivery, guid, unknown }),
    )
  })
  return 'done'
}

/** Once per person, issue and hour in words; further ones get 😕 alone. */
async function refusal(shell: Shell, { delivery, guid, unknown }: Asked): Promise<AnswerJob | undefined> {
  const { place, sender } = unknown
  const number = await numberOf(shell, delivery)
  if (number === null) return undefined
  const { repository } = place
  const told = `unknown:${repository.id}#${number}:${sender.login}`
  const { installation } = repository
  const now = shell.now()
  const tell = await shell.store.mayTell(told, { now, pause: TELL_AGAIN_AFTER, installation })
  return {
    answer: {
      repository: repository.id,
      number,
      comment: delivery.kind === 'comment' ? delivery.comment.id : null,
      key: guid,
      reactions: ['confused'],
      refusals: tell ? [{ code: 'permission-unknown', user: sender.login }] : [],
      help: false,
      name: '',
    },
  }
}

/** The issue or pull request on which it happened. */
async function numberOf(shell: Shell, delivery: Delivery): Promise<number | null> {
  if ('issue' in delivery) return delivery.issue.number
  if ('pull' in delivery) return delivery.pull.number
  if (delivery.kind === 'card') {
    const ref = await shell.store.refOfNode(delivery.node, delivery.installation)
    return ref?.number ?? null
  }
  return null
}

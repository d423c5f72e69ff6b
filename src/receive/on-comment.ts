// A new comment: its commands become facts, and what cannot be done gets one short answer.
import { hasOneWriter, type Permission } from '../github/app/permissions.ts'
import { strangersIn } from '../perform/page.ts'
import { placeOfDelivery } from '../shell/settings.ts'
import { addressOf, type Place, type Shell } from '../shell/shell.ts'
import { type CommentDelivery, namedIn, type Placed, type Read, readLine, readLines } from './commands.ts'
import { onDeleted, onEdited } from './comment-changes.ts'
import { answerTo, completed } from './reply.ts'
import {
  commit,
  finish,
  isEnough,
  isOwnAct,
  isStrangeBot,
  permissionFor,
  queueAnswer,
  type Subject,
  subjectOf,
  targetOf,
} from './subject.ts'

export async function onComment(shell: Shell, delivery: CommentDelivery, guid: string): Promise<void> {
  const place = await placeOfDelivery(shell, delivery)
  const { number, labels, pull } = delivery.issue
  // No declaration will come for a pull request, whatever label it carries.
  const subject = await subjectOf(shell, place, { number, labels: pull ? [] : labels })
  if (delivery.action === 'edited') return onEdited(shell, delivery, { place, subject, guid })
  if (delivery.action === 'deleted') return onDeleted(shell, delivery, { place, subject, guid })
  if (delivery.action !== 'created' || (await isUnheard(place, delivery))) return finish(shell, place, guid)
  const lines = readLines(delivery, place, subject)
  if (lines.length === 0) return finish(shell, place, guid)
  const has = await permissionFor(place, delivery.sender)
  const alone = await isAlone(lines, { place, subject, has })
  const strangers = isEnough(has, 'triage') ? await strangersIn(lines, place) : new Set<string>()
  const incidents = await shell.store.statusesOf(place.repository.id, namedIn(lines))
  const read = lines.flatMap((one) =>
    readLine(one, { delivery, place, subject, has, alone, incidents, strangers }),
  )
  await carryOut(shell, delivery, { place, subject, guid, read, has })
}

/** A bot that the repository has not named; and Mayday itself, named or not. */
const isUnheard = async (place: Place, { sender }: CommentDelivery): Promise<boolean> =>
  isStrangeBot(place, sender) || isOwnAct(place, sender)

/** Whether the sender of an `/approve` is the only person who may write; asked only where that decides. */
async function isAlone(
  lines: readonly Placed[],
  { place, subject, has }: { place: Place; subject: Subject; has: Permission },
): Promise<boolean> {
  const approves = lines.some(({ line }) => 'command' in line && line.command.verb === 'approve')
  if (subject.role !== 'review' || !approves || !isEnough(has, 'write')) return false
  return hasOneWriter(place.github, addressOf(place))
}

type Work = { place: Place; subject: Subject; guid: string; read: Read[]; has: Permission }

async function carryOut(
  shell: Shell,
  delivery: CommentDelivery,
  { place, subject, guid, read, has }: Work,
): Promise<void> {
  const facts = read.flatMap((one) => ('facts' in one ? one.facts : []))
  await shell.database.inTx(async () => {
    const answer = await answerTo(shell, delivery, { place, subject, read, has })
    if (facts.length === 0) return finish(shell, place, guid, { answer })
    const target = await targetOf(shell, place, { subject, issue: delivery.issue })
    await commit(shell, target, {
      place,
      guid,
      facts,
      also: (executed) => queueAnswer(shell, place, { answer: completed(answer, executed, facts) }),
    })
  })
}

// A new comment: its commands become facts, and what cannot be done gets one short reply.
import { mentionIn } from '../command/table/meaning.ts'
import { isReachable } from '../github/app/people.ts'
import { hasOneWriter, type Permission } from '../github/app/permissions.ts'
import { placeOfDelivery } from '../shell/settings.ts'
import { addressOf, type Place, type Shell } from '../shell/shell.ts'
import { type CommentDelivery, namedIn, type Placed, readLine, readLines } from './commands.ts'
import { onDeleted, onEdited } from './comment-changes.ts'
import type { Handled } from './conclude.ts'
import { replyTo, withOutcome } from './reply.ts'
import {
  incidentOf,
  isEnough,
  isOwnAct,
  isStrangeBot,
  permissionFor,
  type Subject,
  subjectOf,
} from './subject.ts'

export async function onComment(shell: Shell, delivery: CommentDelivery): Promise<Handled> {
  const place = await placeOfDelivery(shell, delivery)
  const { number, labels, pull } = delivery.issue
  // No declaration will come for a pull request, whatever label it carries.
  const subject = await subjectOf(shell, place, { number, labels: pull ? [] : labels })
  if (delivery.action === 'edited') return onEdited(shell, delivery, { place, subject })
  if (delivery.action === 'deleted') return onDeleted(shell, delivery, { place, subject })
  if (delivery.action !== 'created' || (await isIgnored(place, delivery))) return { place }
  return onCommands(shell, delivery, { place, subject })
}

/** A bot that the repository has not named; and Mayday itself, named or not. */
const isIgnored = async (place: Place, { sender }: CommentDelivery): Promise<boolean> =>
  isStrangeBot(place, sender) || isOwnAct(place, sender)

async function onCommands(
  shell: Shell,
  delivery: CommentDelivery,
  { place, subject }: { place: Place; subject: Subject },
): Promise<Handled> {
  const lines = readLines(delivery, place, subject)
  if (lines.length === 0) return { place }
  const has = await permissionFor(place, delivery.sender)
  const alone = await isAlone(lines, { place, subject, has })
  const strangers = isEnough(has, 'triage') ? await strangersIn(lines, place) : new Set<string>()
  const incidents = await shell.store.incidents.statusesOf(place.repository.id, namedIn(lines))
  const read = lines.flatMap((line) =>
    readLine(line, { delivery, place, subject, has, alone, incidents, strangers }),
  )
  const facts = read.flatMap((line) => ('facts' in line ? line.facts : []))
  return {
    place,
    stated: [{ of: incidentOf(subject, delivery.issue), facts }],
    along: async ({ executed: [executed] }) => {
      const reply = await replyTo(shell, delivery, { place, subject, read, has })
      return executed ? withOutcome(reply, executed, facts) : reply
    },
  }
}

/** Whether the sender of an `/approve` is the only person who may write; asked only where that decides. */
async function isAlone(
  lines: readonly Placed[],
  { place, subject, has }: { place: Place; subject: Subject; has: Permission },
): Promise<boolean> {
  const approves = lines.some(({ line }) => 'command' in line && line.command.verb === 'approve')
  if (subject.role !== 'review' || !approves || !isEnough(has, 'write')) return false
  return hasOneWriter(place.github, addressOf(place))
}

/** Mentions in the commands that resolve to nobody with access to this repository. A typo must not lead an incident. */
async function strangersIn(lines: readonly Placed[], place: Place): Promise<ReadonlySet<string>> {
  const strangers = new Set<string>()
  for (const { line } of lines) {
    const named = 'command' in line ? mentionIn(line.command) : undefined
    if (named === undefined || strangers.has(named)) continue
    if (!(await isReachable(place.github, addressOf(place), named))) strangers.add(named)
  }
  return strangers
}

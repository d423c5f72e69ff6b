// What of Mayday's an issue or pull request is, and who the sender of a delivery is there.

import type { Right } from '../command/row.ts'
import { type Permission, permissionOf } from '../github/app/permissions.ts'
import { Unreachable } from '../github/client/errors.ts'
import { probe } from '../github/client/probe.ts'
import type { DeliveredIssue, Person } from '../github/webhook/delivery.ts'
import type { Event } from '../incident/fold/nouns.ts'
import { type AnswerJob, hasWords } from '../perform/answer.ts'
import { ANSWER_PRIORITY, type Executed, execute, REACTION_PRIORITY } from '../shell/execute.ts'
import { rememberIssue } from '../shell/remember.ts'
import { addressOf, type Place, type Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'

/** `pending`: the issue carries the incident label, but its declaration has not arrived yet. */
export type Subject =
  | { role: 'incident'; target: Target }
  | { role: 'pending' }
  | { role: 'hotfix' | 'review' | 'item'; target: Target; key: string }
  | { role: 'none' }

export async function subjectOf(
  shell: Shell,
  place: Place,
  issue: Pick<DeliveredIssue, 'number' | 'labels'>,
): Promise<Subject> {
  const target = await shell.store.incidentAt(place.repository.id, issue.number)
  if (target) return { role: 'incident', target }
  const ref = await shell.store.refAt(place.repository.id, issue.number)
  const owner = ref && (await shell.store.incident(ref.incident))
  if (ref?.kind === 'moved' && owner) return { role: 'incident', target: owner }
  if (ref && owner) return { role: ref.kind as 'hotfix' | 'review' | 'item', target: owner, key: ref.key }
  const wanted = place.policy.label.toLowerCase()
  return issue.labels.some((label) => label.toLowerCase() === wanted) ? { role: 'pending' } : { role: 'none' }
}

const RANKS: readonly (Permission | Right)[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']
const rankOf = (right: Permission | Right): number => RANKS.indexOf(right)
export const isEnough = (has: Permission, needs: Right): boolean => rankOf(has) >= rankOf(needs)

/** GitHub answers, but not what the sender may do: nothing is done on a guess. */
export class PermissionUnknown extends Error {
  override name = 'PermissionUnknown'
  readonly place: Place
  readonly sender: Person

  constructor(place: Place, sender: Person) {
    super('GitHub does not tell a permission')
    this.place = place
    this.sender = sender
  }
}

/** GitHub's own word on the sender at this moment; asked only where a right is needed. Anything but an answer is thrown,
 * so that nothing is done on a guess. */
export async function permissionFor(place: Place, sender: Person): Promise<Permission> {
  try {
    return await permissionOf(place.github, addressOf(place), sender.login)
  } catch (error) {
    // Where GitHub answers nothing at all, the installation is paused and everything waits in order.
    if (error instanceof Unreachable && (await probe(place.github)))
      throw new PermissionUnknown(place, sender)
    throw error
  }
}

/** Whether Mayday itself did this: its own acts are no news to it. */
export async function isOwnAct(place: Place, sender: Person): Promise<boolean> {
  return sender.bot && sender.login === `${await place.github.slug()}[bot]`
}

/** A bot that the repository has not named is nobody: its comments are never commands. */
export const isStrangeBot = (place: Place, sender: Person): boolean =>
  sender.bot && !place.policy.bots.includes(sender.login.replace(/\[bot\]$/, '').toLowerCase())

/** The incident that a delivery speaks of; one whose declaration has not arrived yet keeps what comes before it. */
export function targetOf(
  shell: Shell,
  place: Place,
  { subject, issue }: { subject: Subject; issue: DeliveredIssue },
): Promise<Target> {
  return 'target' in subject ? Promise.resolve(subject.target) : makeIncident(shell, place, issue)
}

type Work = {
  place: Place
  guid: string
  facts: readonly Event[]
  also?: (executed: Executed) => Promise<void>
}

/** Commits facts together with the end of the delivery that brought them. */
export async function commit(
  shell: Shell,
  target: Target,
  { place, guid, facts, also }: Work,
): Promise<Executed> {
  return execute(shell, target, {
    facts,
    rules: place,
    also: async (executed) => {
      await also?.(executed)
      await finish(shell, place, guid)
    },
  })
}

/** Ends a delivery without facts; an answer that is owed is queued with it. */
export async function finish(
  shell: Shell,
  place: Place | null,
  guid: string,
  answer?: AnswerJob,
): Promise<void> {
  await shell.database.inTx(async () => {
    if (answer) await queueAnswer(shell, place, answer)
    if (place && place.repository.labelsAt === null)
      await queueLabels(shell, place.repository.id, place.repository.installation)
    await shell.store.deliveryDone(guid, shell.now())
  })
}

/** Ends a delivery that came too early to mean anything: healing may tell the act again. */
export async function finishUnheard(shell: Shell, place: Place, guid: string): Promise<void> {
  await shell.database.inTx(async () => {
    await shell.store.unheard(guid)
    await finish(shell, place, guid)
  })
}

export async function queueAnswer(shell: Shell, place: Place | null, answer: AnswerJob): Promise<void> {
  const group = place ? { group: String(place.repository.installation) } : {}
  await shell.queue.perform({
    key: `answer:${answer.answer.key}`,
    data: answer,
    priority: hasWords(answer.answer) ? ANSWER_PRIORITY : REACTION_PRIORITY,
    ...group,
  })
}

/** On installation, and on the first event of a repository. */
export async function queueLabels(shell: Shell, repository: number, installation: number): Promise<void> {
  await shell.queue.sync({
    key: `labels:${repository}`,
    data: { labels: { repository } },
    priority: 5,
    group: String(installation),
  })
}

/** Makes the incident of an issue, with what later work needs to find it again. */
export async function makeIncident(shell: Shell, place: Place, issue: DeliveredIssue): Promise<Target> {
  const { id, installation } = place.repository
  const target = await shell.store.makeIncident(
    { installation, repository: id, number: issue.number },
    shell.now(),
  )
  await rememberIssue(shell, target, issue)
  return target
}

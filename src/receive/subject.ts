// What an issue or pull request is to Mayday (incident, hotfix, review, action item, nothing), and what the sender may do
// there.

import type { Right } from '../command/row.ts'
import { type Permission, permissionOf } from '../github/app/permissions.ts'
import { Unreachable } from '../github/client/errors.ts'
import { probe } from '../github/client/probe.ts'
import type { DeliveredIssue, Person } from '../github/webhook/delivery.ts'
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
  const target = await shell.store.incidents.at(place.repository.id, issue.number)
  if (target) return { role: 'incident', target }
  const ref = await shell.store.refs.at(place.repository.id, issue.number)
  const owner = ref && (await shell.store.incidents.get(ref.incident))
  if (ref && owner)
    return ref.kind === 'moved'
      ? { role: 'incident', target: owner }
      : { role: ref.kind, target: owner, key: ref.key }
  const wanted = place.policy.label.toLowerCase()
  return issue.labels.some((label) => label.toLowerCase() === wanted) ? { role: 'pending' } : { role: 'none' }
}

const RANKS: readonly (Permission | Right)[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']
const rankOf = (right: Permission | Right): number => RANKS.indexOf(right)
export const isEnough = (has: Permission, needs: Right): boolean => rankOf(has) >= rankOf(needs)

/** GitHub probe, but not what the sender may do: nothing is done on a guess. */
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
export const incidentOf = (subject: Subject, issue: DeliveredIssue): Target | DeliveredIssue =>
  'target' in subject ? subject.target : issue

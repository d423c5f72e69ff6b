// Whom commands name: whom `/page` calls, and who may have been meant where somebody is nobody here.

import type { Refusal } from '../incident/base/refusal.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import { nearest } from '../incident/policy/nearest.ts'
import { findService, type Policy } from '../incident/policy/policy.ts'
import { type Command, mentionIn, type Verb } from './command.ts'
import type { Asking } from './meaning.ts'

/** Whom `/page` calls: a service means its owners. */
export function paged(
  command: Extract<Command, { verb: 'page' }>,
  { policy, strangers }: Asking,
): Fact | Refusal {
  const { target, text } = command
  const fact = (names: string[]): Fact => ({ kind: 'paged', target, names, ...(text && { text }) })
  if (target.startsWith('@')) {
    if (!strangers?.has(target)) return fact([target])
    return { code: 'page', given: target, service: false, near: nearest(target, targetsOf(policy)) ?? '' }
  }
  const found = findService(policy, target)
  const near = nearest(target, Object.keys(policy.services)) ?? ''
  if (!found) return { code: 'page', given: target, service: true, near }
  return found.service.owners.length > 0
    ? fact(found.service.owners)
    : { code: 'page-nobody', given: found.name }
}

const USAGE: { [verb in Verb]?: string } = {
  lead: '/lead @user',
  role: '/role <role> @user',
  handover: '/handover @user [note]',
  action: '/action @owner <text>',
  assign: '/assign @user',
}

/** The refusal of a command that would make somebody something who is nobody here. */
export function stranger(command: Command, { policy, strangers }: Asking): Refusal | null {
  const [given, usage] = [mentionIn(command), USAGE[command.verb]]
  if (given === undefined || usage === undefined || !strangers?.has(given)) return null
  return { code: 'person', given, near: nearest(given, targetsOf(policy)) ?? '', usage }
}

/** The people and teams that the policy names. */
const targetsOf = ({ severities, services, lead, people }: Policy): string[] =>
  [
    ...lead,
    ...severities.flatMap((one) => [...one.lead, ...one.escalate.flatMap((step) => step.to)]),
    ...Object.values(services).flatMap((service) => service.owners),
    ...Object.keys(people).map((login) => `@${login}`),
  ].filter((one) => one.startsWith('@'))

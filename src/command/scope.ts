// `/impact`, `/service`, `/type`, `/bridge`: what is affected, and where people talk.
import { findService, findType } from '../incident/policy/policy.ts'
import { type Arguments, plainWord, requireName, requireText, requireUrl } from './arguments/arguments.ts'
import { Wrong } from './arguments/wrong.ts'
import { onIncident, row } from './row.ts'

export const impact = row({
  usage: '/impact <text>',
  does: 'Says what customers notice.',
  ...onIncident,
  examples: ['/impact Search answers from a stale index; nothing lost so far'],
  read: (args) => ({ text: requireText(args) }),
  fact: ({ text }) => ({ kind: 'impact-set', text }),
})

export const service = row({
  usage: '/service api, web',
  does: 'Names the affected services.',
  ...onIncident,
  aliases: ['services'],
  examples: ['/service api, web'],
  read: (args) => ({ services: readServices(args) }),
  /** Any name will do where the repository names no services. */
  fact({ services: names }, { policy }) {
    const allowed = Object.keys(policy.services)
    const services: string[] = []
    for (const given of names) {
      const known = allowed.length > 0 ? findService(policy, given)?.name : given
      if (!known) return { code: 'service', given, allowed }
      services.push(known)
    }
    return { kind: 'services-set', services }
  },
})

export const type = row({
  usage: '/type security',
  does: "Sets the incident's type, with its checklist and runbook.",
  ...onIncident,
  examples: ['/type security'],
  read: (args) => ({ type: requireName(args, 'type') }),
  fact({ type: given }, { policy, exposed }) {
    const known = findType(policy, given)
    if (!known) return { code: 'type', given, allowed: Object.keys(policy.types) }
    return known.type.private && exposed
      ? { kind: 'type-set', type: known.name, exposed }
      : { kind: 'type-set', type: known.name }
  },
})

export const bridge = row({
  usage: '/bridge <url>',
  does: 'Records where people talk.',
  ...onIncident,
  examples: ['/bridge https://meet.example.com/incident'],
  read: (args) => ({ url: requireUrl(args) }),
  fact: ({ url }) => ({ kind: 'bridge-set', url }),
})

/** Each service once.
 * @throws Wrong where there is none, or one that hides a character. */
function readServices(args: Arguments): string[] {
  const services = new Set<string>()
  // One by one: a list of all words would cost more than reading them.
  for (const [word] of args.takeLine().matchAll(/(?:(?![,;])[\S\ufeff])+/g)) {
    const name = plainWord(word)
    if (name === undefined) throw new Wrong('invisible')
    if (name !== '') services.add(name)
  }
  if (services.size === 0) throw new Wrong('needs-service')
  return [...services]
}

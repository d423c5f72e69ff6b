// `/ack`, `/lead`, `/role`, `/handover`, `/page`: who is on it, and who is paged.

import { nearest } from '../incident/policy/nearest.ts'
import type { Policy } from '../incident/policy/policy.ts'
import { findService } from '../incident/policy/policy.ts'
import { optionalLogin, requireLogin, requireName } from './arguments/arguments.ts'
import { Wrong } from './arguments/wrong.ts'
import { mentionOf, onIncident, row } from './row.ts'

export const ack = row({
  usage: '/ack',
  does: 'Acknowledges; the sender leads if nobody does.',
  ...onIncident,
  aliases: ['acknowledge'],
  examples: ['/ack'],
  read: () => ({}),
  fact: () => ({ kind: 'acknowledged' }),
})

export const lead = row({
  usage: '/lead [@user]',
  does: 'Makes somebody, or the sender, the lead.',
  ...onIncident,
  examples: ['/lead @ada', '/lead'],
  read: (args) => ({ user: optionalLogin(args) }),
  mention: ({ user }) => mentionOf(user),
  mentionUsage: '/lead @user',
  fact: ({ user }, { by }) => ({ kind: 'lead-set', user: user ?? by }),
})

export const role = row({
  usage: '/role <role> @user',
  does: 'Gives somebody, or the sender, a role.',
  ...onIncident,
  examples: ['/role comms @bo', '/role scribe'],
  read(args) {
    const before = args.words(1)[0]?.startsWith('@') ? requireLogin(args) : undefined
    const role = requireName(args, 'role').toLowerCase()
    return { role, user: before ?? optionalLogin(args) }
  },
  mention: ({ user }) => mentionOf(user),
  mentionUsage: '/role <role> @user',
  fact({ role: given, user }, { policy, by }) {
    const allowed = rolesOf(policy)
    const known = allowed.find((role) => role.toLowerCase() === given.toLowerCase())
    return known ? { kind: 'role-set', role: known, user: user ?? by } : { code: 'role', given, allowed }
  },
})

/** The roles of the repository and those that any type of incident adds. */
const rolesOf = ({ roles, types }: Policy): string[] => [
  ...new Set([...roles, ...Object.values(types).flatMap((type) => type.roles)]),
]

export const handover = row({
  usage: '/handover @user [note]',
  does: 'Hands the lead over.',
  ...onIncident,
  examples: ['/handover @bo', '/handover @bo the hotfix waits for its review'],
  read: (args) => ({ user: requireLogin(args), note: args.text() }),
  mention: ({ user }) => mentionOf(user),
  mentionUsage: '/handover @user [note]',
  fact: ({ user, note }) => ({ kind: 'lead-set', user, note }),
})

export const page = row({
  usage: '/page @user-or-team-or-service [text]',
  does: 'Pages a person, a team or the owners of a service.',
  ...onIncident,
  examples: ['/page @acme/on-call', '/page @ada The database needs you', '/page api'],
  read(args) {
    const target = requireName(args, 'target')
    if (target.startsWith('@') && !/^@[\w-]+(?:\/[\w.-]+)?$/.test(target)) throw new Wrong('needs-target')
    return { target, text: args.text() }
  },
  mention: ({ target }) => (target.startsWith('@') ? target : undefined),
  /** A service means its owners. */
  fact({ target, text }, { policy, strangers }) {
    if (target.startsWith('@')) {
      if (!strangers?.has(target)) return { kind: 'paged', target, names: [target], text }
      return { code: 'page', given: target, service: false, near: nearest(target, mentionsOf(policy)) ?? '' }
    }
    const found = findService(policy, target)
    const near = nearest(target, Object.keys(policy.services)) ?? ''
    if (!found) return { code: 'page', given: target, service: true, near }
    return found.service.owners.length > 0
      ? { kind: 'paged', target, names: found.service.owners, text }
      : { code: 'page-nobody', given: found.name }
  },
})

/** The people and teams that the policy names, as mentions. */
export const mentionsOf = ({ severities, services, lead, people }: Policy): string[] =>
  [
    ...lead,
    ...severities.flatMap((severity) => [...severity.lead, ...severity.escalate.flatMap(({ to }) => to)]),
    ...Object.values(services).flatMap(({ owners }) => owners),
    ...Object.keys(people).map((login) => `@${login}`),
  ].filter((target) => target.startsWith('@'))

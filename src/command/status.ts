// `/status`, `/resolve`, `/reopen`, `/cancel`: how an incident moves and ends.
import { STATUSES, type Status } from '../incident/base/lifecycle.ts'
import { reviewRule } from '../incident/policy/policy.ts'
import { CANCEL_REASONS } from '../incident/status.ts'
import { type Arguments, plainWord, requireName } from './arguments/arguments.ts'
import { nearest } from './arguments/near-word.ts'
import { Wrong } from './arguments/wrong.ts'
import { onIncident, row } from './row.ts'

export const status = row({
  usage: '/status <status> [note]',
  does: 'Moves the incident to `investigating`, `identified`, `fixing` or `monitoring`.',
  ...onIncident,
  examples: ['/status monitoring', '/status identified the index was renamed without its alias'],
  read: (args) => ({ status: readStatus(args), note: args.text() }),
  fact: ({ status, note }) => ({ kind: 'status-set', status, note }),
})

export const resolve = row({
  usage: '/resolve [summary]',
  does: 'Ends the incident; its review begins.',
  ...onIncident,
  examples: ['/resolve', '/resolve The alias is restored'],
  read: (args) => ({ summary: args.text() }),
  fact: ({ summary }, { policy }) => ({ kind: 'resolved', summary, review: reviewRule(policy) }),
})

export const reopen = row({
  usage: '/reopen <why>',
  does: 'Takes a resolved incident up again.',
  ...onIncident,
  examples: ['/reopen Errors are back since 11:20'],
  read: (args) => ({ why: args.text() }),
  fact: ({ why }) => ({ kind: 'reopened', why }),
})

export const cancel = row({
  usage: '/cancel <reason> [text]',
  does: 'Ends what was no incident: `duplicate`, `false-alarm`, `superseded`, `external` or `other`.',
  ...onIncident,
  examples: ['/cancel false-alarm', '/cancel external The outage is at our provider'],
  read: (args) => ({ reason: readReason(args), text: args.text() }),
  fact({ reason: given, text }) {
    const reason = CANCEL_REASONS.find((known) => known === given.toLowerCase())
    return reason ? { kind: 'cancelled', reason, text } : { code: 'reason', given, allowed: CANCEL_REASONS }
  },
})

/** What `/status` does not reach, why, and the command that does what was meant. */
const OTHERWISE = {
  triage: { problem: 'triage-is-for-alerts', right: '/status investigating' },
  resolved: { problem: 'has-own-command', right: '/resolve' },
  closed: { problem: 'closed-comes-by-itself', right: '/resolve' },
  cancelled: { problem: 'has-own-command', right: '/cancel <reason>' },
  canceled: { problem: 'has-own-command', right: '/cancel <reason>' },
} as const

const isOtherwise = (word: string): word is keyof typeof OTHERWISE => Object.hasOwn(OTHERWISE, word)

/** @throws Wrong for what is no status, and for those that have a command of their own. */
function readStatus(args: Arguments): Status {
  const given = requireName(args, 'status').toLowerCase()
  if (isOtherwise(given)) {
    const { problem, right } = OTHERWISE[given]
    throw new Wrong(problem, { right })
  }
  const known = STATUSES.find((status) => status === given)
  if (known) return known
  const near = nearest(given, STATUSES)
  const right = near && (isOtherwise(near) ? OTHERWISE[near].right : `/status ${near}`)
  throw new Wrong('is-none-of', { right, allowed: STATUSES.filter((name) => !isOtherwise(name)) })
}

/** @throws Wrong where there is none; whether it is one, the meaning says. */
function readReason(args: Arguments): string {
  const reason = requireName(args, 'reason').toLowerCase()
  if (reason !== 'false' || plainWord(args.words(1)[0] ?? '')?.toLowerCase() !== 'alarm') return reason
  args.skip(1)
  return 'false-alarm'
}

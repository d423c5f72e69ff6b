// `/duplicate`, `/related`: other incidents.
import { requireNumber } from './arguments/arguments.ts'
import { onIncident, row } from './row.ts'

export const duplicate = row({
  usage: '/duplicate of #n',
  does: 'Cancels this incident as a duplicate of another.',
  ...onIncident,
  examples: ['/duplicate of #12'],
  read: (args) => ({ number: requireNumber(args, { verb: 'duplicate', prefixes: ['of'] }) }),
  incident: ({ number }) => number,
  /** Another incident of this repository that was not cancelled. */
  fact({ number }, { issue, incidents }) {
    const status = number === issue.number ? undefined : incidents.get(number)
    if (status === undefined) return { code: 'no-incident', number }
    if (status === 'cancelled') return { code: 'cancelled-there', number }
    return { kind: 'cancelled', reason: 'duplicate', duplicateOf: number }
  },
})

export const related = row({
  usage: '/related #n',
  does: 'Links another incident.',
  ...onIncident,
  examples: ['/related #12'],
  read: (args) => ({ number: requireNumber(args, { verb: 'related', prefixes: ['to'] }) }),
  fact: ({ number }) => ({ kind: 'related', number }),
})

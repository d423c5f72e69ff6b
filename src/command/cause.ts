// `/cause`, `/suspect`, `/clear`: what may be the cause, and what is.
import { requireNumber, requireText } from './arguments/arguments.ts'
import { onIncident, row } from './row.ts'

export const cause = row({
  usage: '/cause <text>',
  does: 'Records the root cause; the incident is identified.',
  ...onIncident,
  examples: ['/cause The index was renamed without its alias'],
  read: (args) => ({ text: requireText(args) }),
  fact: ({ text }) => ({ kind: 'cause-found', text }),
})

export const suspect = row({
  usage: '/suspect #12',
  does: 'Names a pull request that may be the cause.',
  ...onIncident,
  examples: ['/suspect #12'],
  read: (args) => ({ number: requireNumber(args, { verb: 'suspect' }) }),
  fact: ({ number }) => ({ kind: 'suspected', number }),
})

export const clear = row({
  usage: '/clear #12',
  does: 'Says that a suspect is not the cause.',
  ...onIncident,
  examples: ['/clear #12'],
  read: (args) => ({ number: requireNumber(args, { verb: 'clear' }) }),
  fact: ({ number }) => ({ kind: 'suspect-cleared', number }),
})

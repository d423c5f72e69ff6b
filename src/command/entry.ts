// `/amend`, `/hide`, `/show`: people curate the timeline.
import { requireEntry, requireText } from './arguments/arguments.ts'
import { onIncident, row } from './row.ts'

export const amend = row({
  usage: '/amend <n> <text>',
  does: 'Rewrites timeline entry _n_.',
  ...onIncident,
  examples: ['/amend 3 The script stopped by itself'],
  read: (args) => ({ entry: requireEntry(args), text: requireText(args) }),
  fact: ({ entry, text }) => ({ kind: 'entry-amended', entry, text }),
})

export const hide = row({
  usage: '/hide <n>',
  does: 'Hides timeline entry _n_.',
  ...onIncident,
  examples: ['/hide 3'],
  read: (args) => ({ entry: requireEntry(args) }),
  fact: ({ entry }) => ({ kind: 'entry-hidden', entry }),
})

export const show = row({
  usage: '/show <n>',
  does: 'Shows a hidden timeline entry again.',
  ...onIncident,
  examples: ['/show 3'],
  read: (args) => ({ entry: requireEntry(args) }),
  fact: ({ entry }) => ({ kind: 'entry-shown', entry }),
})

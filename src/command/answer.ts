// `/summary`, `/report`, `/help`: what Mayday answers.
import { optionalDuration } from './arguments/arguments.ts'
import { onIncident, row } from './row.ts'

export const summary = row({
  usage: '/summary',
  does: 'Answers with an executive summary.',
  ...onIncident,
  examples: ['/summary'],
  read: () => ({}),
  answer: 'summary',
})

export const report = row({
  usage: '/report [30d]',
  does: 'Answers with the report of a period.',
  right: 'triage',
  where: 'anywhere',
  examples: ['/report 30d', '/report'],
  read: (args) => ({ period: optionalDuration(args) }),
  notYet: 'Until then the board and `/metrics` show how incidents went.',
})

export const help = row({
  usage: '/help',
  does: 'Lists the commands.',
  right: 'none',
  where: 'anywhere',
  examples: ['/help'],
  read: () => ({}),
  answer: 'help',
})

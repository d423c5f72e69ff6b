// The table of commands: the parser, `/help` and the README's table all come from these rows.

import { optionalDuration } from './arguments/arguments.ts'
import type { Verb } from './command.ts'
import { FIX } from './fix.ts'
import { FOLLOW_UP } from './follow-up.ts'
import { LIFE } from './life.ts'
import { PEOPLE } from './people.ts'
import { RECORD } from './record.ts'
import { ofIncident, type Row, type Rows } from './row.ts'

/** What is asked of Mayday itself. */
const ANSWERS = {
  summary: {
    usage: '/summary',
    does: 'Answers with an executive summary.',
    ...ofIncident,
    examples: ['/summary'],
    read: () => ({ verb: 'summary' }),
  },
  report: {
    notYet: 'Until then the board and `/metrics` show how incidents went.',
    usage: '/report [30d]',
    does: 'Answers with the report of a period.',
    right: 'triage',
    where: 'anywhere',
    examples: ['/report 30d', '/report'],
    read: (args) => {
      const period = optionalDuration(args)
      return { verb: 'report', ...(period && { period }) }
    },
  },
  help: {
    usage: '/help',
    does: 'Lists the commands.',
    right: 'none',
    where: 'anywhere',
    examples: ['/help'],
    read: () => ({ verb: 'help' }),
  },
} satisfies Rows

/** In the order in which `/help` shows them. */
export const TABLE: { readonly [V in Verb]: Row } = {
  ...LIFE,
  ...PEOPLE,
  ...RECORD,
  ...FIX,
  ...FOLLOW_UP,
  ...ANSWERS,
}

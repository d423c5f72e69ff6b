// The table of commands: the parser, `/help` and the README's table all come from these rows.
import type { Verb } from '../incident/command.ts'
import { optionalDuration } from './slash-arguments.ts'
import { FIX } from './slash-fix.ts'
import { FOLLOW_UP } from './slash-follow-up.ts'
import { LIFE } from './slash-life.ts'
import { PEOPLE } from './slash-people.ts'
import { RECORD } from './slash-record.ts'
import { ofIncident, type Row, type Rows } from './slash-row.ts'

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

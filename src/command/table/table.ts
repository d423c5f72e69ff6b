// The table of commands: the parser, `/help`, the rights and the reference all come from these rows.
import { help, report, summary } from '../answer.ts'
import type { Arguments } from '../arguments/arguments.ts'
import { cause, clear, suspect } from '../cause.ts'
import { accept, declare, drill } from '../declaration.ts'
import { amend, hide, show } from '../entry.ts'
import { deploy, hotfix, revert, rollback, verify } from '../hotfix.ts'
import { action, assign, due, snooze, wontfix } from '../item.ts'
import { set } from '../milestone.ts'
import { note } from '../note.ts'
import { ack, handover, lead, page, role } from '../people.ts'
import { duplicate, related } from '../relation.ts'
import { approve, review, waive } from '../review.ts'
import type { ReadContext, Right, Row } from '../row.ts'
import { bridge, impact, service, type } from '../scope.ts'
import { sev } from '../severity.ts'
import { cancel, reopen, resolve, status } from '../status.ts'
import { update } from '../update.ts'

/** In the order in which `/help` shows them. */
const TABLE = {
  ...{ declare, accept, drill, ack, sev, status, resolve, reopen, cancel, duplicate, related },
  ...{ lead, role, handover, page },
  ...{ update, note, amend, hide, show, set, impact, service, type, bridge, cause },
  ...{ suspect, clear, hotfix, revert, deploy, rollback, verify },
  ...{ review, waive, approve, action, due, snooze, wontfix, assign },
  ...{ summary, report, help },
}

export type Verb = keyof typeof TABLE
type Said<V extends Verb> = ReturnType<(typeof TABLE)[V]['read']>

/** A command as it was written, with its arguments cut apart but not yet checked against any policy. */
export type Command = { [V in Verb]: { verb: V; said: Said<V> } }[Verb]

/** The row of a command. Any command fits its own row, which the compiler cannot follow: methods take narrower arguments
 * (bivariance), and the verb picks the row. */
export const rowOf = (verb: Verb): Row<Command['said']> => TABLE[verb]

/** The table's rows in order. */
export const rows = (): { verb: Verb; row: Row<Command['said']> }[] =>
  Object.keys(TABLE)
    .filter(isVerb)
    .map((verb) => ({ verb, row: rowOf(verb) }))

function isVerb(name: string): name is Verb {
  return Object.hasOwn(TABLE, name)
}

/** Reads the text after a verb.
 * @throws Wrong with what a person must write instead. */
export function readCommand(verb: Verb, args: Arguments, context: ReadContext): Command {
  // The compiler does not see that a verb and what its own row reads belong together.
  return { verb, said: TABLE[verb].read(args, context) } as Command
}

/** What the sender needs for a command in this repository, and how the command is named where that is told; without its
 * arguments the least that it can need. */
export function rightFor(
  verb: Verb,
  repository: { private: boolean },
  command?: Command,
): { right: Right; as: string } {
  const { right, unless } = rowOf(verb)
  return unless?.applies(repository, command?.said)
    ? { right: unless.right, as: unless.as ?? `/${verb}` }
    : { right, as: `/${verb}` }
}

// What a command means: the fact that it states, read with the repository's policy, calendar and the comment's time.
import type { Refusal } from '../../incident/base/refusal.ts'
import type { Fact } from '../../incident/fold/nouns.ts'
import { nearest } from '../../incident/policy/nearest.ts'
import { mentionsOf } from '../people.ts'
import type { CommandContext } from '../row.ts'
import { type Command, rowOf } from './table.ts'

/** The fact behind a command, or why it has none. null for a command that states none (`/help`). */
export function factOf(command: Command, context: CommandContext): Fact | Refusal | null {
  const row = rowOf(command.verb)
  const stranger = strangerIn(command, context)
  if (stranger) return stranger
  if ('fact' in row) return row.fact(command.said, context)
  if (!('itemFact' in row)) return null
  const { item } = context
  return item === null
    ? { code: 'only-on-item', verb: command.verb }
    : row.itemFact(command.said, { ...context, item })
}

export const isRefusal = (answer: Fact | Refusal): answer is Refusal => 'code' in answer

/** The refusal of a command that would give a part to somebody who is nobody here. */
function strangerIn(command: Command, { policy, strangers }: CommandContext): Refusal | null {
  const [given, usage] = [mentionIn(command), rowOf(command.verb).mentionUsage]
  if (given === undefined || usage === undefined || !strangers?.has(given)) return null
  return { code: 'person', given, near: nearest(given, mentionsOf(policy)) ?? '', usage }
}

/** The person or team that a command is about, as a mention. */
export const mentionIn = ({ verb, said }: Command): string | undefined => rowOf(verb).mention?.(said)

/** The issue that a command calls another incident. */
export const incidentIn = ({ verb, said }: Command): number | undefined => rowOf(verb).incident?.(said)

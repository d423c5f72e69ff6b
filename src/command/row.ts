// One row of the table of commands: what is written, what it does, who may, and how it is read.

import type { Arguments } from './arguments/arguments.ts'
import type { Command, Verb } from './command.ts'
import type { Context } from './read.ts'

/** What GitHub must say of the sender: `none` is everyone. */
export type Right = 'none' | 'read' | 'triage' | 'write'

/** Where a command has its meaning: `item` is an action item's issue, `review` a review's. */
export type Where = 'anywhere' | 'incident' | 'item' | 'review'

export type Row = {
  usage: string
  /** One plain sentence. */
  does: string
  right: Right
  /** Where another right is asked: `when` says it in words; `command` is missing where its arguments cannot be read. */
  unless?: {
    right: Right
    when: string
    applies: (repository: { private: boolean }, command?: Command) => boolean
  }
  where: Where
  /** Understood, but its work is not built: what to do until then, as a sentence in Markdown. */
  notYet?: string
  aliases?: readonly string[]
  /** Whole commands; the first one is shown to who got it wrong. */
  examples: readonly [string, ...string[]]
  /** @throws Wrong with what a person must write instead. */
  read: (args: Arguments, context: Context) => Command
}

export const ofIncident = { right: 'triage', where: 'incident' } as const
export const ofItem = { right: 'triage', where: 'item' } as const

export type Rows = { readonly [V in Verb]?: Row }

// One row of the table of commands: what is written, what it does, who may, how it is read and what it means.
import type { Refusal } from '../incident/base/refusal.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import type { Calendar, Policy } from '../incident/policy/policy.ts'
import type { Arguments } from './arguments/arguments.ts'

/** What GitHub must say of the sender: `none` is everyone. */
export type Right = 'none' | 'read' | 'triage' | 'write'

/** Where a command has its meaning: `item` is an action item's issue, `review` a review's. */
export type Where = 'anywhere' | 'incident' | 'item' | 'review'

/** What a command is read against; `severities` are the keys of the policy, where it is known. */
export type ReadContext = { severities?: readonly string[] }

/** What a command means depends on. */
export type CommandContext = {
  by: string
  at: number
  policy: Policy
  calendar: Calendar
  /** Unique for the command: the comment and its place in it. */
  key: string
  /** `severity` is what the issue itself names. */
  issue: { number: number; title: string; severity: string | null }
  /** Nothing was declared on the issue yet. */
  plain?: boolean
  /** Everybody can read the repository. */
  exposed: boolean
  /** The status of each incident that the commands name, by its issue's number; others are none. */
  incidents: ReadonlyMap<number, string>
  /** The key of the action item on whose own issue the comment stands. */
  item: string | null
  /** Mentions in the commands that resolve to nobody with access to this repository. */
  strangers?: ReadonlySet<string>
  /** Set where the sender alone may write in the repository. */
  alone?: boolean
}

/** A command states a fact, is answered, or is understood but not built: a row without one of them does not compile. */
type Meaning<Said> =
  | { fact(said: Said, context: CommandContext): Fact | Refusal }
  /** It speaks of the action item on whose own issue it stands, and is refused anywhere else. */
  | { itemFact(said: Said, context: CommandContext & { item: string }): Fact | Refusal }
  | { answer: 'help' | 'summary' }
  /** What to do until then, as a sentence in Markdown. */
  | { notYet: string }

/** `Said` is what a person wrote, cut into arguments but not yet checked against any policy. Times and dates stay text:
 * what `10:45` means depends on the repository's time zone. */
export type Row<Said> = {
  usage: string
  /** One plain sentence. */
  does: string
  right: Right
  /** Where another right is asked: `when` says it in words, `as` is how the command is named then; `said` is missing where
   * its arguments cannot be read. */
  unless?: {
    right: Right
    when: string
    as?: string
    applies(repository: { private: boolean }, said?: Said): boolean
  }
  where: Where
  /** May begin an incident on a plain issue. */
  begins?: true
  /** Other bots have it too: left alone where it means nothing here. */
  shared?: true
  aliases?: readonly string[]
  /** Whole commands; the first one is shown to who got it wrong. */
  examples: readonly [string, ...string[]]
  /** @throws Wrong with what a person must write instead. */
  read(args: Arguments, context: ReadContext): Said
  /** The person or team that the command is about, as a mention: `@login`, `@org/team`. */
  mention?(said: Said): string | undefined
  /** The right form where nobody here has that name; missing: the command answers it itself. */
  mentionUsage?: string
  /** The issue that the command calls another incident. */
  incident?(said: Said): number
} & Meaning<Said>

/** Infers what is said from `read`, so that `fact` gets just that. */
export const row = <Said>(row: Row<Said>): Row<Said> => row

export const onIncident = { right: 'triage', where: 'incident' } as const
export const onItem = { right: 'triage', where: 'item' } as const

/** `@login`. */
export const mentionOf = (login: string | undefined): string | undefined => login && `@${login}`

// The rule of one kind of fact: how the timeline tells it, when it takes effect, what it makes of its incident.
import type { Incident } from '../fold/nouns.ts'
import type { Placement } from './placement.ts'
import type { Refusal } from './refusal.ts'

/** `already`: nothing changes and nobody needs to be told. */
export type Decision = 'takes-effect' | 'already' | Refusal

/** The fields of facts that hold a person's own words. */
export type WordsField = 'text' | 'note' | 'summary' | 'why' | 'reason'

/** One fact with its place. */
export type At<F> = F & Placement

export type Rule<F extends { kind: string }> = {
  /** People read it in the timeline; without it, it is bookkeeping. */
  told?: true
  /** Where only some facts of the kind are told. */
  isTold?(fact: F): boolean
  /** The moment under which the timeline tells it, where that is not the fact's own. Milliseconds. */
  toldAt?(event: At<F>): number
  /** The field with a person's own words, which follows the edit of the comment. */
  words?: WordsField
  /** The timeline tells it without words too. */
  wordless?: true
  /** Holds on a cancelled incident: `anywhere`; `here`, but on a duplicate only where its timeline went; `undeclared`: even
   * before the declaration. */
  always?: 'anywhere' | 'here' | 'undeclared'
  /** Stays with a duplicate when its timeline moves along. */
  stays?: true
  /** Missing: it takes effect. */
  decide?(incident: Incident, event: At<F>): Decision
  /** Missing: nothing changes but the timeline. */
  evolve?(incident: Incident, event: At<F>): void
}

/** A row for each kind of `F`: a missing one, or a wrong field in one, does not compile. */
export type Rules<F extends { kind: string }> = {
  readonly [K in F['kind']]: Rule<Extract<F, { kind: K }>>
}

/** The decision about what may be so already. */
export const unless = (already: boolean): Decision => (already ? 'already' : 'takes-effect')

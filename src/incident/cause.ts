// The cause, and the suspects: pull requests that people name as a possible cause, and clear again.
import { moveTo, position } from './base/lifecycle.ts'
import { type Rules, unless } from './base/rule.ts'

export type CauseFact =
  | { kind: 'cause-found'; text: string }
  | { kind: 'suspected'; number: number }
  | { kind: 'suspect-cleared'; number: number }

type Suspect = { number: number; by: string | null; cleared?: { by: string | null } }

export type CauseState = {
  cause?: string
  /** In the order in which they were first named. */
  suspects: Suspect[]
}

export const CAUSES: Rules<CauseFact> = {
  'cause-found': {
    told: true,
    words: 'text',
    evolve(incident, { text, at, by, key }) {
      incident.cause = text
      if (position(incident.status) < position('identified')) moveTo(incident, 'identified', { at, by, key })
      else incident.milestones.identified ??= at
    },
  },
  suspected: {
    told: true,
    always: 'here',
    /** Cleared and named again, it is a suspect again. */
    decide({ suspects }, { number }) {
      const known = named(suspects, number)
      return unless(known !== undefined && !known.cleared)
    },
    evolve({ suspects }, { number, by }) {
      const known = named(suspects, number)
      if (known) suspects[suspects.indexOf(known)] = { number, by }
      else suspects.push({ number, by })
    },
  },
  'suspect-cleared': {
    told: true,
    always: 'here',
    decide({ suspects }, { number }) {
      const known = named(suspects, number)
      return known ? unless(known.cleared !== undefined) : { code: 'no-suspect', number }
    },
    evolve({ suspects }, { number, by }) {
      const known = named(suspects, number)
      if (known) known.cleared = { by }
    },
  },
}

const named = (suspects: readonly Suspect[], number: number): Suspect | undefined =>
  suspects.find((suspect) => suspect.number === number)

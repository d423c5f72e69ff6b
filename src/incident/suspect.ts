// Suspects: pull requests that people name as a possible cause, and clear of it again.
import type { Decision } from './fold/decide.ts'
import type { FactOf } from './fold/event.ts'
import type { Incident } from './fold/incident.ts'

export type Suspect = { number: number; by: string | null; cleared?: { by: string | null } }

type Named = FactOf<'suspected' | 'suspect-cleared'>

/** Cleared and named again, it is a suspect again; only who was named can be cleared. */
export function decideSuspect({ suspects }: Incident, { kind, number }: Named): Decision {
  const known = suspects.find((one) => one.number === number)
  if (kind === 'suspected') return known && !known.cleared ? 'already' : 'takes-effect'
  if (!known) return { code: 'no-suspect', number }
  return known.cleared ? 'already' : 'takes-effect'
}

export function suspect({ suspects }: Incident, { kind, number, by }: Named): void {
  const known = suspects.find((one) => one.number === number)
  if (!known) suspects.push({ number, by })
  else if (kind === 'suspect-cleared') known.cleared = { by }
  else suspects[suspects.indexOf(known)] = { number, by }
}

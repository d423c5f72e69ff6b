// Notes: a person's own entries in the timeline, now or at an earlier moment.
import type { Rules } from './base/rule.ts'

export type NoteFact = { kind: 'noted'; text: string; time?: number }

export const NOTES: Rules<NoteFact> = {
  noted: { told: true, toldAt: ({ time, at }) => time ?? at, words: 'text', always: 'here' },
}

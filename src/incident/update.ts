// Updates: what stakeholders are told, and when they last were.
import type { Rules } from './base/rule.ts'

export type UpdateFact = { kind: 'updated'; text: string; public: boolean }

export type UpdateState = {
  /** Time of the last update for stakeholders, and of the last public one. */
  updatedAt: number | null
  publicAt: number | null
}

export const UPDATES: Rules<UpdateFact> = {
  updated: {
    told: true,
    words: 'text',
    evolve(incident, event) {
      incident.updatedAt = Math.max(incident.updatedAt ?? 0, event.at)
      if (event.public) incident.publicAt = Math.max(incident.publicAt ?? 0, event.at)
    },
  },
}

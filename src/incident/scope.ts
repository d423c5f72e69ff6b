// Scope: what is affected, what kind of incident it is, what it cost, where people talk, and the boxes they tick.
import { type Rules, unless } from './base/rule.ts'

export type ScopeFact =
  | { kind: 'impact-set'; text: string }
  | { kind: 'services-set'; services: string[] }
  /** `exposed`: the type is private and everybody can read the repository, so it counts only when it is said again. */
  | { kind: 'type-set'; type: string; exposed?: true }
  | { kind: 'cost-set'; text: string }
  | { kind: 'bridge-set'; url: string }
  | { kind: 'ticked'; text: string; checked: boolean }

export type ScopeState = {
  impact?: string
  services: string[]
  type?: string
  /** Private types that somebody was warned of: said again, they count. */
  warned: string[]
  cost?: string
  bridge?: string
  ticks: Record<string, { checked: boolean; by: string | null }>
}

export const SCOPE: Rules<ScopeFact> = {
  'impact-set': {
    told: true,
    words: 'text',
    evolve(incident, { text }) {
      incident.impact = text
    },
  },
  'services-set': {
    told: true,
    decide: (incident, { services }) => unless(incident.services.join() === services.join()),
    evolve(incident, { services }) {
      incident.services = [...services]
    },
  },
  'type-set': {
    told: true,
    decide(incident, { type, exposed }) {
      if (exposed && incident.type !== type && !incident.warned.includes(type))
        return { code: 'private-type', given: type, usage: `/type ${type}` }
      return unless(incident.type === type)
    },
    evolve(incident, { type }) {
      incident.type = type
    },
  },
  'cost-set': {
    told: true,
    words: 'text',
    evolve(incident, { text }) {
      incident.cost = text
    },
  },
  'bridge-set': {
    evolve(incident, { url }) {
      incident.bridge = url
    },
  },
  ticked: {
    told: true,
    words: 'text',
    decide: ({ ticks }, { text, checked }) => unless((ticks[text]?.checked ?? false) === checked),
    evolve({ ticks }, { text, checked, by }) {
      ticks[text] = { checked, by }
    },
  },
}

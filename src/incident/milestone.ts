// Milestones: the named times of an incident, corrected by people.
import type { Milestone } from './base/lifecycle.ts'
import { type At, type Decision, type Rules, unless } from './base/rule.ts'
import type { Incident } from './fold/nouns.ts'

export type MilestoneFact = { kind: 'milestone-set'; milestone: Milestone; time: number }

export type MilestoneState = { milestones: Partial<Record<Milestone, number>> }

export const MILESTONE: Rules<MilestoneFact> = {
  'milestone-set': {
    told: true,
    decide: decideMilestone,
    evolve({ milestones }, { milestone, time }) {
      milestones[milestone] = time
    },
  },
}

/** Set by how an incident ends and only corrected afterwards; the others may be known before their status is. */
const AT_THE_END: readonly Milestone[] = ['resolved', 'reviewed', 'closed']

/** _started_ precedes all other milestones, or the command is refused with the reason. */
function decideMilestone({ milestones, status }: Incident, event: At<MilestoneFact>): Decision {
  const { milestone, time } = event
  if (AT_THE_END.includes(milestone) && milestones[milestone] === undefined)
    return { code: 'not-reached', milestone, status }
  for (const [name, at] of Object.entries(milestones)) {
    if (name === milestone) continue
    if (milestone === 'started' && at < time) return { code: 'started-after', milestone: name, time: at }
    if (name === 'started' && time < at) return { code: 'before-started', milestone, time: at }
  }
  return unless(milestones[milestone] === time)
}

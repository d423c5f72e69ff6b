// The nudge for a handover: offered to a tired lead, then demanded.
import { isOver } from '../base/lifecycle.ts'
import type { NudgeRule, Timed } from './nudge.ts'
import { liveSince } from './running.ts'

export type HandoverNudge = { kind: 'handover'; demand: boolean }
export type HandoverNotice = { about: 'nudge-handover'; demand: boolean } & Timed

/** Once each for every lead. */
export const HANDOVER: NudgeRule<HandoverNudge, HandoverNotice> = {
  about: 'nudge-handover',
  timers({ incident, policy, calendar, wait }) {
    const { lead, leadSince } = incident
    if (!lead || leadSince === null) return []
    const since = Math.max(leadSince, liveSince(incident))
    return (['offer', 'demand'] as const).map((what) => ({
      nudge: { kind: 'handover', demand: what === 'demand' },
      key: `handover:${since}:${what}`,
      at: wait(calendar.add(since, policy.nudges.handover[what])),
      to: [`@${lead}`],
    }))
  },
  notice: ({ demand }, timed) => ({ about: 'nudge-handover', demand, ...timed }),
  isStale: (incident, { to }) => isOver(incident) || !to.includes(`@${incident.lead}`),
}

// The nudge for a quiet incident: nobody has done or said anything, so it asks whether it is over.
import { isOver } from '../base/lifecycle.ts'
import type { NudgeRule, Timed } from './nudge.ts'
import { inCharge, liveSince, rounds } from './running.ts'

export type QuietNotice = { about: 'nudge-quiet' } & Timed

export const QUIET: NudgeRule<{ kind: 'quiet' }, QuietNotice> = {
  about: 'nudge-quiet',
  timers(running) {
    const { incident, policy, calendar } = running
    const { after, times } = policy.nudges.quiet
    const since = Math.max(incident.activeAt, liveSince(incident))
    const moments = rounds(calendar.add(since, after), { every: '1d', count: times }, running)
    return moments.map((at, index) => ({
      nudge: { kind: 'quiet' },
      key: `quiet:${since}:${index + 1}`,
      at,
      to: inCharge(incident),
    }))
  },
  notice: (_, timed) => ({ about: 'nudge-quiet', ...timed }),
  isStale: (incident, { at }) => isOver(incident) || incident.activeAt >= at,
}

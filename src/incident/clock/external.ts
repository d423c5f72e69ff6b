// The nudge for the first public update, where a public channel is announced.
import { isOver } from '../base/lifecycle.ts'
import type { NudgeRule, Timed } from './nudge.ts'
import { clockStart, inCharge } from './running.ts'

export type ExternalNotice = { about: 'nudge-external' } & Timed

/** `external_within` is set only where a public channel is announced. */
export const EXTERNAL: NudgeRule<{ kind: 'external' }, ExternalNotice> = {
  about: 'nudge-external',
  timers(running) {
    const { incident, severity, calendar, wait } = running
    if (!severity.external_within || incident.drill || incident.publicAt !== null) return []
    const { start } = clockStart(running, ({ external_within }) => external_within)
    const comms = incident.roles.comms
    return [
      {
        nudge: { kind: 'external' },
        key: `external:${start}`,
        at: wait(calendar.add(start, severity.external_within)),
        to: comms ? [`@${comms}`] : inCharge(incident),
      },
    ]
  },
  notice: (_, timed) => ({ about: 'nudge-external', ...timed }),
  isStale: (incident) => isOver(incident) || incident.publicAt !== null,
}

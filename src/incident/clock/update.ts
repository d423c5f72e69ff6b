// The nudge for an update: asks for it at the due time and at each further full period.
import { isOver } from '../base/lifecycle.ts'
import { nextStep } from './escalation.ts'
import type { NudgeRule, Timed, Timer } from './nudge.ts'
import { clockStart, inCharge, type Running, rounds } from './running.ts'

/** `overdue`: updates fail to come, so a step of the escalation fires. */
export type UpdateNudge = { kind: 'update' } | { kind: 'overdue' }
export type UpdateNotice = { about: 'nudge-update' } & Timed

/** Asked in vain, the next step of the escalation hears of it. */
export const UPDATE: NudgeRule<UpdateNudge, UpdateNotice> = {
  about: 'nudge-update',
  timers(running) {
    const { incident, severity, policy } = running
    const next = nextUpdate(running)
    if (!next || !severity.update_every) return []
    const { times } = policy.nudges.update_overdue
    const moments = rounds(next.at, { every: severity.update_every, count: times + 1 }, running)
    return moments.flatMap((at, index): Timer<UpdateNudge>[] => {
      if (index < times) {
        const key = `update:${next.since}:${index + 1}`
        return [{ nudge: { kind: 'update' }, key, at, to: inCharge(incident) }]
      }
      const step = nextStep(running)
      if (!step) return []
      const { key: takes, ...told } = step
      return [{ nudge: { kind: 'overdue' }, key: `overdue:${next.since}`, at, ...told, takes }]
    })
  },
  notice: (_, timed) => ({ about: 'nudge-update', ...timed }),
  isStale: (incident, { at }) => isOver(incident) || (incident.updatedAt ?? 0) >= at,
}

/** When the next update for stakeholders is due and since when its clock runs; null where none is asked for. */
export function nextUpdate(running: Running): { at: number; since: number } | null {
  const { incident, severity, calendar, wait } = running
  if (!severity.update_every) return null
  const { start } = clockStart(running, ({ update_every }) => update_every)
  const since = Math.max(start, incident.updatedAt ?? 0)
  return { at: wait(calendar.add(since, severity.update_every)), since }
}

// `/set`: corrects a milestone, or says what the incident cost.
import { MILESTONES } from '../incident/base/lifecycle.ts'
import { type Arguments, requireName, requireText } from './arguments/arguments.ts'
import { nearest } from './arguments/near-word.ts'
import { requireTime } from './arguments/times.ts'
import { Wrong } from './arguments/wrong.ts'
import { onIncident, row } from './row.ts'

export const set = row({
  usage: '/set <milestone> <time>',
  does: 'Corrects a milestone.',
  ...onIncident,
  examples: ['/set started 10:10', '/set mitigated 2025-12-18 10:45 CET', '/set cost 4,000 EUR'],
  read: readSet,
  fact({ milestone: given, value }, { calendar, at }) {
    if (given === 'cost') return { kind: 'cost-set', text: value }
    const milestone = MILESTONES.find((name) => name === given.toLowerCase())
    if (!milestone) return { code: 'milestone', given, allowed: MILESTONES }
    const time = calendar.parseTime(value, at)
    if (time === null || time > at) return { code: 'time', given: value, usage: `/set ${milestone} 10:10` }
    return { kind: 'milestone-set', milestone, time }
  },
})

/** @throws Wrong for another name, and where more than a time follows. */
function readSet(args: Arguments): { milestone: string; value: string } {
  const milestone = requireName(args, 'milestone').toLowerCase()
  if (milestone === 'cost') return { milestone, value: requireText(args) }
  if (!MILESTONES.some((known) => known === milestone)) {
    const near = nearest(milestone, [...MILESTONES, 'cost'])
    const right = near && `/set ${near} ${args.line() || '10:10'}`
    throw new Wrong('is-none-of', { right, allowed: MILESTONES })
  }
  const value = requireTime(args)
  if (args.line() !== '') throw new Wrong('more-than-time', { right: `/set ${milestone} ${value}` })
  return { milestone, value }
}

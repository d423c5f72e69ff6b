// Reminders of action items: before they are due, on the day, and after it until they are done.

import type { Incident } from '../fold/nouns.ts'
import { dueOf, type Item } from '../item.ts'
import { type FixedDuration, milliseconds } from '../policy/duration.ts'
import { type RepositoryRules, zoneOf } from '../policy/policy.ts'
import type { Timer } from './nudge.ts'

/** The date by which an item is due; null for the backlog and where nobody has said. */
export function dueDate(
  item: Item,
  incident: Incident,
  { policy, calendar }: RepositoryRules,
): string | null {
  const due = dueOf(item, incident, policy)
  if (!due || due === 'backlog') return null
  return 'date' in due ? due.date : calendar.date(calendar.add(due.from, due.after))
}

/** `item` is the key of the action item. */
export type ItemNudge = { kind: 'remind'; item: string }

/** How many of the repeated reminders are planned ahead: the next one is always among them. */
const AHEAD = 2
const DAY = 86_400_000

/** When the owners of open action items are to be reminded; what was told is not told again. */
export function reminders(incident: Incident, rules: RepositoryRules): Timer<ItemNudge>[] {
  const { policy, calendar } = rules
  if (!incident.declared || incident.status === 'cancelled') return []
  return incident.items.flatMap((item) => {
    const due = dueDate(item, incident, rules)
    const { owner } = item
    if (item.state !== 'open' || !item.issue || !owner || !due) return []
    const zone = zoneOf(policy, owner)
    const until = item.snoozedUntil ?? 0
    const told = Math.max(item.promisedAt, incident.remindedAt[item.key] ?? 0)
    const planned = reminderDates(due, Math.max(told, until), rules)
      .map((date) => ({ date, at: calendar.opens(date, zone) }))
      .filter(({ at }) => at > told)
    const kept = planned.filter(({ at }) => at >= until)
    // A snooze moves the next reminder to its end; what would have come before then is left out.
    const end = calendar.nextWorking(until, zone)
    const moved = kept.length < planned.length ? [{ date: calendar.date(end, zone), at: end }] : []
    return [...moved, ...kept].map(({ date, at }) => ({
      nudge: { kind: 'remind' as const, item: item.key },
      key: `remind:${item.key}:${date}`,
      at,
      to: [`@${owner}`],
    }))
  })
}

/** 2d before, on the day, +3d, +7d, then weekly, as `reminders` says: all of the former, and of the latter
 * the last one before `from` and the next ones. */
function reminderDates(due: string, from: number, { policy, calendar }: RepositoryRules): string[] {
  const { before, after, every } = policy.reminders
  const days = (duration: FixedDuration): number => Math.round(milliseconds(duration) / DAY)
  const first = [
    ...before.map((duration) => calendar.addDays(due, -days(duration))),
    due,
    ...after.map((duration) => calendar.addDays(due, days(duration))),
  ].sort()
  const last = first.at(-1) ?? due
  const step = Math.max(1, days(every))
  const passed = Math.floor(calendar.daysBetween(last, calendar.date(from)) / step)
  const repeated = Array.from({ length: AHEAD + 1 }, (_, index) => Math.max(passed, 1) + index)
  return [...new Set([...first, ...repeated.map((round) => calendar.addDays(last, round * step))])]
}

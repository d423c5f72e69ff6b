// The reminder of one owner: everything that is due, the longest overdue first.
import { inline, Markup } from '../markdown.ts'
import type { Place } from '../shell/shell.ts'
import type { OwedItem } from '../store/store.ts'
import { BODY_ROOM, estimateRow, takeWhileFits, truncate } from './limits.ts'
import type { ReminderView } from './views.ts'

/** `due` is not empty; `today` is a date in the owner's zone. */
export function reminderView(
  due: readonly OwedItem[],
  { owner, place, today }: { owner: string; place: Place; today: string },
): ReminderView {
  const { policy, calendar } = place
  const overdue = (item: OwedItem | undefined): number =>
    item?.due ? calendar.daysBetween(item.due, today) : 0
  const { escalate_after, escalate_to } = policy.reminders
  const copies = overdue(due[0]) >= daysOf(escalate_after) ? escalate_to : []
  const told = takeWhileFits(due, BODY_ROOM / 2, ({ text, url }) =>
    estimateRow(inline(truncate(text)).toString(), url),
  )
  return {
    owner,
    count: due.length,
    several: due.length > 1,
    late: overdue(due[0]) > 0,
    allLate: due.every((item) => overdue(item) > 0),
    more: told.more,
    items: told.shown.map((item) => ({
      number: new Markup(`#${item.number}`),
      url: item.url,
      text: truncate(item.text),
      priority: item.priority,
      overdue: overdue(item) > 0 ? `${overdue(item)} ${overdue(item) === 1 ? 'day' : 'days'}` : null,
      due: item.due,
      incident: item.incidentId,
    })),
    copies: copies.filter((target) => target.startsWith('@')).map((target) => target.slice(1)),
  }
}

/** The days of a duration such as `7d`. */
export const daysOf = (duration: string): number => Number.parseInt(duration, 10)

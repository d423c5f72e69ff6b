// Reminders: at most one message per owner and day, on the item that is longest overdue, listing all of them.
import { putComment } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import { type Policy, zoneOf } from '../incident/policy/policy.ts'
import { inline, Markup } from '../markdown.ts'
import { placeOfStored } from '../shell/settings.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import type { OwedItem } from '../store/store.ts'
import { cut, FULL, fitting, rowSize } from '../texts/limits.ts'

/** Reminds one owner of everything that is due in the installation. Reads again what is owed now: an item that was
 * done, moved, reassigned or snoozed meanwhile is not in it, and nothing is sent where nothing is left. */
export async function remind(shell: Shell, installation: number, owner: string): Promise<void> {
  const owed = await shell.store.items.owedBy(installation, owner)
  const place = owed[0] && (await placeOfStored(shell, owed[0].repository))
  if (!place) return
  const now = shell.now()
  const today = place.calendar.date(now, zoneOf(place.policy, owner))
  if (await shell.store.reminders.sent(installation, owner, today)) return
  const soon = place.calendar.addDays(today, daysAhead(place.policy))
  const due = owed.filter((item) => item.due !== null && item.due <= soon && (item.snoozedUntil ?? 0) <= now)
  const [first] = due
  const where = first && (await placeOfStored(shell, first.repository))
  if (!first || !where) return
  const overdue = (item: OwedItem): number => (item.due ? place.calendar.daysBetween(item.due, today) : 0)
  const copies =
    overdue(first) >= daysOf(place.policy.reminders.escalate_after) ? place.policy.reminders.escalate_to : []
  const told = fitting(due, FULL / 2, ({ text, url }) => rowSize(inline(cut(text)).toString(), url))
  const body = shell.templates.render('reminder', {
    owner,
    count: due.length,
    several: due.length > 1,
    late: overdue(first) > 0,
    allLate: due.every((item) => overdue(item) > 0),
    more: told.more,
    items: told.shown.map((item) => ({
      number: new Markup(`#${item.number}`),
      url: item.url,
      text: cut(item.text),
      priority: item.priority,
      overdue: overdue(item) > 0 ? `${overdue(item)} ${overdue(item) === 1 ? 'day' : 'days'}` : null,
      due: item.due,
      incident: item.incidentId,
    })),
    copies: copies.filter((one) => one.startsWith('@')).map((one) => one.slice(1)),
  })
  const issue = { ...addressOf(where), number: first.number }
  const put = await putComment(where.github, issue, { mark: mark('remind', `${owner}-${today}`), body })
  await shell.store.reminders.save({ installation, owner, date: today, comment: put.id })
}

/** How many days before the due date somebody is first reminded. */
const daysAhead = (policy: Policy): number => Math.max(0, ...policy.reminders.before.map(daysOf))
const daysOf = (duration: string): number => Number.parseInt(duration, 10)

// Reminders: at most one message per owner and day, on the item that is longest overdue, listing all of them.
import { putComment } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import { type Policy, zoneOf } from '../incident/policy/policy.ts'
import { placeOfStored } from '../shell/settings.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { daysOf, reminderView } from '../texts/reminder.ts'
import { render } from '../texts/render.ts'

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
  const body = render(shell, 'reminder', reminderView(due, { owner, place, today }))
  const issue = { ...addressOf(where), number: first.number }
  const put = await putComment(where.github, issue, { mark: mark('remind', `${owner}-${today}`), body })
  await shell.store.reminders.save({ installation, owner, date: today, comment: put.id })
}

/** How many days before the due date somebody is first reminded. */
const daysAhead = (policy: Policy): number => Math.max(0, ...policy.reminders.before.map(daysOf))

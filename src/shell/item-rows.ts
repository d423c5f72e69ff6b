// Action items as rows of the store, for reminders and reports over all incidents.

import { dueDate } from '../incident/clock/reminder.ts'
import type { Incident } from '../incident/fold/nouns.ts'
import type { RepositoryRules } from '../incident/policy/policy.ts'
import type { Target } from '../store/store.ts'
import type { Shell } from './shell.ts'

/** Keeps the rows of an incident's items in step with its facts; runs inside the transaction of those facts. */
export async function saveItems(
  shell: Shell,
  target: Target,
  { after, rules }: { after: Incident; rules: RepositoryRules },
): Promise<void> {
  for (const item of after.items) {
    if (!item.issue) continue
    await shell.store.items.save({
      incident: target.incident,
      installation: target.installation,
      repository: target.repository,
      key: item.key,
      number: item.issue,
      owner: item.owner ?? null,
      due: dueDate(item, after, rules),
      priority: item.priority ?? null,
      text: item.text,
      state: item.state,
      services: after.services,
      snoozedUntil: item.snoozedUntil ?? null,
    })
  }
}

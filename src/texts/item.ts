// The text of an action item's own issue.
import { dueDate } from '../incident/clock/reminder.ts'
import { dueOf, type Item } from '../incident/item.ts'
import type { Loaded } from '../shell/load.ts'
import { nameOf, severityName } from './names.ts'
import type { ItemView } from './views.ts'

export function itemView({ incident, place, url }: Loaded, item: Item): ItemView {
  return {
    text: item.text,
    id: nameOf(incident),
    url,
    title: incident.title,
    severity: severityName(place.policy, incident.severity),
    owner: item.owner ?? null,
    due: dueDate(item, incident, place),
    backlog: dueOf(item, incident, place.policy) === 'backlog',
    priority: item.priority ?? null,
    review: incident.review?.url ?? null,
  }
}

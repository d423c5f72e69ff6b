// Action items: each becomes its own issue, and what is owed is kept as rows for reminders and reports.
import { addAssignees, getIssue, updateIssue } from '../github/issues.ts'
import { mark } from '../github/mark.ts'
import { createIssue } from '../github/new-issue.ts'
import { dueOf, type Item } from '../incident/action-item.ts'
import { dueDate } from '../incident/clock.ts'
import type { Incident } from '../incident/incident.ts'
import { severityName } from '../incident/living.ts'
import type { Target } from '../store.ts'
import { execute, ownFact, type Rules } from './execute.ts'
import type { Loaded } from './load.ts'
import { addressOf, type Shell } from './shell.ts'

/** Keeps the rows of an incident's items in step with its facts; runs inside the transaction of those facts. */
export async function saveItems(shell: Shell, target: Target, after: Incident, rules: Rules): Promise<void> {
  for (const item of after.items) {
    if (!item.issue) continue
    await shell.store.saveItem({
      incident: target.incident,
      installation: target.installation,
      repository: target.repository,
      key: item.key,
      number: item.issue,
      owner: item.owner ?? null,
      due: dueDate(item, after, rules.policy, rules.calendar),
      priority: item.priority ?? null,
      text: item.text,
      state: item.state,
      services: after.services,
      snoozedUntil: item.snoozedUntil ?? null,
    })
  }
}

/** Opens the issue of an action item, or finds the one that an earlier attempt made. */
export async function openItem(shell: Shell, loaded: Loaded, key: string): Promise<void> {
  const { incident, place, target, issue } = loaded
  const item = incident.items.find((one) => one.key === key)
  if (!item || item.issue || item.state === 'declined') return
  const labels = place.policy.action_items.labels
  const made = await createIssue(place.github, addressOf(place), {
    mark: mark('item', `${target.repository}-${target.number}-${key}`),
    title: itemTitle(incident, item),
    body: shell.templates.render('item', itemView(loaded, item)),
    labels: [labels[0] ?? 'post-incident-review', ...labels.slice(1)],
    ...(item.owner && { assignees: [item.owner] }),
    parent: issue,
  })
  const { number, nodeId, url, createdAt } = made.issue
  const { incident: id, repository } = target
  await shell.store.putRef({ incident: id, kind: 'item', key, number, repository, body: { nodeId, url } })
  await shell.store.putRef({
    incident: id,
    kind: 'node',
    key: nodeId,
    number,
    body: { what: 'item', item: key },
  })
  const fact = ownFact(
    { kind: 'item-opened', item: key, issue: number, url },
    { key: `item:${number}`, at: createdAt, by: null, url },
  )
  await execute(shell, target, { facts: [fact], rules: place })
}

const itemTitle = (incident: Incident, item: Item): string =>
  `[PIR] ${incident.id}: ${item.text.replaceAll(/\s+/g, ' ')}`.slice(0, 256)

function itemView(loaded: Loaded, item: Item) {
  const { incident, place } = loaded
  const due = dueDate(item, incident, place.policy, place.calendar)
  return {
    text: item.text,
    id: incident.id,
    url: loaded.url,
    title: incident.title,
    severity: severityName(place.policy, incident.severity),
    owner: item.owner ?? null,
    due,
    backlog: dueOf(item, incident, place.policy) === 'backlog',
    priority: item.priority ?? null,
    review: incident.review?.url ?? null,
  }
}

/** Makes an item's issue say what is so: open or closed, its title, its owner. */
export async function syncItem(_shell: Shell, loaded: Loaded, key: string): Promise<void> {
  const { incident, place, issue } = loaded
  const item = incident.items.find((one) => one.key === key)
  if (!item?.issue) return
  const target = { ...issue, number: item.issue }
  const present = await getIssue(place.github, target)
  if (!present) return
  await updateIssue(place.github, target, {
    title: itemTitle(incident, item),
    state: item.state === 'open' ? 'open' : 'closed',
    ...(item.state !== 'open' && {
      reason: item.state === 'done' ? ('completed' as const) : ('not_planned' as const),
    }),
    present,
  })
  if (item.owner && !present.assignees.includes(item.owner))
    await addAssignees(place.github, target, { logins: [item.owner], present: present.assignees })
}

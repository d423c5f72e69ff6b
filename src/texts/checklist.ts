// What to do now: the boxes of the current status, and the deadlines that a law or a contract sets.
import { isLive } from '../incident/base/lifecycle.ts'
import { deadlines } from '../incident/clock/deadline.ts'
import type { Incident } from '../incident/fold/nouns.ts'
import type { ChecklistStatus, Policy, RepositoryRules } from '../incident/policy/policy.ts'

export type Box = { text: string; checked: boolean; by: string | null }

/** The checklist of the status, then the deadlines. */
export const boxes = (incident: Incident, rules: RepositoryRules): Box[] => [
  ...checklist(incident, rules.policy),
  ...deadlineBoxes(incident, rules),
]

/** The boxes of the current status, from the repository's checklist and the type's; a person's tick is kept. */
function checklist(incident: Incident, policy: Policy): Box[] {
  if (!isLive(incident) && !['triage', 'resolved'].includes(incident.status)) return []
  const status = incident.status as ChecklistStatus
  const type = incident.type ? policy.types[incident.type] : undefined
  const texts = [...(policy.checklist[status] ?? []), ...(type?.checklist[status] ?? [])]
  return [...new Set(texts)].map((text) => ({
    text,
    checked: incident.ticks[text]?.checked ?? false,
    by: incident.ticks[text]?.by ?? null,
  }))
}

/** What the law or a contract asks for stays a box until it is ticked, also when all else is over. */
function deadlineBoxes(incident: Incident, { policy, calendar }: RepositoryRules): Box[] {
  return deadlines(incident, policy, calendar)
    .filter(({ met }) => !met || incident.status !== 'closed')
    .map(({ box, met }) => ({ text: box, checked: met, by: incident.ticks[box]?.by ?? null }))
}

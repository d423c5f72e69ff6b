// The links of the living comment: hotfixes, the review, runbooks, the bridge, the board.
import type { Incident } from '../incident/fold/nouns.ts'
import type { Policy } from '../incident/policy/policy.ts'
import { Markup } from '../markdown.ts'
import type { LivingView } from './views.ts'

type Links = LivingView['links']

/** In the order in which they are shown. */
export function linksOf(
  incident: Incident,
  { policy, boardUrl }: { policy: Policy; boardUrl: string | null },
): Links {
  const { hotfixes, review, bridge } = incident
  const found = [
    ...hotfixes.map(({ pull, url, state }) => ({
      label: 'hotfix ',
      text: new Markup(`#${pull} (${state})`),
      url,
    })),
    ...(review?.issue
      ? [{ label: 'review ', text: new Markup(`#${review.issue}`), url: review.url ?? '' }]
      : []),
    ...runbooks(incident, policy).map(({ name, url }) => ({ label: '', text: name, url })),
    ...(bridge ? [{ label: '', text: 'bridge', url: bridge }] : []),
    ...(boardUrl ? [{ label: '', text: 'board', url: boardUrl }] : []),
  ]
  return found.map((link, index) => ({ ...link, separator: index > 0 }))
}

function runbooks(incident: Incident, policy: Policy): { name: string; url: string }[] {
  const services = incident.services.flatMap((name) => {
    const url = policy.services[name]?.runbook
    return url ? [{ name: `runbook ${name}`, url }] : []
  })
  const url = incident.type ? policy.types[incident.type]?.runbook : null
  return url ? [{ name: `runbook ${incident.type}`, url }, ...services] : services
}

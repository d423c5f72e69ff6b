// The hotfix pull request: what its description says beside what was branched or reverted.
import { formatTime } from '../incident/timeline/format.ts'
import type { Loaded } from '../shell/load.ts'
import { severityName } from './names.ts'
import type { Views } from './views.ts'

type Common = Omit<Views['hotfix'], 'reverts' | 'base' | 'record' | 'from' | 'deployed'>

/** `now` in milliseconds. */
export function hotfixView({ incident, place, issue }: Loaded, now: number): Common {
  const services = incident.services.flatMap((name) => place.policy.services[name] ?? [])
  const { started } = incident.milestones
  const list = (workflows: readonly string[]): string | null => workflows.join(', ') || null
  return {
    number: issue.number,
    title: incident.title,
    severity: severityName(place.policy, incident.severity),
    started: started ? formatTime(started, now) : null,
    lead: incident.lead ? `@${incident.lead}` : null,
    rollback: list(services.flatMap(({ rollback }) => rollback?.workflow ?? [])),
    verify: services.flatMap(({ verify }) => verify ?? []),
    deploy: list(services.flatMap(({ deploy }) => deploy?.workflow ?? [])),
  }
}

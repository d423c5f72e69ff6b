// What an incident's issue shows besides its comments: labels, open or closed, the mark of an exercise in its title.

import { getIssue, setLabels, updateIssue } from '../github/issues/issues.ts'
import { SEVERITY_LABEL, STATUS_LABEL } from '../github/webhook/by-hand.ts'
import { isOver } from '../incident/base/lifecycle.ts'
import type { Incident } from '../incident/fold/nouns.ts'
import type { Policy } from '../incident/policy/policy.ts'
import { withDrill } from '../incident/timeline/format.ts'
import { type Loaded, refOf } from '../shell/load.ts'
import type { Shell } from '../shell/shell.ts'

const isOurs = (label: string): boolean => /^(sev|status):/i.test(label)

/** Exactly one `sev:*` and one `status:*`, the incident label, and open or closed as the status says. Looks at GitHub only
 * where something of that changed since the last look. */
export async function syncIssueState(shell: Shell, loaded: Loaded): Promise<void> {
  const { incident, place, issue, target } = loaded
  const want = wantedLabels(incident, place.policy)
  const over = isOver(incident)
  const ref = refOf(loaded, 'labels')
  const isTitleWrong = ref?.body.state === 'changed' && ref.body.title === 'wrong'
  const wanted = `${want.join()} ${over} ${incident.drill ? incident.title : ''}`
  if (ref?.body.state === 'settled' && ref.body.wanted === wanted) return
  const present = await getIssue(place.github, issue)
  if (!present) return
  await setLabels(place.github, issue, { want, managed: isOurs, present: present.labels })
  await updateIssue(place.github, issue, {
    ...(incident.drill ? { title: withDrill(incident.title) } : isTitleWrong && { title: incident.title }),
    state: over ? 'closed' : 'open',
    ...(over && { reason: incident.status === 'cancelled' ? 'not_planned' : 'completed' }),
    present,
  })
  const settled = { incident: target.incident, kind: 'labels' as const, key: '', number: null }
  await shell.store.refs.settle({ ...settled, body: { state: 'settled', wanted } }, ref)
}

/** Of a cancelled incident the label is a person's: who took it off has said so, and who puts it back declares again. */
function wantedLabels({ severity, status }: Incident, policy: Policy): string[] {
  const own = [`${SEVERITY_LABEL}${severity}`, `${STATUS_LABEL}${status}`]
  return status === 'cancelled' ? own : [policy.label, ...own]
}

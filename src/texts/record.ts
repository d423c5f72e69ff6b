// The incident's record as a file of the repository: front matter, the facts, the timeline.

import { parse, stringify } from 'yaml'
import { formatLength } from '../incident/timeline/format.ts'
import { milestones } from '../incident/timeline/timeline.ts'
import { Markup } from '../markdown.ts'
import type { Loaded } from '../shell/load.ts'
import type { Shell } from '../shell/shell.ts'
import { entries } from './entry.ts'
import { severityName } from './names.ts'
import { render } from './render.ts'

/** The record as far as it is known now: YAML front matter, then the timeline. */
export function recordText(shell: Shell, { incident, place, url }: Loaded): string {
  const { started, detected, mitigated, resolved } = incident.milestones
  const began = started ?? detected ?? shell.now()
  const ended = resolved ?? mitigated
  const frontMatter = stringify({
    id: incident.id,
    title: incident.title,
    severity: incident.severity,
    status: incident.status,
    lead: incident.lead,
    services: incident.services,
    issue: url,
    ...Object.fromEntries(milestones(incident).map(({ name, at }) => [name, new Date(at).toISOString()])),
  })
  return render(shell, 'record', {
    frontMatter: new Markup(frontMatter.trimEnd()),
    title: incident.title,
    began: place.calendar.date(began),
    severity: severityName(place.policy, incident.severity),
    status: incident.status,
    lead: incident.lead,
    lasted: ended ? formatLength(ended - began) : null,
    impact: incident.impact ?? null,
    cause: incident.cause ?? null,
    entries: entries(shell, incident, { policy: place.policy, url }),
  })
}

/** Whether a file is the record of this incident, by its front matter. */
export const isRecordOf = (text: string, id: string): boolean =>
  text.startsWith('---\n') && readFrontMatter(text) === id

function readFrontMatter(text: string): unknown {
  try {
    const values: unknown = parse(text.slice(4, text.indexOf('\n---', 4)))
    return typeof values === 'object' && values !== null && 'id' in values ? values.id : undefined
  } catch {
    return undefined
  }
}

// Every label that Mayday sets, with its colour and, by the template `label`, what it means.
import type { Label } from '../github/issues/labels.ts'
import type { Policy } from '../incident/policy/policy.ts'
import { Markup } from '../markdown.ts'
import type { Shell } from '../shell/shell.ts'
import { render } from './render.ts'
import type { Views } from './views.ts'

export const REVIEW_LABEL = 'post-incident-review'

const STATUS_COLOURS = {
  triage: 'fbca04',
  investigating: 'd93f0b',
  identified: 'd93f0b',
  fixing: 'e99695',
  monitoring: 'f9d0c4',
  resolved: '0e8a16',
  closed: 'c2e0c6',
  cancelled: 'ededed',
} as const
const SEVERITY_COLOURS = ['b60205', 'd93f0b', 'fbca04', 'c5def5']

/** GitHub takes no longer description (characters). */
const MAX_DESCRIPTION = 100

/** A description is plain text on GitHub: people's words in it are shown as they are. */
export function labelsOf(shell: Pick<Shell, 'templates'>, policy: Policy): Label[] {
  const description = (view: Views['label']): string =>
    render(shell, 'label', view).trim().slice(0, MAX_DESCRIPTION)
  const severities = policy.severities.map(({ key, name, means }, index) => ({
    name: `sev:${key}`,
    color: SEVERITY_COLOURS[Math.min(index, SEVERITY_COLOURS.length - 1)] ?? 'ededed',
    description: description({
      severity: { name: new Markup(name), means: means ? new Markup(means) : null },
    }),
  }))
  const statuses = Object.entries(STATUS_COLOURS).map(([status, color]) => ({
    name: `status:${status}`,
    color,
    description: description({ [status]: true }),
  }))
  return [
    { name: policy.label, color: 'b60205', description: description({ incident: true }) },
    ...severities,
    ...statuses,
    { name: REVIEW_LABEL, color: '5319e7', description: description({ review: true }) },
  ]
}

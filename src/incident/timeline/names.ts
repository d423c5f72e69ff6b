// Names of what an incident leaves behind: its branch, its record's file, the slug of its title; pure.
import type { Incident } from '../fold/nouns.ts'
import type { Calendar, Policy } from '../policy/policy.ts'

const LONGEST_SLUG = 50

/** The title in lower case, a–z, 0–9 and single hyphens, at most 50 characters; `incident` where nothing is left. */
export function slug(title: string): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
  return words.slice(0, LONGEST_SLUG).replace(/-$/, '') || 'incident'
}

/** `docs/incidents/incident-2025-12-18-search-index.md`; the date is that of _started_ in the repository's zone. */
export function recordPath(incident: Incident, policy: Policy, calendar: Calendar): string {
  const began = incident.milestones.started ?? incident.milestones.detected ?? 0
  return `${policy.review.path}/incident-${calendar.date(began)}-${slug(incident.title)}.md`
}

/** `hotfix/incident-INC-42`, then `-2` and so on for each further one. An id of the configuration may hold what a branch
 * may not: it becomes hyphens (git check-ref-format). */
export function hotfixBranch(id: string, round: number): string {
  const safe = id.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'incident'
  return `hotfix/incident-${safe}${round > 1 ? `-${round}` : ''}`
}

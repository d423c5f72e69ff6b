// The permissions that Mayday asks for, and what does not work without each.

const LEVELS = ['read', 'write', 'admin']

/** What goes missing with each permission of app.yml. */
const LOST: Readonly<Record<string, string>> = {
  issues: 'everything: the living comment, labels, reviews and action items',
  contents: 'the configuration, and the branch and the record of a hotfix',
  pull_requests: 'the pull request of a hotfix, and suspects',
  checks: 'the checks on hotfixes and on the configuration',
  actions: '/deploy and /rollback',
  deployments: 'what is live, and deployments on the timeline',
  statuses: 'whether the required checks of a hotfix passed',
  organization_projects: 'the board',
  members: 'teams as people to escalate to',
  metadata: 'everything',
}

/** Of an organization alone; a user's installation cannot have them. */
const OF_ORGANIZATIONS = ['organization_projects', 'members']

export type Lacking = { name: string; level: string }

/** What of `wanted` is granted less than asked for, or not at all. `forUser`: the account is a person's. */
export function lacking(
  granted: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
  forUser = false,
): Lacking[] {
  const rank = (level: string | undefined): number => LEVELS.indexOf(level ?? '')
  return Object.entries(wanted)
    .filter(
      ([name, level]) => rank(granted[name]) < rank(level) && !(forUser && OF_ORGANIZATIONS.includes(name)),
    )
    .map(([name, level]) => ({ name, level }))
}

/** `checks: write (without it: …)`. */
export const losses = (missing: readonly Lacking[]): string =>
  missing.map(({ name, level }) => `${name}: ${level} (without it goes ${LOST[name] ?? 'a part'})`).join('; ')

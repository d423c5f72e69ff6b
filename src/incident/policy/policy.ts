// A repository's rules as the core sees them: `.github/mayday.yml` after its defaults, every reference resolved.

import type { Duration, FixedDuration } from './duration.ts'

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** The statuses that a checklist can name: those of an incident that is not over, and `resolved`. */
export type ChecklistStatus = 'triage' | 'investigating' | 'identified' | 'fixing' | 'monitoring' | 'resolved'
type Checklist = { [status in ChecklistStatus]?: string[] }

export type Horizon = 'immediate' | 'short' | 'medium' | 'long'

/** Someone or something to tell: `@login`, `@organization/team`, or the name of a channel. */
export type Target = string

/** One step of an escalation. An empty `to` means the code owners of the affected services, else who declared. */
export type EscalationStep = { after: Duration; to: Target[]; text?: string }

export type Severity = {
  key: string
  name: string
  means: string
  /** Until acknowledged; null: no clock. */
  respond_within: Duration | null
  update_every: Duration | null
  external_within: Duration | null
  /** Channels and people; the repository's `announce` where the severity names none. */
  announce: Target[]
  /** The repository's `lead` where the severity names none. */
  lead: Target[]
  /** Approvals that a hotfix needs; null: as the branch asks. */
  approvals: number | null
  escalate: EscalationStep[]
  /** null: no review at all; `required: false`: only by `/review`. */
  review: { required: boolean; within: Duration } | null
  /** Time from the incident's resolution until an item is due; null: backlog, no due date. */
  action_items: { [horizon in Horizon]: Duration | null }
  /** Ignores working hours. */
  always: boolean
}

/** What a repository asks of a review, as it was when the fact was stated: a later configuration changes no incident
 * that is over. Missing in facts of older versions. */
export type ReviewRule = {
  /** The severities whose incidents must be reviewed. */
  severities: string[]
  /** Names of the sections that must be filled. */
  sections: string[]
}

export type PolicyClock = { name: string; within: Duration; to: Target[] }

export type IncidentType = {
  checklist: Checklist
  runbook: string | null
  /** Roles that this type adds to those of the repository. */
  roles: string[]
  clocks: PolicyClock[]
  /** Declared in a public repository, it warns first. */
  private: boolean
}

/** `inputs` may hold `{{id}} {{number}} {{sha}} {{branch}}`, nothing else. */
type WorkflowCall = { workflow: string; inputs: { [name: string]: string } }

type Verification = { url: string; expect: number; times: number; every: FixedDuration }

export type Service = {
  paths: string[]
  owners: Target[]
  runbook: string | null
  deploy: (WorkflowCall & { environment: string }) | null
  rollback: WorkflowCall | null
  verify: Verification | null
}

/** Globs of changed paths, one of which a merged pull request must touch, by the class of an action item. */
type EvidencePaths = { prevent: string[]; detect: string[] }

export type Policy = {
  label: string
  /** With `{number} {yyyy} {mm} {dd} {HH} {MM}`. */
  id: string
  timezone: string
  /** `from` and `to` are `HH:MM`, `from` before `to`. */
  working_hours: { days: Weekday[]; from: string; to: string }
  /** By login in lower case. */
  people: { [login: string]: { timezone: string } }
  bots: string[]
  announce: Target[]
  lead: Target[]
  roles: string[]
  /** Always the key of one of `severities`. */
  default_severity: string
  /** Most severe first, never empty. */
  severities: Severity[]
  types: { [type: string]: IncidentType }
  checklist: Checklist
  services: { [service: string]: Service }
  suspects: { window: FixedDuration }
  nudges: {
    no_lead: { after: FixedDuration; every: FixedDuration; times: number }
    update_overdue: { times: number }
    handover: { offer: FixedDuration; demand: FixedDuration }
    quiet: { after: FixedDuration; times: number }
  }
  hotfix: {
    /** `production`: the last good production deployment, else the default branch; anything else is a branch. */
    from: string
    reviewers: string[]
    labels: string[]
    draft: boolean
    auto_monitor: boolean
  }
  freeze: boolean | 'block'
  review: {
    /** Names of sections: their headings in lower case with hyphens. */
    required_sections: string[]
    executive_summary: boolean
    path: string
    within_meeting: Duration
  }
  action_items: { labels: string[]; evidence: false | EvidencePaths }
  board: 'auto' | 'none' | { number: number }
  reminders: {
    before: FixedDuration[]
    after: FixedDuration[]
    every: FixedDuration
    escalate_after: FixedDuration
    escalate_to: Target[]
    /** How long overdue an item is when it enters the managers' report. */
    report_after: FixedDuration
  }
  report: { every: 'week' | null; to: Target[] }
  targets: {
    detect: FixedDuration | null
    acknowledge: FixedDuration | null
    mitigate: FixedDuration | null
    resolve: FixedDuration | null
  }
  alerts: {
    /** Severities (ours) whose alerts are declared at once instead of waiting in `triage`. */
    declare: string[]
    auto_monitor: boolean
    /** The source's severity → ours. */
    severities: { [severity: string]: string }
    /** Label → value → service. */
    services: { [label: string]: { [value: string]: string } }
    absorb: FixedDuration
    reopen: FixedDuration
  }
}

/** Working hours, time zones and the ways in which people write a time. All moments are milliseconds since the
 * epoch, all dates `YYYY-MM-DD`, `zone` is an IANA name and the repository's `timezone` where it is missing. */
export type Calendar = {
  /** `d` keeps the wall clock over a change of summer time; `bd` counts working days and keeps it too. */
  add(from: number, duration: Duration, zone?: string): number
  isWorking(at: number, zone?: string): boolean
  /** `at` itself while working, else the next beginning of working hours. */
  nextWorking(at: number, zone?: string): number
  /** The first working moment on `date` or after it. */
  opens(date: string, zone?: string): number
  /** The next Monday's beginning of working hours, strictly after `at`. */
  nextMonday(at: number, zone?: string): number
  date(at: number, zone?: string): string
  /** The parts that an incident's id can use. */
  parts(at: number, zone?: string): { yyyy: string; mm: string; dd: string; HH: string; MM: string }
  /** `10:45` (the latest such moment not after `now`), `2025-12-18 10:45`, both also with `Z`, `+02:00`, `CET` …;
   * and `-15m`. null when it is none of these. May lie in the future where a date is given. */
  parseTime(text: string, now: number, zone?: string): number | null
  /** `2026-12-01`, `tomorrow`, a weekday's name, or a duration from `now` (`3d`, `2bd`); null otherwise. */
  parseDate(text: string, now: number, zone?: string): string | null
  addDays(date: string, days: number): string
  /** Days from `from` to `to`, negative when `to` is earlier. */
  daysBetween(from: string, to: string): number
}

/** What a repository's clocks and dates read. */
export type RepositoryRules = { policy: Policy; calendar: Calendar }

/** How severe `key` is: 0 is the worst; the number of severities for one that the policy does not know.
 * @later for alerts, which may raise a severity. */
export function severityRank(policy: Policy, key: string): number {
  const index = policy.severities.findIndex((severity) => severity.key === key)
  return index < 0 ? policy.severities.length : index
}

/** The severity that a person means by `key`, in any case; undefined where there is none. */
export function findSeverity(policy: Policy, key: string): Severity | undefined {
  const wanted = key.toLowerCase()
  return policy.severities.find((severity) => severity.key.toLowerCase() === wanted)
}

/** The rules of severity `key`; where the configuration has dropped it since, those of the default one.
 * @throws TypeError when the policy has no severities, which no parsed policy does. */
export function severityOf(policy: Policy, key: string): Severity {
  const severity = findSeverity(policy, key) ?? findSeverity(policy, policy.default_severity)
  if (!severity)
    throw new TypeError(`default_severity ${policy.default_severity} is not among the severities`)
  return severity
}

/** What this policy asks of a review, for the fact that begins one. */
export const reviewRule = ({ severities, review }: Policy): ReviewRule => ({
  severities: severities.filter((severity) => severity.review?.required).map(({ key }) => key),
  sections: review.required_sections,
})

/** The service of that name, in any case; undefined where there is none. */
export function findService(policy: Policy, name: string): { name: string; service: Service } | undefined {
  return findEntry(policy.services, name, (key, service) => ({ name: key, service }))
}

/** The incident type of that name, in any case; undefined where there is none. */
export function findType(policy: Policy, name: string): { name: string; type: IncidentType } | undefined {
  return findEntry(policy.types, name, (key, type) => ({ name: key, type }))
}

/** By own keys only, so that a person's `constructor` finds nothing. */
function findEntry<V, R>(
  map: { [key: string]: V },
  name: string,
  found: (key: string, value: V) => R,
): R | undefined {
  const entry = Object.entries(map).find(([key]) => key.toLowerCase() === name.toLowerCase())
  return entry && found(...entry)
}

/** The time zone to reach a person in. */
export function zoneOf(policy: Policy, login: string): string {
  const key = login.toLowerCase()
  return (Object.hasOwn(policy.people, key) ? policy.people[key]?.timezone : undefined) ?? policy.timezone
}

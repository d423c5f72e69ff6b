// The schema of `.github/mayday.yml`: the only source of its keys, their defaults, their reference and their checks.
import { z } from 'zod'
import {
  branch,
  count,
  fixedPeriod,
  flag,
  folder,
  glob,
  incidentId,
  label,
  login,
  name,
  period,
  reviewer,
  section,
  severityKey,
  targets,
  timeOfDay,
  timezone,
  words,
} from './fields.ts'
import { incidentType, service, steps } from './service-schema.ts'
import { severity } from './severity-schema.ts'

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])

const evidence = z
  .union([flag, section({ prevent: z.array(glob).exactOptional(), detect: z.array(glob).exactOptional() })])
  .meta({
    description:
      'Paths that the pull request of an item must touch: tests for `prevent`, alert rules for `detect`',
    allowed: '`true`, `false`, or lists of paths under `prevent` and `detect`',
  })

export const file = section({
  _extends: words
    .meta({
      description:
        'A repository whose file is read first: `repository`, `owner/repository` or either with `:path`',
    })
    .exactOptional(),
  label: label.meta({ description: 'The label that declares an incident' }).default('incident'),
  id: incidentId.meta({ description: "An incident's name" }).default('INC-{number}'),
  timezone: timezone
    .meta({ description: 'For times without a zone, working hours and reports' })
    .default('UTC'),
  working_hours: section({
    days: z
      .array(weekday)
      .min(1)
      .meta({ allowed: 'at least one of `mon tue wed thu fri sat sun`' })
      .default(['mon', 'tue', 'wed', 'thu', 'fri']),
    from: timeOfDay.default('09:00'),
    to: timeOfDay.default('18:00'),
  })
    .meta({ description: 'When people are reminded, and what counts as a business day' })
    .prefault({}),
  people: z
    .record(login, section({ timezone }))
    .meta({ description: 'People in another time zone, by login' })
    .default({}),
  bots: z.array(login).meta({ description: 'Bots whose comments may be commands' }).default([]),
  announce: targets.meta({ description: 'Where every incident is told' }).default([]),
  lead: targets.meta({ description: 'Who leads where nobody took it' }).default([]),
  roles: z
    .array(name)
    .meta({ description: 'Roles beside the lead' })
    .default(['tech', 'comms', 'security', 'scribe']),
  default_severity: severityKey
    .meta({
      description: 'Where a declaration names none',
      defaults: '`P2`, else the third of the list or its last',
    })
    .exactOptional(),
  severities: z
    .record(severityKey, severity)
    .meta({
      description: 'Most severe first; naming one replaces the default list',
      defaults: 'P0 to P3, see below',
    })
    .exactOptional(),
  types: z.record(name, incidentType).meta({ description: 'Kinds of incident for `/type`' }).default({}),
  checklist: section({
    triage: steps.default(['Find out whether it is real']),
    investigating: steps.default([
      'Say who notices what',
      'Look at recent changes',
      'Decide: roll back or find the cause',
    ]),
    identified: steps.default(['Choose the way: rollback, revert or hotfix']),
    fixing: steps.default(['Know how to undo the fix', 'Have the fix approved']),
    monitoring: steps.default(['Check that people are served again']),
    resolved: steps.default(['Tell those who were told that it began']),
  })
    .meta({ description: 'What to do, by status; naming a status replaces its list' })
    .prefault({}),
  services: z.record(name, service).meta({ description: 'What can break, for `/service`' }).default({}),
  suspects: section({
    window: fixedPeriod.meta({ description: 'How long before the start a change is suspect' }).default('24h'),
  }).prefault({}),
  nudges: section({
    no_lead: section({
      after: fixedPeriod.default('2m'),
      every: fixedPeriod.default('5m'),
      times: count.default(5),
    })
      .meta({ description: 'While nobody leads' })
      .prefault({}),
    update_overdue: section({ times: count.default(3) })
      .meta({ description: 'Reminders in a row before the next step of the escalation' })
      .prefault({}),
    handover: section({ offer: fixedPeriod.default('1h'), demand: fixedPeriod.default('3h') })
      .meta({ description: 'When a lead is offered a handover, and when it is demanded' })
      .prefault({}),
    quiet: section({ after: fixedPeriod.default('1d'), times: count.default(5) })
      .meta({ description: 'When nobody has said anything' })
      .prefault({}),
  }).prefault({}),
  hotfix: section({
    from: branch
      .meta({ description: '`production`: the last good deployment, else the default branch; or a branch' })
      .default('production'),
    reviewers: z.array(reviewer).meta({ description: 'Else CODEOWNERS of the services’ paths' }).default([]),
    labels: z.array(label).default(['hotfix', 'urgent']),
    draft: flag.default(true),
    auto_monitor: flag.meta({ description: 'Verified: the incident moves to `monitoring`' }).default(true),
  }).prefault({}),
  freeze: z
    .union([flag, z.literal('block')])
    .meta({
      description: 'Marks pull requests on affected services while one of the two worst severities is open',
      allowed: '`true`, `false` or `block`',
    })
    .default(false),
  review: section({
    required_sections: z
      .array(name)
      .meta({ description: 'Sections that must be filled: their headings in lower case with hyphens' })
      .default(['summary', 'what-happened', 'why-it-happened', 'lessons']),
    executive_summary: flag.meta({ description: 'Adds a second file with the summary' }).default(false),
    path: folder.meta({ description: 'Where records of incidents are kept' }).default('docs/incidents'),
    within_meeting: period
      .meta({ description: 'When the meeting is proposed, after the resolution' })
      .default('2bd'),
  }).prefault({}),
  action_items: section({
    labels: z.array(label).default(['post-incident-review', 'improvement']),
    evidence: evidence.default(false),
  }).prefault({}),
  board: z
    .union([
      z.enum(['auto', 'none']),
      section({ number: z.int().min(1).meta({ allowed: 'the number of a board' }) }),
    ])
    .meta({ description: 'The Projects board', allowed: '`auto`, `none` or `{ number: 7 }`' })
    .default('auto'),
  reminders: section({
    before: z.array(fixedPeriod).default(['2d']),
    after: z.array(fixedPeriod).default(['3d', '7d']),
    every: fixedPeriod.meta({ description: 'After the last of `after`' }).default('7d'),
    escalate_after: fixedPeriod
      .meta({ description: 'Overdue this long, `escalate_to` is copied' })
      .default('7d'),
    escalate_to: targets.default([]),
    report_after: fixedPeriod.meta({ description: 'Overdue this long, the report names it' }).default('14d'),
  })
    .meta({ description: 'Of action items and reviews, around the day on which they are due' })
    .prefault({}),
  report: section({
    every: z.enum(['week', 'off']).meta({ allowed: '`week` or `off`' }).default('week'),
    to: targets.meta({ description: 'Who is told of it' }).default([]),
  }).prefault({}),
  targets: section({
    detect: fixedPeriod.exactOptional(),
    acknowledge: fixedPeriod.exactOptional(),
    mitigate: fixedPeriod.exactOptional(),
    resolve: fixedPeriod.exactOptional(),
  })
    .meta({ description: 'What the report compares its times with' })
    .prefault({}),
  alerts: section({
    declare: z
      .array(severityKey)
      .meta({ description: 'Severities that are declared without a person’s `/accept`' })
      .default([]),
    auto_monitor: flag.meta({ description: 'All alerts recovered: moves to `monitoring`' }).default(false),
    severities: z
      .record(words, severityKey)
      .meta({ description: 'Severity of the source → ours' })
      .default({}),
    services: z
      .record(words, z.record(words, name))
      .meta({ description: 'Label of the alert → its value → service' })
      .default({}),
    absorb: fixedPeriod.meta({ description: 'Firing again this soon changes nothing' }).default('15m'),
    reopen: fixedPeriod.meta({ description: 'Firing again this soon reopens' }).default('24h'),
  }).prefault({}),
})

/** The file after the schema's own defaults. */
export type PolicyFile = z.output<typeof file>

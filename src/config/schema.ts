// The schema of `.github/mayday.yml`: the only source of its keys, their defaults, their reference and their checks.
import { z } from 'zod'
import {
  address,
  branch,
  count,
  duration,
  fixedPeriod,
  flag,
  folder,
  glob,
  incidentId,
  input,
  label,
  login,
  name,
  off,
  period,
  reviewer,
  section,
  severityKey,
  targets,
  timeOfDay,
  timezone,
  words,
  workflow,
} from './fields.ts'

const clock = z.union([period, off])
const due = z.union([period, z.literal('backlog')])
const runbook = address.meta({ description: 'Where people read how to handle it' }).exactOptional()

const steps = z.array(words)
const checklist = section({
  triage: steps.exactOptional(),
  investigating: steps.exactOptional(),
  identified: steps.exactOptional(),
  fixing: steps.exactOptional(),
  monitoring: steps.exactOptional(),
  resolved: steps.exactOptional(),
})

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])

/** Every key optional: what is missing comes from the default severity of the same key, else from nothing. */
export const severity = section({
  name: words.meta({ description: 'Shown beside the key' }).exactOptional(),
  means: words.meta({ description: 'When to choose it' }).exactOptional(),
  respond_within: clock.meta({ description: 'Time until somebody has acknowledged' }).exactOptional(),
  update_every: clock.meta({ description: 'Time between two updates for stakeholders' }).exactOptional(),
  external_within: clock.meta({ description: 'Time until the first public update' }).exactOptional(),
  announce: targets.meta({ description: 'Who is told; else the general `announce`' }).exactOptional(),
  lead: targets.meta({ description: 'Who leads; else the general `lead`' }).exactOptional(),
  approvals: z
    .union([z.int().min(0).max(10), z.literal('branch')])
    .meta({
      description: 'Approvals that a hotfix needs; `branch`: those that its branch asks for',
      allowed: 'a whole number from 0 to 10, or `branch`',
    })
    .exactOptional(),
  escalate: z
    .array(section({ after: duration, to: targets, text: words.exactOptional() }))
    .meta({
      description: 'Steps while nobody has acknowledged',
      defaults: 'one step at `respond_within`, to the code owners of the services',
    })
    .exactOptional(),
  review: z
    .union([
      z.enum(['none', 'off']),
      section({ required: flag.default(true), within: period.default('5bd') }),
    ])
    .meta({ description: 'The review after the incident; `required: false` makes it only on `/review`' })
    .exactOptional(),
  action_items: section({
    immediate: due.exactOptional(),
    short: due.exactOptional(),
    medium: due.exactOptional(),
    long: due.exactOptional(),
  })
    .meta({ description: 'When an action item of each horizon is due; `backlog`: never' })
    .exactOptional(),
  always: flag.meta({ description: 'Does not wait for working hours' }).exactOptional(),
})

const incidentType = section({
  checklist: checklist.exactOptional(),
  runbook,
  roles: z.array(name).meta({ description: 'Roles beside the general ones' }).default([]),
  clocks: z
    .array(section({ name: words, within: period, to: targets.default([]) }))
    .meta({ description: 'Further deadlines, counted from the declaration' })
    .default([]),
  private: flag
    .meta({
      description: 'Warns before it is declared in a public repository',
      defaults: '`true` for `security`',
    })
    .exactOptional(),
})

const workflowInputs = z.record(name, input).default({})

const service = section({
  paths: z.array(glob).meta({ description: 'What belongs to the service' }).default([]),
  owners: targets.meta({ description: 'Who is asked first; else CODEOWNERS of its paths' }).default([]),
  runbook,
  deploy: section({ workflow, inputs: workflowInputs, environment: words.default('production') })
    .meta({ description: 'Dispatched when a hotfix is merged, and by `/deploy`' })
    .exactOptional(),
  rollback: section({ workflow, inputs: workflowInputs })
    .meta({ description: 'Dispatched by `/rollback`' })
    .exactOptional(),
  verify: section({
    url: address,
    expect: z.int().min(100).max(599).meta({ allowed: 'an HTTP status such as `200`' }).default(200),
    times: z.int().min(1).max(100).meta({ allowed: 'a whole number from 1 to 100' }).default(10),
    every: fixedPeriod.default('6s'),
  })
    .meta({ description: 'Asked after a deployment and by `/verify`' })
    .exactOptional(),
})

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
export type SeverityFile = z.output<typeof severity>

// The schemas of a service and of a type of incident.
import { z } from 'zod'
import {
  address,
  fixedPeriod,
  flag,
  glob,
  input,
  name,
  period,
  section,
  targets,
  words,
  workflow,
} from './fields.ts'

const runbook = address.meta({ description: 'Where people read how to handle it' }).exactOptional()

export const steps = z.array(words)
const checklist = section({
  triage: steps.exactOptional(),
  investigating: steps.exactOptional(),
  identified: steps.exactOptional(),
  fixing: steps.exactOptional(),
  monitoring: steps.exactOptional(),
  resolved: steps.exactOptional(),
})

export const incidentType = section({
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

export const service = section({
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

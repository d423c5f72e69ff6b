// The schema of one severity.
import { z } from 'zod'
import { duration, flag, off, period, section, targets, words } from './fields.ts'

const clock = z.union([period, off])
const due = z.union([period, z.literal('backlog')])
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

export type SeverityFile = z.output<typeof severity>

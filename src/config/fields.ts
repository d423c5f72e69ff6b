// The kinds of value in `.github/mayday.yml`, each with the words that say what is allowed.
import { z } from 'zod'
import { type Duration, type FixedDuration, parseDuration } from '../incident/policy/duration.ts'

/** What a schema says of itself beside its type: shown in refusals, in the reference and in editors. */
declare module 'zod' {
  interface GlobalMeta {
    /** Continues "allowed: …". */
    allowed?: string
    /** The default in words, where no single value says it. */
    defaults?: string
    type?: 'string'
    pattern?: string
  }
}

/** A string of the given form. */
function text(pattern: RegExp, allowed: string) {
  return z.string().regex(pattern).meta({ allowed })
}

/** A map with fixed keys, all of them optional; any other key is refused. */
export const section = z.strictObject

export const words = text(/^(?=.*\S)[^\n]{1,300}$/u, 'one line of text, at most 300 characters')
export const flag = z.boolean().meta({ allowed: '`true` or `false`' })

export const duration = z
  .custom<Duration>((value) => typeof value === 'string' && parseDuration(value)?.duration === value)
  .meta({
    type: 'string',
    pattern: '^(0|[1-9][0-9]{0,3})(s|m|h|d|bd)$',
    allowed: 'a duration such as `30s`, `15m`, `2h`, `3d` or `5bd` (business days)',
  })

/** A duration that repeats or limits, so never zero. */
export const period = z
  .custom<Duration>((value) => typeof value === 'string' && isPeriod(value) && parseDuration(value) !== null)
  .meta({
    type: 'string',
    pattern: '^[1-9][0-9]{0,3}(s|m|h|d|bd)$',
    allowed: 'a duration above zero such as `30s`, `15m`, `2h`, `3d` or `5bd` (business days)',
  })

/** A period without business days. */
export const fixedPeriod = z
  .custom<FixedDuration>(
    (value) => typeof value === 'string' && isPeriod(value) && parseDuration(value)?.unit !== 'bd',
  )
  .meta({
    type: 'string',
    pattern: '^[1-9][0-9]{0,3}[smhd]$',
    allowed: 'a duration above zero such as `30s`, `15m`, `2h` or `3d`',
  })

function isPeriod(value: string): boolean {
  const parsed = parseDuration(value)
  return parsed !== null && parsed.duration === value && parsed.amount > 0
}

export const off = z.literal('off')

/** `@login`, `@organization/team` or a channel's name. */
const target = text(
  /^(@[A-Za-z0-9][A-Za-z0-9-]{0,38}(\/[A-Za-z0-9_.-]{1,100})?|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/,
  '`@login`, `@organization/team` or the name of a channel',
)
export const targets = z.array(target)

/** A person or a team, with or without `@`. */
export const reviewer = text(
  /^@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(\/[A-Za-z0-9_.-]{1,100})?$/,
  'a login or `@organization/team`',
)

export const login = text(/^@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(\[bot\])?$/, 'a login on GitHub')
export const label = text(/^(?=.*\S)[^\n,]{1,50}$/u, 'the name of a label, at most 50 characters')
export const name = text(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'one word of letters, digits, `-`, `_` and `.`')
export const glob = text(/^[^\n\\]{1,300}$/u, 'a pattern of paths such as `services/api/**`')
export const address = text(/^https?:\/\/[^\s<>"\\]{1,2000}$/, 'an address that begins with `https://`')
export const count = z.int().min(0).max(1_000).meta({ allowed: 'a whole number from 0 to 1000' })

/** Severities become labels (`sev:P0`) and options of a board; a leading letter keeps their order in a map. */
export const severityKey = text(
  /^[A-Za-z][A-Za-z0-9_-]{0,19}$/,
  'a short word that begins with a letter, such as `P0`',
)

export const timeOfDay = text(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as `"09:00"`')

export const timezone = z
  .string()
  .refine((value) => isZone(value))
  .meta({ allowed: 'a time zone such as `Europe/Berlin` or `UTC`' })

function isZone(value: string): boolean {
  if (/^[+-]/.test(value)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const incidentId = text(
  /^(?=.*[^{}])([A-Za-z0-9_-]|\{(number|yyyy|mm|dd|HH|MM)\})+$/,
  'letters, digits, `-`, `_` and `{number} {yyyy} {mm} {dd} {HH} {MM}`',
)

export const folder = text(
  /^(?!\.git(\/|$))(?!(.*\/)?\.{1,2}(\/|$))[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
  'a folder of this repository such as `docs/incidents`',
)

/** A conservative part of what `git check-ref-format` allows. */
export const branch = text(
  /^(?!.*(\.\.|\/\/|\.lock$|[/.]$))[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$/,
  '`production` or the name of a branch',
)

export const workflow = text(
  /^[A-Za-z0-9_.-]{1,100}\.ya?ml$/,
  'the file name of a workflow such as `deploy.yml`',
)

/** Workflow inputs reach GitHub as strings; numbers and booleans are taken as they are written. */
export const input = z
  .union([z.string().max(1_000), z.number(), z.boolean()])
  .refine((value) => !hasForeignPlaceholder(String(value)))
  .meta({ allowed: 'text with no placeholders but `{{id}} {{number}} {{sha}} {{branch}}`' })

function hasForeignPlaceholder(value: string): boolean {
  return /\{\{|\}\}/.test(value.replace(/\{\{(id|number|sha|branch)\}\}/g, ''))
}

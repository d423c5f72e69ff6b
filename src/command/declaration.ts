// `/declare`, `/accept`, `/drill`: how an incident begins.
import type { Refusal } from '../incident/base/refusal.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import { findSeverity, type Policy, reviewRule } from '../incident/policy/policy.ts'
import { type Arguments, plainWord } from './arguments/arguments.ts'
import { flagOf } from './arguments/flags.ts'
import { finder } from './arguments/near-word.ts'
import { timeIn } from './arguments/times.ts'
import { afterWords, firstWords, singleSpaced } from './arguments/tokens.ts'
import { Wrong } from './arguments/wrong.ts'
import { type CommandContext, onIncident, type ReadContext, row } from './row.ts'
import { unbracketed, unknownSeverity } from './severity.ts'

type Said = {
  severity?: string | undefined
  summary?: string | undefined
  since?: string | undefined
  resolved?: string | undefined
}
type Declared = Extract<Fact, { kind: 'declared' }>

export const declare = row({
  usage: '/declare [sev] [summary]',
  does: 'Declares an incident on this issue.',
  right: 'triage',
  where: 'anywhere',
  begins: true,
  examples: ['/declare P1 Search answers from a stale index', '/declare --since "2025-12-18 10:10"'],
  read: readDeclare,
  fact: declared,
})

export const accept = row({
  usage: '/accept',
  does: 'Confirms an incident that waits in triage.',
  ...onIncident,
  examples: ['/accept'],
  read: () => ({}),
  fact: () => ({ kind: 'accepted' }),
})

/** On a plain issue an exercise begins by being declared. */
export const drill = row({
  usage: '/drill',
  does: 'Marks the incident as an exercise, or declares one.',
  right: 'triage',
  where: 'anywhere',
  begins: true,
  examples: ['/drill'],
  read: () => ({}),
  fact(_, context) {
    if (!context.plain) return { kind: 'drilled' }
    const fact = declared({}, context)
    return 'code' in fact ? fact : { ...fact, drill: true }
  },
})

/** `/declare [sev] [summary]` with `--since <time>` and `--resolved <time>` anywhere on the line. Without the policy's
 * severities, the first word is one only where it looks like `P1`, `SEV-2` or stands in brackets. */
function readDeclare(args: Arguments, context: ReadContext): Said {
  const { text, since, resolved } = withoutTimes(args.takeLine())
  if (resolved && !since) throw new Wrong('needs-since', { right: '/declare --since 10:10 --resolved 11:30' })
  const first = plainWord(firstWords(text, 1)[0] ?? '') ?? ''
  const severity = isSeverity(first, context) ? unbracketed(first) : undefined
  const summary = afterWords(text, severity ? 1 : 0).replace(/^[-–—:] +/, '') || undefined
  return { severity, summary, since, resolved }
}

const nearSpan = finder(['since', 'resolved'] as const)

function withoutTimes(line: string): { text: string; since?: string; resolved?: string } {
  const times: { since?: string; resolved?: string } = {}
  const pieces: string[] = []
  let from = 0
  for (const { index, 0: word } of line.matchAll(/(?<!\S)[-‐‑‒–—−]{1,2}[a-z]{2,12}(?:=\S{1,40})?(?!\S)/gi)) {
    const flag = flagOf(word)
    const name = flag && nearSpan(flag.name)
    if (index < from || !flag || !name || (name !== flag.name && !flag.long)) continue
    if (name !== flag.name) throw new Wrong('unknown-option', { right: `/declare --${name} <time>` })
    const behind = line.slice(index + word.length)
    const found = timeIn([...(flag.value ? [flag.value] : []), ...firstWords(behind, 4)])
    if (!found)
      throw new Wrong(`needs-time-after-${name}`, { right: `/declare --${name} "2025-12-18 10:10"` })
    times[name] = found.time
    pieces.push(line.slice(from, index))
    from = line.length - afterWords(behind, found.used - (flag.value ? 1 : 0)).length
  }
  return { text: singleSpaced([...pieces, line.slice(from)].join(' ')), ...times }
}

/** A severity among the words of `/declare`: a key of the policy, or what can hardly be anything else. */
function isSeverity(word: string, context: ReadContext): boolean {
  const key = unbracketed(word).toLowerCase()
  if (context.severities?.some((severity) => severity.toLowerCase() === key)) return true
  return key !== word.toLowerCase() || /^(?:p|s|sev)-?\d$/.test(key)
}

/** The fact of `/declare`, now or of a past incident. */
function declared(said: Said, context: CommandContext): Declared | Refusal {
  const { policy, issue } = context
  const past = pastTimes(said, context)
  if ('code' in past) return past
  const severity = said.severity ? findSeverity(policy, said.severity) : undefined
  if (said.severity && !severity) return unknownSeverity(said.severity, policy)
  return {
    kind: 'declared',
    id: incidentId(issue.number, context),
    title: issue.title,
    ...statedSeverity(severity?.key ?? issue.severity, policy),
    summary: said.summary,
    ...past,
  }
}

type Past = Pick<Declared, 'since' | 'resolved' | 'review'>

/** When a past incident began and ended: both before the command, in this order. */
function pastTimes({ since, resolved }: Said, { calendar, at, policy }: CommandContext): Past | Refusal {
  if (since === undefined) return {}
  const usage = '/declare --since "2025-12-18 10:10"'
  const began = calendar.parseTime(since, at)
  if (began === null || began > at) return { code: 'time', given: since, usage }
  if (resolved === undefined) return { since: began }
  const ended = calendar.parseTime(resolved, at)
  if (ended === null || ended > at)
    return { code: 'time', given: resolved, usage: `${usage} --resolved 11:30` }
  if (ended < began) return { code: 'before-started', milestone: 'resolved', time: began }
  return { since: began, resolved: ended, review: reviewRule(policy) }
}

/** The severity of a declaration: the one that somebody named, else the repository's default, as such. */
export const statedSeverity = (
  severity: string | null,
  policy: Policy,
): { severity: string; assumed?: true } =>
  severity ? { severity } : { severity: policy.default_severity, assumed: true }

/** The incident's public id by the repository's pattern. */
export function incidentId(
  number: number,
  { policy, calendar, at }: Pick<CommandContext, 'policy' | 'calendar' | 'at'>,
): string {
  const parts: Record<string, string> = { number: String(number), ...calendar.parts(at) }
  return policy.id.replaceAll(/\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole)
}

// How the commands with more than one or two plain arguments are read.

import { MILESTONES, STATUSES } from '../incident/base/lifecycle.ts'
import { type Arguments, plainWord, requireName, requireText, Wrong } from './arguments/arguments.ts'
import { finder, nearest } from './arguments/near-word.ts'
import { requireTime, timeIn } from './arguments/times.ts'
import { afterWords, firstWords, singleSpaced } from './arguments/tokens.ts'
import type { Command } from './command.ts'

/** What a command is read against; `severities` are the keys of the policy, where it is known. */
export type Context = { severities?: readonly string[] }

const nearSpan = finder(['since', 'resolved'] as const)

/** `/declare [sev] [summary]` with `--since <time>` and `--resolved <time>` anywhere on the line. Without the policy's
 * severities, the first word is one only where it looks like `P1`, `SEV-2` or stands in brackets. */
export function readDeclare(args: Arguments, context: Context): Command {
  const { text, since, resolved } = withoutTimes(args.takeLine())
  if (resolved && !since)
    throw new Wrong('flag', 'needs `--since` too', '/declare --since 10:10 --resolved 11:30')
  const first = plainWord(firstWords(text, 1)[0] ?? '') ?? ''
  const severity = isSeverity(first, context) ? unbracketed(first) : undefined
  const summary = afterWords(text, severity ? 1 : 0).replace(/^[-–—:] +/, '')
  return {
    verb: 'declare',
    ...(severity && { severity }),
    ...(summary && { summary }),
    ...(since && { since }),
    ...(resolved && { resolved }),
  }
}

function withoutTimes(line: string): { text: string; since?: string; resolved?: string } {
  const times: { since?: string; resolved?: string } = {}
  const pieces: string[] = []
  let from = 0
  for (const { index, 0: word } of line.matchAll(/(?<!\S)[-‐‑‒–—−]{1,2}[a-z]{2,12}(?:=\S{1,40})?(?!\S)/gi)) {
    const flag = flagOf(word)
    const name = flag && nearSpan(flag.name)
    if (index < from || !flag || !name || (name !== flag.name && !flag.long)) continue
    if (name !== flag.name) throw new Wrong('flag', 'has an unknown option', `/declare --${name} <time>`)
    const behind = line.slice(index + word.length)
    const found = timeIn([...(flag.value ? [flag.value] : []), ...firstWords(behind, 4)])
    if (!found)
      throw new Wrong('time', `needs a time after \`--${name}\``, `/declare --${name} "2025-12-18 10:10"`)
    times[name] = found.time
    pieces.push(line.slice(from, index))
    from = line.length - afterWords(behind, found.used - (flag.value ? 1 : 0)).length
  }
  return { text: singleSpaced([...pieces, line.slice(from)].join(' ')), ...times }
}

/** `--since`, `--since=…`, and what phones make of it: `—since`, `–since`. `long`: surely an option. */
function flagOf(word: string): { name: string; value: string; long: boolean } | undefined {
  const match = /^([-‐‑‒–—−]{1,2})([a-z]{2,12})(?:=(.{1,40}))?$/i.exec(word)
  if (!match) return undefined
  const [, dashes = '', name = '', value = ''] = match
  return { name: name.toLowerCase(), value, long: dashes !== '-' }
}

/** A severity among the words of `/declare`: a key of the policy, or what can hardly be anything else. */
function isSeverity(word: string, context: Context): boolean {
  const key = unbracketed(word).toLowerCase()
  if (context.severities?.some((severity) => severity.toLowerCase() === key)) return true
  return key !== word.toLowerCase() || /^(?:p|s|sev)-?\d$/.test(key)
}

/** `P1` of `[P1]`, `(P1)` and `sev:P1`. */
export function unbracketed(word: string): string {
  return /^[[(]([^\])]+)[\])]$/.exec(word)?.[1] ?? /^sev:(.+)$/i.exec(word)?.[1] ?? word
}

/** What cannot be reached by `/status`, why, and the command that does what was meant. */
const OTHERWISE: ReadonlyMap<string, readonly [problem: string, right: string]> = new Map([
  ['triage', ['is only for alerts that nobody has confirmed; the beginning is', '/status investigating']],
  ['resolved', ['has its own command', '/resolve']],
  ['closed', ['comes by itself once the review is complete; an incident ends with', '/resolve']],
  ['cancelled', ['has its own command', '/cancel <reason>']],
  ['canceled', ['has its own command', '/cancel <reason>']],
])

/** `/status <status> [note]`.
 * @throws Wrong for what is no status, and for those that have a command of their own. */
export function readStatus(args: Arguments): Command {
  const status = requireName(args, 'a status').toLowerCase()
  const [problem, right] = OTHERWISE.get(status) ?? []
  if (problem) throw new Wrong('status', problem, right)
  if (!STATUSES.some((known) => known === status)) {
    const near = nearest(status, STATUSES)
    const statuses = STATUSES.filter((known) => !OTHERWISE.has(known)).join(' ')
    const meant = near && (OTHERWISE.get(near)?.[1] ?? `/status ${near}`)
    throw new Wrong('status', `is none of \`${statuses}\``, meant)
  }
  const note = args.text()
  return { verb: 'status', status, ...(note && { note }) }
}

/** `/update [--public] <text>`; the option may end the first line or the text as well.
 * @throws Wrong where there is no text, and for what is nearly `--public`: nobody must believe that it was published. */
export function readUpdate(args: Arguments): Command {
  const first = flagOf(args.words(1)[0] ?? '')
  const begins = first?.name === 'public'
  if (begins) args.skip(1)
  else if (first?.long && nearest(first.name, ['public']))
    throw new Wrong('flag', 'has an unknown option', '/update --public <text>')
  const text = args.text() ?? ''
  const lineEnd = text.includes('\n') ? text.indexOf('\n') : text.length
  const line = withoutPublic(text.slice(0, lineEnd))
  const below = withoutPublic(text.slice(lineEnd))
  const words = `${line.text}${below.text}`.trim()
  if (words === '') throw new Wrong('text', 'needs a text')
  return { verb: 'update', text: words, public: begins || line.public || below.public }
}

function withoutPublic(text: string): { text: string; public: boolean } {
  const start = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n')) + 1
  const flag = flagOf(text.slice(start))
  if (!flag?.long || flag.name !== 'public') return { text, public: false }
  return { text: text.slice(0, start).trimEnd(), public: true }
}

/** `/set <milestone> <time>`, and `/set cost <text>` for the summary.
 * @throws Wrong for another name, and where more than a time follows. */
export function readSet(args: Arguments): Command {
  const milestone = requireName(args, 'a milestone').toLowerCase()
  if (milestone === 'cost') return { verb: 'set', milestone, value: requireText(args) }
  if (!MILESTONES.some((known) => known === milestone)) {
    const near = nearest(milestone, [...MILESTONES, 'cost'])
    throw new Wrong(
      'milestone',
      `is none of \`${MILESTONES.join(' ')}\``,
      near && `/set ${near} ${args.line() || '10:10'}`,
    )
  }
  const value = requireTime(args)
  if (args.line() !== '') throw new Wrong('time', 'has more than a time', `/set ${milestone} ${value}`)
  return { verb: 'set', milestone, value }
}

/** `/service api, web`, each service once.
 * @throws Wrong where there is none, or one that hides a character. */
export function readServices(args: Arguments): Command {
  const services = new Set<string>()
  // One by one: a list of all words would cost more than reading them.
  for (const [word] of args.takeLine().matchAll(/(?:(?![,;])[\S\ufeff])+/g)) {
    const service = plainWord(word)
    if (service === undefined) throw new Wrong('invisible', 'holds an invisible character; type it by hand')
    if (service !== '') services.add(service)
  }
  if (services.size === 0) throw new Wrong('name', 'needs a service')
  return { verb: 'service', services: [...services] }
}

/** `/cancel <reason> [text]`; the reason is checked by the core.
 * @throws Wrong where there is none. */
export function readCancel(args: Arguments): Command {
  let reason = requireName(args, 'a reason').toLowerCase()
  if (reason === 'false' && plainWord(args.words(1)[0] ?? '')?.toLowerCase() === 'alarm') {
    args.skip(1)
    reason = 'false-alarm'
  }
  const text = args.text()
  return { verb: 'cancel', reason, ...(text && { text }) }
}

/** A command that does much and must not be taken for one about what stands behind it (`/deploy staging`).
 * @throws Wrong where anything stands on its line. */
export function alone(args: Arguments, command: Command): Command {
  if (args.line() !== '') throw new Wrong('argument', 'takes no argument')
  return command
}

// Commands in comments: what a body asks for, line by line, and what is said where it cannot be understood.

import { MAX_BODY } from '../../github/issues/mark.ts'
import { span } from '../../markdown.ts'
import { Arguments, type MistakeCode, Wrong } from '../arguments/arguments.ts'
import { DIRECTORIES, finder, OTHER_BOTS } from '../arguments/near-word.ts'
import type { Command, Verb } from '../command.ts'
import type { Context } from '../read.ts'
import type { Right, Row, Where } from '../row.ts'
import { TABLE } from '../table.ts'
import { type SlashLine, slashLines } from './lines.ts'

export { parseActionLine } from '../arguments/action-line.ts'

/** A command whose arguments cannot be read: `right` is a whole command in the right form, `sentence` says what was wrong
 * and the right form in Markdown, safe to post. */
export type Mistake = { verb: Verb; code: MistakeCode; right: string; sentence: string }

/** What one line of a body asks for. `line` counts from 0; `given` is the line as it was written, cut to 80 characters;
 * `viaIncident`: written as `/incident <verb>`.
 * `unknown` is a verb that is not ours; `near` the one of ours that was probably meant. */
export type Line = { line: number; given: string; viaIncident: boolean } & (
  | { command: Command }
  | { mistake: Mistake }
  | { unknown: string; near?: Verb; sentence: string }
)

/** The place of a comment: an incident's issue, its hotfix pull request, another issue or pull request of Mayday
 * (review, action item), or none of these. */
export type Place = 'incident' | 'hotfix' | 'related' | 'elsewhere'

const MAX_GIVEN = 80
/** Nobody writes as many commands at once; it bounds the work that a hostile comment can ask for. The first one behind them
 * is told as a mistake. */
const MAX_LINES = 100
/** `/`, letters or hyphens, then a space or the line's end: nothing else begins a command. */
const SHAPE = /^ {0,3}\/([\p{L}-]{1,40})(?=[\s\u200b\u2060]|$)/u
/** Words of ASCII with single blanks: nothing to clean. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/
const INCIDENT = 'incident'

const VERBS: ReadonlyMap<string, Verb> = new Map(
  rows().flatMap(({ verb, row }) => [verb, ...(row.aliases ?? [])].map((name) => [name, verb] as const)),
)

const nearIncident = finder([INCIDENT])
const nearVerb = finder(VERBS.keys())

/** Whether a body could hold a command at all; cheap, and true too often rather than too seldom. */
export function isCommandCandidate(body: string): boolean {
  return /^ {0,3}\/[\p{L}-]/mu.test(body)
}

/** The commands of a comment in order, each with the text up to the next one. Never throws; linear in the
 * length of the body. A line that begins with a verb that is neither ours, nor nearly ours, nor one of another
 * bot's is text (`/tmp is full`). */
export function parse(body: string, context: Context = {}): Line[] {
  if (!isCommandCandidate(body)) return []
  const text = readable(body)
  const { lines, end } = slashLines(text)
  const heads = headsOf(lines)
  const read = heads.slice(0, MAX_LINES).map((head, index) => {
    const next = heads[index + 1]
    return readLine(head, { text: text.slice(head.from, next ? next.begin - 1 : end), context })
  })
  return [...read, ...tooMany(heads.slice(MAX_LINES))]
}

/** Whether Mayday acts on a line, or answers it, at this place: elsewhere only what was clearly meant for it,
 * and on its own issues nothing that another bot understands and it does not. */
export function answerable(line: Line, place: Place): boolean {
  if (line.viaIncident) return true
  const verb = verbOf(line)
  if (verb === undefined) return false
  if ('unknown' in line) return place !== 'elsewhere'
  if (place === 'elsewhere') return verb === 'declare' || verb === 'drill'
  return place === 'related' || !isSharedElsewhere(verb)
}

/** The command that a line gives, or was probably meant to give; undefined where nobody can tell. */
export function verbOf(line: Line): Verb | undefined {
  if ('command' in line) return line.command.verb
  return 'mistake' in line ? line.mistake.verb : line.near
}

/** What the sender needs for a command in this repository; without its arguments the least that it can need. */
export function rightFor(verb: Verb, repository: { private: boolean }, command?: Command): Right {
  const { right, unless } = TABLE[verb]
  return unless?.applies(repository, command) ? unless.right : right
}

/** The table's rows in order, for `/help` and the README. `who` says the right in words. */
export function rows(): { verb: Verb; row: Row; who: string }[] {
  return Object.entries(TABLE).flatMap(([name, row]) => {
    const verb = isVerb(name) ? [name] : []
    return verb.map((known) => ({ verb: known, row, who: whoMay(row) }))
  })
}

/** What `/help` and the folded list of the living comment show: the commands that mean something on an incident, on a
 * review or on an action item, before those that do so anywhere. */
export function commandsFor(where: Exclude<Where, 'anywhere'>): { usage: string; does: string }[] {
  const built = rows().filter(({ row }) => !row.notYet)
  const shown = [where, 'anywhere'].flatMap((place) => built.filter(({ row }) => row.where === place))
  return shown.map(({ row: { usage, does } }) => ({ usage, does }))
}

/** The table of commands in Markdown. */
export function commandsTable(): string {
  const lines = rows()
    .filter(({ row }) => !row.notYet)
    .map(({ row, who }) => `| \`${row.usage}\` | ${row.does} | ${who} |`)
  return ['| Command | What it does | Who may |', '| --- | --- | --- |', ...lines].join('\n')
}

/** In the body, the line begins at `begin`, and what is said to the verb at `from`. */
type Head = {
  line: number
  begin: number
  from: number
  verb: string
  viaIncident: boolean
  text: string
  given: string
  known?: Verb
  near?: Verb
}

/** The lines that begin a command. Near misses are sought among the first ones only: a hundred unknown words are a listing. */
function headsOf(lines: readonly SlashLine[]): Head[] {
  const heads: Head[] = []
  let strange = 0
  for (const line of lines) {
    const match = SHAPE.exec(line.text)
    if (!match) continue
    const head = headOf(match, line)
    const { known, viaIncident, verb } = head
    if (known || (!viaIncident && OTHER_BOTS.has(verb))) heads.push(head)
    else if (viaIncident || !DIRECTORIES.has(verb)) {
      strange += 1
      const near = strange > MAX_LINES ? undefined : nearHead(head)
      if (near || viaIncident) heads.push({ ...head, ...(near && { near }) })
    }
  }
  return heads
}

function headOf(match: RegExpExecArray, { text, line, begin }: SlashLine): Head {
  const first = normal(match[1] ?? '')
  const rest = text.slice(match[0].length)
  const viaIncident = first === INCIDENT
  const { verb, text: after } = viaIncident ? verbAfterIncident(rest) : { verb: first, text: rest }
  const known = VERBS.get(verb)
  const from = begin + text.length - after.length
  return { line, begin, from, verb, viaIncident, text: after, given: text, ...(known && { known }) }
}

/** `/stauts` is nearly `/status`; `/incidnet ack` is nearly `/incident ack`, which is `/ack`. */
function nearHead({ verb, text }: Head): Verb | undefined {
  const meant = nearIncident(verb) ? verbAfterIncident(text).verb : nearVerb(verb)
  return meant === undefined ? undefined : VERBS.get(meant)
}

/** `/incident` alone asks what can be said. */
function verbAfterIncident(text: string): { verb: string; text: string } {
  const match = /^[\s\u200b\u2060]*([^\s\u200b\u2060]+)/.exec(text)
  if (!match) return { verb: 'help', text: '' }
  return { verb: normal((match[1] ?? '').slice(0, 40)).replace(/^\//, ''), text: text.slice(match[0].length) }
}

function readLine(head: Head, { text, context }: { text: string; context: Context }): Line {
  const { line, viaIncident, known } = head
  const place = { line, given: shorten(head.given), viaIncident }
  if (!known) {
    const { verb, near } = head
    const instead = near ? `. Did you mean ${span(shorten(TABLE[near].usage))}?` : '; `/help` lists them.'
    const sentence = `${span(place.given)} is no command${instead}`
    return { ...place, unknown: verb, ...(near && { near }), sentence }
  }
  try {
    return { ...place, command: TABLE[known].read(new Arguments(text), context) }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    const { usage, examples } = TABLE[known]
    const right = error.right ?? (error.code === 'text' ? usage : examples[0])
    const sentence = `${span(place.given)} ${error.problem}: ${span(shorten(right))}.`
    return { ...place, mistake: { verb: known, code: error.code, right, sentence } }
  }
}

/** One mistake for all commands behind the last that is read: nobody may believe that they were done. */
function tooMany(heads: readonly Head[]): Line[] {
  const [first] = heads.filter(({ known }) => known)
  if (!first?.known) return []
  const given = shorten(first.given)
  const sentence = `${span(given)} and what stands below it was not read: a comment may hold ${MAX_LINES} commands. Say the others in another one.`
  const mistake = { verb: first.known, code: 'many', right: `/${first.known}`, sentence } as const
  return [{ line: first.line, given, viaIncident: first.viaIncident, mistake }]
}

/** Verbs of ours that other bots have too: left alone where ours mean nothing. */
function isSharedElsewhere(verb: Verb): boolean {
  return verb === 'assign' || verb === 'approve'
}

function isVerb(name: string): name is Verb {
  return Object.hasOwn(TABLE, name)
}

function whoMay(row: Row): string {
  const names = { none: 'everyone', read: '`read`', triage: '`triage`', write: '`write`' }
  return row.unless ? `${names[row.right]}; ${names[row.unless.right]} ${row.unless.when}` : names[row.right]
}

/** As much of a body as is read, with one kind of line end and without what the database does not take. */
function readable(body: string): string {
  const text = body.slice(0, MAX_BODY).toWellFormed().replaceAll('\0', '\ufffd')
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text
}

function normal(verb: string): string {
  return VERBS.has(verb) ? verb : verb.normalize('NFKC').toLowerCase()
}

/** One visible line of at most `MAX_GIVEN` characters. */
function shorten(text: string): string {
  const trimmed = text.trim()
  if (trimmed.length <= MAX_GIVEN && PLAIN.test(trimmed)) return trimmed
  const visible = text.slice(0, 4 * MAX_GIVEN).replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
  const line = visible.replaceAll(/\s+/g, ' ').trim()
  return (line.length > MAX_GIVEN ? `${line.slice(0, MAX_GIVEN - 1)}…` : line).toWellFormed()
}

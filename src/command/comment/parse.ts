// Commands in comments: what a body asks for, line by line, and what is said where it cannot be understood.
import { Arguments } from '../arguments/arguments.ts'
import { finder } from '../arguments/near-word.ts'
import { type Problem, Wrong } from '../arguments/wrong.ts'
import type { ReadContext } from '../row.ts'
import { type Command, readCommand, rowOf, rows, type Verb } from '../table/table.ts'
import { MAX_BODY } from './body.ts'
import { type CommentLine, commentLines } from './lines.ts'
import { DIRECTORIES, OTHER_BOTS } from './other-bots.ts'

/** A command whose arguments cannot be read: `right` is a whole command in the right form, `allowed` what may stand there. */
export type Mistake = { verb: Verb; problem: Problem; right: string; allowed: readonly string[] }

/** What one line of a body asks for. `line` counts from 0; `given` is the line as it was written, cut to 80 characters;
 * `viaIncident`: written as `/incident <verb>`.
 * `unknown` is a verb that is not ours; `near` the one of ours that was probably meant. */
export type CommandLine = { line: number; given: string; viaIncident: boolean } & (
  | { command: Command }
  | { mistake: Mistake }
  /** `usage` is that of the command that was probably meant. */
  | { unknown: string; near?: Verb; usage?: string }
)

/** Where a comment is written: an incident's issue, its hotfix pull request, another issue or pull request of Mayday
 * (review, action item), or none of these. */
export type Where = 'incident' | 'hotfix' | 'related' | 'elsewhere'

const MAX_GIVEN = 80
/** Nobody writes as many commands at once; it bounds the work that a hostile comment can ask for. The first one behind them
 * is told as a mistake, by the template `refusal`. */
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
export function parse(body: string, context: ReadContext = {}): CommandLine[] {
  if (!isCommandCandidate(body)) return []
  const text = readable(body)
  const { lines, end } = commentLines(text)
  const heads = headsOf(lines)
  const read = heads.slice(0, MAX_LINES).map((head, index) => {
    const next = heads[index + 1]
    return readHead(head, { text: text.slice(head.from, next ? next.begin - 1 : end), context })
  })
  return [...read, ...tooMany(heads.slice(MAX_LINES))]
}

/** Whether Mayday acts on a line, or answers it, at this place: elsewhere only what was clearly meant for it,
 * and on its own issues nothing that another bot understands and it does not. */
export function answerable(line: CommandLine, where: Where): boolean {
  if (line.viaIncident) return true
  const verb = verbOf(line)
  if (verb === undefined) return false
  if ('unknown' in line) return where !== 'elsewhere'
  const { begins, shared } = rowOf(verb)
  return where === 'elsewhere' ? begins === true : where === 'related' || !shared
}

/** The command that a line gives, or was probably meant to give; undefined where nobody can tell. */
export function verbOf(line: CommandLine): Verb | undefined {
  if ('command' in line) return line.command.verb
  return 'mistake' in line ? line.mistake.verb : line.near
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
function headsOf(lines: readonly CommentLine[]): Head[] {
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

function headOf(match: RegExpExecArray, { text, line, begin }: CommentLine): Head {
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

function readHead(head: Head, { text, context }: { text: string; context: ReadContext }): CommandLine {
  const { line, viaIncident, known: verb, near } = head
  const place = { line, given: shorten(head.given), viaIncident }
  if (!verb) return { ...place, unknown: head.verb, ...(near && { near, usage: shorten(rowOf(near).usage) }) }
  const row = rowOf(verb)
  try {
    return { ...place, command: readCommand(verb, new Arguments(text), context) }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    const { problem, allowed } = error
    const right = error.right ?? (problem === 'needs-text' ? row.usage : row.examples[0])
    return { ...place, mistake: { verb, problem, right: shorten(right), allowed } }
  }
}

/** One mistake for all commands behind the last that is read: nobody may believe that they were done. */
function tooMany(heads: readonly Head[]): CommandLine[] {
  const [first] = heads.filter(({ known }) => known)
  if (!first?.known) return []
  const place = { line: first.line, given: shorten(first.given), viaIncident: first.viaIncident }
  const right = `/${first.known}`
  return [{ ...place, mistake: { verb: first.known, problem: 'too-many', right, allowed: [] } }]
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

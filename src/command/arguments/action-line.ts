// Action items as people write them: the words of `/action`, and a line of a review's list.
import type { Horizon } from '../../incident/policy/policy.ts'
import { type Arguments, loginOf, plainWord } from './arguments.ts'
import { dateOf } from './times.ts'
import { afterWords, beforeWords, firstWords, lastWords, singleSpaced } from './tokens.ts'
import { Wrong } from './wrong.ts'

/** What the options of an action item say; an option that nobody wrote is absent. `owner` has no `@`; `due` is one of
 * the forms of the calendar; `repository` is `owner/name`. */
export type ActionWords = {
  text: string
  owner?: string
  due?: string
  priority?: string
  horizon?: Horizon
  repository?: string
}

/** `link` is the item's issue: `#45`, `owner/name#45` or its address. It stands before the text, or is the address of
 * a Markdown link around the whole text. */
export type ActionLine = ActionWords & { checked: boolean; link?: string }

type Options = Partial<Omit<ActionLine, 'text' | 'checked'>>
type Found = { options: Options; used: number }
type Place = 'before' | 'after'
/** `line`: a review's list, whose text may begin with any word and whose errors nobody is told. */
type Source = 'command' | 'line'

const HORIZONS: ReadonlyMap<string, Horizon> = new Map([
  ['immediate', 'immediate'],
  ['short', 'short'],
  ['medium', 'medium'],
  ['long', 'long'],
  ['short-term', 'short'],
  ['medium-term', 'medium'],
  ['mid-term', 'medium'],
  ['long-term', 'long'],
])

/** After these words, a name or a priority belongs to the sentence: "Agree on alarms with @bo". */
const NEEDS_MORE = new Set('a about and as at ask by for from in of on or than the to via with'.split(' '))

/** Reads `[@owner] [due:2026-12-01] [P1] [short] [in:owner/repo] <text>` from the line, options before or after the
 * text in any order.
 * @throws Wrong where there is no text, or `due:` is no date. */
export function readAction(args: Arguments): ActionWords {
  args.skipEmptyLine()
  const { text, link: _, ...options } = readWords(args.line(), 'command')
  if (text === '') throw new Wrong('needs-text')
  return { text, ...options }
}

/** Reads a line of a review's list, `- [ ] [P1] Alarm on document count @owner due:2026-12-01`; null for a line without
 * a checkbox, or with neither text nor link. */
export function parseActionLine(line: string): ActionLine | null {
  const match = /^\s{0,20}(?:[-*+]|\d{1,9}[.)])[ \t]{1,8}\[([ xX])\](?=\s)/.exec(line)
  if (!match) return null
  const words = readWords(line.slice(match[0].length), 'line')
  if (words.text === '' && words.link === undefined) return null
  return { checked: match[1] !== ' ', ...words }
}

function readWords(line: string, source: Source): { text: string } & Options {
  let options: Options = {}
  let text = line
  for (;;) {
    const found = option(firstWords(text, 2), { source, place: 'before' })
    if (!found || repeats(options, found.options)) break
    options = { ...options, ...found.options }
    text = afterWords(text, found.used)
  }
  for (;;) {
    const found = lastOption(lastWords(text, 2), source)
    if (!found || repeats(options, found.options)) break
    options = { ...options, ...found.options }
    text = beforeWords(text, found.used)
  }
  return withLink(singleSpaced(text), options)
}

/** The option that the last two words end with: of one word, or `due:` and its date. */
function lastOption(words: string[], source: Source): Found | undefined {
  const two = words.length === 2 ? option(words, { source, place: 'after' }) : undefined
  if (two?.used === 2) return two
  const one = option(words.slice(-1), { source, place: 'after' })
  const previous = words.length === 2 ? (words[0] ?? '').toLowerCase() : ''
  return one?.used === 1 && !(NEEDS_MORE.has(previous) && !one.options.due) ? one : undefined
}

function repeats(options: Options, found: Options): boolean {
  return Object.keys(found).some((key) => Object.hasOwn(options, key))
}

/** The option that the first word is, or with `due:` the first two. */
function option(
  [written = '', next]: string[],
  { source, place }: { source: Source; place: Place },
): Found | undefined {
  const plain = plainWord(written) ?? ''
  const owner = loginOf(plain)
  if (owner) return { options: { owner }, used: 1 }
  const due = dueOption(written, { next, source })
  if (due) return due
  const repository = /^in:([\w-]{1,39}\/[\w.-]{1,100})$/i.exec(plain)?.[1]
  if (repository) return { options: { repository }, used: 1 }
  const link = place === 'before' && source === 'line' ? linkOf(plain) : undefined
  if (link) return { options: { link }, used: 1 }
  return wordOption(plain, { bare: source === 'command' && place === 'before' })
}

/** `due:2026-12-01`, also with a blank after the colon. */
function dueOption(
  written: string,
  { next, source }: { next: string | undefined; source: Source },
): Found | undefined {
  const value = /^due[:=](.*)$/i.exec(written)?.[1]
  if (value === undefined) return undefined
  const due = dateOf(value || (next ?? ''))
  if (due) return { options: { due }, used: value ? 1 : 2 }
  if (source === 'line') return undefined
  throw new Wrong('needs-date-after-due')
}

/** `P1`, `[P1]`, `short-term`, `[short]`; a `bare` word `short` only where it cannot be the text's own. */
function wordOption(plain: string, { bare }: { bare: boolean }): Found | undefined {
  const bracketed = /^[[(](.+)[\])]$/.exec(plain)?.[1]
  const word = bracketed ?? plain
  if (/^p\d$/i.test(word)) return { options: { priority: word.toUpperCase() }, used: 1 }
  const horizon = HORIZONS.get(bracketed || word.includes('-') ? word.toLowerCase() : word)
  if (!horizon || !(bracketed || word.includes('-') || bare)) return undefined
  return { options: { horizon }, used: 1 }
}

function linkOf(word: string): string | undefined {
  const isReference = /^(?:[\w-]{1,39}\/[\w.-]{1,100})?#[1-9]\d{0,8}$/.test(word)
  return isReference || isIssueAddress(word) ? word : undefined
}

function isIssueAddress(word: string): boolean {
  return /^https?:\/\/[^\s/]+\/[\w-]+\/[\w.-]+\/issues\/[1-9]\d{0,8}$/.test(word)
}

function withLink(text: string, options: Options): { text: string } & Options {
  const [, label, address = ''] = /^\[([^\]]*)\]\(([^()\s]+)\)$/.exec(text) ?? []
  if (label === undefined || options.link || !isIssueAddress(address)) return { text, ...options }
  return { text: label, ...options, link: address }
}

// A command's arguments, read word by word as tired people write them.
import { parseDuration } from '../../incident/policy/duration.ts'
import { Wrong } from './wrong.ts'

/** Characters that nobody sees: zero-width, bidirectional and other format characters. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/u
/** What is its own normal form. */
const PLAIN = /^[!-~]*$/
const QUOTES = '"\'`“”„‟‘’‚«»'
/** What people cannot see and `trim` leaves. */
const BLANK = '\u200b\u2060'
/** Characters; the template `refusal` says so too. */
const MAX_WORD = 100
/** What people see as a blank; for JavaScript the invisible U+FEFF is one, too. */
const BLANKS = /[^\S\ufeff]+/

/** `text` as a name is compared: NFKC, phone dashes as hyphens, without the quotes and the comma around it; undefined
 * where it hides a character, or is too long for a name. */
export function plainWord(text: string): string | undefined {
  if (text.length > MAX_WORD || INVISIBLE.test(text)) return undefined
  const normal = PLAIN.test(text) ? text : text.normalize('NFKC').replaceAll(/[‐‑‒–—−]/g, '-')
  let start = 0
  let end = normal.length
  while (start < end && QUOTES.includes(normal.charAt(start))) start += 1
  while (end > start && `${QUOTES},;:.`.includes(normal.charAt(end - 1))) end -= 1
  return normal.slice(start, end)
}

/** The text after the verb: the rest of its line, and the lines up to the next command. */
export class Arguments {
  #rest: string

  constructor(text: string) {
    this.#rest = trimLineStart(trimEnd(text))
  }

  /** What is left of the first line. */
  line(): string {
    const end = this.#rest.indexOf('\n')
    return end < 0 ? this.#rest : trimEnd(this.#rest.slice(0, end))
  }

  /** All that is left; undefined when that is nothing. A dash or colon that only sets it off is dropped. */
  text(): string | undefined {
    const text = trimStart(this.#rest).replace(/^[-–—:] +/, '')
    return text === '' ? undefined : text
  }

  /** Lets the words begin on a later line where the first one has none. */
  skipEmptyLine(): void {
    this.#rest = trimStart(this.#rest)
  }

  /** The first `count` words of the line, as they were written. */
  words(count: number): string[] {
    return this.line().split(BLANKS, count).filter(Boolean)
  }

  /** Takes `count` words away. */
  skip(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      this.#rest = trimLineStart(this.#rest.replace(/^[\S\ufeff]+/, ''))
    }
  }

  /** Takes the rest of the line away and gives it back; empty where there is none. */
  takeLine(): string {
    const line = this.line()
    const end = this.#rest.indexOf('\n')
    this.#rest = end < 0 ? '' : this.#rest.slice(end)
    return line
  }

  /** Takes the next word of the line, cleaned by `plainWord`; undefined where the line has no more.
   * @throws Wrong where it holds an invisible character or is too long. */
  word(): string | undefined {
    const [word] = this.words(1)
    if (word === undefined) return undefined
    const plain = plainWord(word)
    if (plain === undefined) throw new Wrong(word.length > MAX_WORD ? 'too-long' : 'invisible')
    this.skip(1)
    return plain || word
  }
}

/** @throws Wrong where nothing is left. */
export function requireText(args: Arguments): string {
  const text = args.text()
  if (text === undefined) throw new Wrong('needs-text')
  return text
}

type NameKind = 'severity' | 'status' | 'reason' | 'role' | 'milestone' | 'type' | 'target'

/** A name of the configuration: a severity, a role, a type. Whether it exists, the core knows.
 * @throws Wrong where the line has no more words. */
export function requireName(args: Arguments, what: NameKind): string {
  const name = args.word()
  if (name === undefined) throw new Wrong(`needs-${what}`)
  return name
}

/** The login in `@login`, as GitHub allows it (managed users have an underscore); undefined for anything else. */
export function loginOf(word: string): string | undefined {
  return /^@([a-z\d][a-z\d_-]{0,62})$/i.exec(word)?.[1]
}

/** `@login`, given back without the `@`; undefined where the line has no more words.
 * @throws Wrong for a team, and for a word that is no login. */
export function optionalLogin(args: Arguments): string | undefined {
  const word = args.word()
  if (word === undefined) return undefined
  const login = loginOf(word)
  if (login) return login
  throw new Wrong(word.startsWith('@') && word.includes('/') ? 'needs-person-not-team' : 'needs-person')
}

/** @throws Wrong as `optionalLogin`, and where there is none. */
export function requireLogin(args: Arguments): string {
  const login = optionalLogin(args)
  if (login === undefined) throw new Wrong('needs-person')
  return login
}

/** `#12` or `12`, from 1; `prefixes` are words that may stand before it (`of`).
 * @throws Wrong for anything else; an address of GitHub is offered back as its number. */
export function requireNumber(
  args: Arguments,
  { verb, prefixes = [] }: { verb: string; prefixes?: string[] },
): number {
  let word = args.word()
  if (word !== undefined && prefixes.includes(word.toLowerCase())) word = args.word()
  const digits = /^#?([1-9]\d{0,8})$/.exec(word ?? '')?.[1]
  if (digits) return Number(digits)
  const linked = /(?:\/(?:issues|pull)\/|[\w.-]#)([1-9]\d{0,8})(?:[#?/].*)?$/.exec(word ?? '')?.[1]
  const right = linked ? `/${verb} ${prefixes.includes('of') ? 'of ' : ''}#${linked}` : undefined
  throw new Wrong('needs-number', { right })
}

/** An entry of the timeline: `3` or `#3`.
 * @throws Wrong for anything else. */
export function requireEntry(args: Arguments): number {
  const digits = /^#?([1-9]\d{0,5})$/.exec(args.word() ?? '')?.[1]
  if (!digits) throw new Wrong('needs-entry')
  return Number(digits)
}

/** An http or https address, as it was written.
 * @throws Wrong for anything else. */
export function requireUrl(args: Arguments): string {
  const [word = ''] = args.words(1)
  const url = /^<(.+)>$/.exec(word)?.[1] ?? word
  const readable = url.length <= 2_000 && !INVISIBLE.test(url) && URL.canParse(url)
  if (!readable || !['https:', 'http:'].includes(new URL(url).protocol)) throw new Wrong('needs-url')
  return url
}

/** The units of the configuration, each with the ways of writing it; a week is seven days. */
const UNITS = {
  s: ['s', 'sec', 'secs', 'second', 'seconds'],
  m: ['m', 'min', 'mins', 'minute', 'minutes'],
  h: ['h', 'hr', 'hrs', 'hour', 'hours'],
  d: ['d', 'day', 'days'],
  w: ['w', 'wk', 'week', 'weeks'],
  bd: ['bd', 'bds'],
}

/** `3d`, `3 days`, `2 business days`, `1w` as the configuration writes them: `3d`, `3d`, `2bd`, `7d`; undefined for
 * anything else and for nothing at all (`0d`). */
export function durationOf(text: string): string | undefined {
  const match = /^(\d{1,4}) ?(business |working )?([a-z]{1,7})$/.exec(text.toLowerCase())
  const unit = Object.entries(UNITS).find(([, words]) => words.includes(match?.[3] ?? ''))?.[0]
  if (!match || !unit || Number(match[1]) === 0) return undefined
  if (match[2]) return unit === 'd' ? parseDuration(`${Number(match[1])}bd`)?.duration : undefined
  return parseDuration(unit === 'w' ? `${Number(match[1]) * 7}d` : `${Number(match[1])}${unit}`)?.duration
}

/** A duration of one to three words; undefined where the line has no more words.
 * @throws Wrong for anything else. */
export function optionalDuration(args: Arguments): string | undefined {
  const words = args.words(3).map((word) => plainWord(word) ?? '')
  if (words.length === 0) return undefined
  for (const count of [3, 2, 1]) {
    const duration = words.length >= count ? durationOf(words.slice(0, count).join(' ')) : undefined
    if (duration) return duration
  }
  throw new Wrong('needs-duration')
}

function isBlankAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  if (code < 128) return code === 32 || (code >= 9 && code <= 13)
  const character = text.charAt(index)
  return BLANK.includes(character) || character.trim() === ''
}

// Not by an expression: one that looks for blanks before the end is quadratic in a text of blanks.
function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && isBlankAt(text, end - 1)) end -= 1
  return text.slice(0, end)
}

function trimStart(text: string): string {
  let start = 0
  while (start < text.length && isBlankAt(text, start)) start += 1
  return text.slice(start)
}

function trimLineStart(text: string): string {
  let start = 0
  while (start < text.length && text[start] !== '\n' && isBlankAt(text, start)) start += 1
  return text.slice(start)
}

/** For a command that does much and must not be taken for one about what stands behind it (`/deploy staging`).
 * @throws Wrong where anything is left on its line. */
export function requireNothing(args: Arguments): Record<never, never> {
  if (args.line() !== '') throw new Wrong('takes-nothing')
  return {}
}

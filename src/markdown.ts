// Escapes people's text for our Markdown: it reads as it was written and triggers nothing.

/** Markdown that we wrote, or that has been made safe: it is shown as it is. Anything else is escaped. */
export class Markup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** Stands where GitHub would read a mention or a reference, and cannot be seen: neither backslashes nor entities
 * help there, as GitHub looks for both in the finished text. A word joiner: where a zero-width space stands, a narrow
 * table would break `@ada` over two lines. */
const BREAK = '\u2060'

/** One line of text: nothing in it is a mention, reference, closing keyword, HTML, comment, marker, table pipe or
 * formatting. Addresses stay links unless GitHub would read a reference in them. Commit hashes stay whole: a link to
 * a commit tells nobody, and a broken hash cannot be copied. */
export function inline(text: string): Markup {
  return new Markup(escapeLine(withoutInvisible(text).replace(/\s+/gu, ' ').trim()))
}

/** The words that one line of Markdown shows, as far as escapes go: what `inline` made is what it was made of, but for
 * percent-encoded addresses. */
export function unescaped(line: string): string {
  return line
    .replaceAll(BREAK, '')
    .replace(/\\([\\`*_~[\]|+=#:.)-])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#36;', '$')
    .replaceAll('&amp;', '&')
}

/** Text of several lines: paragraphs and line breaks stay; lists, headings and code are shown as they were typed.
 * @later for a repository's own templates. */
export function block(text: string): Markup {
  const paragraphs = withoutInvisible(text)
    .split(/\n[^\S\n]*\n\s*/u)
    .map((paragraph) => paragraph.split('\n').map((line) => escapeLine(line.replace(/\s+/gu, ' ').trim())))
    .map((lines) => lines.filter((line) => line !== '').join('  \n'))
  return new Markup(paragraphs.filter((paragraph) => paragraph !== '').join('\n\n'))
}

/** A code span. GitHub reads no mentions in one; a table would still cut it at a `|`, so text with a pipe goes
 * without its span. */
export function code(text: string): Markup {
  const line = withoutInvisible(text).replace(/\s+/gu, ' ').trim()
  if (line === '') return new Markup('')
  if (line.includes('|')) return inline(line)
  return new Markup(span(line))
}

/** A code span of one visible line, outside of tables: nothing in the line can leave it, and a hidden mark in it is broken, as
 * marks are looked for in the text as it is written. */
export function span(line: string): string {
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${padding}${line.replaceAll('<!', `<${BREAK}!`)}${padding}${fence}`
}

/** One line of ours with people's words in backticks, such as a problem of the configuration: the code spans stay but
 * for those with a `<`, all else is escaped, whatever the words are. */
export function spans(text: string): Markup {
  const parts = text.split(/(`[^`]+`)/).map((part) => {
    const span = /^`([^`<]+)`$/.exec(part)?.[1]
    if (span) return code(span).toString()
    const [before = '', after = ''] = [/^\s/.exec(part)?.[0], /\S\s$/.test(part) ? ' ' : '']
    return `${before && ' '}${inline(part)}${after}`
  })
  return new Markup(parts.join(''))
}

/** A link with a person's or our text; the text alone where the address is none that a browser should open. */
export function link(text: string | Markup, url: string): Markup {
  const shown = text instanceof Markup ? text : inline(text)
  const address = withoutInvisible(url).trim()
  if (!/^(https?:\/\/[^\s/]|#|\/(?!\/))\S*$/i.test(address)) return shown
  return new Markup(`[${shown}](${address.replace(/[<>()[\]\\`|"]/g, percent)})`)
}

/** What cannot be seen and changes how the rest is read: control, direction, zero-width and tag characters, lone
 * surrogates. The joiners of emoji and of Persian stay. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it removes
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFC\u{E0000}-\u{E0FFF}]/gu

function withoutInvisible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(UNSEEN, '')
}

/** What GitHub makes a link of by itself; not with a name before the host, which only misleads. */
const ADDRESS =
  /(?<![\p{L}\p{N}])https?:\/\/[\p{L}\p{N}][\p{L}\p{N}.-]*(?::\d+)?(?![\p{L}\p{N}_@:.-])(?:[/?#][^\s<>"'`\\]*)?/giu

function escapeLine(line: string): string {
  let escaped = ''
  let end = 0
  for (const match of line.matchAll(ADDRESS)) {
    escaped += escapeText(line, end, match.index) + escapeAddress(match[0])
    end = match.index + match[0].length
  }
  escaped += escapeText(line, end, line.length)
  return escaped.replace(/^(?:[-+=#:]|\d{1,9}(?=[.)]))/, (start) =>
    /\d/.test(start) ? `${start}\\` : `\\${start}`,
  )
}

const SPECIAL = /[&<>\\`*_~[\]|$@#]|:\/\/|www\.|gh-(?=\d|$)/gi

function escapeText(line: string, from: number, to: number): string {
  return line.slice(from, to).replace(SPECIAL, (found: string, offset: number) => {
    const before = line[from + offset - 1] ?? ' '
    const after = line.slice(from + offset + found.length)
    return escapeOne(found, before, after)
  })
}

function escapeOne(found: string, before: string, after: string): string {
  switch (found) {
    case '&':
      return '&amp;'
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case '$':
      return '&#36;'
    case '@':
      return /[A-Za-z0-9]/.test(before) && !/^[0-9a-f]{7}/i.test(after) ? '@' : `@${BREAK}`
    case '#':
      return /^(\d|$)/.test(after) ? `#${BREAK}` : '#'
    case '_':
      return /[A-Za-z0-9]/.test(before) && /^[A-Za-z0-9]/.test(after) ? '_' : '\\_'
    case '://':
      return `:${BREAK}//`
  }
  return found.length > 1 ? `${found}${BREAK}` : `\\${found}`
}

/** An address that GitHub shows as a reference, with an entry on the other side. The host does not matter: it may be
 * an installation of one's own. */
const REFERENCE =
  /^https?:\/\/[^/]+\/+[^/]+\/+[^/]+\/+(issues|pulls?|discussions|commits?|compare)(?![A-Za-z0-9_-])/i

/** Inside an address backslashes would be part of it, so what means something to Markdown is percent-encoded. */
function escapeAddress(address: string): string {
  const encoded = address.replace(/[*|[\]@~;{}^$]/g, percent).replace(/#(?=\d|$)/g, `#${BREAK}`)
  return REFERENCE.test(address) ? encoded.replace('://', `:${BREAK}//`) : encoded
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

// Markdown as GitHub shows it: GFM, task lists, references and mentions, and nothing that could run.
import hljs from 'highlight.js/lib/common'
import MarkdownIt, { type MarkdownIt as Parser, type StateCore, type Token } from 'markdown-it'
import sanitizeHtml from 'sanitize-html'
import { escapeHtml, type Html, trusted } from './html.ts'

/** What the text may refer to. What is not there stays plain text, as on GitHub. */
export type MarkdownPlace = {
  /** `http://host` of the pages. */
  url: string
  /** `owner/name` that `#12` belongs to. */
  repository: string
  /** A line break shows in comments, not in files. */
  breaks: boolean
  hasUser: (login: string) => boolean
  hasIssue: (repository: string, number: number) => boolean
  hasCommit: (repository: string, sha: string) => boolean
}

const REFERENCE =
  /(?<![\w/&#@.-])(?:@(?<mention>[a-z\d](?:[a-z\d-]{0,38})(?:\/[a-z\d][\w-]*)?)|(?<repository>[\w.-]+\/[\w.-]+)?#(?<number>\d+)|(?<sha>[0-9a-f]{7,40}))(?![\w@-])/gi
const SHA_WITH_DIGIT_AND_LETTER = /^(?=.*\d)(?=.*[a-f])[0-9a-f]+$|^[0-9a-f]{40}$/

function parser(breaks: boolean): Parser {
  const markdown = MarkdownIt({ html: true, linkify: true, breaks, highlight })
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
  markdown.core.ruler.after('inline', 'tasks', tasks)
  markdown.core.ruler.after('tasks', 'alerts', alerts)
  const fence = markdown.renderer.rules.fence
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index]
    if (token?.info.trim() === 'mermaid') return `<pre class="mermaid">${escapeHtml(token.content)}</pre>\n`
    return fence ? fence(tokens, index, options, env, self) : ''
  }
  return markdown
}

const inComments = parser(true)
const inFiles = parser(false)

function highlight(code: string, language: string): string {
  if (!hljs.getLanguage(language)) return escapeHtml(code)
  return hljs.highlight(code, { language, ignoreIllegals: true }).value
}

/** `- [ ] text` becomes a box that knows its line, counted from 0 in the source. */
function tasks(state: StateCore): void {
  state.tokens.forEach((token, index) => {
    const item = state.tokens[index - 2]
    const opening = state.tokens[index - 1]
    const first = token.children?.[0]
    if (token.type !== 'inline' || item?.type !== 'list_item_open' || opening?.type !== 'paragraph_open')
      return
    const match = /^\[([ xX])\](?=\s)/.exec(token.content)
    if (!match || first?.type !== 'text') return
    const box = new state.Token('html_inline', '', 0)
    const checked = match[1] === ' ' ? '' : ' checked'
    box.content = `<input type="checkbox" class="task-list-item-checkbox" data-line="${item.map?.[0] ?? -1}"${checked}>`
    first.content = first.content.slice(3)
    token.children?.unshift(box)
    item.attrJoin('class', 'task-list-item')
    const list = state.tokens
      .slice(0, index)
      .findLast((one) => one.type.endsWith('_list_open') && one.level < item.level)
    if (!list?.attrGet('class')) list?.attrSet('class', 'contains-task-list')
  })
}

/** `> [!NOTE]` becomes GitHub's coloured box. */
function alerts(state: StateCore): void {
  state.tokens.forEach((token, index) => {
    if (token.type !== 'blockquote_open') return
    const inline = state.tokens[index + 2]
    const [first, second] = inline?.children ?? []
    const match = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]$/i.exec(first?.content ?? '')
    if (!match?.[1] || inline?.type !== 'inline') return
    if (second && second.type !== 'softbreak' && second.type !== 'hardbreak') return
    const kind = match[1].toLowerCase()
    token.attrSet('class', `markdown-alert markdown-alert-${kind}`)
    const title = new state.Token('html_inline', '', 0)
    title.content = `<span class="markdown-alert-title">${kind.charAt(0).toUpperCase()}${kind.slice(1)}</span>`
    inline.children?.splice(0, second ? 2 : 1, title)
  })
}

function linkReferences(tokens: Token[], place: MarkdownPlace): void {
  for (const block of tokens) {
    if (block.type !== 'inline' || !block.children) continue
    let links = 0
    block.children = block.children.flatMap((token) => {
      if (token.type === 'link_open' || /^<a[\s>]/i.test(token.content)) links += 1
      if (token.type === 'link_close' || /^<\/a\s*>/i.test(token.content)) links -= 1
      if (token.type === 'text' && links > 0) return [withShortAddress(token, place)]
      return token.type === 'text' ? withReferences(token, place) : [token]
    })
  }
}

/** A bare address of one of our pages shows as GitHub shortens it: `#12`, `#12 (comment)`. */
function withShortAddress(token: Token, place: MarkdownPlace): Token {
  if (!token.content.startsWith(`${place.url}/`)) return token
  const match = /^\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/(\d+)(#issuecomment-\d+)?$/.exec(
    token.content.slice(place.url.length),
  )
  if (!match) return token
  const [, repository, number, comment] = match
  token.content = `${repository === place.repository ? '' : repository}#${number}${comment ? ' (comment)' : ''}`
  return token
}

function withReferences(token: Token, place: MarkdownPlace): Token[] {
  const pieces: Token[] = []
  let from = 0
  for (const match of token.content.matchAll(REFERENCE)) {
    const link = referenceLink(match, place)
    if (!link) continue
    pieces.push(textLike(token, token.content.slice(from, match.index)))
    const written = textLike(token, '')
    written.type = 'html_inline'
    written.content = link
    pieces.push(written)
    from = match.index + match[0].length
  }
  return [...pieces, textLike(token, token.content.slice(from))]
}

function textLike(token: Token, content: string): Token {
  const copy: Token = Object.assign(Object.create(Object.getPrototypeOf(token)), token)
  copy.content = content
  return copy
}

/** The link that GitHub makes of a reference, or null where there is nothing to refer to. */
function referenceLink(match: RegExpExecArray, place: MarkdownPlace): string | null {
  const { mention, number, sha, repository = place.repository } = match.groups ?? {}
  const text = escapeHtml(match[0])
  if (mention) {
    const [owner = '', team] = mention.split('/')
    const href = team === undefined ? `/${owner}` : `/orgs/${owner}/teams/${team}`
    return place.hasUser(mention) ? `<a class="user-mention" href="${href}">${text}</a>` : null
  }
  if (number) {
    const href = `/${escapeHtml(repository)}/issues/${number}`
    return place.hasIssue(repository, Number(number))
      ? `<a class="issue-link" href="${href}">${text}</a>`
      : null
  }
  if (!sha || !SHA_WITH_DIGIT_AND_LETTER.test(sha) || !place.hasCommit(place.repository, sha)) return null
  const href = `/${escapeHtml(place.repository)}/commit/${sha}`
  return `<a class="commit-link" href="${href}"><tt>${sha.slice(0, 7)}</tt></a>`
}

const TAGS =
  'h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p ol ul li table thead tbody tfoot tr td th blockquote dl dt dd kbd q samp var hr ruby rt rp s strike summary details caption figure figcaption abbr cite dfn mark small span time input'.split(
    ' ',
  )

const CLASSES = ['hljs*', 'language-*', 'mermaid', '*task-list*', 'markdown-alert*', '*-mention', '*-link']

const sanitized = (markup: string): string =>
  sanitizeHtml(markup, {
    allowedTags: TAGS,
    allowedAttributes: {
      a: ['href', 'title'],
      img: ['src', 'alt', 'title', 'width', 'height'],
      input: [{ name: 'type', values: ['checkbox'] }, 'checked', 'data-line', 'disabled'],
      details: ['open'],
      ol: ['start'],
      '*': ['align', 'colspan', 'rowspan'],
      th: ['style'],
      td: ['style'],
    },
    allowedClasses: { '*': CLASSES },
    allowedStyles: { '*': { 'text-align': [/^(?:left|center|right)$/] } },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    transformTags: { img: image, input: box },
  })

/** Only this machine's pictures are shown; another's becomes a link, so that a page asks nobody outside. */
function image(_: string, attribs: Record<string, string>) {
  const { src = '', alt = '' } = attribs
  if (/^\/(?!\/)/.test(src)) return { tagName: 'img', attribs }
  return { tagName: 'a', attribs: { href: src }, text: alt || src }
}

/** Boxes are of task lists alone, and live only where the page says so. */
const box = (_: string, attribs: Record<string, string>) => ({
  tagName: 'input',
  attribs: {
    type: 'checkbox',
    class: 'task-list-item-checkbox',
    disabled: '',
    'data-line': /^\d+$/.test(attribs['data-line'] ?? '') ? (attribs['data-line'] ?? '') : '-1',
    ...('checked' in attribs && { checked: '' }),
  },
})

/** Markdown from anybody → HTML that may stand in a page. */
export function renderMarkdown(text: string, place: MarkdownPlace): Html {
  const markdown = place.breaks ? inComments : inFiles
  const tokens = markdown.parse(text, {})
  linkReferences(tokens, place)
  const markup = markdown.renderer.render(tokens, markdown.options, {})
  return trusted(sanitized(markup))
}

/** A file's text with its syntax coloured, line by line unchanged. */
export function renderCode(code: string, path: string): Html {
  const language = path.split('.').at(-1) ?? ''
  return trusted(highlight(code, language))
}

const TASK = /^(\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+)\[([ xX])\](?=\s)/

/** The text with the box on `line` (from 0) ticked or cleared; null where there is no box on that line. */
export function toggleTask(text: string, line: number, checked: boolean): string | null {
  const lines = text.split('\n')
  const found = lines[line]
  if (found === undefined || !TASK.test(found)) return null
  lines[line] = found.replace(TASK, `$1[${checked ? 'x' : ' '}]`)
  return lines.join('\n')
}

/** How many boxes of a text are ticked. */
export function taskProgress(text: string): { done: number; all: number } {
  const boxes = text.split('\n').flatMap((line) => TASK.exec(line)?.[2] ?? [])
  return { done: boxes.filter((sign) => sign !== ' ').length, all: boxes.length }
}

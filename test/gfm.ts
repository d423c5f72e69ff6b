// What GitHub makes of Markdown, as far as it matters here: what takes effect in it, its HTML, its tables.
import MarkdownIt from 'markdown-it'

const parser = new MarkdownIt({ html: true, linkify: true, breaks: true })

export type Reading = {
  /** What is shown outside code. */
  text: string
  /** Mentions, references and addresses that GitHub would make one of, outside code. */
  live: string[]
  /** Raw HTML, but for comments that say nothing to Mayday. */
  html: string[]
  /** Hidden marks, wherever they stand. */
  marks: string[]
  links: string[]
  /** Addresses that reference links elsewhere in the text would lead to. */
  definitions: string[]
  /** How many tokens of each type there are, such as `td_open`. */
  kinds: Map<string, number>
}

export const parse = (markdown: string): ReturnType<typeof parser.parse> => parser.parse(markdown, {})

export function read(markdown: string): Reading {
  const marks = markdown.match(/<!-- mayday:[^>]*>?/g) ?? []
  const env: { references?: Record<string, { title: string; href: string }> } = {}
  const reading: Reading = {
    ...{ text: '', live: [], html: [], marks, links: [], definitions: [], kinds: new Map() },
  }
  const counted = (type: string): unknown => reading.kinds.set(type, (reading.kinds.get(type) ?? 0) + 1)
  for (const token of parser.parse(markdown, env)) {
    counted(token.type)
    if (token.type === 'html_block') reading.html.push(...rawIn(token.content))
    let inLink = false
    let run = ''
    for (const child of token.children ?? []) {
      counted(child.type)
      if (child.type === 'html_inline') reading.html.push(...rawIn(child.content))
      if (child.type === 'link_open') reading.links.push(String(child.attrGet('href')))
      if (child.type === 'link_open' || child.type === 'link_close') inLink = child.type === 'link_open'
      reading.text += child.type === 'softbreak' || child.type === 'hardbreak' ? '\n' : child.content
      if (!inLink && child.type !== 'code_inline' && child.type !== 'html_inline') run += child.content || ' '
    }
    reading.live.push(...liveIn(run))
  }
  reading.live.push(...reading.links.filter((href) => REFERENCE.test(href)))
  reading.definitions = Object.values(env.references ?? {}).map(({ href }) => href)
  return reading
}

const rawIn = (html: string): string[] =>
  html
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .trim()
    .match(/<[^>]*>?/g) ?? []

function liveIn(text: string): string[] {
  const mentions = text.match(/(?:^|[^A-Za-z0-9`])@[A-Za-z0-9][\w/-]*/g) ?? []
  const references = text.match(/#\d+|\bGH-\d+/gi) ?? []
  const addresses = text.match(/https?:\/\/\S+/gi) ?? []
  return [...mentions, ...references, ...addresses.filter((address) => REFERENCE.test(address))]
}

const REFERENCE = /^https?:\/\/[^/]+\/+[^/]+\/+[^/]+\/+(issues|pull|discussions|commit)\/+\w/i

// HTML that is safe by construction: whatever a template takes in is escaped, unless it is itself such HTML.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in an element or a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)

/** Made by `html` and `trusted` alone, so that no object from a request can pass for it. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

export type Fragment = Html | string | number | null | undefined | false | readonly Fragment[]

function written(fragment: Fragment): string {
  if (fragment === null || fragment === undefined || fragment === false) return ''
  if (fragment instanceof Html) return fragment.toString()
  if (typeof fragment === 'string' || typeof fragment === 'number') return escapeHtml(String(fragment))
  return fragment.map(written).join('')
}

/** A template: strings are escaped, lists joined, `false` and nothing left out. Attributes must be quoted. */
export const html = (parts: TemplateStringsArray, ...fragments: Fragment[]): Html =>
  new Html(
    parts.map((part, index) => part + (index < fragments.length ? written(fragments[index]) : '')).join(''),
  )

/** Markup that has been made safe elsewhere. */
export const trusted = (markup: string): Html => new Html(markup)

const require = createRequire(import.meta.url)
const icons = new Map<string, Html>()

/** An Octicon of 16 pixels by its name, as in `issue-opened`. */
export function icon(name: string, tone = ''): Html {
  const key = `${name} ${tone}`
  const known = icons.get(key)
  if (known) return known
  const svg = readFileSync(require.resolve(`@primer/octicons/build/svg/${name}-16.svg`), 'utf8')
  const made = new Html(svg.replace('<svg', `<svg class="octicon ${escapeHtml(tone)}" aria-hidden="true"`))
  icons.set(key, made)
  return made
}

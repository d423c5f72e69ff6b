// Every template with the views that it is tried with, and the people's words in them.
import { Markup } from '../../src/markdown.ts'
import type { View, ViewValue } from '../../src/templates/templates.ts'
import type { Views } from '../../src/texts/views.ts'
import { documents } from './documents.ts'
import { entryViews } from './entries.ts'
import { notices } from './notices.ts'

/** The views that templates are tried with, by template and case. */
export type Samples<Name extends keyof Views> = {
  readonly [N in Name]: { readonly [name: string]: Views[N] }
}

export const views: { readonly [template: string]: { readonly [name: string]: View } } = {
  ...documents,
  ...notices,
  entry: Object.fromEntries(entryViews.map((view, index) => [String(index), view])),
}

export const cases = Object.entries(views).flatMap(([template, byName]) =>
  Object.entries(byName).map(([name, view]) => ({ template, name, view })),
)

export const isList = (value: ViewValue): value is readonly ViewValue[] => Array.isArray(value)
export const isGroup = (value: ViewValue): value is View =>
  typeof value === 'object' && value !== null && !(value instanceof Markup) && !isList(value)

/** Not people's words: `example` and `verb` stand inside a command's code, the one held to letters, digits, `-`, `_` and
 * `.` by the configuration, the other a verb of ours; addresses are GitHub's own. */
const NAMES: readonly string[] = ['example', 'verb', 'url', 'living', 'review']

/** How many strings of a view are people's words: what is Markup is ours, or was made safe where it was made. */
export function countOfWords(value: ViewValue): number {
  let count = 0
  withWords(value, () => String(count++))
  return count
}

/** The view with other words in people's place, asked for in a fixed order. */
export function withWords(value: ViewValue, next: () => string): ViewValue {
  if (typeof value === 'string') return next()
  if (isList(value)) return value.map((item) => withWords(item, next))
  if (!isGroup(value)) return value
  const filled = Object.entries(value).map(([name, item]) => [
    name,
    NAMES.includes(name) && typeof item === 'string' ? item : withWords(item, next),
  ])
  return Object.fromEntries(filled)
}

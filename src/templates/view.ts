// The view of a template and its four helpers, the same on the main thread and in the worker.
import Handlebars from 'handlebars'
import { formatLength, formatTime } from '../incident/timeline/format.ts'
import { code, inline, link, Markup } from '../markdown.ts'

/** What a template is filled with: plain values. Every string is people's text and is escaped as one line, unless it
 * is `Markup` (`block(text)`, or Markdown of our own). */
export type View = { readonly [name: string]: ViewValue }
export type ViewValue = string | number | boolean | null | undefined | Markup | View | readonly ViewValue[]

export type Renderer = (view: View) => string

/** A string of a view: escaped where a template shows it, plain where a helper takes it. */
class EscapedText {
  readonly #plain: string

  constructor(plain: string) {
    this.#plain = plain
  }

  get plain(): string {
    return this.#plain
  }

  toString(): string {
    return inline(this.#plain).toString()
  }
}

/** Set explicitly: without these Handlebars logs each attempt. */
const PROTOTYPES = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false }

const engine = Handlebars.create()
for (const name of Object.keys(engine.helpers))
  if (!['if', 'unless', 'each', 'with'].includes(name)) engine.unregisterHelper(name)
engine.registerHelper({
  date: (...given: unknown[]) => date(given[0], given.length > 2 ? given[1] : undefined),
  duration: (value: unknown) => (typeof value === 'number' ? formatLength(value) : shown(value)),
  code: (value: unknown) => (value instanceof Markup ? value : code(plain(value))).toString(),
  link: (text: unknown, url: unknown) =>
    link(text instanceof Markup ? text : plain(text), plain(url)).toString(),
})

/** Compiles a template that `checkTemplate` found good.
 * @throws Error from Handlebars where the template is none; also when rendering. */
export function compile(source: string): Renderer {
  const render = engine.compile(source, {
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: { date: true, duration: true, code: true, link: true, lookup: false, log: false },
  })
  return (view) => render(wrap(view), PROTOTYPES)
}

/** `10:11 UTC`, with its date where that is another day than the anchor's. */
function date(value: unknown, anchor: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return shown(value)
  return formatTime(value, typeof anchor === 'number' ? anchor : undefined)
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  return value instanceof Markup ? value.toString() : inline(plain(value)).toString()
}

function plain(value: unknown): string {
  if (value instanceof EscapedText) return value.plain
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** A view as it travels to another thread, where classes are lost. */
export type PackedView =
  | { text: string }
  | { markup: string }
  | { plain: number | boolean | null | undefined }
  | { list: PackedView[] }
  | { fields: [string, PackedView][] }

export function pack(value: ViewValue): PackedView {
  if (typeof value === 'string') return { text: value }
  if (typeof value !== 'object' || value === null) return { plain: value }
  if (value instanceof Markup) return { markup: value.toString() }
  if (isList(value)) return { list: value.map(pack) }
  return { fields: Object.entries(value).map(([name, item]) => [name, pack(item)]) }
}

export function unpack(parcel: PackedView): ViewValue {
  if ('text' in parcel) return parcel.text
  if ('markup' in parcel) return new Markup(parcel.markup)
  if ('plain' in parcel) return parcel.plain
  if ('list' in parcel) return parcel.list.map(unpack)
  const fields: { [name: string]: ViewValue } = Object.create(null)
  for (const [name, item] of parcel.fields) fields[name] = unpack(item)
  return fields
}

function isList(value: ViewValue): value is readonly ViewValue[] {
  return Array.isArray(value)
}

/** The only thing that a group of fields inherits: shown as a whole it is nothing, not an error. */
const NOTHING: object = Object.freeze(Object.assign(Object.create(null), { toString: () => '' }))

/** A view without prototypes, its strings escaped where they are shown. An empty string stays one: it is falsy. */
function wrap(value: ViewValue): unknown {
  if (typeof value === 'string') return value === '' ? '' : new EscapedText(value)
  if (typeof value !== 'object' || value === null || value instanceof Markup) return value
  if (isList(value)) return value.map(wrap)
  const wrapped: Record<string, unknown> = Object.create(NOTHING)
  for (const [name, item] of Object.entries(value)) wrapped[name] = wrap(item)
  return wrapped
}

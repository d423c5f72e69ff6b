// The texts that people read, each as it looks when it is filled, and that nothing people write acts in them.
import MarkdownIt from 'markdown-it'
import { afterAll, describe, expect, it } from 'vitest'
import { checkTemplate, loadTemplates, Markup, type View, type ViewValue } from '../src/templates.ts'
import { documents } from './templates/documents.ts'
import { entryViews } from './templates/entries.ts'
import { notices } from './templates/notices.ts'

const templates = loadTemplates(new URL('../templates/', import.meta.url).pathname)
afterAll(() => templates.close())

const views: { readonly [template: string]: { readonly [name: string]: View } } = {
  ...documents,
  ...notices,
  entry: Object.fromEntries(entryViews.map((view, index) => [String(index), view])),
}
const cases = Object.entries(views).flatMap(([template, byName]) =>
  Object.entries(byName).map(([name, view]) => ({ template, name, view })),
)

it('has a view for every template, and no other', () => {
  expect(Object.keys(views).sort()).toEqual([...templates.names].sort())
})

describe('as it reads', () => {
  it.each(cases.filter(({ template }) => template !== 'entry'))('$template, $name', async ({
    template,
    name,
    view,
  }) => {
    const text = templates.render(template, view)
    expect(text).not.toMatch(/\n{3,}|[ \t]+$|undefined|\[object/m)
    await expect(`${text}\n`).toMatchFileSnapshot(`__snapshots__/templates/${template}-${name}.md`)
  })

  it('entry, one line for each kind of fact', async () => {
    const lines = entryViews.map((view) => templates.render('entry', view).trim())
    for (const line of lines) expect(line).toMatch(/^\S[^\n]*\S$/)
    await expect(`${lines.map((line) => `- ${line}`).join('\n')}\n`).toMatchFileSnapshot(
      '__snapshots__/templates/entry.md',
    )
  })
})

describe('fields', () => {
  it.each(Object.entries(views))('%s uses only fields that its views have', (template, byName) => {
    const sample = Object.values(byName).reduce<ViewValue>(united, undefined)
    const known = isGroup(sample) ? sample : {}
    expect(checkTemplate(template, templates.source(template), known)).toEqual([])
  })
})

/** What anybody may write into an issue: each piece would do something if it reached Markdown as it is. */
const HOSTILE = [
  '@evil @acme/evil fixes #666 acme/web#667 GH-668 https://github.com/acme/web/issues/669',
  '<img src=x onerror=alert(1)> <script>alert(2)</script> <!-- mayday:living --> --> </details>',
  '**bold** `code` ``` [link](javascript:alert(3)) ![picture](https://evil.example/a.png) | cell |',
  '~~struck~~ $x$ &lt;b&gt; \u202Erevers',
]
const markdown = new MarkdownIt({ html: true, linkify: false })

describe('hostile text', () => {
  const written = cases.flatMap(({ template, name, view }) =>
    paths(view).map((path) => ({ template, name, path: path.join('.'), view: replaced(view, path) })),
  )

  it('acts where it is not escaped', () => {
    const { html, pictures, mentions, references, formatted } = actsIn(HOSTILE.join(' '))
    const found = [html, mentions, references].map((list) => list.length)
    expect([...found, pictures, ...formatted.slice(0, 2)].every((count) => count > 0)).toBe(true)
  })

  it('is tried in every field of people’s words', () => {
    expect(written.length).toBeGreaterThan(300)
  })

  it.each(Object.keys(views))('does nothing in %s', (template) => {
    for (const { name, path, view } of written.filter((one) => one.template === template)) {
      const text = templates.render(template, view)
      const honest = templates.render(template, views[template]?.[name] ?? {})
      expect({ path, ...actsIn(text) }, `${template} ${name}, ${path}`).toEqual({ path, ...actsIn(honest) })
    }
  })
})

/** What of a text acts once GitHub shows it, but for what the template itself says. */
function actsIn(text: string) {
  const tokens = markdown.parse(text, {})
  const flat = tokens.flatMap((token) => [token, ...(token.children ?? [])])
  const shown = flat.filter(({ type }) => type === 'text').map(({ content }) => content)
  const of = (type: string) => flat.filter((token) => token.type === type)
  return {
    html: [...of('html_block'), ...of('html_inline')].map(({ content }) =>
      content.trim().replaceAll(/<!--[\s\S]*?-->/g, '<!-- -->'),
    ),
    pictures: of('image').length,
    links: of('link_open').filter((token) => /evil|javascript/.test(String(token.attrGet('href')))).length,
    formatted: ['strong_open', 's_open', 'heading_open', 'td_open', 'tr_open'].map((type) => of(type).length),
    mentions: shown.join(' ').match(/(?<![\w`/@])@(?:evil|acme\/evil)/g) ?? [],
    references: shown.join(' ').match(/(?<!\w)(?:#66\d|GH-66\d)|acme\/web#66\d|https:\/\/\S*66\d/g) ?? [],
  }
}

type Path = readonly (string | number)[]

const isList = (value: ViewValue): value is readonly ViewValue[] => Array.isArray(value)
const isGroup = (value: ViewValue): value is View =>
  typeof value === 'object' && value !== null && !(value instanceof Markup) && !isList(value)

/** Names that the configuration holds to letters, digits, `-`, `_` and `.`: they stand inside a command's code. */
const NAMES: readonly (string | number)[] = ['example']

/** The paths of all strings of a view: what is Markup is ours, or was made safe where it was made. */
function paths(value: ViewValue, at: Path = []): Path[] {
  if (typeof value === 'string') return NAMES.includes(at.at(-1) ?? '') ? [] : [at]
  if (isList(value)) return value.flatMap((item, index) => paths(item, [...at, index]))
  return isGroup(value) ? Object.entries(value).flatMap(([key, item]) => paths(item, [...at, key])) : []
}

function replaced(view: View, path: Path): View {
  const put = (value: ViewValue, [first, ...rest]: Path): ViewValue => {
    if (first === undefined) return HOSTILE.join(' ')
    if (isList(value)) return value.map((item, index) => (index === first ? put(item, rest) : item))
    return isGroup(value) ? { ...value, [first]: put(value[first], rest) } : value
  }
  const changed = put(view, path)
  return isGroup(changed) ? changed : view
}

/** One view with the fields of both; of a list one item with the fields of all. */
function united(a: ViewValue, b: ViewValue): ViewValue {
  if (isList(a) || isList(b)) {
    const items = [a, b].flatMap((one) => (isList(one) ? one : []))
    return items.length > 0 ? [items.reduce<ViewValue>(united, undefined)] : []
  }
  if (!isGroup(b)) return a ?? (isGroup(a) ? a : b)
  if (!isGroup(a)) return united({}, b)
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...keys].map((key) => [key, united(a[key], b[key])]))
}

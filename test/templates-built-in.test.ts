// The texts that people read, each as it looks when it is filled.
import { afterAll, describe, expect, it } from 'vitest'
import { checkTemplate, loadTemplates, type ViewValue } from '../src/templates/templates.ts'
import { entryViews } from './templates/entries.ts'
import { cases, isGroup, isList, views } from './templates/views.ts'

const templates = loadTemplates(new URL('../templates/', import.meta.url).pathname)
afterAll(() => templates.close())

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

describe('the chart', () => {
  const text = templates.render('living', views.living?.resolved ?? {})
  const chart = (/```mermaid\n(.*?)\n```/s.exec(text)?.[1] ?? '').split('\n').map((line) => line.trim())

  it('is a gantt that Mermaid reads, whatever the id', () => {
    const [kind, ...lines] = chart
    expect(kind).toBe('gantt')
    const moment = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d'
    const read = new RegExp(
      `^(?:title [\\w -]+|dateFormat YYYY-MM-DD HH:mm|axisFormat %H:%M|tickInterval \\d+(?:minute|hour|day)|[a-z]+ : ${moment}, ${moment})$`,
    )
    expect(lines.filter((line) => !read.test(line))).toEqual([])
    expect(lines.filter((line) => / : /.test(line)).length).toBeGreaterThan(0)
  })
})

describe('fields', () => {
  it.each(Object.entries(views))('%s uses only fields that its views have', (template, byName) => {
    const sample = Object.values(byName).reduce<ViewValue>(united, undefined)
    const known = isGroup(sample) ? sample : {}
    expect(checkTemplate(template, templates.source(template), known)).toEqual([])
  })
})

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

// P34: Nothing that people write takes effect in what Mayday writes: no mention, reference, closing keyword, HTML or mark.
import { afterAll, describe, expect, test } from 'vitest'
import { inline } from '../../src/markdown.ts'
import { loadTemplates, type View } from '../../src/templates/templates.ts'
import { type Reading, read } from '../gfm.ts'
import { HOSTILE } from '../hostile.ts'
import { stories } from '../stories/story.ts'
import { cases, countOfWords, isGroup, withWords } from '../templates/views.ts'
import { sized } from './size.ts'

/** Of what takes effect, what none of the texts says by itself. */
const foreign = ({ live, links, definitions, marks }: Reading): string[] => [
  ...live.filter((one) => /mallory|666/i.test(one)),
  ...links.filter((href) => /^javascript:/i.test(href)),
  ...definitions,
  ...marks,
]

const kindsOf = ({ kinds }: Reading, wanted: RegExp): string[] =>
  [...kinds].flatMap(([kind, count]) => (wanted.test(kind) ? [`${count} ${kind}`] : [])).toSorted()
const TABLES = /^(table|t[rhd])_open$/
const FORMATS =
  /^(strong|em|s|heading|(list|bullet|ordered).*|blockquote|paragraph)_open$|^(image|fence|code_block|hr)$/

/** What stands around the words: HTML, tables, and formatting, of which words may take some away, but add none. */
const shapeOf = (reading: Reading, honest: Reading) => ({
  html: reading.html,
  tables: kindsOf(reading, TABLES),
  added: kindsOf(reading, FORMATS).filter((one) => {
    const [count, kind = ''] = one.split(' ')
    return Number(count) > (honest.kinds.get(kind) ?? 0)
  }),
})

describe('every template', () => {
  const templates = loadTemplates(new URL('../../templates/', import.meta.url).pathname)
  afterAll(() => templates.close())
  /** A field without a word is left out of a text, which changes its shape. */
  const words = HOSTILE.filter((text) => inline(text).toString() !== '')

  /** The view with the words from `first` on in its fields. */
  const filled = (view: View, first: number): View => {
    let index = first
    const full = withWords(view, () => words[index++ % words.length] ?? '')
    return isGroup(full) ? full : view
  }

  test('is tried with three hundred strings', () => {
    expect(words.length).toBeGreaterThan(300)
    expect(cases.reduce((sum, { view }) => sum + countOfWords(view), 0)).toBeGreaterThan(300)
  })

  test.each(cases)('shows them and no more: $template, $name', ({ template, view }) => {
    const honest = read(templates.render(template, view))
    const fields = countOfWords(view)
    // Each string once in each text, or, at length, in each field of each text.
    const step = sized({ suite: fields, soak: 1 })
    for (let first = 0; fields > 0 && first < words.length; first += step) {
      const text = templates.render(template, filled(view, first))
      const reading = read(text)
      const found = { text, acts: foreign(reading), ...shapeOf(reading, honest) }
      expect(found).toEqual({ text, acts: [], ...shapeOf(honest, honest) })
    }
  })
})

stories(
  'the running app',
  (story) => {
    test('writes what hostile people say, name and promise, and none of it takes effect', async () => {
      const said = HOSTILE.filter((_, index) => index % sized({ suite: 31, soak: 1 }) === 0)
      const words = (index: number): string => (HOSTILE[index] ?? '').replaceAll(/\s+/g, ' ')
      await story.declares(`${words(0)} ${words(2)} ${words(6)}`, 'sev:P1')
      const ada = story.as('ada')
      await story.when(() => {
        for (const text of said) ada.comment(story.issue(), `/note ${text}`)
        for (const verb of ['update', 'impact', 'cause', 'hotfix', 'bridge', 'sev P0', 'type', 'page'])
          ada.comment(story.issue(), `/${verb} ${words(1)} ${words(7)} ${words(5)} ${words(8)}`)
        for (let index = 0; index < 5; index += 1)
          ada.comment(story.issue(), `/action @cy due:2097-01-09 ${words(index)} and ${words(index + 20)}`)
        ada.comment(story.issue(), '/amend 2 @mallory fixes #666 <b>')
      })
      await story.says('ada', `/resolve ${words(2)} ${words(6)}`)
      const { bot } = story.sandbox.world.app
      const issues = story.issues().filter(({ author }) => author === bot)
      expect(issues.map(({ title }) => title.slice(0, 5))).toContain('Post-')
      expect(issues.filter(({ title }) => title.startsWith('[PIR]'))).toHaveLength(5)
      const comments = story
        .issues()
        .flatMap((issue) => issue.comments.filter(({ author }) => author === bot))
      expect(comments.length).toBeGreaterThan(3)
      for (const { body } of [...issues, ...comments]) {
        const text = (body ?? '').replace(/\n\n<!-- mayday:[^ ]+ -->$/, '')
        const reading = read(text)
        const html = reading.html.filter((tag) => !/^<\/?(details|summary)>$/.test(tag))
        expect({ text, acts: [...foreign(reading), ...html] }).toEqual({ text, acts: [] })
      }
    })
  },
  { settings: 'board: none' },
)

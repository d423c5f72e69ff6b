// Templates: ours are filled and escaped; a repository's get values only, within limits, or ours stand in.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { block, Markup } from '../src/markdown.ts'
import { checkTemplate, loadTemplates, type View } from '../src/templates/templates.ts'

const directory = mkdtempSync(join(tmpdir(), 'templates-'))
writeFileSync(join(directory, 'update.md.hbs'), '{{title}} · {{status}}\n')
writeFileSync(join(directory, 'notes.txt'), 'no template')
const templates = loadTemplates(directory)
const bad = mkdtempSync(join(tmpdir(), 'templates-'))
afterAll(async () => {
  await templates.close()
  for (const folder of [directory, bad]) rmSync(folder, { recursive: true })
})

const at = Date.parse('2025-12-18T10:11:00Z')
const view: View = {
  title: 'Search | down @ada <b>',
  status: 'fixing',
  empty: '',
  number: 42,
  zero: 0,
  missing: null,
  live: true,
  at,
  midnight: Date.parse('2025-12-19T00:40:00Z'),
  length: 7_800_000,
  line: new Markup('**done** [x](https://x.io)'),
  text: block('one\ntwo @ada'),
  lead: { login: 'ada', url: 'https://github.com/ada' },
  items: [
    { name: 'a|b', url: 'https://x.io/a_b' },
    { name: 'c', url: 'javascript:1' },
  ],
  none: [],
}

/** Renders a text of ours: written to a folder and loaded like the built-in ones. */
function ours(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'))
  try {
    writeFileSync(join(folder, 'x.md.hbs'), source)
    return loadTemplates(folder).render('x', view)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the built-in templates', () => {
  it('are the *.md.hbs of a folder', () => {
    expect(templates.names).toEqual(['update'])
    expect(templates.source('update')).toBe('{{title}} · {{status}}\n')
    expect(() => templates.render('nope', view)).toThrow('there is no template nope')
  })

  it.each<[template: string, text: string]>([
    ['{{title}}', 'Search \\| down @\u2060ada &lt;b&gt;'],
    ['{{{title}}}', 'Search \\| down @\u2060ada &lt;b&gt;'],
    ['#{{number}} {{zero}}', '#42 0'],
    ['[{{missing}}{{unknown}}{{unknown.deep}}{{empty}}]', '[]'],
    ['{{line}}', '**done** [x](https://x.io)'],
    ['{{text}}', 'one  \ntwo @\u2060ada'],
    ['@{{lead.login}}', '@ada'],
    ['{{lead}}', ''],
    ['{{#if empty}}a{{else}}b{{/if}}', 'b'],
    ['{{#if title}}a{{/if}}{{#unless live}}b{{/unless}}', 'a'],
    ['{{#each items}}{{@index}} {{name}};{{/each}}', '0 a\\|b;1 c;'],
    ['{{#each none}}x{{else}}nothing{{/each}}', 'nothing'],
    ['{{#with lead}}{{login}} {{../number}}{{/with}}', 'ada 42'],
    ['{{date at}}', '10:11 UTC'],
    ['{{date midnight at}}', '2025-12-19 00:40 UTC'],
    ['{{date at at}} {{date missing}}', '10:11 UTC '],
    ['{{duration length}}', '2 h 10'],
    ['{{code status}} {{code title}}', '`fixing` Search \\| down @\u2060ada &lt;b&gt;'],
    ['{{#each items}}{{link name url}} {{/each}}', '[a\\|b](https://x.io/a_b) c '],
    ['{{link line lead.url}}', '[**done** [x](https://x.io)](https://github.com/ada)'],
    ['{{title.length}}{{title.plain}}{{lead.toString}}', ''],
  ])('%s', (template, text) => {
    expect(ours(template)).toBe(text)
  })

  it('are refused at the start when they use more than they may', () => {
    writeFileSync(join(bad, 'a.md.hbs'), 'fine\n{{lookup a b}}')
    expect(() => loadTemplates(bad)).toThrow('a.md.hbs:2:1 `lookup` is no helper')
    writeFileSync(join(bad, 'a.md.hbs'), '{{#if x}}')
    expect(() => loadTemplates(bad)).toThrow('a.md.hbs:1:1 This is no template')
  })
})

describe('checkTemplate', () => {
  it.each([
    '{{> header}}',
    '{{> (title)}}',
    '{{#> layout}}x{{/layout}}',
    '{{> @partial-block}}',
    '{{#* inline "x"}}y{{/inline}}',
    '{{* decorate}}',
    '{{#*inline "a"}}{{> a}}{{> a}}{{/inline}}{{> a}}',
    '{{log title}}',
    '{{log "forged" level="error"}}',
    '{{lookup lead "login"}}',
    '{{lookup (lookup this "constructor") "name"}}',
    '{{helperMissing "x"}}',
    '{{blockHelperMissing title "x"}}',
    '{{#blockHelperMissing title}}x{{/blockHelperMissing}}',
    '{{#helperMissing}}x{{/helperMissing}}',
    '{{constructor}}',
    '{{constructor.constructor}}',
    '{{this.constructor}}',
    '{{title.constructor}}',
    '{{lead.constructor.name}}',
    '{{__proto__}}',
    '{{lead.__proto__.x}}',
    '{{[__proto__]}}',
    '{{lead.[constructor]}}',
    '{{prototype}}',
    '{{items.[0].constructor}}',
    '{{#with constructor}}{{name}}{{/with}}',
    '{{#with title.constructor as |f|}}{{f}}{{/with}}',
    '{{#each this as |value key|}}{{key}}{{/each}}',
    '{{#with "s" as |string|}}{{#with string.split}}{{this.push "x"}}{{/with}}{{/with}}',
    '{{#with (lookup string.sub "constructor")}}x{{/with}}',
    '{{#each (lookup this "items")}}x{{/each}}',
    '{{code (lookup this "title")}}',
    '{{code (code title)}}',
    '{{@root}}',
    '{{@root.title}}',
    '{{@root.constructor}}',
    '{{@level}}',
    '{{@partial-block}}',
    '{{#each items}}{{@root.title}}{{/each}}',
    '{{../../../title}}',
    '{{#if (lookup this "a")}}x{{/if}}',
    '{{{{raw}}}}x{{{{/raw}}}}',
    '{{#foo}}x{{/foo}}',
    '{{#title}}x{{/title}}',
    '{{^title}}x{{/title}}',
    '{{foo bar}}',
    '{{foo a=1}}',
    '{{title a=1}}',
    '{{date at a=1}}',
    '{{if title "x"}}',
    '{{each items}}',
    '{{with lead}}',
    '{{"title" 1}}',
    '{{1}}',
    '{{true}}',
    '{{#if}}x{{/if}}',
    '{{#if a b}}x{{/if}}',
    '{{#each items a=1}}x{{/each}}',
    '{{date}}',
    '{{code a b}}',
    '{{link title}}',
    '{{link a b c}}',
    '{{#date at}}x{{/date}}',
    '{{#code title}}x{{/code}}',
    '{{#each a}}{{#each b}}{{#each c}}x{{/each}}{{/each}}{{/each}}',
    '{{#if a}}'.repeat(30) + '{{/if}}'.repeat(30),
    '{{',
    '{{}}',
    '{{#if x}}',
    '{{/if}}',
    '{{else}}',
    '{{#if a}}{{/unless}}',
    '{{a..b}}',
    '{{!--',
    'x'.repeat(32_769),
    '{{~> x ~}}',
    '{{toString 1}}',
    '{{hasOwnProperty "x"}}',
    '{{valueOf.call this}}',
  ])('refuses %s', (source) => {
    const problems = checkTemplate('x', source, view)
    expect(problems.filter(({ level }) => level === 'error')).not.toEqual([])
  })

  it('cannot be made to overlook an error by many warnings', () => {
    const problems = checkTemplate('x', `${'{{nope}}'.repeat(50)}{{lookup a b}}`, view)
    expect(problems.filter(({ level }) => level === 'error')).toHaveLength(1)
    expect(problems).toHaveLength(21)
  })

  it.each([
    ['{{titel}}', ['1:3 `titel` is no field of this text and shows as nothing; did you mean `title`?']],
    [
      'a\n  {{#each items}}{{nme}}{{/each}}',
      ['2:20 `nme` is no field of this text and shows as nothing; did you mean `name`?'],
    ],
    ['{{#with lead}}{{title}}{{/with}}', ['1:17 `title` is no field of this text and shows as nothing.']],
    [
      '{{lead.logn}}',
      ['1:3 `lead.logn` is no field of this text and shows as nothing; did you mean `login`?'],
    ],
    [
      '{{#each items}}{{../titel}}{{/each}}',
      ['1:18 `../titel` is no field of this text and shows as nothing; did you mean `title`?'],
    ],
    ['{{toString}}', ['1:3 `toString` is no field of this text and shows as nothing.']],
    ['{{#each none}}{{anything}}{{/each}}', []],
    ['{{missing.anything}}', []],
    ['{{!-- a comment --}}{{! another }}{{title}}{{./status}}{{this.number}}', []],
    [
      '{{#unless live}}{{status}}{{else if number}}{{date at}}{{/unless}}{{#each items}}{{@index}}{{@first}}{{@last}}{{@key}}{{/each}}',
      [],
    ],
  ])('warns of fields that do not exist: %s', (source, messages) => {
    const problems = checkTemplate('x', source, view)
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(messages)
    expect(problems.filter(({ level }) => level !== 'warning')).toEqual([])
  })
})

describe("a repository's template", () => {
  const builtIn = 'Search \\| down @\u2060ada &lt;b&gt; · fixing\n'

  it('takes the place of ours and is escaped like ours', async () => {
    const own = await templates.renderOwn(
      'update',
      '{{status}}: {{title}} {{text}} {{line}} {{duration length}}',
      view,
    )
    expect(own).toEqual({
      text: 'fixing: Search \\| down @\u2060ada &lt;b&gt; one  \ntwo @\u2060ada **done** [x](https://x.io) 2 h 10',
      problems: [],
    })
  })

  it('may use a field that does not exist, with a warning', async () => {
    const own = await templates.renderOwn('update', 'a{{nope}}b', view)
    expect(own.text).toBe('ab')
    expect(own.problems).toMatchObject([{ level: 'warning', line: 1, column: 4 }])
  })

  it('gives way to ours when it is not allowed', async () => {
    const own = await templates.renderOwn('update', 'x\n{{log title}}', view)
    expect(own.text).toBe(builtIn)
    expect(own.problems).toMatchObject([
      { template: 'update', level: 'error', line: 2, message: expect.stringContaining('`log`') },
    ])
  })

  const wide: View = {
    ...view,
    rows: Array.from({ length: 3_000 }, (_, index) => ({ name: `row ${index}` })),
    long: 'x'.repeat(100_000),
    markup: new Markup('x'.repeat(1_000_000)),
  }

  it.each([
    ['too much output', '{{long}}', 'characters'],
    ['endless work', '{{#each rows}}{{#each ../rows}}{{code name}}{{/each}}{{/each}}', 'longer than 250 ms'],
    ['a slow syntax', '{{#if live}}'.repeat(1_600) + '{{/if}}'.repeat(1_600), ''],
    ['many values', '{{title}}'.repeat(3_600), ''],
    ['much memory', '{{#each rows}}{{#each ../rows}}{{../../markup}}{{/each}}{{/each}}', ''],
  ])('gives way to ours when it breaks a limit: %s', async (_what, source, reason) => {
    const own = await templates.renderOwn('update', source, wide)
    expect(own.text).toBe(builtIn)
    expect(own.problems.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining(reason),
    ])
    const next = await templates.renderOwn('update', '{{status}}', view)
    expect(next).toEqual({ text: 'fixing', problems: [] })
  })

  it('never keeps the main thread waiting', async () => {
    let ticks = 0
    const clock = setInterval(() => {
      ticks += 1
    }, 10)
    await templates.renderOwn(
      'update',
      '{{#each rows}}{{#each ../rows}}{{code name}}{{/each}}{{/each}}',
      wide,
    )
    clearInterval(clock)
    expect(ticks).toBeGreaterThan(5)
  })

  it('is not blamed for a main thread that is busy with something else', async () => {
    await templates.renderOwn('update', '{{status}}', view)
    // After an immediate the event loop comes to its timers first, and only then to the answer.
    await new Promise((resolve) => setImmediate(resolve))
    const answer = templates.renderOwn('update', '{{status}}', view)
    for (let step = 0; step < 20; step += 1) await null
    const until = performance.now() + 400
    while (performance.now() < until) Math.random()
    expect(await answer).toEqual({ text: 'fixing', problems: [] })
  })

  it('is checked within the same limits', async () => {
    expect(await templates.check('update', '{{titel}}', view)).toMatchObject([{ level: 'warning' }])
    expect(
      await templates.check('update', '{{#if live}}'.repeat(1_600) + '{{/if}}'.repeat(1_600)),
    ).toContainEqual(expect.objectContaining({ level: 'error' }))
  })

  it('answers everything that waits when several come at once', async () => {
    const answers = await Promise.all([
      templates.renderOwn('update', '1 {{status}}', view),
      templates.renderOwn('update', '{{#each rows}}{{#each ../rows}}{{code name}}{{/each}}{{/each}}', wide),
      templates.renderOwn('update', '3 {{status}}', view),
    ])
    expect(answers.map(({ text }) => text)).toEqual(['1 fixing', builtIn, '3 fixing'])
  })
})

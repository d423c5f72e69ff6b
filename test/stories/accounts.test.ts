// Stories of what happens around an incident: its issue, its repository and the installation come and go.
import { expect, test } from 'vitest'
import { row, stories, timeline } from './story.ts'

stories(
  'comings and goings',
  (story) => {
    const statusOf = async (number: number): Promise<unknown> => {
      const [found] = await story
        .shell()
        .database.query<{ status: string }>(
          `SELECT snapshot ->> 'status' AS status FROM mayday.incidents WHERE number = $1`,
          [number],
        )
      return found?.status
    }

    test('a deleted issue cancels its incident, quietly', async () => {
      await story.declares('Deleted', 'sev:P1')
      const { number } = story.issue()
      await story.when(() => story.as('dee').deleteIssue(story.issue()))
      expect(await statusOf(number)).toBe('cancelled')
      await story.clock.advance('1h')
    })

    test('a renamed repository changes nothing', async () => {
      const repo = story.sandbox.addRepository({ name: 'old-name' })
      await story.opens('ada', 'Renamed', { repo })
      await story.says('ada', '/declare P1')
      await story.when(() => story.sandbox.rename(repo, 'new-name'))
      await story.says('ada', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@ada')
      expect(story.livingComments()).toHaveLength(1)
    })

    test('a locked conversation means nothing', async () => {
      await story.declares('Locked', 'sev:P3')
      await story.when(() => story.as('ada').lock(story.issue()))
      await story.says('ada', '/note still here')
      expect(timeline(story.living()).at(-1)).toBe('still here')
    })

    test('suspended, Mayday is silent; back, it goes on', async () => {
      await story.declares('Suspended', 'sev:P1')
      await story.when(() => story.sandbox.installations.suspend())
      story.as('ada').comment(story.issue(), '/note unheard')
      await story.clock.advance('5m')
      await story.when(() => story.sandbox.installations.unsuspend())
      expect(timeline(story.living())).toContain('unheard')
      await story.says('ada', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@ada')
      expect(story.livingComments()).toHaveLength(1)
    })

    test('an archived repository is left alone', async () => {
      const repo = story.sandbox.addRepository({ name: 'attic' })
      await story.opens('ada', 'Archived', { repo })
      await story.says('ada', '/declare P1')
      await story.when(() => story.sandbox.archive(repo))
      await story.clock.advance('20m')
      await story.when(() => story.sandbox.archive(repo, false))
      await story.says('ada', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@ada')
    })

    test('where issues are switched off nobody is paged; on again, it goes on', async () => {
      const repo = story.sandbox.addRepository({ name: 'off' })
      await story.opens('ada', 'Switched off', { repo })
      await story.says('ada', '/declare P1')
      repo.hasIssues = false
      await story.clock.advance('20m')
      await story.heals()
      repo.hasIssues = true
      await story.says('ada', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@ada')
    })

    test('taken out of the installation, a repository is left alone; back, it goes on', async () => {
      const repo = story.sandbox.addRepository({ name: 'out' })
      await story.opens('ada', 'Taken out', { repo })
      await story.says('ada', '/declare P1')
      await story.when(() => story.sandbox.installations.remove([repo]))
      story.as('ada').comment(story.issue(), '/note meanwhile')
      const before = story.sandbox.calls.length
      await story.clock.advance('20m')
      await story.heals()
      expect(story.sandbox.calls.slice(before).filter(({ path }) => path.includes('/out/'))).toEqual([])
      await story.when(() => story.sandbox.installations.add([repo]))
      await story.says('ada', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@ada')
      expect(timeline(story.living())).toContain('meanwhile')
      // Its clocks were not forgotten: the update that is due is asked for.
      await story.clock.advance('1h')
      expect(story.replies().some((reply) => reply.includes('/update'))).toBe(true)
    })
  },
  { settings: 'board: none' },
)

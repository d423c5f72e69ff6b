// Stories of time: what fires, when, how often, and what is left unsaid because somebody acted meanwhile.
import { expect, test } from 'vitest'
import { row, stories } from './story.ts'

stories(
  'clocks',
  (story) => {
    const saying = (part: string): string[] => story.replies().filter((reply) => reply.includes(part))

    test('nobody acknowledges: escalated once, at the minute; nobody leads: asked a few times', async () => {
      await story.declares('Nobody', 'sev:P1')
      await story.clock.advance('1m')
      expect(story.replies()).toEqual([])
      await story.clock.advance('2m')
      expect(saying('has had no lead')).toEqual([expect.stringContaining('`/lead` takes it')])
      await story.clock.advance('11m')
      expect(saying('has not been acknowledged')).toEqual([])
      await story.clock.advance('2m')
      expect(saying('has not been acknowledged')).toEqual([
        expect.stringMatching(/^@ada: INC-\d+ \(P1 High, Nobody\) has not been acknowledged for 15 min/),
      ])
      await story.clock.advance('3h')
      expect(saying('has not been acknowledged')).toHaveLength(1)
      expect(saying('has had no lead')).toHaveLength(5)
      expect(story.replies().join()).not.toContain('late: Mayday could not')
    })

    test('acknowledged in time: nothing is said but the update that is due', async () => {
      await story.declares('In time', 'sev:P1')
      await story.clock.advance('1m')
      await story.says('ada', '/ack')
      await story.clock.advance('28m')
      expect(story.replies()).toEqual([])
      await story.clock.advance('2m')
      expect(story.replies()).toEqual([
        expect.stringMatching(/^@ada, the P1 update of INC-\d+ was due at \d\d:\d\d UTC/),
      ])
      await story.says('ada', '/update no change')
      await story.clock.advance('29m')
      expect(story.replies()).toHaveLength(1)
      await story.clock.advance('4h')
      expect(saying('update of')).toHaveLength(4)
    })

    test('resolved or cancelled, nobody is paged any more', async () => {
      await story.declares('Over', 'sev:P0')
      await story.says('ada', '/cancel false-alarm')
      const before = story.replies().length
      await story.clock.advance('1d')
      expect(story.replies()).toHaveLength(before)
    })

    test('a tighter severity restarts the clocks, and what has fired does not fire again', async () => {
      await story.declares('Worse', 'sev:P3')
      await story.clock.advance('20m')
      expect(saying('acknowledged')).toEqual([])
      await story.labels('ada', 'sev:P0')
      await story.clock.advance('4m')
      expect(saying('has not been acknowledged')).toEqual([])
      await story.clock.advance('2m')
      expect(saying('has not been acknowledged')).toHaveLength(1)
    })

    test('due while Mayday was down: said once when it is back, and how late', async () => {
      await story.declares('Down', 'sev:P1')
      await story.stop()
      await story.clock.skip('40m')
      await story.start()
      await story.quiet()
      expect(saying('has not been acknowledged')).toEqual([
        expect.stringMatching(/This message is 2\d min late: Mayday could not send it/),
      ])
      // Whoever answers the call leads: nobody is asked for a lead beside it.
      expect(saying('has had no lead')).toEqual([])
      expect(saying('update of')).toHaveLength(1)
      await story.quiet()
      expect(saying('has not been acknowledged')).toHaveLength(1)
    })

    test('acknowledged while Mayday was down: the comment counts before the page', async () => {
      await story.declares('Down again', 'sev:P1')
      await story.stop()
      await story.clock.skip('5m')
      story.as('ada').comment(story.issue(), '/ack')
      await story.sandbox.settle()
      await story.clock.skip('4m')
      await story.start()
      await expect.poll(() => row(story.living(), 'Lead'), { timeout: 5_000 }).toBe('@ada')
      await story.clock.advance('20m')
      expect(saying('has not been acknowledged')).toEqual([])
      expect(row(story.living(), 'Acknowledged')).toMatch(/UTC/)
    })

    test('one message a day to an owner, about everything that is due; snoozed and done are left out', async () => {
      await story.declares('Promises', 'sev:P2')
      await story.says(
        'ada',
        '/action @cy due:2026-01-14 Write the runbook\n/action @cy due:2026-01-15 Test the restore',
      )
      const [runbook, restore] = ['Write the runbook', 'Test the restore'].map((text) =>
        story.titled(`[PIR] ${story.id()}: ${text}`),
      )
      if (!runbook || !restore) throw new Error('no items')
      await story.says('ada', '/resolve')
      const told = (): number => [...story.replies(runbook), ...story.replies(restore)].length
      // 2026-01-12 is a Monday, two days before the first.
      const until = (date: string): Promise<void> =>
        story.clock.advance(`${Math.round((Date.parse(date) - story.clock.now()) / 60_000)}m` as const)
      await story.clock.advance('20d')
      await until('2026-01-12T08:59:00Z')
      expect(told()).toBe(0)
      await until('2026-01-12T10:00:00Z')
      expect(story.replies(runbook)).toEqual([expect.stringMatching(/^@cy, one thing you promised is due:/)])
      await until('2026-01-13T10:00:00Z')
      expect(told()).toBe(2)
      expect(story.replies(runbook).at(-1)).toMatch(/^@cy, 2 things you promised are due:.*Test the restore/s)
      await until('2026-01-14T10:00:00Z')
      expect(told()).toBe(3)
      await story.says('cy', '/snooze 7d', runbook)
      await story.when(() => story.as('cy').close(restore))
      const before = told()
      await until('2026-01-17T10:00:00Z')
      expect(told()).toBe(before)
      await until('2026-01-23T10:00:00Z')
      expect(story.replies(runbook).at(-1)).toMatch(
        /^@cy, one thing you promised is late:.*\*\*\d+ days late\*\*/s,
      )
      expect(story.replies(runbook).at(-1)).not.toContain('Test the restore')
    })
  },
  { settings: 'board: none' },
)

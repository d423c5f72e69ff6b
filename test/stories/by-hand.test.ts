// Stories of people who use GitHub and no commands: what they do by hand is read as what it means.
import { expect, test } from 'vitest'
import { row, stories, timeline } from './story.ts'

stories(
  'by hand',
  (story) => {
    test('a severity or status label is the command; the older label goes', async () => {
      await story.declares('Labels', 'sev:P2')
      await story.labels('bo', 'sev:P0')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:investigating'])
      expect(story.lastReply()).toContain('is now **P0 Critical** (was P2')
      await story.labels('bo', 'status:monitoring')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:monitoring'])
      expect(row(story.living(), 'Mitigated')).toMatch(/UTC/)
      expect(story.replies()).toHaveLength(2)
    })

    test('a severity label that is taken away comes back', async () => {
      await story.declares('Unlabelled', 'sev:P2')
      await story.unlabels('ada', 'sev:P2')
      await story.says('ada', '/status identified')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P2', 'status:identified'])
    })

    test('taking the incident label away cancels', async () => {
      await story.declares('No incident', 'sev:P2')
      await story.unlabels('ada', 'incident')
      expect(row(story.living(), 'Status')).toMatch(/^cancelled/)
      expect(story.issue()).toMatchObject({ state: 'closed', stateReason: 'not_planned' })
      expect(story.labelsOf()).toContain('status:cancelled')
    })

    test('closing resolves; closing as not planned cancels; reopening asks why, once', async () => {
      await story.declares('Closed by hand', 'sev:P3')
      await story.when(() => story.as('ada').close(story.issue()))
      expect(row(story.living(), 'Status')).toMatch(/^closed/)
      await story.clock.advance('1m')
      await story.when(() => story.as('ada').reopen(story.issue()))
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
      expect(story.issue().state).toBe('open')
      const why = story.replies().filter((reply) => reply.includes('`/reopen <why>`'))
      expect(why).toEqual([expect.stringMatching(/^@ada, /)])
      await story.clock.advance('1m')
      await story.says('ada', '/reopen it came back')
      expect(story.replies().filter((reply) => reply.includes('Why?'))).toHaveLength(1)
      expect(story.living()).toContain('it came back')

      await story.declares('Not planned', 'sev:P3')
      await story.when(() => story.as('ada').close(story.issue(), 'not_planned'))
      expect(row(story.living(), 'Status')).toMatch(/^cancelled/)
    })

    test('assigning somebody while nobody leads makes the lead; renaming changes the title', async () => {
      await story.declares('Old name', 'sev:P3')
      await story.when(() => story.as('ada').assign(story.issue(), 'cy'))
      expect(row(story.living(), 'Lead')).toBe('@cy')
      await story.clock.advance('1m')
      await story.when(() => story.as('ada').assign(story.issue(), 'bo'))
      expect(row(story.living(), 'Lead')).toBe('@cy')
      await story.when(() => story.as('ada').rename(story.issue(), 'New name'))
      expect(timeline(story.living())).toContain('Renamed: New name')
    })

    test('what somebody without the right does is put back', async () => {
      await story.opens('zoe', 'Mine', { viaForm: true, labels: ['incident', 'sev:P3'] })
      await story.says('ada', '/accept')
      // An author may close their own issue whatever their permission.
      await story.when(() => story.as('zoe').close(story.issue()))
      expect(story.issue().state).toBe('open')
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
    })

    test('a tick in the living comment is kept and told', async () => {
      await story.declares('Ticks', 'sev:P3')
      await story.when(() => story.as('ada').tick(story.livingComment(), 'Look at recent changes'))
      expect(timeline(story.living()).at(-1)).toBe('Done: Look at recent changes')
      await story.says('ada', '/note go on')
      expect(story.living()).toContain('- [x] Look at recent changes')
      await story.when(() => story.as('zoe').account)
      expect(story.livingComments()).toHaveLength(1)
    })

    test('a deleted living comment comes back, once', async () => {
      await story.declares('Deleted', 'sev:P3')
      await story.when(() => story.as('ada').deleteComment(story.livingComment()))
      expect(story.living()).toContain('Declared P3 Low')
      expect(story.livingComment().pinned).not.toBeNull()
      await story.says('ada', '/note here again')
      expect(timeline(story.living())).toEqual(['Declared P3 Low', 'here again'])
    })

    test('/cancel, /duplicate and /reopen say why', async () => {
      await story.declares('First', 'sev:P3')
      const first = story.issue()
      await story.declares('Second', 'sev:P3')
      const wrong = await story.says('ada', '/cancel because')
      expect(story.reactions(wrong)).toContain('confused')
      expect(story.lastReply()).toContain('`false-alarm`'.slice(1, -1))
      await story.says('ada', `/duplicate of #${first.number}`)
      expect(row(story.living(), 'Status')).toMatch(new RegExp(`^cancelled .*duplicate.*#${first.number}`))
      expect(story.issue()).toMatchObject({ state: 'closed', stateReason: 'not_planned' })
      const late = await story.says('ada', '/status monitoring')
      expect(story.reactions(late)).toContain('confused')
      expect(story.lastReply()).toContain('`/reopen <why>` brings it back')
      await story.says('ada', '/reopen not the same after all')
      expect(story.issue().state).toBe('open')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P3', 'status:investigating'])
      await story.says('ada', '/cancel false-alarm a test')
      expect(row(story.living(), 'Status')).toContain('(false-alarm): a test')
    })
  },
  { settings: 'board: none' },
)

// Stories of people who use GitHub and no commands: what they do by hand is read as what it means.
import { expect, test } from 'vitest'
import { sized } from '../promises/size.ts'
import type { Issue } from '../sandbox/world/world.ts'
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
      await story.unlabels('ada', 'status:investigating')
      expect(story.labelsOf()).toEqual(['incident'])
      await story.says('ada', '/note nobody knows yet')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P2', 'status:investigating'])
    })

    test('a label that can say nothing here goes again, and the right form is told', async () => {
      await story.declares('Mislabelled', 'sev:P2')
      story.as('dee').createLabel('sev:P9')
      await story.labels('ada', 'sev:P9')
      expect(story.lastReply()).toBe('`sev:P9` is not a severity here. Use one of `P0 P1 P2 P3`: `/sev P1`.')
      await story.labels('ada', 'status:closed')
      expect(story.lastReply()).toContain('`status:closed` is not a status that a label can give')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P2', 'status:investigating'])
      await story.says('ada', '/resolve')
      await story.labels('ada', 'status:fixing')
      expect(story.lastReply()).toBe('This incident is closed. `/reopen <why>` brings it back.')
      expect([story.labelsOf(), story.issue().state]).toEqual([
        ['incident', 'sev:P2', 'status:closed'],
        'closed',
      ])
    })

    test('labels that somebody renames or deletes in the repository come back with the next change', async () => {
      await story.declares('No labels', 'sev:P2')
      for (const name of ['sev:P2', 'status:identified']) {
        const label = story.sandbox.repository().labels.find((one) => one.name === name)
        if (label) story.as('dee').deleteLabel(label)
      }
      await story.says('ada', '/status identified')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P2', 'status:identified'])
    })

    test('locking, pinning and unassigning mean nothing; a locked issue still hears', async () => {
      await story.declares('Locked', 'sev:P3')
      await story.says('ada', '/lead')
      await story.when(() => story.as('ada').assign(story.issue(), 'cy'))
      const before = timeline(story.living())
      await story.when(() => story.as('ada').lock(story.issue()))
      await story.when(() => story.as('ada').unassign(story.issue(), 'cy'))
      expect(timeline(story.living())).toEqual(before)
      await story.says('ada', '/status monitoring')
      expect(story.lastReply()).toContain('is now **monitoring**')
      expect(story.issue().locked).toBe(true)
    })

    test('closing as a duplicate cancels, and GitHub’s own word for it stays', async () => {
      await story.declares('Known', 'sev:P3')
      await story.when(() => story.as('ada').close(story.issue(), 'duplicate'))
      expect(row(story.living(), 'Status')).toMatch(/^cancelled .*\(duplicate\)/)
      expect(story.issue()).toMatchObject({ state: 'closed', stateReason: 'duplicate' })
    })

    test('closing as a duplicate of another incident moves its timeline there', async () => {
      const first = await story.declares('The cluster is red', 'sev:P3')
      const second = await story.declares('Search is slow', 'sev:P3')
      await story.says('bo', '/note shards are missing')
      await story.when(() => story.as('ada').closeAsDuplicate(second, first))
      expect(row(story.living(), 'Status')).toMatch(new RegExp(`^cancelled .*duplicate of #${first.number}`))
      expect(timeline(story.living(first))).toContain(`shards are missing (from INC-${second.number})`)
      expect(second).toMatchObject({ state: 'closed', stateReason: 'duplicate' })
      const plain = await story.opens('ada', 'No incident')
      await story.declares('Of something else', 'sev:P3')
      await story.when(() => story.as('ada').closeAsDuplicate(story.issue(), plain))
      expect(row(story.living(), 'Status')).toMatch(/^cancelled .*\(duplicate\)/)
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
      expect(story.lastReply()).toBe(
        'Closing an incident needs triage permission on this repository, and @zoe has read, so it was put back. Somebody who has it can do it.',
      )
      const replies = story.replies().length
      await story.when(() => story.as('zoe').close(story.issue()))
      expect([story.issue().state, story.replies().length]).toEqual(['closed', replies])
      await story.when(() => story.as('zoe').rename(story.issue(), 'URGENT'))
      expect(story.issue().title).toBe('Mine')
      expect(story.lastReply()).toMatch(/^Renaming an incident needs triage/)
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
      expect(story.lastReply()).toContain(`duplicate of #${first.number}: say it there`)
      await story.says('ada', '/reopen not the same after all')
      expect(story.issue().state).toBe('open')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P3', 'status:investigating'])
      await story.says('ada', '/cancel false-alarm a test')
      expect(row(story.living(), 'Status')).toContain('(false-alarm): a test')
    })

    test('two people at once, told in any order and twice: one issue, one living comment', async () => {
      const acts: ((on: Issue) => void)[] = [
        (on) => story.as('ada').label(on, 'sev:P0'),
        (on) => story.as('bo').comment(on, '/sev P3 only a few'),
        (on) => story.as('bo').label(on, 'status:monitoring'),
        (on) => story.as('ada').comment(on, '/status fixing it is back\n/note 10:05 first seen'),
        (on) => story.as('bo').assign(on, 'cy'),
        (on) => story.as('ada').comment(on, '/lead\n/impact no search'),
        (on) => story.as('bo').rename(on, 'Search is slow'),
        (on) => story.as('bo').comment(on, '/cause the disk\n/ack'),
      ]
      const lived = async (order: number[], chaos: object): Promise<string> => {
        // At a full hour, so that both tell the same minutes.
        await story.clock.skip(`${3_600 - Math.floor((Date.now() % 3_600_000) / 1_000)}s`)
        const on = await story.declares('Search is down', 'sev:P2')
        story.sandbox.chaos(chaos)
        await story.when(() => {
          for (const index of order) {
            story.clock.tick()
            acts[index]?.(on)
          }
        })
        story.sandbox.chaos({})
        const numbered = `${story.labelsOf()} ${on.state} ${on.title}\n${story.living()}`
        return numbered
          .replaceAll(new RegExp(`(INC-|issues/)${on.number}\\b`, 'g'), '$1n')
          .replaceAll(/issuecomment-\d+/g, 'issuecomment')
          .replaceAll(/\d\d:(\d\d)/g, 'hh:$1')
          .replaceAll(/^\| \d+ \|/gm, '| # |')
      }
      const order = [7, 3, 2, 5, 1, 6, 0, 4]
      const calm = await lived(order, {})
      for (const seed of sized({ suite: [1], soak: [2, 3, 4, 5] }))
        expect(await lived(order, { reorder: 1, duplicate: 1, seed })).toBe(calm)
    })
  },
  { settings: 'board: none' },
)

// Stories of a bad day: deliveries lost, doubled and out of order, GitHub away, answers cut; nothing is lost or doubled.
import { expect, test } from 'vitest'
import { row, stories, timeline } from './story.ts'

stories(
  'a bad day',
  (story) => {
    const comments = (): number => story.issue().comments.filter(({ viaApp }) => viaApp).length

    test('what happened while Mayday was down is asked for again', async () => {
      await story.opens('ada', 'While away')
      await story.stop()
      story.as('ada').label(story.issue(), 'incident', 'sev:P1')
      await story.sandbox.settle()
      await story.clock.skip('6m')
      const fault = story.sandbox.fault({ kind: 'cut-after', graphql: 'createProjectV2', times: 1 })
      await story.start()
      await expect.poll(() => story.livingComments().length, { timeout: 8_000 }).toBe(1)
      await story.quiet()
      expect(fault.hits).toBe(1)
      expect(story.sandbox.world.projects).toHaveLength(1)
      expect(row(story.living(), 'Declared')).toBe('10:30 UTC')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P1', 'status:investigating'])
    })

    test('doubled and disordered deliveries make one incident', async () => {
      story.sandbox.chaos({ duplicate: 0.6, reorder: 0.6, seed: 7 })
      await story.opens('ada', 'Chaos')
      await story.when(() => {
        const [ada, bo] = [story.as('ada'), story.as('bo')]
        ada.label(story.issue(), 'incident', 'sev:P2')
        ada.comment(story.issue(), '/ack')
        bo.comment(story.issue(), '/note one\n/note two')
        story.clock.tick()
        ada.label(story.issue(), 'sev:P0')
        bo.comment(story.issue(), '/role comms @bo')
        story.clock.tick()
        ada.comment(story.issue(), '/status identified the alias')
      })
      expect(row(story.living(), 'Lead')).toBe('@ada')
      expect(row(story.living(), 'Comms')).toBe('@bo')
      expect(row(story.living(), 'Severity')).toMatch(/^P0/)
      expect(row(story.living(), 'Status')).toMatch(/^identified/)
      expect(timeline(story.living()).filter((text) => /^(one|two)$/.test(text))).toEqual(['one', 'two'])
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:identified'])
    })

    test('GitHub is away for a while: everything waits and then happens once', async () => {
      await story.declares('Before the storm', 'sev:P1')
      story.sandbox.fault({ kind: 'status', status: 502, times: 5 })
      await story.says('ada', '/ack\n/note while it stormed')
      expect(row(story.living(), 'Lead')).toBe('@ada')
      expect(timeline(story.living())).toContain('while it stormed')
      expect(comments()).toBe(1)
    })

    test('a secondary limit is waited for', async () => {
      await story.declares('Too fast', 'sev:P1')
      const fault = story.sandbox.fault({
        kind: 'secondary-limit',
        method: 'POST',
        route: '/comments',
        times: 1,
        retryAfter: 30,
      })
      const began = story.clock.now()
      await story.says('ada', '/status identified')
      expect(fault.hits).toBe(1)
      expect(story.clock.now() - began).toBeGreaterThan(25_000)
      expect(story.replies()).toEqual([expect.stringContaining('is now **identified**')])
    })

    test('whatever answer is lost, nothing is made twice', async () => {
      await story.opens('ada', 'Cut')
      const cut = (route: RegExp) =>
        story.sandbox.fault({ kind: 'cut-after', method: 'POST', route, times: 1 })
      const mutation = (graphql: string) => story.sandbox.fault({ kind: 'cut-after', graphql, times: 1 })
      const faults = [
        ...[/\/comments$/, /\/pulls$/, /\/issues$/, /\/labels$/, /\/reactions$/].map(cut),
        ...['createLinkedBranch', 'createCommitOnBranch', 'addProjectV2ItemById'].map(mutation),
      ]
      await story.labels('ada', 'incident', 'sev:P1')
      await story.says('ada', '/ack\n/hotfix Put it back')
      await story.says('ada', '/action @cy Check the alias')
      await story.says('ada', '/resolve')
      expect(faults.filter(({ hits }) => hits !== 1)).toEqual([])
      const titles = story
        .issues()
        .map(({ title }) => title)
        .filter((title) => title.includes(`${story.id()}`))
      expect(titles.toSorted()).toEqual([
        `Hotfix: ${story.id()} - Put it back`,
        `Post-incident review: ${story.id()} Cut`,
        `[PIR] ${story.id()}: Check the alias`,
      ])
      expect(story.replies().map((reply) => reply.match(/is now \*\*(\w+)/)?.[1])).toEqual([
        'fixing',
        'resolved',
      ])
      const cards = story.sandbox.world.projects.flatMap(({ items }) =>
        items.map(({ content }) => content.title),
      )
      expect(cards.filter((title) => title === 'Cut')).toHaveLength(1)
      expect(story.sandbox.world.projects).toHaveLength(1)
    })

    test('stopped in the middle of its work, Mayday goes on where it was', async () => {
      await story.opens('ada', 'In the middle')
      story.sandbox.fault({ kind: 'slow', delayMs: 150, times: 4 })
      story.as('ada').label(story.issue(), 'incident', 'sev:P1')
      story.as('ada').comment(story.issue(), '/note one')
      await story.sandbox.settle()
      await story.stop()
      await story.start()
      await story.quiet()
      expect(timeline(story.living())).toEqual(['Declared P1 High', 'one'])
      expect(story.labelsOf()).toEqual(['incident', 'sev:P1', 'status:investigating'])
    })
  },
  { everywhere: true },
)

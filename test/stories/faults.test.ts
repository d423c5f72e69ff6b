// Stories of a bad day: deliveries lost, doubled and out of order, GitHub away, answers cut; nothing is lost or doubled.
import { describe, expect, test } from 'vitest'
import { relayed } from '../promises/relayed.ts'
import { row, stories, timeline } from './story.ts'

stories('a bad day', (story) => {
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

  test('what people did after declaring counts, though it arrives before the declaration', async () => {
    await story.opens('ada', 'Backwards')
    const relay = await relayed(story, { atOnce: 1 })
    relay.hold()
    const [ada, bo] = [story.as('ada'), story.as('bo')]
    const then = <Done>(act: () => Done): Done => {
      story.clock.tick()
      return act()
    }
    then(() => ada.label(story.issue(), 'incident'))
    const note = then(() => bo.comment(story.issue(), '/note the alias'))
    then(() => ada.label(story.issue(), 'sev:P0'))
    then(() => bo.editComment(note, '/note the alias is wrong'))
    then(() => ada.rename(story.issue(), 'Backwards and forwards'))
    then(() => ada.close(story.issue()))
    await story.sandbox.settle()
    relay.release((letters) => letters.toReversed())
    await relay.rest()
    await relay.stop()
    story.sandbox.setWebhookUrl(story.webhookUrl())
    expect(timeline(story.living())).toEqual([
      'Declared P2 Medium',
      'the alias is wrong',
      'Severity is P0 Critical',
      'Renamed: Backwards and forwards',
      'Resolved',
      'Review opened',
    ])
    expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:resolved'])
  })

  test('GitHub is away for a while: everything waits and then happens once', async () => {
    await story.declares('Before the storm', 'sev:P1')
    story.sandbox.fault({ kind: 'status', status: 502, times: 5 })
    await story.says('ada', '/ack\n/note while it stormed')
    expect(row(story.living(), 'Lead')).toBe('@ada')
    expect(timeline(story.living())).toContain('while it stormed')
    expect(comments()).toBe(1)
  })

  describe('GitHub answers, but not what the sender may do', () => {
    const silentOnPermissions = (times = Number.POSITIVE_INFINITY) =>
      story.sandbox.fault({ kind: 'status', status: 502, route: '/bo/permission', times })
    const told = (on = story.issue()) => story.replies(on).filter((reply) => reply.includes('may do here'))

    test('a command waits, and is done when GitHub tells', async () => {
      await story.declares('Asked again', 'sev:P1')
      silentOnPermissions(3)
      const command = await story.says('bo', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@bo')
      expect(story.reactions(command)).toEqual(['eyes', 'rocket'])
      expect(told()).toEqual([])
    })

    test('after ten minutes it is refused, once, whatever it was, and nothing was done', async () => {
      const byHand = await story.declares('Closed by hand', 'sev:P2')
      await story.declares('Never told', 'sev:P2')
      silentOnPermissions()
      const began = story.clock.now()
      story.as('bo').close(byHand)
      const command = await story.says('bo', '/ack\n/status identified')
      // What waits, waits by the database's clock, which runs at the machine's pace.
      expect(story.clock.now() - began).toBeGreaterThan(590_000)
      expect(story.reactions(command)).toEqual(['confused'])
      const words =
        'For ten minutes GitHub did not say what @bo may do here, so nothing was done. Please do it again.'
      expect(told()).toEqual([words])
      expect(row(story.living(), 'Lead')).toMatch(/^nobody yet/)
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
      expect(told(byHand)).toEqual([words])
      expect(byHand.state).toBe('closed')
      expect(row(story.living(byHand), 'Status')).toMatch(/^investigating/)
      story.sandbox.clearFaults()
      await story.says('bo', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@bo')
    })

    test('an outage of all of GitHub does not count, however long: what was said then happens', async () => {
      await story.declares('A long outage', 'sev:P1')
      const outage = story.sandbox.fault({ kind: 'status', status: 503 })
      story.as('bo').comment(story.issue(), '/ack')
      await story.endure('12m', { leap: '20s' })
      expect(outage.hits).toBeGreaterThan(30)
      outage.remove()
      silentOnPermissions(5)
      await story.quiet()
      expect(row(story.living(), 'Lead')).toBe('@bo')
      expect(told()).toEqual([])
    })
  })

  test('the living comment is pinned, though GitHub failed at it first', async () => {
    const fault = story.sandbox.fault({ kind: 'status', status: 502, route: /\/pin$/, times: 1 })
    await story.declares('Pinned late', 'sev:P3')
    expect(fault.hits).toBe(1)
    expect(story.livingComment().pinned).not.toBeNull()
    await story.says('ada', '/note pinned once')
    const pins = story.sandbox.calls.filter(({ path }) => path.endsWith(`/${story.livingComment().id}/pin`))
    expect(pins).toHaveLength(2)
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
    const cut = (route: RegExp) => story.sandbox.fault({ kind: 'cut-after', method: 'POST', route, times: 1 })
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
})

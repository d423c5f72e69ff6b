// Stories of what comes after: the review, its action items in three places, and how it all ends.
import { expect, test, vi } from 'vitest'
import type { Issue } from '../sandbox/world/world.ts'
import { row, stories, timeline, visible } from './story.ts'

stories(
  'afterwards',
  (story) => {
    const review = (): Issue => story.titled(`Post-incident review: ${story.id()}`)
    const items = (): Issue[] =>
      story.issues().filter(({ title }) => title.startsWith(`[PIR] ${story.id()}:`))
    const edits = (edit: (body: string) => string) =>
      story.when(() => story.as('ada').editBody(review(), edit))
    const under = (heading: string, text: string) => (body: string) =>
      body.replace(heading, `${heading}\n${text}`)
    const filled = (body: string): string =>
      ['## Summary', '## What happened', '## Why it happened', '## Lessons'].reduce(
        (text, heading) => under(heading, 'People wrote this.')(text),
        body,
      )
    const card = (issue: Issue) => {
      const [board] = story.sandbox.world.projects
      const item = board?.items.find(({ content }) => content === issue)
      if (!board || !item) throw new Error(`no card of #${issue.number}`)
      return { board, item }
    }
    const cardValue = (issue: Issue, name: string): string | undefined => {
      const { board, item } = card(issue)
      const field = board.fields.find((one) => one.name === name)
      const value = field && item.values.get(field)
      if (value?.type === 'option') return field?.options.find(({ id }) => id === value.optionId)?.name
      return value?.type === 'text' ? value.text : value?.type === 'date' ? value.date : undefined
    }
    const resolved = async (title: string): Promise<Issue> => {
      await story.declares(title, 'sev:P1')
      await story.says('ada', '/ack')
      await story.clock.advance('10m')
      await story.says('ada', '/resolve The index is back')
      return review()
    }

    test('/resolve closes the issue and opens a review with what is known', async () => {
      const pir = await resolved('Stale index')
      expect(story.issue()).toMatchObject({ state: 'closed', stateReason: 'completed' })
      expect(story.labelsOf()).toEqual(['incident', 'sev:P1', 'status:resolved'])
      expect(story.lastReply()).toMatch(/is now \*\*resolved\*\*/)
      expect(pir.title).toBe(`Post-incident review: ${story.id()} Stale index`)
      expect(pir.assignees.map(({ login }) => login)).toEqual(['ada'])
      expect(story.labelsOf(pir)).toEqual(['post-incident-review'])
      expect(pir.parent).toBe(story.issue())
      const headings = [...visible(pir.body ?? '').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
      expect(headings).toEqual([
        'Summary',
        'Impact',
        'Timeline',
        'Metrics',
        'What happened',
        'Why it happened',
        'Contributing factors',
        'Detection',
        'Misleading paths',
        'Response',
        'What went well',
        'What went wrong',
        'Where we were lucky',
        'Lessons',
        'Communication',
        'Action items',
        'Agenda',
      ])
      expect(timeline(visible(pir.body ?? ''))).toContain('Declared P1 High')
      expect(row(story.living(), 'Links')).toContain(`#${pir.number}`)
      expect(story.living()).toContain('gantt')
      await story.clock.advance('1d')
      expect(story.replies(pir)).toEqual([])
    })

    test('a review that opens before the issue of a promised item lists it once, whoever edits it meanwhile', async () => {
      await story.declares('In a hurry', 'sev:P1')
      const refused = story.sandbox.fault({
        kind: 'status',
        status: 502,
        graphql: 'createIssue',
        times: 1,
      })
      story.as('ada').comment(story.issue(), '/action @cy due:2026-01-09 Check the alias')
      await vi.waitFor(() => expect(refused.hits).toBe(1), { interval: 10, timeout: 10_000 })
      story.as('ada').comment(story.issue(), '/resolve')
      await vi.waitFor(() => expect(review().body).toContain('- [ ] Check the alias @cy'), {
        timeout: 10_000,
      })
      await edits(under('## Lessons', 'Look at aliases first.'))
      await edits(under('## Lessons', 'And at dates.'))
      expect(items().map(({ title }) => title)).toEqual([`[PIR] ${story.id()}: Check the alias`])
      expect(review().body?.match(/- \[ \] .*Check the alias.*/g)).toEqual([
        `- [ ] #${items()[0]?.number} Check the alias @cy due:2026-01-09`,
      ])
    })

    test('lines become issues; the line, the issue and the card say the same, from each side', async () => {
      const pir = await resolved('Three views')
      await edits(under('### Immediate', '- [ ] [P1] Alarm on document count @cy due:2026-01-09'))
      await edits(under('### Short-term', '- [ ] Runbook for migrations'))
      const [alarm, runbook] = items()
      if (!alarm || !runbook) throw new Error('no issues')
      expect(items()).toHaveLength(2)
      expect(alarm.title).toBe(`[PIR] ${story.id()}: Alarm on document count`)
      expect(story.labelsOf(alarm)).toEqual(['improvement', 'post-incident-review'])
      expect(alarm.assignees.map(({ login }) => login)).toEqual(['cy'])
      expect(alarm.parent).toBe(story.issue())
      expect(pir.body).toContain(`- [ ] #${alarm.number} [P1] Alarm on document count @cy due:2026-01-09`)
      expect([cardValue(alarm, 'Kind'), cardValue(alarm, 'Horizon'), cardValue(alarm, 'Due')]).toEqual([
        'Action item',
        'Immediate',
        '2026-01-09',
      ])

      const all = (): string[] => [
        pir.body?.includes(`- [x] #${alarm.number} `) ? 'ticked' : 'open',
        alarm.state,
        cardValue(alarm, 'Status') ?? '',
      ]
      await story.clock.advance('1m')
      await story.when(() => story.as('ada').tick(pir, 'Alarm on document count'))
      expect(all()).toEqual(['ticked', 'closed', 'Done'])
      await story.clock.advance('1m')
      await story.when(() => story.as('cy').reopen(alarm))
      expect(all()).toEqual(['open', 'open', 'Todo'])
      await story.clock.advance('1m')
      await story.when(() =>
        story.as('ada').moveCard(card(alarm).board, card(alarm).item, { Status: 'Done' }),
      )
      expect(all()).toEqual(['ticked', 'closed', 'Done'])
      await story.clock.advance('1m')
      await story.when(() =>
        story.as('ada').moveCard(card(alarm).board, card(alarm).item, { Status: 'Todo' }),
      )
      expect(all()).toEqual(['open', 'open', 'Todo'])
      await story.clock.advance('1m')
      await story.when(() => story.as('cy').close(alarm))
      expect(all()).toEqual(['ticked', 'closed', 'Done'])
      expect(items()).toHaveLength(2)

      await edits((body) => body.replace('Runbook for migrations', 'Runbook for every migration'))
      expect(runbook.title).toBe(`[PIR] ${story.id()}: Runbook for every migration`)
      await story.clock.advance('1m')
      await edits((body) => body.replace(/^.*Runbook for every migration.*\n/m, ''))
      expect(runbook).toMatchObject({ state: 'closed', stateReason: 'not_planned' })
    })

    test('five lines at once become five issues in their order, for few calls', async () => {
      const pir = await resolved('Many promises')
      const promised = [
        'Alarm on count',
        'Check the name',
        'Write a runbook',
        'Test the backup',
        'Review access',
      ]
      const before = story.sandbox.calls.length
      const lines = promised.map((text) => `- [ ] [P2] ${text} @cy due:2026-01-09`).join('\n')
      await edits(under('### Short-term', lines))
      expect(story.sandbox.calls.length - before).toBeLessThanOrEqual(20)
      const made = items()
      expect(made.map(({ title }) => title.replace(/^\[PIR\] .*: /, ''))).toEqual(promised)
      for (const item of made) {
        expect(item.parent).toBe(story.issue())
        expect(item.assignees.map(({ login }) => login)).toEqual(['cy'])
        expect(pir.body).toContain(`- [ ] #${item.number} [P2] `)
        expect([cardValue(item, 'Kind'), cardValue(item, 'Due')]).toEqual(['Action item', '2026-01-09'])
      }
    })

    test('closed early it opens again once, with what is missing; complete, another writer approves', async () => {
      const pir = await resolved('Early')
      await story.when(() => story.as('ada').close(pir))
      expect(pir.state).toBe('open')
      const [missing] = story.replies(pir)
      expect(missing).toMatch(/^@ada, this review is not complete/)
      expect(missing).toContain('_What happened_')
      expect(missing).toContain('`/approve`')
      await story.clock.advance('1m')
      await edits(filled)
      await story.says('zoe', '/help', pir)
      expect(story.lastReply(pir)).toMatch(
        /^\*\*What you can say on #\d+\*\*\n\n- `\/waive <reason>`.*\n- `\/approve`/,
      )
      const own = await story.says('ada', '/approve', pir)
      expect(story.reactions(own)).toContain('confused')
      expect(story.lastReply(pir)).toContain('somebody else with write permission has to run `/approve`')
      await story.says('bo', '/approve', pir)
      expect(story.lastReply(pir)).toContain('`/approve` needs write permission')
      const good = await story.says('cy', '/approve', pir)
      expect(story.reactions(good)).toEqual(['eyes', 'rocket'])
      expect(pir.state).toBe('closed')
      expect(story.labelsOf()).toContain('status:closed')
      expect(row(story.living(), 'Status')).toMatch(/^closed/)
    })

    test('who alone may write approves their own review, and the timeline says so', async () => {
      const pir = await resolved('Alone')
      await edits(filled)
      const { collaborators, owner } = story.sandbox.repository()
      const [cy, dee] = [story.as('cy').account, story.as('dee').account]
      collaborators.set(cy, 'triage')
      owner.members.set(dee, 'member')
      const good = await story.says('ada', '/approve', pir)
      collaborators.set(cy, 'write')
      owner.members.set(dee, 'admin')
      expect(story.reactions(good)).toEqual(['eyes', 'rocket'])
      expect(pir.state).toBe('closed')
      expect(timeline(story.living()).at(-1)).toBe('Review approved by the only person who may write here')
    })

    test('/waive ends it, and so does closing it twice', async () => {
      const waived = await resolved('Waived')
      await story.says('cy', '/waive too small', waived)
      expect(waived.state).toBe('closed')
      expect(story.labelsOf()).toContain('status:closed')
      const twice = await resolved('Twice')
      await story.when(() => story.as('ada').close(twice))
      await story.clock.advance('1m')
      await story.when(() => story.as('ada').close(twice))
      expect(twice.state).toBe('closed')
      expect(story.replies(twice)).toHaveLength(1)
      expect(story.labelsOf()).toContain('status:closed')
    })

    test('/action works from the declaration on, and the review lists it', async () => {
      await story.declares('Promised early', 'sev:P1')
      await story.says('ada', '/action @cy due:2026-02-01 [P2] short Write the check')
      const [promised] = items()
      expect(promised?.title).toBe(`[PIR] ${story.id()}: Write the check`)
      await story.says('cy', '/due 2026-03-01', promised)
      await story.says('cy', '/assign @bo', promised)
      expect(promised?.assignees.map(({ login }) => login)).toContain('bo')
      await story.says('ada', '/resolve')
      expect(review().body).toMatch(
        new RegExp(`- \\[ \\] #${promised?.number} .*Write the check @bo due:2026-03-01`),
      )
      await story.says('bo', '/wontfix not worth it', promised)
      expect(promised).toMatchObject({ state: 'closed', stateReason: 'not_planned' })
      expect(items()).toHaveLength(1)
    })

    test('who promises without an owner or a date is asked once, on the issue of the promise', async () => {
      await story.declares('Vague', 'sev:P1')
      await story.says('ada', '/action Write it down\n/action @cy Test it\n/action @cy short Watch it')
      const [bare, dateless, whole] = items()
      const asked = 'lacks an owner and a date. `/assign @user` · `/due 14d`'
      expect(story.replies(bare)).toEqual([`@ada, this action item ${asked}`])
      expect(story.replies(dateless)).toEqual(['@cy, this action item lacks a date. `/due 14d`'])
      expect(story.replies(whole)).toEqual([])
      await story.says('ada', '/assign @bo', bare)
      await story.says('ada', '/reopen again', story.issue())
      expect(story.replies(bare)).toHaveLength(1)
    })

    test('a P3 needs no review and closes at once; /review is refused while it is open', async () => {
      await story.declares('Small', 'sev:P3')
      await story.says('ada', '/review')
      expect(story.lastReply()).toContain('`/resolve` comes first')
      await story.says('ada', '/resolve')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P3', 'status:closed'])
      expect(() => review()).toThrow()
      await story.clock.advance('1m')
      await story.says('ada', '/reopen It is back')
      expect(story.issue().state).toBe('open')
      expect(story.labelsOf()).toContain('status:investigating')
    })
  },
  { validated: true },
)

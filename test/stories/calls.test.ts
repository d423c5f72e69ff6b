// Stories of calling people: escalation, `/page`, and every clock that asks somebody, each until it is answered.
import { expect, test } from 'vitest'
import { row, stories, timeline, visible } from './story.ts'

const NOTICE = 'Notice to the authority (GDPR Art. 33)'
const SETTINGS = `
board: none
lead: ['@acme/leads']
severities:
  P0:
    update_every: 15m
    escalate:
      - { after: 0m, to: ['@acme/on-call', pager] }
      - { after: 10m, to: ['@dee'], text: P0 not acknowledged for ten minutes }
      - { after: 20m, to: ['@ghost', '@acme/gone', '@cy'] }
  P1: { update_every: off, escalate: [] }
  P2: { update_every: 2h }
nudges: { no_lead: { after: 2m, every: 5m, times: 2 } }
services: { search: { paths: ['services/search/**'] }, empty: {} }
types: { breach: { private: false, clocks: [{ name: "${NOTICE}", within: 72h, to: ['@bo'] }] } }
`

stories(
  'calls',
  (story) => {
    const saying = (part: string | RegExp): string[] =>
      story.replies().filter((reply) => (typeof part === 'string' ? reply.includes(part) : part.test(reply)))
    /** Whom the comments of Mayday call, as GitHub reads them: a neutralised mention is none. */
    const called = (): string[] =>
      story
        .issue()
        .comments.filter(({ author }) => author.login === 'mayday[bot]')
        .flatMap(({ body }) => body.replaceAll(/`[^`]*`/g, '').match(/(?<!\w)@[\w/-]+/g) ?? [])

    test('each step names who, why and what comes next; the timeline links it and names whom nobody found', async () => {
      await story.declares('Nobody answers', 'sev:P0')
      expect(saying(/^@acme\/on-call: INC-\d+ \(P0 Critical, Nobody answers\) needs somebody now/)).toEqual([
        expect.stringMatching(/Also paged: pager\.\nNext: @dee at 10:40 UTC/),
      ])
      const told = 'Escalated to @acme/on-call, pager: not acknowledged · pager is not a channel here'
      expect(timeline(story.living()).at(-1)).toBe(told)
      const [first] = story.issue().comments.filter(({ body }) => body.startsWith('@acme/on-call'))
      const line = story
        .living()
        .split('\n')
        .find((one) => one.includes(told))
      expect(line).toMatch(new RegExp(`\\[comment\\]\\(\\S*#issuecomment-${first?.id}\\)`))
      await story.clock.advance('10m')
      expect(saying(/^@dee: .* for 10 min.*\nP0 not acknowledged for ten minutes\nNext: /)).toHaveLength(1)
      await story.clock.advance('10m')
      expect(saying(/^@cy: .* for 20 min/)).toHaveLength(1)
      expect(timeline(story.living()).at(-1)).toMatch(
        /@ghost is not known here · @acme\/gone is not known here$/,
      )
      expect(called().filter((one) => ['@ghost', '@acme/gone', '@dee'].includes(one))).toEqual(['@dee'])
      expect(story.replies().join()).not.toContain('late')
    })

    test('nobody leads: who declared is asked, then the team that should; its first /ack leads', async () => {
      await story.declares('Leaderless', 'sev:P1')
      await story.clock.advance('8m')
      expect(saying('has had no lead')).toEqual([
        expect.stringMatching(/^@ada: .*for 2 min\. `\/lead` takes it/),
        expect.stringMatching(/^@ada: .*for 7 min/),
      ])
      await story.clock.advance('5m')
      expect(saying('nobody who was asked answered')).toEqual([
        expect.stringMatching(/^@acme\/leads: .* for 12 min.*The first `\/ack` leads\.$/),
      ])
      await story.says('dee', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@dee')
      await story.clock.advance('30m')
      expect(saying('has had no lead')).toHaveLength(3)
    })

    test('/page calls a person, a team or the owners of a service, who stand in CODEOWNERS', async () => {
      await story.declares('Pages', 'sev:P1')
      await story.says('bo', '/page @cy the index is yours')
      expect(story.lastReply()).toMatch(
        /^@cy: @bo asks for you in INC-\d+ \(P1 High, Pages\): the index is yours\nNobody/,
      )
      await story.says('ada', '/ack\n/page @acme/on-call')
      expect(story.lastReply()).toMatch(/^@acme\/on-call: @ada asks for you in .*\.\n@ada leads\./)
      await story.says('ada', '/page Search')
      expect(story.lastReply()).toMatch(/^@acme\/search @ada: @ada asks/)
      expect(timeline(story.living()).slice(-4)).toEqual([
        'Paged @cy: the index is yours',
        'Acknowledged; @ada leads',
        expect.stringContaining('Paged @acme/on-call'),
        'Paged @acme/search, @ada',
      ])
    })

    test.each([
      ['/page @dea', /`@dea` cannot see this repository.*Did you mean `@dee`\?/],
      ['/page @acme/on-cal', /a team of this organization.*Did you mean `@acme\/on-call`\?/],
      ['/page @other/team', /`@other\/team` cannot see this repository/],
      ['/page serach', /`serach` is not a service here. Did you mean `search`\?/],
      ['/page empty', /`empty` has no owners to page/],
      ['/lead @dea', /`@dea` cannot see this repository\. Did you mean `@dee`\? `\/lead @user`\./],
      ['/role comms @nobody', /`@nobody` cannot see this repository\. `\/role <role> @user`/],
      ['/action @nobody Alarm', /`@nobody` cannot see this repository/],
    ])('%s names nobody and says why', async (said, why) => {
      const before = called().length
      const comment = await story.says('ada', said)
      expect(story.reactions(comment)).toContain('confused')
      expect(story.lastReply()).toMatch(why)
      expect(called()).toHaveLength(before)
      expect(row(story.living(), 'Lead')).toBe('@ada')
    })

    test('a drill calls nobody, and says so', async () => {
      await story.opens('ada', 'Exercise')
      await story.says('ada', '/declare P0\n/drill')
      await story.says('ada', '/page @cy')
      expect(saying(/A drill: nobody is paged\. It would be /)).toHaveLength(2)
      expect(called()).toEqual([])
      expect(timeline(story.living()).filter((one) => one.includes('drill: nobody was paged'))).toHaveLength(
        2,
      )
    })

    test('updates that fail to come are asked for three times, then the next step hears of it', async () => {
      await story.declares('Silent', 'sev:P0')
      await story.says('ada', '/ack')
      await story.clock.advance('59m')
      expect(saying('update of')).toEqual([
        expect.stringMatching(/^@ada, the P0 update of INC-\d+ was due at \d\d:\d\d UTC\. Say/),
        expect.stringContaining('15 min ago'),
        expect.stringContaining('30 min ago'),
      ])
      await story.clock.advance('2m')
      expect(saying('has had no update')).toEqual([
        expect.stringMatching(/^@dee: INC-\d+ \(P0 Critical, Silent\) has had no update for 1 h; @ada leads/),
      ])
      await story.clock.advance('2h')
      expect(saying('has had no update')).toHaveLength(1)
    })

    test('a lead is offered a handover after an hour and told to hand over after three', async () => {
      await story.declares('Long', 'sev:P1')
      await story.says('ada', '/ack')
      await story.clock.advance('61m')
      expect(story.lastReply()).toMatch(/^@ada, you have led INC-\d+ for 1 h\. A rested head helps/)
      await story.clock.advance('3h')
      expect(story.lastReply()).toMatch(/^@ada, you have led INC-\d+ for 3 h\. Hand over now/)
      await story.says('ada', '/handover @bo the index is being rebuilt')
      await story.clock.advance('61m')
      expect(story.lastReply()).toMatch(/^@bo, you have led INC-\d+ for 1 h/)
      expect(saying('you have led')).toHaveLength(3)
    })

    test('silence for a day is asked about, a word that is not a command ends it, five times are enough', async () => {
      await story.declares('Forgotten', 'sev:P1')
      await story.says('ada', '/ack')
      await story.clock.advance('23h')
      await story.says('bo', 'Still looking at the shards.')
      await story.clock.advance('23h')
      expect(saying('nothing has happened')).toEqual([])
      await story.clock.advance('2h')
      expect(saying('nothing has happened')).toEqual([
        expect.stringMatching(/^@ada, .*Is it over\?\n`\/resolve/),
      ])
      await story.clock.advance('10d')
      expect(saying('nothing has happened')).toHaveLength(5)
    })

    test('the deadline of a type is told, stays a box until it is ticked, and outlives the incident', async () => {
      await story.declares('Breach', 'sev:P1')
      await story.says('ada', '/ack\n/type breach')
      expect(saying(NOTICE)).toEqual([expect.stringMatching(/^@bo: Notice .* is due by .* UTC · INC-\d+/)])
      await story.says('ada', '/resolve')
      expect(story.living()).toMatch(/- \[ \] Notice to the authority \(GDPR Art\. 33\) by /)
      const living = story.livingComment()
      await story.when(() =>
        story.as('cy').editComment(living, living.body.replace('- [ ] Notice', '- [x] Notice')),
      )
      expect(timeline(story.living()).at(-1)).toMatch(/^Done: Notice to the authority/)
      await story.clock.advance('4d')
      expect(saying(NOTICE)).toHaveLength(1)
    })

    test('a deadline that nobody met is told when it is over', async () => {
      await story.declares('Breach again', 'sev:P1')
      await story.says('ada', '/ack\n/type breach')
      await story.clock.advance('72h')
      expect(saying(/^@bo: Notice .* was due at .* and is not ticked/)).toHaveLength(1)
    })

    test('status and severity that change in one comment are one comment', async () => {
      await story.declares('Both', 'sev:P1')
      await story.says('ada', '/ack')
      const before = story.replies().length
      await story.says('ada', '/sev P2 only the archive\n/status fixing')
      expect(story.replies().slice(before)).toEqual([
        expect.stringMatching(/is now \*\*fixing\*\* \(was investigating\) and \*\*P2 Medium\*\* \(was P1\)/),
      ])
    })

    test('what can wait, waits for working hours', async () => {
      const day = new Date(story.clock.now()).getUTCDay()
      const untilSaturday = (6 - day + 7) % 7 || 7
      await story.clock.advance(`${untilSaturday}d`)
      await story.declares('Weekend', 'sev:P2')
      await story.clock.advance('1d')
      expect(story.replies()).toEqual([])
      await story.clock.advance('2d')
      expect(saying('has not been acknowledged')).toHaveLength(1)
      expect(visible(story.replies().join())).not.toContain('late')
    })
  },
  { settings: SETTINGS },
)

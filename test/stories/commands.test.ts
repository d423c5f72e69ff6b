// A story for every row of the table of commands: said rightly, said wrongly, and said by somebody who may not.

import { beforeAll, expect, test } from 'vitest'
import { rows, type Verb } from '../../src/command/table/table.ts'
import type { Issue, IssueComment } from '../sandbox/world/world.ts'
import { row, type Story, stories, timeline, visible } from './story.ts'

const SETTINGS = `
board: none
roles: [comms]
services: { api: { owners: ['@acme/search'] }, web: {} }
types: { data-loss: {} }
`

/** Where a command is said: an incident that goes on through all rows, one of its own, the review or the action item of
 * one that is over, or an issue that is no incident. */
type Scene = 'shared' | 'own' | 'plain' | 'waiting' | 'over' | 'review' | 'item'

type Case = {
  /** The shared incident by default. */
  on?: Scene
  says: string | ((story: Story) => string)
  /** Who says it: ada, who may write, by default. */
  by?: string
  /** What is so afterwards; `on` is the issue where it was said. */
  after: (story: Story, on: Issue) => void
  /** Said wrongly, and what the one reply must hold. Absent where nothing can be wrong about it. */
  wrong?: readonly [says: string, reply: RegExp]
}

const last = (story: Story, on: Issue): string | undefined => timeline(story.living(on)).at(-1)
const shows =
  (name: string, value: string | RegExp): Case['after'] =>
  (story, on) =>
    expect(row(story.living(on), name)).toMatch(value)
const tells =
  (value: string | RegExp): Case['after'] =>
  (story, on) =>
    expect(last(story, on)).toMatch(value)
const has =
  (part: string | RegExp): Case['after'] =>
  (story, on) =>
    expect(timeline(story.living(on))).toContainEqual(expect.stringMatching(part))

/** Each command that works has its case here: whoever builds one takes `notYet` out of its row, and the test below asks for
 * the case. */
const CASES: { readonly [V in Verb]?: Case } = {
  declare: {
    on: 'plain',
    says: '/declare P1 Search answers from a stale index',
    after: shows('Severity', /^P1 High/),
    wrong: ['/declare P9 all', /`P9` is not a severity here.*`P0 P1 P2 P3`/],
  },
  accept: { on: 'waiting', says: '/accept', after: shows('Status', /^investigating/) },
  drill: { on: 'plain', says: '/drill', after: tells('Declared P2 Medium as a drill') },
  ack: { says: '/ack', by: 'bo', after: shows('Lead', '@bo') },
  sev: {
    says: '/sev P3 a few people only',
    after: shows('Severity', /^P3 Low/),
    wrong: ['/sev PI', /`PI` is not a severity here/],
  },
  status: {
    says: '/status fixing the alias is put back',
    after: shows('Status', /^fixing/),
    wrong: ['/status closed', /`\/resolve`/],
  },
  resolve: { on: 'own', says: '/resolve The alias is back', after: shows('Status', /^(resolved|closed)/) },
  reopen: { on: 'over', says: '/reopen Errors since 11:20', after: shows('Status', /^investigating/) },
  cancel: {
    on: 'own',
    says: '/cancel false-alarm',
    after: shows('Status', /^cancelled/),
    wrong: ['/cancel false-alrm', /`false-alrm` is not a reason.*`\/cancel false-alarm`/],
  },
  duplicate: {
    on: 'own',
    says: '/duplicate of #1',
    after: shows('Status', /^cancelled/),
    wrong: ['/duplicate of yesterday', /`\/duplicate of #12`/],
  },
  related: { says: '/related #1', after: tells('Related to #1'), wrong: ['/related', /`\/related #12`/] },
  suspect: {
    says: '/suspect #1',
    after: (story, on) =>
      expect(story.living(on)).toMatch(/\*\*Suspects\*\*\n- \[#1\]\(\S+\/issues\/1\) named by @ada/),
    wrong: ['/suspect', /`\/suspect #12`/],
  },
  clear: {
    says: '/clear #1',
    after: (story, on) => expect(story.living(on)).toContain('~~ not the cause, says @ada'),
    wrong: ['/clear #99', /#99 is not a suspect here/],
  },
  lead: { says: '/lead @cy', after: shows('Lead', '@cy'), wrong: ['/lead cy', /`\/lead @ada`/] },
  role: {
    says: '/role comms @bo',
    after: shows('Comms', '@bo'),
    wrong: ['/role coms @bo', /`coms` is not a role here.*`\/role comms @user`/],
  },
  page: {
    says: '/page api The database needs you',
    after: (story, on) => {
      expect(last(story, on)).toBe('Paged @acme/search: The database needs you')
      expect(story.lastReply(on)).toMatch(/^@acme\/search: @ada asks for you in .*: The database needs you/)
    },
    wrong: ['/page aip', /`aip` is not a service here.*Did you mean `api`\?/],
  },
  handover: {
    says: '/handover @bo good night',
    after: shows('Lead', '@bo'),
    wrong: ['/handover', /`\/handover @bo`/],
  },
  update: {
    says: '/update We put it back.\n\nTen minutes more.',
    after: tells(/^Update: We put it back\./),
    wrong: ['/update', /`\/update \[--public\] <text>`/],
  },
  note: {
    says: '/note 10:12 the first error',
    after: has('the first error'),
    wrong: ['/note 25:10 no such hour', /names a time that does not exist/],
  },
  amend: {
    says: '/amend 1 Declared by the pager',
    after: has('Declared by the pager'),
    wrong: ['/amend 99 nothing', /no entry `99`/],
  },
  hide: {
    says: '/hide 1',
    after: (story, on) => expect(timeline(story.living(on)).join()).not.toContain('Declared by the pager'),
    wrong: ['/hide all', /`\/hide 3`/],
  },
  show: { says: '/show 1', after: has('Declared by the pager'), wrong: ['/show 99', /no entry `99`/] },
  set: {
    says: '/set started 10:10',
    after: shows('Started', '10:10 UTC'),
    wrong: ['/set mitigated 09:00', /cannot come before _started_/],
  },
  impact: {
    says: '/impact Nothing lost',
    after: shows('Impact', 'Nothing lost'),
    wrong: ['/impact', /<text>/],
  },
  service: {
    says: '/service api, web',
    after: shows('Services', /api.*web/),
    wrong: ['/service wbe', /`wbe` is not a service here.*`\/service web`/],
  },
  type: {
    says: '/type data-loss',
    after: tells('Type: data-loss'),
    wrong: ['/type data-los', /`\/type data-loss`/],
  },
  bridge: {
    says: '/bridge https://meet.example/1',
    after: shows('Links', /meet\.example/),
    wrong: ['/bridge room 4', /needs an address/],
  },
  cause: {
    says: '/cause A renamed alias',
    after: shows('Cause', 'A renamed alias'),
    wrong: ['/cause', /<text>/],
  },
  hotfix: { says: '/hotfix Restore the alias', after: shows('Links', /hotfix/i) },
  summary: {
    says: '/summary',
    after: (story, on) => {
      const reply = story.lastReply(on)
      expect(reply).toContain(`**INC-${on.number} in short**`)
      expect(reply).toContain('- **Impact:** Nothing lost')
      expect(reply).toContain('- **Cause:** A renamed alias')
    },
  },
  revert: {
    says: (story) => {
      story.as('ada').push({ branch: 'rename', files: { 'alias.json': 'new' } })
      const pull = story.as('ada').openPull({ head: 'rename', title: 'Rename the alias', body: '' })
      story.as('ada').merge(pull)
      return `/revert #${pull.number}`
    },
    after: (story, on) => {
      has(/Revert of #\d+ opened/)(story, on)
      expect(story.titled(`Hotfix: INC-${on.number} - Revert`).title).toMatch(/Revert #\d+ Rename the alias$/)
    },
    wrong: ['/revert', /`\/revert #12`/],
  },
  review: { on: 'own', says: '/resolve\n/review', after: has('Review opened') },
  waive: {
    on: 'review',
    says: '/waive A drill found the same',
    after: (story) => expect(story.living(scenes.over)).toContain('Review waived: A drill found the same'),
    wrong: ['/waive', /`\/waive <reason>`/],
  },
  approve: {
    on: 'review',
    says: '/approve',
    by: 'cy',
    after: (story) => expect(timeline(story.living(scenes.over))).toContain('Review approved'),
    wrong: ['/approve cancel', /takes nothing back/],
  },
  action: {
    says: '/action @eli due:2026-01-09 P1 Alarm on document count',
    after: (story, on) => {
      expect(last(story, on)).toContain('Promised: Alarm on document count (@eli)')
      expect(story.titled('[PIR]').title).toBe(`[PIR] INC-${on.number}: Alarm on document count`)
    },
    wrong: ['/action due:soon Alarm', /needs a date/],
  },
  due: {
    on: 'item',
    says: '/due 2026-02-01',
    after: (_, on) => expect(on.body).toContain('2026-02-01'),
    wrong: ['/due soon', /`\/due 14d`/],
  },
  snooze: { on: 'item', says: '/snooze 3d', after: () => {}, wrong: ['/snooze soon', /`\/snooze 3d`/] },
  assign: {
    on: 'item',
    says: '/assign @cy',
    after: (_, on) => expect(on.assignees.map(({ login }) => login)).toEqual(['cy']),
    wrong: ['/assign the team', /`\/assign @bo`/],
  },
  wontfix: {
    on: 'item',
    says: '/wontfix It goes in March',
    after: (_, on) => expect(on).toMatchObject({ state: 'closed', stateReason: 'not_planned' }),
    wrong: ['/wontfix', /`\/wontfix <reason>`/],
  },
  help: {
    says: '/help',
    by: 'zoe',
    after: (story, on) => {
      for (const { row: shown } of rows().filter(({ row }) => row.where === 'incident' && !('notYet' in row)))
        expect(story.lastReply(on)).toContain(`- \`${shown.usage}\` ${shown.does}`)
    },
  },
}

/** The issues of the story, made when the first test opens it. */
const scenes: { shared?: Issue; over?: Issue } = {}

/** An incident of P1, which asks for a review, with one action item, resolved. */
async function over(story: Story): Promise<Issue> {
  const issue = await story.declares('It is over', 'sev:P1')
  await story.says('ada', '/lead\n/action @eli due:2026-01-09 Alarm on latency\n/resolve')
  return issue
}

async function sceneOf(story: Story, on: Scene): Promise<Issue> {
  if (on === 'plain') return story.opens('ada', 'Something is odd')
  if (on === 'own') return story.declares('An incident of its own', 'sev:P3')
  if (on === 'waiting') return story.opens('zoe', 'It is slow', { labels: ['incident'], viaForm: true })
  if (on === 'shared') {
    scenes.shared ??= await story.declares('Stale index', 'sev:P2')
    return scenes.shared
  }
  scenes.over = await over(story)
  if (on === 'review') return story.titled('Post-incident review: ')
  return on === 'item' ? story.titled('[PIR] ') : scenes.over
}

/** How many facts came of a comment. */
async function stated(story: Story, comment: IssueComment): Promise<number> {
  const facts = await story
    .shell()
    .database.query(`select 1 from mayday.events where (body ->> 'origin')::bigint = $1`, [comment.id])
  return facts.length
}

stories(
  'the table',
  (story) => {
    beforeAll(() => {
      delete scenes.shared
      delete scenes.over
    })
    const answersTo = (on: Issue, comment: IssueComment): string[] =>
      on.comments
        .filter(({ body }) => body.includes(`<!-- mayday:answer:${comment.id} `))
        .map(({ body }) => visible(body))

    /** Who lacks the right that the row asks for on a public repository. */
    const without = { none: null, read: null, triage: 'eli', write: 'bo' } as const

    for (const { verb, row: line } of rows()) {
      const story_ = CASES[verb]
      if ('notYet' in line) {
        test(`/${verb} says what to do until it is built`, async () => {
          expect(story_, 'a row that is not built has no case').toBeUndefined()
          const on = await sceneOf(story, 'shared')
          const comment = await story.says('ada', line.examples[0], on)
          expect(story.reactions(comment)).toEqual(['confused'])
          expect(answersTo(on, comment)).toEqual([expect.stringContaining(line.notYet)])
        })
        continue
      }
      test(`/${verb}`, async () => {
        if (!story_) throw new Error(`/${verb} works, but no case here says what it does`)
        const on = await sceneOf(story, story_.on ?? 'shared')
        const said = await story.when(() => {
          const words = typeof story_.says === 'string' ? story_.says : story_.says(story)
          return story.as(story_.by ?? 'ada').comment(on, words)
        })
        expect(story.reactions(said)).toEqual(['eyes', 'rocket'])
        expect(answersTo(on, said)).toEqual([])
        expect((await stated(story, said)) > 0).toBe(verb !== 'help' && verb !== 'summary')
        story_.after(story, on)

        const [wrong, denied] = await story.when(() => [
          story_.wrong && story.as('ada').comment(on, story_.wrong[0]),
          without[line.right] && story.as(without[line.right] ?? '').comment(on, line.examples[0]),
        ])
        if (wrong) {
          expect(story.reactions(wrong)).toContain('confused')
          expect(answersTo(on, wrong)).toEqual([expect.stringMatching(story_.wrong?.[1] ?? /$^/s)])
        }
        if (denied) {
          expect(story.reactions(denied)).toEqual(['confused'])
          const [told] = answersTo(on, denied)
          if (told) expect(told).toContain(`needs ${line.right} permission`)
          expect(await stated(story, denied)).toBe(0)
        }
      })
    }
  },
  { settings: SETTINGS },
)

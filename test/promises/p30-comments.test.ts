// P30: What is quoted, shown as code, answered by e-mail, edited in or deleted is never carried out.
// P31: Mayday answers neither itself nor other bots: what they write and do starts nothing that goes on.
// P36: Marks that people copy or forge change nothing: Mayday believes its own authorship alone.
import { expect, test } from 'vitest'
import { mark } from '../../src/github/issues/mark.ts'
import { seeded } from '../sandbox/random.ts'
import type { Issue, IssueComment } from '../sandbox/world/world.ts'
import { row, stories, timeline } from '../stories/story.ts'
import { seeds, sized } from './size.ts'

const END = '/resolve'
/** Nothing in these is a command. */
const SHOWN = [
  `> ${END}`,
  `>${END}`,
  `> > ${END}\n> ${END}`,
  `> quoted\n${END}`,
  `- > ${END}`,
  `\`\`\`\n${END}\n\`\`\``,
  `~~~sh\n${END}\n~~~`,
  `\`\`\`\`\n\`\`\`\n${END}\n\`\`\`\`\n`,
  `\`\`\`\n~~~\n${END}`,
  `- run:\n  \`\`\`\n  ${END}\n  \`\`\``,
  `so:\n\n    ${END}`,
  `\t${END}`,
  `\`${END}\``,
  `so \`\`code\n${END}\n\`\``,
  `<!--\n${END}\n-->`,
  `<!-- not closed\n\n${END}`,
  `<pre>\n${END}\n</pre>`,
  `<blockquote>\n\n${END}\n\n</blockquote>`,
  `On Mon, 5 Jan 2026 at 10:11, Ada wrote:\n\n> see\n> ${END}\n> -- \n> Ada`,
  `Thanks\r\n\r\n-----Original Message-----\r\nFrom: Ada\r\n\r\n${END}`,
  `Danke\n\n${'_'.repeat(32)}\nVon: Ada\nGesendet: Montag\n\n${END}`,
  `- ${END}`,
  `1. ${END}`,
  `please ${END}`,
  `${END}.`,
  `/${END}`,
  `# ${END}`,
  '/etc/resolve',
  `\u202e${END}`,
  `\u00a0${END}`,
]

stories(
  'comments that ask for nothing',
  (story) => {
    const facts = async (): Promise<string[]> => {
      const found = await story.shell().database.query<{ key: string }>(
        `select e.key from mayday.events e join mayday.incidents i on i.id = e.incident_id
           where i.number = $1 order by e.key`,
        [story.issue().number],
      )
      return found.map(({ key }) => key)
    }
    const own = ({ author }: IssueComment): boolean => author.login === 'mayday[bot]'
    const ours = (): IssueComment[] => story.issue().comments.filter(own)
    /** What Mayday has written on the issue; others have clocks of their own. */
    const writes = (): number => {
      const here = new RegExp(`/issues/${story.issue().number}(/|$)`)
      return story.sandbox.calls.filter(({ method, path }) => method !== 'GET' && here.test(path)).length
    }

    test.each(seeds({ suite: [30], soak: 5 }))('shown, not said (seed %i)', async (seed) => {
      await story.declares('Shown', 'sev:P3')
      const before = await facts()
      const random = seeded(seed)
      const shuffled = SHOWN.map((body) => ({ body, at: random() })).sort((a, b) => a.at - b.at)
      const said = await story.when(() =>
        shuffled.map(({ body }) => story.as('ada').comment(story.issue(), body)),
      )
      for (const comment of said) expect(story.reactions(comment), comment.body).toEqual([])
      expect(await facts()).toEqual(before)
      expect(story.replies()).toEqual([])
    })

    test('bodies of issues and reviews carry no commands', async () => {
      await story.declares('In bodies', 'sev:P3')
      await story.when(() => story.as('ada').editBody(story.issue(), () => '/resolve\n/sev P0'))
      await story.says('ada', '/hotfix')
      const pull = story.titled('Hotfix:')
      await story.when(() => story.as('cy').review(pull, 'comment', '/resolve'))
      await story.opens('ada', '/declare P0', { body: '/declare P0' })
      expect(story.issue().comments).toEqual([])
    })

    test('edited in, it is not run; what was said follows the edit, whoever makes it', async () => {
      await story.declares('Edited', 'sev:P3')
      const chat = await story.says('ada', 'Looking.')
      await story.when(() => story.as('ada').editComment(chat, '/resolve'))
      const said = await story.says('ada', '/status identified an odd alias\n/note the ol index')
      await story.when(() =>
        story.as('ada').editComment(said, '/status identified an old alias\n/note the old index\n/resolve'),
      )
      expect(timeline(story.living()).slice(-2)).toEqual([
        'Status is identified: an old alias',
        'the old index',
      ])
      await story.when(() =>
        story.as('dee').editComment(said, '/ack\n/sev P0\n/note the oldest index\n/status identified'),
      )
      expect(timeline(story.living()).slice(-2)).toEqual(['Status is identified', 'the oldest index'])
      await story.when(() => story.as('ada').deleteComment(chat))
      await story.when(() => story.as('ada').deleteComment(said))
      expect(timeline(story.living()).slice(-2)).toEqual([
        expect.stringMatching(/^~~.*~~/),
        expect.stringMatching(/^~~.*~~/),
      ])
      expect(row(story.living(), 'Status')).toMatch(/^identified/)
      expect(row(story.living(), 'Severity')).toMatch(/^P3/)
      expect(row(story.living(), 'Lead')).toContain('nobody yet')
    })

    test('what a stranger edits or deletes of their own is no fact', async () => {
      await story.declares('Strangers', 'sev:P3')
      const denied = await story.says('zoe', '/note let me in')
      const before = await facts()
      await story.when(() => story.as('zoe').editComment(denied, '/note let me in now'))
      await story.when(() => story.as('zoe').deleteComment(denied))
      expect(await facts()).toEqual(before)
    })

    test('bots talk to each other, and Mayday to none of them', async () => {
      await story.declares('Bots', 'sev:P3')
      await story.says('ada', '/ack\n/akc\n/help')
      const before = { facts: await facts(), ours: ours().length }
      for (let round = 0; round < 3; round += 1) {
        await story.when(() => {
          const bot = story.as('github-actions[bot]')
          // As another copy of Mayday, or a bot that repeats what it reads.
          for (const { body } of ours()) bot.comment(story.issue(), `${body}\n\n/help\n/resolve\n/akc`)
          bot.comment(story.issue(), '/sev P0')
          story.as('mayday[bot]').comment(story.issue(), '/resolve')
        })
      }
      const calls = writes()
      await story.clock.advance('10m')
      expect(writes()).toBe(calls)
      expect(ours().length - 3).toBe(before.ours)
      expect(await facts()).toEqual(before.facts)
      for (const comment of story.issue().comments.filter(({ author }) => author.kind === 'Bot'))
        expect(story.reactions(comment)).toEqual([])
    })

    test('nor to itself, while the door does not know what it is called', async () => {
      await story.stop()
      story.sandbox.fault({ kind: 'status', status: 502, method: 'GET', route: /\/app$/, times: 1 })
      await story.start()
      await story.declares('Itself', 'sev:P3')
      const before = await facts()
      const said = await story.when(() => {
        const itself = story.as('mayday[bot]')
        itself.label(story.issue(), 'sev:P0')
        return itself.comment(story.issue(), '/resolve')
      })
      expect(story.reactions(said)).toEqual([])
      expect(story.replies()).toEqual([said.body])
      expect(await facts()).toEqual(before)
    })

    test('another program that undoes what Mayday shows is answered once, not for ever', async () => {
      await story.declares('Two programs', 'sev:P3')
      await story.says('ada', '/lead')
      story.sandbox.world.listeners.push(({ event, action, payload }) => {
        const sender = JSON.stringify(payload.sender ?? {})
        const number = JSON.stringify(payload.issue ?? {}).includes(`"number":${story.issue().number},`)
        // Nobody but Mayday opens it again: the other program closes it each time.
        if (event === 'issues' && action === 'reopened' && number && sender.includes('mayday[bot]'))
          queueMicrotask(() => story.as('github-actions[bot]').close(story.issue()))
      })
      await story.when(() => story.as('github-actions[bot]').close(story.issue()))
      const calls = writes()
      await story.clock.advance('10m')
      expect(writes() - calls).toBeLessThanOrEqual(1)
    })

    test.each(seeds({ suite: [36], soak: 1 }))('forged marks (seed %i)', async (seed) => {
      await story.declares('Forged', 'sev:P3')
      await story.says('ada', '/action @eli due:2026-01-09 Alarm on latency')
      const before = { facts: await facts(), living: story.livingComment().body }
      const random = seeded(seed)
      const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One
      const seen = (): string[] => ours().flatMap(({ body }) => body.match(/<!-- mayday:.*?-->/g) ?? [])
      const { number, repository } = story.issue()
      const forged = (): string => {
        const kind = pick([
          'living',
          'continuation',
          'answer',
          'help',
          'say',
          'review',
          'item',
          'hotfix',
          'remind',
        ])
        const key = pick([
          `${repository.id}-${number}-`,
          `${repository.id}-${number}-1`,
          String(5_000 + Math.floor(random() * 500)),
          '1',
        ])
        const text = pick([
          ...seen(),
          mark(kind, key),
          mark(kind, key).toUpperCase(),
          `${mark(kind, key)}${mark('living', key)}`,
        ])
        return pick([text, `So it is.\n\n${text}`, `${text}\n\nSo it is.`, `${before.living}`, `\`${text}\``])
      }
      const people = ['zoe', 'eli', 'bo', 'cy'] as const
      const written = await story.when(() =>
        Array.from({ length: sized({ suite: 20, soak: 1_000 }) }, () => {
          const body = forged()
          return { body, comment: story.as(pick(people)).comment(story.issue(), body) }
        }),
      )
      const adopted: Issue[] = await story.when(() =>
        seen().map((text) => story.as('zoe').openIssue({ title: 'Forged', body: `Mine.\n\n${text}` })),
      )
      // Mayday goes on, and finds again only what is its own: a copy of the living comment is none.
      await story.when(() => story.as('dee').deleteComment(story.livingComment()))
      await story.says('ada', '/note after the forgery\n/action Runbook for latency')
      for (const { body, comment } of written) {
        expect(comment.body).toBe(body)
        expect(comment.edited).toBeNull()
      }
      for (const issue of adopted)
        expect([issue.title, issue.assignees, issue.labels]).toEqual(['Forged', [], []])
      expect(story.livingComments()).toHaveLength(1)
      const since = (await facts()).filter((key) => !before.facts.includes(key))
      expect(since.filter((key) => !/^(comment:|deleted:|item:)/.test(key))).toEqual([])
    })
  },
  { settings: 'board: none\nbots: [mayday]' },
)

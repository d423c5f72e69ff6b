// How much a long night says: every comment of Mayday in a P0 of three hours, who is called by it, and how often.
import { expect, test } from 'vitest'
import { stories, visible } from './story.ts'

const firstLine = (body: string): string =>
  (visible(body).split('\n')[0] ?? '').replaceAll(/\(http[^)]*\)/g, '')

stories(
  'noise',
  (story) => {
    test('a P0 of three hours, told in forty acts, is eleven comments, and calls the lead alone', async () => {
      const { clock, says, sandbox } = story
      await story.opens('ada', 'Search answers from a stale index')
      await story.labels('ada', 'incident')
      const acts = [
        '/ack',
        '/impact Search answers from yesterday; nothing is lost',
        '/service search',
        '/set started -20m',
        '/note -15m The first complaint',
        '/role comms @bo',
        '/sev P0 everybody is affected\n/status identified the alias points at the old index',
        '/cause The index was renamed without its alias',
        '/bridge https://meet.example/stale',
        '/note The old index stands still since 09:40',
        '/update We know why, and put the alias back.',
        '/status fixing',
        '/note Snapshot taken',
        '/action @cy Alarm on the age of the index',
        '/related #1',
      ]
      let done = 2
      for (const act of acts) {
        await clock.advance('4m')
        await says('ada', act)
        done += 1
      }
      for (let round = 0; round < 8; round += 1) {
        await says('bo', `/note Shard ${round + 1} of 8 answers again`)
        await clock.advance('6m')
        await says('bo', `/update ${round + 1} of 8 shards answer again.`)
        await clock.advance('6m')
        done += 2
      }
      const boxes = story.livingComment().body.match(/- \[ \] .*/g) ?? []
      for (const box of boxes) {
        const { body } = story.livingComment()
        const ticked = body.replace(box, box.replace('[ ]', '[x]'))
        await story.when(() => sandbox.as('cy').editComment(story.livingComment(), ticked))
        done += 1
      }
      await says('ada', '/status monitoring every shard answers')
      await clock.advance('14m')
      await says('ada', '/update All is well.\n/amend 3 Search answered from yesterday')
      await says('bo', '/hide 4')
      await says('ada', '/resolve The alias is back')
      done += 5
      expect(done).toBeGreaterThanOrEqual(40)

      const comments = story.issue().comments.filter(({ author }) => author.login === 'mayday[bot]')
      const called = comments.flatMap(
        ({ body }) => body.replaceAll(/`[^`]*`/g, '').match(/(?<!\w)@[\w/-]+/g) ?? [],
      )
      const edits = sandbox.calls.filter(
        ({ method, path }) =>
          method === 'PATCH' && path.endsWith(`/issues/comments/${story.livingComment().id}`),
      )
      expect(comments.map(({ body }) => firstLine(body))).toMatchInlineSnapshot(`
        [
          "### 🟢 INC-1 · P0 Critical · resolved",
          "@ada, how severe is INC-1? It counts as **P2 Medium** until you say:",
          "@ada: INC-1 (P2 Medium) has had no lead for 2 min. \`/lead\` takes it · \`/lead @user\` names somebody.",
          "🔴 INC-1 is now **identified** (was investigating) and **P0 Critical** (was P2): the alias points at the old index · @ada · [Where we are]",
          "@ada, the P0 update of INC-1 was due at 11:13 UTC. Say what you know, even if it is "no change":",
          "🔴 INC-1 is now **fixing** (was identified) · @ada · [Where we are]",
          "@ada, the P0 update of INC-1 was due at 11:29 UTC. Say what you know, even if it is "no change":",
          "@ada, you have led INC-1 for 1 h. A rested head helps: \`/handover @user <note>\`. Fit to go on? Nothing to do.",
          "🟠 INC-1 is now **monitoring** (was fixing): every shard answers · @ada · [Where we are]",
          "@ada, the P0 update of INC-1 was due at 13:15 UTC. Say what you know, even if it is "no change":",
          "🟢 INC-1 is now **resolved** (was monitoring): The alias is back · @ada · [Where we are]",
        ]
      `)
      expect(called).toEqual(Array(6).fill('@ada'))
      expect(edits.length).toBeLessThanOrEqual(done)
    })
  },
  { settings: 'board: none\nservices: { search: { owners: ["@acme/search"] } }' },
)

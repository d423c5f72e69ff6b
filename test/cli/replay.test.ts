// Replay: a delivery takes effect once more where its effect is missing, and doubles nothing.
import { expect, test } from 'vitest'
import { environmentFor } from '../sandbox/environment.ts'
import { stories, timeline } from '../stories/story.ts'
import { at, said } from './said.ts'

stories(
  'a delivery, once more',
  (story) => {
    /** Beside the server where that can be; the embedded database is free only while it is stopped. */
    async function replay(name: string) {
      const beside = story.place.databaseUrl !== undefined
      if (!beside) await story.stop()
      const answer = await said(['replay', name], { ...environmentFor(story.sandbox), ...at(story.place) })
      const known = { beside, ...answer }
      if (!beside) await story.start()
      await story.quiet()
      return known
    }
    const delivered = (body: string) => {
      const found = story.sandbox.deliveries.find(
        ({ event, payload }) => event === 'issue_comment' && JSON.stringify(payload).includes(body),
      )
      if (!found) throw new Error(`nothing was delivered of ${body}`)
      return found
    }
    const notes = () => timeline(story.living()).filter((entry) => /^note/.test(entry))

    test('brings back what is missing, and nothing twice', async () => {
      await story.declares('Replayed', 'sev:P2')
      await story.says('ada', '/note one')
      const { guid } = delivered('/note one')
      const [known] = [story.issue().comments.length]
      const again = await replay(guid)
      expect(again).toMatchObject({ exit: 0, err: [] })
      expect(again.out[0]).toMatch(
        again.beside
          ? /\(issue_comment\) is stored: a running Mayday works on it now.*not done twice/
          : /\(issue_comment\) is stored: Mayday works on it at its next start.*not done twice/,
      )
      expect(story.issue().comments).toHaveLength(known ?? 0)

      await story.shell().database.query(`delete from mayday.events where body ->> 'text' = 'one'`)
      await replay(guid)
      await story.says('ada', '/note two')
      expect(timeline(story.living()).filter((entry) => /^(one|two)$/.test(entry))).toEqual(['one', 'two'])
      expect(notes()).toEqual([])
    })

    test('fetches from GitHub what never arrived, by id or by number', async () => {
      await story.declares('Unheard', 'sev:P2')
      story.sandbox.chaos({ lose: 1 })
      await story.says('ada', '/note lost by id')
      await story.says('ada', '/note lost by number')
      story.sandbox.chaos({})
      const [byId, byNumber] = [delivered('lost by id'), delivered('lost by number')]
      const found = await replay(byId.guid)
      expect(found).toMatchObject({ exit: 0, err: [] })
      expect(found.out[0]).toContain('(issue_comment) was not stored; GitHub still had it')
      expect((await replay(String(byNumber.id))).exit).toBe(0)
      expect(
        timeline(story.living())
          .filter((entry) => /^lost/.test(entry))
          .sort(),
      ).toEqual(['lost by id', 'lost by number'])
    })

    test('says what it cannot do', async () => {
      const unknown = await replay('00000000-0000-4000-8000-000000000000')
      expect(unknown).toMatchObject({ exit: 1, out: [] })
      expect(unknown.err[0]).toMatch(/is neither stored here nor in GitHub's log/)
      const wrong = await said(['replay', 'INC-42'], at(story.place))
      expect(wrong).toMatchObject({ exit: 2, out: [] })
    })
  },
  { settings: 'board: none' },
)

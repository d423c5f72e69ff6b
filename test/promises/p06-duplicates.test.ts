// P6: A delivery that comes three times, or again an hour or three days later, has the effect of one.
import { expect, test } from 'vitest'
import type { FixedDuration } from '../../src/incident/policy/duration.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { stories } from '../stories/story.ts'
import { STILL } from './burst.ts'
import { nightAndDay } from './forty.ts'
import { pictureOf } from './picture.ts'
import { relayed } from './relayed.ts'
import { sized } from './size.ts'

const LATER = sized<readonly FixedDuration[]>({ suite: ['3d'], soak: ['1h', '3d'] })

stories(
  'the same delivery again',
  (story) => {
    const picture = (issue: Issue): string => pictureOf(story.sandbox, issue)

    test('at once, an hour later, three days later, and as if it had been forgotten', async () => {
      const { sandbox } = story
      const once = await relayed(story, { atOnce: 1 })
      const reference = await nightAndDay(story, once)
      const thrice = await relayed(story, { atOnce: 1, copies: 3 })
      const issue = await nightAndDay(story, thrice)
      expect([...thrice.acknowledged.values()].every((count) => count === 3)).toBe(true)
      expect(picture(issue)).toBe(picture(reference))

      for (const later of LATER) {
        await story.clock.advance(later)
        const before = { picture: picture(issue), calls: sandbox.calls.length }
        thrice.again(thrice.letters)
        await thrice.rest()
        expect(writesSince(before.calls), later).toEqual([])
        expect(picture(issue)).toBe(before.picture)
      }
      const before = { picture: picture(issue), calls: sandbox.calls.length }
      once.again(thrice.letters, 'new')
      await once.rest()
      // GitHub keeps one reaction of a kind; asking for it is cheaper than looking.
      expect(writesSince(before.calls).filter((call) => !/\/reactions $/.test(call))).toEqual([])
      expect(picture(issue)).toBe(before.picture)
      await once.stop()
      await thrice.stop()
    })

    const writesSince = (call: number): string[] =>
      story.sandbox.calls
        .slice(call)
        .filter(({ mutates, path }) => mutates && !path.endsWith('/access_tokens'))
        .map(({ method, path, operations }) => `${method} ${path} ${operations}`)
  },
  { settings: STILL },
)

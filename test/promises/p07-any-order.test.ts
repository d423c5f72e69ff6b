// P7: In whatever order the deliveries about an incident come, the incident ends the same.

import { expect, test } from 'vitest'
import { arrive } from '../../src/incident/fold/arrival.ts'
import { fold } from '../../src/incident/fold/fold.ts'
import type { Event } from '../../src/incident/fold/nouns.ts'
import { seeded, shuffled } from '../sandbox/random.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { stories } from '../stories/story.ts'
import { STILL } from './burst.ts'
import { nightAndDay } from './forty.ts'
import { pictureOf } from './picture.ts'
import { relayed } from './relayed.ts'
import { report, seeds, sized } from './size.ts'

const THROUGH_THE_DOOR = sized({ suite: 1, soak: 500 })
const AS_FACTS = sized({ suite: 20, soak: 500 })

stories(
  'an incident of forty events',
  (story) => {
    const picture = (issue: Issue): string => pictureOf(story.sandbox, issue)

    test.each(seeds({ suite: [7], soak: 1 }))('ends the same in any order (seed %i)', {
      timeout: sized({ suite: 60_000, soak: 2 * 60 * 60_000 }),
    }, async (seed) => {
      const random = seeded(seed)
      const relay = await relayed(story, { atOnce: 1 })
      const reference = await nightAndDay(story, relay)
      const wanted = picture(reference)
      expect(relay.letters.length).toBeGreaterThanOrEqual(40)
      for (let count = 1; count <= THROUGH_THE_DOOR; count += 1) {
        const other = await nightAndDay(story, relay, (letters) => shuffled(letters, random))
        expect(picture(other), `order ${count}`).toBe(wanted)
        // What hundreds of incidents have said would not fit into memory.
        relay.forget()
        story.sandbox.forget()
        if (count % 50 === 0) report(`${count} orders ended the same`)
      }
      await relay.stop()

      const facts = await story.facts(reference)
      expect(facts.length).toBeGreaterThan(30)
      const inTime = live(facts)
      for (let count = 1; count <= AS_FACTS; count += 1)
        expect(live(shuffled(facts, random)), `order ${count} of the facts`).toEqual(inTime)
    })
  },
  { settings: STILL },
)

/** The incident that facts make which arrive one by one; without the numbers of its rows, which they get on arrival. */
function live(facts: readonly Event[]) {
  let known: Event[] = []
  for (const { n: _, ...fact } of facts) known = arrive(known, [fact]).events
  const incident = fold(known)
  return {
    ...incident,
    entries: incident.entries.map(({ event: { n: _, ...event }, ...entry }) => ({ ...entry, event })),
  }
}

// P11: Where GitHub does what it was asked and its answer is lost, three times in ten, nothing is made twice.
import { expect, test } from 'vitest'
import { clock } from '../clock.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { stories } from '../stories/story.ts'
import { burst, expectAllOf, STILL } from './burst.ts'
import { report, seeds, sized } from './size.ts'

const { incidents, effects } = sized({
  suite: { incidents: 1, effects: 60 },
  soak: { incidents: 15, effects: 1_000 },
})

stories(
  'answers that never come',
  (story) => {
    const issues: Issue[] = []

    test.each(seeds({ suite: [7], soak: 3 }))('double nothing (seed %i)', async (seed) => {
      const { sandbox } = story
      const before = sandbox.calls.length
      sandbox.fault({ kind: 'cut-after', mutates: true, probability: 0.3, seed })
      for (let count = 0; count < incidents; count += 1) issues.push(burst(sandbox, clock.advance))
      await story.quiet()
      const asked = sandbox.calls
        .slice(before)
        .filter(({ mutates, path }) => mutates && !/\/access_tokens$/.test(path))
      const cut = asked.filter(({ fault }) => fault !== null)
      report(`${asked.length} effects, ${cut.length} answers lost`)
      expect(asked.length).toBeGreaterThan(effects)
      expect(cut.length / asked.length).toBeGreaterThan(0.2)
      expectAllOf(sandbox, issues)
    })
  },
  { settings: STILL },
)

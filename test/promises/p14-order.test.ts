// P14: The commands on one issue are worked on in the order in which they came, whatever happens on fifty others beside it.
import { expect, test } from 'vitest'
import { clock } from '../clock.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { stories } from '../stories/story.ts'
import { finding, noteNumbers, STILL } from './burst.ts'
import { relayed } from './relayed.ts'
import { sized } from './size.ts'

const ISSUES = sized({ suite: 6, soak: 50 })
const COMMANDS = sized({ suite: 9, soak: 20 })

stories(
  'many commands on many issues',
  (story) => {
    test('keep their order on each', async () => {
      const relay = await relayed(story, { inOrder: true, atOnce: 20 })
      const ada = story.as('ada')
      const issues: Issue[] = []
      for (let count = 1; count <= ISSUES; count += 1) {
        const issue = ada.openIssue({ title: `Search answers slowly, part ${count}` })
        ada.label(issue, 'incident', 'sev:P2')
        issues.push(issue)
      }
      for (let command = 1; command <= COMMANDS; command += 1) {
        clock.advance(1_000)
        for (const issue of issues) ada.comment(issue, `/note ${finding(command)}`)
      }
      await relay.rest()
      await relay.stop()
      for (const issue of issues) {
        const numbers = noteNumbers(issue)
        expect(numbers).toHaveLength(COMMANDS)
        expect(numbers, issue.title).toEqual(numbers.toSorted((one, other) => one - other))
      }
    })
  },
  { settings: STILL },
)

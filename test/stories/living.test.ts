// Stories of the living comment: what becomes of it when people delete it, tick in it, and say more than it holds.
import { expect, test } from 'vitest'
import type { IssueComment } from '../sandbox/world/world.ts'
import { row, stories, timeline } from './story.ts'

const SETTINGS = `
board: none
id: 'INC-{number}_'
checklist:
  investigating: ['Tell @acme/comms about #1 | now', 'Look at a_b']
  fixing: [${Array.from({ length: 400 }, (_, n) => `Look at the ${n}th of all the shards`)}]
`
/** GitHub's limit for a comment. */
const MOST = 65_536

stories(
  'living',
  (story) => {
    const parts = (): IssueComment[] =>
      story.issue().comments.filter(({ body }) => body.includes('<!-- mayday:continuation:'))
    const edits = (): number =>
      story.sandbox.calls.filter(
        ({ method, path }) =>
          method === 'PATCH' && path.endsWith(`/issues/comments/${story.livingComment().id}`),
      ).length
    const deletes = () => story.when(() => story.as('ada').deleteComment(story.livingComment()))

    test('who deletes it twice does not want it, also where GitHub does not tell of it', async () => {
      await story.declares('Deleted', 'sev:P3')
      await deletes()
      expect(timeline(story.living())).toEqual(['Declared P3 Low'])
      await story.says('ada', '/note here again')
      expect(timeline(story.living())).toEqual(['Declared P3 Low', 'here again'])
      await deletes()
      await story.says('ada', '/sev P2')
      await story.heals()
      expect(story.livingComments()).toEqual([])
      expect(story.labelsOf()).toContain('sev:P2')

      await story.declares('Unheard', 'sev:P3')
      await deletes()
      story.sandbox.chaos({ vanish: 1 })
      await deletes()
      story.sandbox.chaos({})
      await story.says('ada', '/note nobody told')
      await story.heals()
      expect(story.livingComments()).toEqual([])
    })

    test('a tick counts by the right to it: kept and told, or put back once and told why', async () => {
      await story.declares('Ticks', 'sev:P3')
      const boxes = () => story.living().match(/- \[.\]/g)
      await story.when(() => story.as('ada').tick(story.livingComment(), 'Tell'))
      expect(timeline(story.living()).at(-1)).toMatch(/^Done: Tell @acme/)
      await story.says('ada', '/status monitoring')
      expect(story.living()).not.toContain('Tell @acme/comms about #1 \\| now\n')
      await story.says('ada', '/status investigating')
      expect(boxes()).toEqual(['- [x]', '- [ ]'])

      // Their right is taken away before the tick is heard of.
      const { collaborators } = story.sandbox.repository()
      const cy = story.as('cy').account
      const right = collaborators.get(cy)
      const entries = timeline(story.living()).length
      const tick = () =>
        story.when(() => {
          story.as('cy').tick(story.livingComment(), 'Look at')
          collaborators.set(cy, 'read')
        })
      await tick()
      expect(boxes()).toEqual(['- [x]', '- [ ]'])
      expect(story.lastReply()).toMatch(
        /^Ticking a box of an incident needs triage .*@cy has read, so it was put back/,
      )
      const told = story.replies().length
      if (right) collaborators.set(cy, right)
      await tick()
      if (right) collaborators.set(cy, right)
      expect([timeline(story.living()).length, story.replies().length]).toEqual([entries, told])
    })

    test('a burst is few edits, and the last word lands', async () => {
      await story.declares('Burst', 'sev:P3')
      const before = edits()
      await story.when(() => {
        for (let n = 1; n <= 20; n += 1) {
          story.as('ada').comment(story.issue(), `/note word ${n}`)
        }
      })
      expect(timeline(story.living()).slice(1)).toEqual(Array.from({ length: 20 }, (_, n) => `word ${n + 1}`))
      expect(edits() - before, 'edits').toBeLessThanOrEqual(20)
    })

    test('it shows what is known alone, in its order', async () => {
      await story.declares('Rows', 'sev:P3')
      const names = () => [...story.living().matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, name]) => name)
      expect(names()).toEqual(['ID', 'Severity', 'Status', 'Lead', 'Declared'])
      await story.says('ada', '/ack\n/role comms @bo\n/set started -20m\n/impact no search')
      await story.says('ada', '/status monitoring\n/resolve')
      const known = ['Started', 'Declared', 'Acknowledged', 'Mitigated', 'Resolved', 'Impact']
      expect(names()).toEqual(['ID', 'Severity', 'Status', 'Lead', 'Comms', ...known])
      const order = ['| **ID** |', '**Timeline**', '```mermaid', 'Time in it', '<details>']
      const found = order.map((part) => story.living().indexOf(part))
      expect(found).toEqual(found.toSorted((a, b) => a - b))
      expect(found[0]).toBeGreaterThan(0)
      const chart = /```mermaid\n(.*?)```/s.exec(story.living())?.[1]?.trimEnd().split('\n') ?? []
      const bar = /^ {4}[a-z]+ : \d{4}-\d\d-\d\d \d\d:\d\d, \d{4}-\d\d-\d\d \d\d:\d\d$/
      // Markdown does not take its backslashes away in there.
      expect(chart[1]).toBe(`    title ${story.id()}_`)
      expect(chart.slice(5).filter((line) => !bar.test(line))).toEqual([])
      expect(chart.length).toBeGreaterThan(5)
    })

    test('what is too long rolls over into parts that link each other, and rolls back', async () => {
      await story.declares('Much to say', 'sev:P3')
      const words = '*'.repeat(480)
      const sent = await story.when(() =>
        [0, 1, 2, 3].map((part) => {
          const lines = Array.from({ length: 30 }, (_, n) => `/note ${part * 30 + n} ${words}`)
          return story.as('ada').comment(story.issue(), lines.join('\n'))
        }),
      )
      await story.says('ada', `/impact ${'x'.repeat(62_000)}`)
      const all = () => [...parts(), story.livingComment()].map(({ body }) => body)
      expect(parts().length).toBeGreaterThanOrEqual(2)
      for (const n of [1, 2, 60, 121])
        expect(
          all()
            .join('\n')
            .match(new RegExp(`^\\| ${n} \\|`, 'gm')),
        ).toHaveLength(1)
      for (const body of all()) expect(body.length).toBeLessThan(MOST)
      for (const { id, body } of parts()) {
        expect(story.living()).toContain(`#issuecomment-${id})`)
        expect(body).toContain(`#issuecomment-${story.livingComment().id})`)
      }
      await story.says('ada', '/amend 2 amended long ago')
      expect(parts()[0]?.body).toMatch(/^\| 2 \| .*amended long ago/m)

      const [first, ...others] = parts()
      await story.when(() => first && story.as('ada').deleteComment(first))
      const again = parts().find(({ body }) => body.includes('amended long ago'))
      expect(parts()).toHaveLength(others.length + 1)
      expect(story.living()).toContain(`#issuecomment-${again?.id}) · [part 2]`)
      // The same where GitHub does not tell of it.
      const last = others.at(-1)
      story.sandbox.chaos({ vanish: 1 })
      await story.when(() => last && story.as('ada').deleteComment(last))
      story.sandbox.chaos({})
      await story.heals()
      expect(parts()).toHaveLength(others.length + 1)
      const left = parts().filter((part) => part !== again)
      await story.when(() => again && story.as('ada').deleteComment(again))
      await story.says('ada', `/hide 3\n/service ${'index '.repeat(9_000)}\n/status fixing`)
      expect(parts()).toEqual(left)
      expect(story.living()).toContain('part 1 (deleted)')
      expect(story.living()).toMatch(/^- and \d{3} more, for which there is no room here$/m)
      expect(story.living().length).toBeLessThan(MOST)

      const hides = Array.from({ length: 98 }, (_, n) => `/hide ${n + 4}`).join('\n')
      await story.says('ada', hides)
      for (const { body } of parts()) expect(body).toContain('Its entries are back there')
      await story.says('ada', hides.replaceAll('/hide', '/show'))
      for (const { body } of parts()) expect(body).toMatch(/^\| \d+ \|/m)

      await story.when(() => {
        for (const comment of sent) {
          const short = comment.body.replaceAll(words, 'short')
          story.as('ada').editComment(comment, short)
        }
      })
      expect(timeline(story.living())).toHaveLength(123)
      expect(row(story.living(), 'Impact')?.length).toBeLessThan(600)
      for (const { body } of parts()) expect(body).not.toMatch(/^\| \d+ \|/m)
      for (const { body } of parts()) expect(body).toContain('Its entries are back there')
    })
  },
  { settings: SETTINGS },
)

// Stories of a repository's own rules: where they come from, what they change, and what happens when they are broken.
import { expect, test } from 'vitest'
import { row, stories } from './story.ts'

const RULES = `
board: none
label: outage
id: "{yyyy}{mm}{dd}-{number}"
severities:
  S1: { name: Everything, means: Nothing works, respond_within: 5m, update_every: 10m, review: { required: true, within: 2d } }
  S2: { name: Something, means: A part does not work }
default_severity: S2
`
const PATH = '.github/mayday.yml'

stories(
  'rules',
  (story) => {
    test('another label, other severities, another id', async () => {
      await story.opens('ada', 'Down')
      await story.labels('ada', 'incident')
      expect(story.livingComments()).toEqual([])
      await story.labels('ada', 'outage', 'sev:S1')
      expect(row(story.living(), 'ID')).toBe(`20251218-${story.issue().number}`)
      expect(story.labelsOf()).toEqual(['incident', 'outage', 'sev:S1', 'status:investigating'])
      await story.says('ada', '/sev P1')
      expect(story.lastReply()).toBe('`P1` is not a severity here. Use one of `S1 S2`: `/sev S2`.')
      await story.says('ada', '/sev s2')
      expect(row(story.living(), 'Severity')).toMatch(/^S2 Something/)
    })

    test('a broken file leaves the last good one in force, and the living comment says so until it is mended', async () => {
      await story.opens('ada', 'Broken rules')
      await story.labels('ada', 'outage')
      const push = (text: string) =>
        story.when(() => story.as('dee').push({ branch: 'main', files: { [PATH]: text } }))
      await push('severities: [\n')
      expect(story.living()).toContain('Configuration invalid, the last good one is in force')
      expect(row(story.living(), 'Severity')).toMatch(/^S2 Something/)
      await story.says('ada', '/sev S1')
      expect(row(story.living(), 'Severity')).toMatch(/^S1 Everything/)
      await push('labell: outage\n')
      expect(story.living()).toMatch(/Configuration invalid.*labell.*did you mean.*label/s)
      await push(RULES)
      expect(story.living()).not.toContain('Configuration invalid')
    })

    test('without a file of its own a repository has the account’s', async () => {
      story.sandbox.addRepository({ name: '.github', files: { [PATH]: 'board: none\nlabel: fire\n' } })
      const web = story.sandbox.addRepository({ name: 'web' })
      await story.opens('ada', 'Web is down', { repo: web })
      await story.labels('ada', 'fire', 'sev:P0')
      expect(row(story.living(), 'Severity')).toBe('P0 Critical')
      await story.when(() =>
        story.as('dee').push({
          repo: story.sandbox.repository('acme/.github'),
          branch: 'main',
          files: { [PATH]: 'board: none\nlabel: blaze\n' },
        }),
      )
      await story.opens('ada', 'Web is down again', { repo: web })
      await story.labels('ada', 'blaze', 'sev:P0')
      expect(story.labelsOf()).toEqual(['blaze', 'sev:P0', 'status:investigating'])
    })
  },
  { settings: RULES },
)

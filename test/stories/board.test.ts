// Stories of who only watches: the organization's board, and what stands in its place where there can be none.
import { expect, test, vi } from 'vitest'
import type { Issue, Project } from '../sandbox/world/world.ts'
import { stories } from './story.ts'

stories(
  'the board',
  (story) => {
    const board = (): Project => {
      const [only, ...more] = story.sandbox.world.projects
      if (!only || more.length > 0) throw new Error('not one board')
      return only
    }
    const card = (issue: Issue): Record<string, string> => {
      const item = board().items.find(({ content }) => content === issue)
      if (!item) throw new Error(`no card of #${issue.number}`)
      const values = [...item.values].map(([field, value]) => {
        if (value.type === 'option')
          return [field.name, field.options.find(({ id }) => id === value.optionId)?.name]
        return [
          field.name,
          value.type === 'text' ? value.text : value.type === 'date' ? value.date : value.number,
        ]
      })
      return Object.fromEntries(values)
    }

    test('every incident has a card that follows it', async () => {
      await story.declares('Stale index', 'sev:P1')
      expect(board().title).toBe('Incidents')
      expect(board().fields.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'Kind',
          'Phase',
          'Severity',
          'Priority',
          'Horizon',
          'Incident',
          'Due',
          'Status',
        ]),
      )
      expect(board().views.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['Live incidents', 'Action items', 'Overdue']),
      )
      expect(card(story.issue())).toEqual({
        Kind: 'Incident',
        Phase: 'Investigating',
        Severity: 'P1',
        Incident: story.id(),
        Status: 'In Progress',
      })
      expect(story.living()).toContain('[board]')
      await story.says('ada', '/sev P0\n/status monitoring')
      expect(card(story.issue())).toMatchObject({ Phase: 'Monitoring', Severity: 'P0' })
      await story.says('ada', '/hotfix')
      expect(card(story.titled('Hotfix:'))).toMatchObject({ Kind: 'Hotfix', Incident: story.id() })
    })

    test('a moved card is the command; Done resolves', async () => {
      await story.declares('Moved', 'sev:P1')
      const item = () => {
        const found = board().items.find(({ content }) => content === story.issue())
        if (!found) throw new Error('no card')
        return found
      }
      await story.when(() => story.as('ada').moveCard(board(), item(), { Phase: 'Identified' }))
      expect(story.labelsOf()).toContain('status:identified')
      await story.when(() => story.as('ada').moveCard(board(), item(), { Status: 'Done' }))
      expect(story.labelsOf()).toContain('status:resolved')
      expect(story.issue().state).toBe('closed')
      expect(card(story.issue())).toMatchObject({ Phase: 'Resolved', Status: 'Done' })
      const rows = story.living().match(/^\| \d+ \| .*$/gm) ?? []
      expect(rows.length).toBeGreaterThan(2)
      for (const told of rows) expect(told).toMatch(/\| \[[^\]]+\]\(http[^)]+\) \|$/)
      expect(card(story.titled(`Post-incident review: ${story.id()}`))).toMatchObject({ Kind: 'Review' })
    })

    test('who may not is put back', async () => {
      await story.declares('Not yours', 'sev:P1')
      const found = board().items.find(({ content }) => content === story.issue())
      if (!found) throw new Error('no card')
      await story.when(() => story.as('eli').moveCard(board(), found, { Phase: 'Monitoring' }))
      expect(story.labelsOf()).toContain('status:investigating')
      expect(card(story.issue())).toMatchObject({ Phase: 'Investigating' })

      // Also where it is moved while something else of it is being written.
      const fields = 'updateProjectV2ItemFieldValue'
      const slow = story.sandbox.fault({ kind: 'slow', graphql: fields, times: 1, delayMs: 300 })
      story.as('ada').label(story.issue(), 'sev:P0')
      await vi.waitFor(() => expect(slow.hits).toBe(1), { interval: 5, timeout: 10_000 })
      await story.when(() => story.as('eli').moveCard(board(), found, { Phase: 'Monitoring' }))
      expect(card(story.issue())).toMatchObject({ Phase: 'Investigating', Severity: 'P0' })
    })

    test('on a user’s account there is none, and the living comment says so', async () => {
      const owner = story.sandbox.addAccount({ login: 'solo', name: 'Solo' })
      story.sandbox.installations.install(owner.login)
      const repo = story.sandbox.addRepository({ name: 'shop', owner: 'solo', people: {} })
      await story.opens('solo', 'Shop is down', { repo })
      await story.labels('solo', 'incident', 'sev:P0')
      await story.says('solo', '/ack')
      expect(story.living().match(/No board here/g)).toHaveLength(1)
      expect(story.replies()).toEqual([])
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:investigating'])
    })
  },
  { validated: true },
)

// Stories of a whole life: one for every status and what may not happen in it, past incidents, drills, duplicates, moves.
import { expect, test } from 'vitest'
import { row, stories, timeline } from './story.ts'

stories(
  'life',
  (story) => {
    const status = () => row(story.living(), 'Status')?.split(' ')[0]
    const refused = async (login: string, command: string): Promise<string> => {
      const comment = await story.says(login, command)
      expect(story.reactions(comment)).toContain('confused')
      return story.lastReply()
    }

    /** What is kept of an incident whose issue nobody can look at. */
    const kept = async (number: number) => {
      const [incident] = await story
        .shell()
        .database.query<{ status: string; live: boolean }>(
          `select snapshot ->> 'status' as status, live from mayday.incidents where number = $1`,
          [number],
        )
      return incident
    }

    test('triage: nothing runs, and only accepting, declaring or ending it leads on', async () => {
      await story.opens('zoe', 'Slow for me', { viaForm: true, labels: ['incident', 'sev:P0'] })
      expect([status(), story.issue().state]).toEqual(['triage', 'open'])
      expect(await refused('ada', '/status triage')).toContain('`/status investigating`')
      await story.says('ada', '/declare P1 it is real')
      expect([status(), row(story.living(), 'Severity')]).toEqual([
        'investigating',
        'P1 High (was P0 until 10:30)',
      ])
      expect(await refused('ada', '/declare P2')).toContain('`/sev P2` changes its severity')
    })

    test('investigating → identified by its cause, fixing, monitoring; skipped milestones are filled', async () => {
      await story.declares('Forward', 'sev:P1')
      expect(status()).toBe('investigating')
      await story.says('ada', '/cause the disk is full')
      expect(status()).toBe('identified')
      await story.says('ada', '/status fixing')
      expect(status()).toBe('fixing')
      await story.says('ada', '/status monitoring deployed')
      expect(status()).toBe('monitoring')
      expect(row(story.living(), 'Mitigated')).toMatch(/UTC/)
      await story.says('ada', '/status investigating it is back')
      expect(status()).toBe('investigating')
      expect(row(story.living(), 'Mitigated')).toBeNull()
      expect(timeline(story.living())).toContain('Status is monitoring: deployed')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P1', 'status:investigating'])
    })

    test('resolved waits for its review, closed is at once where none is asked; neither is entered by /status', async () => {
      await story.declares('Reviewed', 'sev:P1')
      for (const [given, right] of [
        ['resolved', '/resolve'],
        ['closed', '/resolve'],
        ['cancelled', '/cancel <reason>'],
      ])
        expect(await refused('ada', `/status ${given}`)).toContain(`\`${right}\``)
      await story.says('ada', '/resolve the disk has room')
      expect([status(), story.issue().state]).toEqual(['resolved', 'closed'])
      expect(await refused('ada', '/status fixing')).toContain('`/reopen <why>` brings it back')
      expect(await refused('ada', '/cancel other')).toContain('cannot be cancelled any more')
      await story.declares('Not reviewed', 'sev:P3')
      await story.says('ada', '/resolve')
      expect([status(), story.labelsOf()]).toEqual(['closed', ['incident', 'sev:P3', 'status:closed']])
      await story.says('ada', '/reopen')
      const asked = () => story.replies().filter((reply) => reply.startsWith('@ada, '))
      expect(asked()).toEqual([expect.stringContaining('Why? `/reopen <why>` puts it on record')])
      await story.says('ada', '/reopen it was not over')
      expect(asked()).toHaveLength(1)
      expect(timeline(story.living()).at(-1)).toBe('Reopened: it was not over')
    })

    test('/set corrects each milestone that there is; _started_ precedes all others', async () => {
      await story.declares('Corrected', 'sev:P3')
      await story.says('ada', '/set started 10:10')
      expect(row(story.living(), 'Started')).toBe('10:10 UTC')
      for (const name of ['detected', 'declared', 'acknowledged', 'identified', 'mitigated'])
        expect(await refused('ada', `/set ${name} 10:05`)).toContain(
          `_${name}_ cannot come before _started_, which was at 2025-12-18 10:10 UTC`,
        )
      const all = [
        'detected 10:11',
        'declared 10:12',
        'acknowledged 10:13',
        'identified 10:14',
        'mitigated 10:15',
      ]
      await story.says('ada', all.map((one) => `/set ${one}`).join('\n'))
      expect(['Declared', 'Acknowledged', 'Mitigated'].map((name) => row(story.living(), name))).toEqual([
        '10:12 UTC',
        '10:13 UTC',
        '10:15 UTC',
      ])
      expect(await refused('ada', '/set started 10:12')).toContain('_detected_ was at 2025-12-18 10:11 UTC')
      expect(await refused('ada', '/set resolved 10:20')).toContain(
        'is investigating, so _resolved_ has no time to correct yet',
      )
      await story.says('ada', '/resolve')
      const done = await story.says('ada', '/set resolved 10:20\n/set closed 10:25\n/set cost 4,000 EUR')
      expect(story.reactions(done)).toEqual(['eyes', 'rocket'])
      expect(row(story.living(), 'Resolved')).toBe('10:20 UTC')
      expect(timeline(story.living())).toContain('Cost: 4,000 EUR')
    })

    test('a past incident is put on record: milestones as given, nothing sent, reviewed as its severity asks', async () => {
      await story.opens('ada', 'Last night')
      const comment = await story.says(
        'ada',
        '/declare P1 --since "2025-12-17 22:10" --resolved "2025-12-17 23:40" the cache was cold',
      )
      expect(story.reactions(comment)).toEqual(['eyes', 'rocket'])
      expect([status(), story.issue().state]).toEqual(['resolved', 'closed'])
      // What is over says of which day it is.
      expect(['Started', 'Declared', 'Resolved'].map((name) => row(story.living(), name))).toEqual([
        '22:10 UTC',
        '2025-12-17 22:10 UTC',
        '23:40 UTC',
      ])
      expect(timeline(story.living())[0]).toBe(
        'Declared P1 High, on record afterwards; it was resolved 2025-12-17 23:40 UTC: the cache was cold',
      )
      expect(story.replies()).toEqual([])
      expect(story.titled('Post-incident review: ').title).toContain('Last night')
      await story.opens('ada', 'Still on')
      await story.says('ada', '/declare P0 --since "2025-12-17 22:10"')
      await story.clock.advance('6h')
      expect([status(), story.replies()]).toEqual(['investigating', []])
      expect(await refused('ada', '/declare --since "2025-12-17 22:10"')).toContain('declared already')
      await story.opens('ada', 'Tomorrow')
      expect(await refused('ada', '/declare --since "2027-01-01 10:10"')).toContain(
        'is not a time that has passed',
      )
    })

    test('an exercise says so in its title and in every message, declared by /drill or marked later', async () => {
      await story.opens('ada', 'The index is gone')
      await story.says('ada', '/drill\n/declare P1')
      expect(story.issue().title).toBe('[DRILL] The index is gone')
      expect(timeline(story.living())[0]).toBe('Declared P2 Medium as a drill')
      expect(row(story.living(), 'Severity')).toMatch(/^P1 High/)
      await story.when(() => story.as('ada').rename(story.issue(), 'The index is still gone'))
      expect(story.issue().title).toBe('[DRILL] The index is still gone')
      await story.says('ada', '/resolve')
      expect(story.replies().every((reply) => reply.includes('[DRILL]'))).toBe(true)
      expect(story.titled('Post-incident review: [DRILL]').title).toContain('The index is still gone')
      await story.declares('Marked later', 'sev:P3')
      await story.says('ada', '/drill')
      expect(story.issue().title).toBe('[DRILL] Marked later')
    })

    test('a duplicate’s timeline moves along with its authors and times; it takes no more commands', async () => {
      await story.declares('The cluster is red', 'sev:P1')
      const first = story.issue()
      await story.declares('Search is slow', 'sev:P2')
      const second = story.issue()
      await story.says('bo', '/note 10:05 shards are missing')
      await story.says('ada', '/note not to be kept')
      await story.says('ada', '/hide 3')
      expect(await refused('ada', `/duplicate of #${second.number}`)).toContain('is not another incident')
      expect(await refused('ada', '/duplicate of #99')).toContain(
        '#99 is not another incident of this repository',
      )
      await story.says('ada', `/duplicate of #${first.number}`)
      expect(status()).toBe('cancelled')
      const living = story.living(first)
      const from = `(from INC-${second.number})`
      expect(timeline(living)).toEqual([
        `shards are missing ${from}`,
        'Declared P1 High',
        `Declared P2 Medium ${from}`,
        `Cancelled as a duplicate of #${first.number} ${from}`,
        `INC-${second.number} (#${second.number}) is a duplicate of this: its timeline is here`,
      ])
      expect(living).toMatch(/10:05 \| shards are missing .*\| @bo \| \[comment\]/)
      expect(await refused('ada', '/note too late')).toContain(`duplicate of #${first.number}: say it there`)
      await story.says('ada', '/reopen it is another', second)
      await story.says('ada', `/duplicate of #${first.number}`, second)
      expect(timeline(story.living(first)).filter((one) => one.startsWith('shards'))).toHaveLength(1)
      await story.declares('Third', 'sev:P3')
      expect(await refused('ada', `/duplicate of #${second.number}`)).toContain('is cancelled itself')
    })

    test('a transfer keeps the incident and its id where Mayday is installed, else it ends', async () => {
      const infra = story.sandbox.addRepository({ name: 'infra' })
      await story.declares('Wrong place', 'sev:P1')
      const id = story.id()
      await story.says('ada', '/resolve')
      const review = story.titled('Post-incident review: ')
      await story.says('ada', '/reopen not yet')
      const moved = await story.when(() => story.as('dee').transfer(story.issue(), infra))
      story.turnTo(moved)
      expect(row(story.living(), 'ID')).toBe(id)
      expect(timeline(story.living()).at(-1)).toBe(`Moved to acme/infra#${moved.number}`)
      await story.says('ada', '/resolve again')
      expect([status(), moved.state]).toEqual(['resolved', 'closed'])
      expect(story.labelsOf()).toEqual(['incident', 'sev:P1', 'status:resolved'])
      await story.says('cy', '/waive known', review)
      expect([status(), review.state]).toEqual(['closed', 'closed'])

      const elsewhere = story.sandbox.addRepository({ name: 'elsewhere' })
      story.sandbox.installations.remove([elsewhere])
      const lost = await story.declares('Out of reach', 'sev:P1')
      await story.when(() => story.as('dee').transfer(lost, elsewhere))
      await story.clock.advance('1h')
      expect(await kept(lost.number)).toEqual({ status: 'cancelled', live: false })
    })

    test('deleting the issue ends it without a word', async () => {
      await story.declares('Deleted', 'sev:P1')
      await story.when(() => story.as('dee').deleteIssue(story.issue()))
      await story.clock.advance('2h')
      expect(await kept(story.issue().number)).toEqual({ status: 'cancelled', live: false })
    })

    test('a private type warns first where everybody can read, and counts when it is said again', async () => {
      await story.declares('Somebody is in', 'sev:P1')
      story.sandbox.repository().private = false
      const first = await story.says('ada', '/type security')
      expect(story.reactions(first)).toContain('confused')
      expect(story.lastReply()).toContain('Run `/type security` again')
      expect(timeline(story.living())).toEqual(['Declared P1 High'])
      await story.says('ada', '/type security')
      expect(timeline(story.living()).at(-1)).toBe('Type: security')
    })
  },
  { settings: 'board: none\ntypes: { security: {} }' },
)

// Stories of what GitHub never told: it is found again, as if it had been told.
import { expect, test } from 'vitest'
import type { Issue } from '../sandbox/world/world.ts'
import { row, stories, timeline } from './story.ts'

/** Nothing but what people do may happen here: no clock of an incident runs. */
const SETTINGS = `
board: none
severities:
  P0: { name: Critical, update_every: off, external_within: off, escalate: [] }
  P1: { name: High, update_every: off, external_within: off, escalate: [] }
  P2: { name: Medium, update_every: off, escalate: [] }
  P3: { name: Low, update_every: off, escalate: [] }
nudges: { no_lead: { after: 5d }, handover: { offer: 5d, demand: 6d } }
`
const files = { '.github/mayday.yml': SETTINGS }

stories(
  'healing',
  (story) => {
    /** What happens so is in no delivery, and in no log of deliveries. */
    const unheard = async (...acts: (() => unknown)[]): Promise<void> => {
      story.sandbox.chaos({ vanish: 1 })
      for (const act of acts) {
        story.clock.tick()
        act()
      }
      await story.quiet()
      story.sandbox.chaos({})
    }
    const heals = async (): Promise<void> => {
      await story.clock.advance('5m')
      await story.heals()
    }
    const ada = () => story.as('ada')
    /** The calls of what happens meanwhile: method and path. */
    const calls = async (act: () => Promise<unknown>): Promise<string[]> => {
      const before = story.sandbox.calls.length
      await act()
      return story.sandbox.calls.slice(before).map(({ method, path }) => `${method} ${path}`)
    }

    test('labels, names, people and states are read from GitHub, by whom and when', async () => {
      await story.opens('ada', 'Unheard')
      await unheard(() => ada().label(story.issue(), 'incident', 'sev:P2'))
      expect(story.livingComments()).toHaveLength(0)
      await heals()
      expect(timeline(story.living())).toEqual(['Declared P2 Medium'])
      expect(story.replies()).toEqual([])

      await unheard(
        () => story.as('bo').label(story.issue(), 'sev:P1'),
        () => story.as('bo').assign(story.issue(), 'cy'),
        () => ada().rename(story.issue(), 'Search is down'),
        () => ada().label(story.issue(), 'status:monitoring'),
      )
      await heals()
      expect(row(story.living(), 'Severity')).toContain('P1 High')
      expect(row(story.living(), 'Lead')).toBe('@cy')
      expect(row(story.living(), 'Status')).toMatch(/^monitoring/)
      expect(timeline(story.living())).toContain('Renamed: Search is down')
      expect(story.living()).toMatch(/Severity.* \| @bo \|/)
      expect(story.labelsOf()).toEqual(['incident', 'sev:P1', 'status:monitoring'])

      await unheard(() => ada().close(story.issue()))
      await heals()
      expect(row(story.living(), 'Status')).toMatch(/^resolved/)
      await unheard(() => ada().reopen(story.issue()))
      await heals()
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
      await unheard(() => ada().unlabel(story.issue(), 'incident'))
      await heals()
      expect(row(story.living(), 'Status')).toMatch(/^cancelled/)
    })

    test('a command that nobody heard is carried out once; one that was written by an edit never is', async () => {
      await story.declares('Talk', 'sev:P3')
      const sent: ReturnType<typeof story.says>[] = []
      const plain = await story.says('ada', 'just talk')
      await unheard(
        () => sent.push(Promise.resolve(ada().comment(story.issue(), '/note from the dark'))),
        () => ada().editComment(plain, '/resolve'),
        () => story.as('eli').comment(story.issue(), '/resolve'),
      )
      await heals()
      await heals()
      const note = await sent[0]
      expect(note && story.reactions(note)).toEqual(['eyes', 'rocket'])
      expect(timeline(story.living())).toEqual(['Declared P3 Low', 'from the dark'])
      expect(story.reactions(plain)).toEqual([])
      expect(story.replies()).toEqual([expect.stringContaining('`/resolve` needs triage permission')])

      await unheard(() => note && ada().editComment(note, '/note from the light'))
      await heals()
      expect(timeline(story.living()).at(-1)).toBe('from the light')
      await story.opens('ada', 'Declared in the dark')
      await unheard(() => ada().comment(story.issue(), '/declare P3'))
      await heals()
      expect(timeline(story.living())).toEqual(['Declared P3 Low'])
    })

    test('what comes late after all changes nothing and asks nobody again', async () => {
      await story.declares('Late', 'sev:P2')
      await story.sandbox.settle()
      story.sandbox.chaos({ lose: 1 })
      story.clock.tick()
      story.as('bo').label(story.issue(), 'sev:P0')
      story.clock.tick()
      ada().comment(story.issue(), '/note once')
      await story.quiet()
      story.sandbox.chaos({})
      const lost = story.sandbox.deliveries.filter(({ statusCode }) => statusCode === 502)
      expect(lost.length).toBeGreaterThanOrEqual(2)
      // GitHub's log of deliveries answers half a minute later than everything else.
      const route = '/app/hook/deliveries'
      story.sandbox.fault({ kind: 'status', method: 'GET', route, status: 502, times: 1 })
      const healed = await calls(heals)
      expect(healed.filter((call) => call.endsWith('/attempts'))).toHaveLength(lost.length)
      expect(healed.filter((call) => call.endsWith('/permission'))).toHaveLength(2)
      const shown = timeline(story.living())
      expect(shown).toEqual(['Declared P2 Medium', expect.stringContaining('P0'), 'once'])
      const replies = story.replies()
      for (const delivery of lost) story.sandbox.redeliver(delivery)
      const late = await calls(() => story.quiet())
      expect(late).toEqual([])
      expect([timeline(story.living()), story.replies()]).toEqual([shown, replies])
    })

    test('an act without the right to it is put back as ever', async () => {
      await story.opens('zoe', 'Mine', { viaForm: true, labels: ['incident', 'sev:P3'] })
      await story.says('ada', '/accept')
      await unheard(() => story.as('zoe').close(story.issue()))
      await heals()
      expect(story.issue().state).toBe('open')
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
    })

    test('a deleted living comment is written anew, a tick in it is kept, a deleted issue cancels', async () => {
      await story.declares('Deleted', 'sev:P3')
      await unheard(() => ada().tick(story.livingComment(), 'Look at recent changes'))
      await heals()
      expect(timeline(story.living()).at(-1)).toBe('Done: Look at recent changes')
      await unheard(() => ada().deleteComment(story.livingComment()))
      await heals()
      expect(story.living()).toContain('- [x] Look at recent changes')
      const { number } = story.issue()
      await unheard(() => story.as('dee').deleteIssue(story.issue()))
      await heals()
      await heals()
      const [stored] = await story
        .shell()
        .database.query(
          `SELECT snapshot ->> 'status' AS status, live FROM mayday.incidents WHERE number = $1`,
          [number],
        )
      expect(stored).toEqual({ status: 'cancelled', live: false })
    })

    test('a transferred issue takes its incident along', async () => {
      const repo = story.sandbox.addRepository({ name: 'elsewhere', files })
      await heals()
      await story.declares('Transferred', 'sev:P3')
      const id = story.id()
      await unheard(() => story.turnTo(story.as('dee').transfer(story.issue(), repo)))
      await heals()
      await story.says('ada', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@ada')
      expect(row(story.living(), 'ID')).toBe(id)
    })

    test('a hotfix is adopted, reviewed and merged in the dark', async () => {
      await story.declares('Fix', 'sev:P1')
      const branch = `hotfix/incident-${story.id()}`
      const opened: Issue[] = []
      await unheard(
        () => story.as('cy').push({ branch, files: { 'b.ts': 'y' } }),
        () => opened.push(story.as('cy').openPull({ head: branch, title: 'I know' })),
      )
      await heals()
      const [fix] = opened
      if (!fix) throw new Error('no pull request')
      expect(row(story.living(), 'Links')).toContain(`#${fix.number} (`)
      await unheard(
        () => ada().review(fix, 'approve', 'Yes'),
        () => ada().merge(fix),
      )
      await heals()
      expect(row(story.living(), 'Links')).toContain(`#${fix.number} (merged)`)
      expect(timeline(story.living()).slice(-2)).toEqual([
        expect.stringContaining('approved'),
        expect.stringContaining('merged'),
      ])
      expect(story.living()).toMatch(/merged.*\| @ada \|/)
    })

    test('the deployments of a hotfix that nobody told are read, each once, and cost nothing more', async () => {
      await story.declares('Deployed', 'sev:P1')
      const head = `hotfix/incident-${story.id()}`
      await story.when(() => story.as('cy').push({ branch: head, files: { 'c.ts': 'z' } }))
      const fix = await story.when(() => story.as('cy').openPull({ head, title: 'Mend it' }))
      const { sha: ref } = await story.when(() => ada().merge(fix))
      const { deployments } = story.sandbox
      await unheard(
        () => deployments.report({ ref, state: 'in_progress' }),
        () => deployments.report({ ref, state: 'failure' }),
        () => deployments.report({ ref, state: 'in_progress' }),
        () => deployments.report({ ref, state: 'success' }),
        () => deployments.report({ ref: head, environment: 'staging', state: 'success' }),
      )
      const reads = async (): Promise<number> =>
        (await calls(heals)).filter((call) => /\/deployments\//.test(call)).length
      expect(await reads()).toBe(2)
      const told = () => timeline(story.living()).filter((line) => line.startsWith('Deployment of'))
      const both = ['failure', 'success'].map((state) =>
        expect.stringMatching(new RegExp(`^Deployment of \`${ref.slice(0, 7)}\` to production: ${state}`)),
      )
      expect(told()).toEqual(both)
      expect(story.living()).toMatch(/production: success \| @github-actions\[bot\] \|/)
      expect(await reads()).toBe(0)
      // One that was told, and then made room for the next.
      const [deployment] = story.sandbox.repository().deployments.filter(({ sha }) => sha === ref)
      if (!deployment) throw new Error('no deployment')
      await unheard(() => deployments.report({ deployment, state: 'inactive' }))
      expect(await reads()).toBe(0)
      expect(told()).toEqual(both)
    })

    test('the review and its items are read again: written, ticked, closed', async () => {
      await story.declares('Review', 'sev:P1')
      await story.says('ada', '/ack')
      await story.says('ada', '/action @cy due:2026-02-02 [P1] Alarm on the index')
      await story.says('ada', '/action @cy due:2026-02-02 [P1] Test the restore')
      await story.says('ada', '/resolve')
      const pir = story.titled(`Post-incident review: ${story.id()}`)
      const item = (text: string): Issue => story.titled(`[PIR] ${story.id()}: ${text}`)
      await unheard(
        () => ada().tick(pir, 'Alarm on the index'),
        () => story.as('cy').close(item('Test the restore')),
      )
      await heals()
      expect(item('Alarm on the index').state).toBe('closed')
      expect(pir.body).toMatch(/- \[x\] .*Alarm on the index/)
      expect(pir.body).toMatch(/- \[x\] .*Test the restore/)
      await unheard(() => ada().editBody(pir, (body) => body.replace('## Summary', '## Summary\nWe saw it.')))
      await heals()
      const facts = await story.facts()
      const written = facts.findLast(({ kind }) => kind === 'review-written')
      expect(written).toMatchObject({ filled: expect.arrayContaining(['summary']), by: 'ada' })
    })

    test('what was labelled before the app came, or long ago, is left alone', async () => {
      await story.opens('ada', 'Old')
      await unheard(() => ada().label(story.issue(), 'incident', 'sev:P1'))
      await story.stop()
      await story.clock.skip('4d')
      await story.start()
      await story.quiet()
      expect(story.livingComments()).toEqual([])
      await story.says('ada', '/declare P1')
      expect(timeline(story.living())).toEqual(['Declared P1 High'])

      story.sandbox.addAccount({ login: 'globex', kind: 'Organization' })
      story.sandbox.repository().owner.members.forEach((role, one) => {
        story.sandbox.world.accounts.find(({ login }) => login === 'globex')?.members.set(one, role)
      })
      const repo = story.sandbox.addRepository({ name: 'web', owner: 'globex', files })
      const early = ada().openIssue({ repo, title: 'Early', labels: ['incident'] })
      await story.clock.advance('10m')
      await unheard(() => story.sandbox.installations.install('globex'))
      const late = ada().openIssue({ repo, title: 'Late' })
      await unheard(() => ada().label(late, 'incident', 'sev:P2'))
      await heals()
      expect(story.livingComments(early)).toEqual([])
      expect(story.livingComments(late)).toHaveLength(1)
      expect(repo.labels.map(({ name }) => name)).toContain('status:monitoring')
    })

    test('repositories come, go and change their names in the dark; what is archived is left in peace', async () => {
      const [named, attic, off] = ['first-name', 'attic', 'no-issues'].map((name) =>
        story.sandbox.addRepository({ name, files }),
      )
      if (!named || !attic || !off) throw new Error('no repository')
      off.hasIssues = false
      await heals()
      expect(named.labels.map(({ name }) => name)).toContain('sev:P1')
      expect(off.labels.map(({ name }) => name)).not.toContain('sev:P1')
      await story.opens('ada', 'Renamed', { repo: named })
      await story.says('ada', '/declare P2')
      const renamed = story.issue()
      await story.opens('ada', 'Archived', { repo: attic })
      await story.says('ada', '/declare P2')
      await unheard(
        () => story.sandbox.rename(named, 'second-name'),
        () => ada().comment(renamed, '/ack'),
        () => story.sandbox.archive(attic),
      )
      const seen = await calls(heals)
      expect(seen.filter((call) => call.includes('/attic'))).toEqual([])
      expect(row(story.living(renamed), 'Lead')).toBe('@ada')
      await unheard(() => story.sandbox.archive(attic, false))
      await unheard(() => ada().comment(story.issue(), '/ack'))
      await heals()
      expect(row(story.living(), 'Lead')).toBe('@ada')
    })

    test('open incidents that are quiet cost no write and three calls a round; what a busy round costs is rested for', async () => {
      const services = Array.from({ length: 30 }, (_, index) =>
        story.sandbox.addRepository({ name: `service-${index}` }),
      )
      await heals()
      await heals()
      const quiet = await calls(async () => {
        for (let round = 0; round < 3; round += 1) await heals()
      })
      expect(quiet.filter((call) => !/^GET |\/graphql$|\/access_tokens$/.test(call))).toEqual([])
      const count = (pattern: RegExp): number => quiet.filter((call) => pattern.test(call)).length
      // Of 35 repositories in two accounts: a page of them, what changed there, what is watched: 36 calls an hour.
      expect(count(/^GET \/installation\/repositories/)).toBeLessThanOrEqual(3 * 2)
      expect(count(/\/graphql$/)).toBeLessThanOrEqual(3 * 2 * 2)
      expect(count(/^GET \/repos\/.*\/(issues|pulls)/)).toBe(0)

      // All of them busy: two calls each, and a rest for what they cost, six seconds for each call.
      await unheard(() => services.map((repo) => ada().openIssue({ repo, title: 'Busy' })))
      const looks = (all: string[]): number => all.filter((call) => call.includes('/installation/')).length
      const busy = await calls(heals)
      expect(busy.length).toBeGreaterThan(60)
      expect(busy.length).toBeLessThan(80)
      expect(looks(await calls(() => story.heals()))).toBe(0)
      await story.clock.advance('10m')
      expect(looks(await calls(() => story.heals()))).toBeGreaterThan(0)
    })

    test('what is not granted is done without', async () => {
      // What is public is open to everybody.
      const repo = story.sandbox.addRepository({ name: 'secret', private: true, files })
      await story.opens('ada', 'Not granted', { repo })
      await story.says('ada', '/declare P3')
      const { pull_requests: _, ...rest } = story.sandbox.installations.of().permissions
      await story.when(() => story.sandbox.installations.grant(rest))
      await unheard(() => ada().comment(story.issue(), '/ack'))
      await story.clock.advance('10m')
      await story.heals()
      expect(row(story.living(), 'Lead')).toBe('@ada')
    })
  },
  { settings: SETTINGS },
)

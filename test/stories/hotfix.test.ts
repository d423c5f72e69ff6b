// Stories of the fix: from `/hotfix` through the review and the merge to the deployment.
import { expect, test } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { row, stories, timeline, visible } from './story.ts'

stories(
  'the fix',
  (story) => {
    const pulls = (): Issue[] => story.issues().filter(({ pull }) => pull !== null)
    const lastPull = (): Issue => {
      const last = pulls().at(-1)
      if (!last) throw new Error('no pull request')
      return last
    }

    test('/hotfix opens a draft from a branch with the record; it is reviewed, merged and deployed', async () => {
      await story.declares('Search answers from a stale index', 'sev:P1')
      await story.says('ada', '/ack')
      await story.says('ada', '/set started -10m')
      const asked = await story.says('ada', '/hotfix Put the index back')
      expect(story.reactions(asked)).toEqual(['eyes', 'rocket'])
      const fix = lastPull()
      expect(fix.title).toBe(`Hotfix: ${story.id()} - Put the index back`)
      expect(fix.pull).toMatchObject({ draft: true, head: { branch: `hotfix/incident-${story.id()}` } })
      expect(story.labelsOf(fix)).toEqual(['hotfix', 'urgent'])
      expect(fix.pull?.requestedTeams.map(({ slug }) => slug)).toEqual(['leads'])
      const body = visible(fix.body ?? '')
      expect(body).toContain(`Part of #${story.issue().number}`)
      expect(body).not.toMatch(/(close[sd]?|fix(e[sd])?|resolve[sd]?) #/i)
      const repository = story.sandbox.repository()
      const files = repository.commits.get(fix.pull?.head.sha ?? '')?.files
      const record = files?.get('docs/incidents/incident-2025-12-18-search-answers-from-a-stale-index.md')
      expect(record).toContain(`id: ${story.id()}`)
      const moments = [...(record ?? '').matchAll(/^(\w+): \d{4}-\d\d-\d\dT/gm)].map(([, name]) => name)
      expect(moments).toEqual(['started', 'detected', 'declared', 'acknowledged'])
      expect(story.labelsOf()).toContain('status:fixing')
      expect(story.lastReply()).toContain(
        `is now **fixing** (was investigating): hotfix #${fix.number} is open`,
      )
      expect(row(story.living(), 'Links')).toContain(`#${fix.number} (draft)`)

      await story.when(() =>
        story.as('ada').push({ branch: `hotfix/incident-${story.id()}`, files: { 'a.ts': 'x' } }),
      )
      await story.when(() => story.as('ada').ready(fix))
      await story.when(() => story.as('cy').review(fix, 'approve', 'Yes'))
      const { sha } = await story.when(() => story.as('ada').merge(fix))
      await story.when(() => story.sandbox.deployments.report({ ref: sha, state: 'success' }))
      expect(timeline(story.living()).slice(-3)).toEqual([
        expect.stringContaining('approved'),
        expect.stringContaining('merged'),
        expect.stringMatching(/Deployment of `\w{7}` to production: success/),
      ])
      expect(row(story.living(), 'Links')).toContain(`#${fix.number} (merged)`)
      expect(story.issue().state).toBe('open')
    })

    test('a deployment that concerns two incidents is told to both, though Mayday was stopped between them', async () => {
      const declaresWithFix = async (title: string): Promise<{ issue: Issue; sha: string }> => {
        const issue = await story.declares(title, 'sev:P2')
        await story.says('ada', '/hotfix')
        const fix = lastPull()
        const branch = fix.pull?.head.branch ?? ''
        await story.when(() => story.as('ada').push({ branch, files: { [`${title}.ts`]: 'x' } }))
        await story.when(() => story.as('ada').ready(fix))
        return { issue, ...(await story.when(() => story.as('ada').merge(fix))) }
      }
      const fixes = [await declaresWithFix('One half'), await declaresWithFix('Other half')]
      for (const { sha } of fixes) {
        const mended = await breaksAtSecondIncident(story.shell().database)
        await story.when(() => story.sandbox.deployments.report({ ref: sha, state: 'success' }))
        expect(await mended()).toBe(1)
      }
      for (const { issue, sha } of fixes) {
        const deployed = (await story.facts(issue)).filter(({ kind }) => kind === 'deployed')
        expect(deployed).toHaveLength(fixes.length)
        expect(timeline(story.living(issue)).at(-1)).toBe(
          `Deployment of \`${sha.slice(0, 7)}\` to production: success`,
        )
      }
    })

    test('a second /hotfix has its own branch', async () => {
      await story.declares('Twice', 'sev:P2')
      await story.says('ada', '/hotfix')
      const first = lastPull()
      expect(first.title).toBe(`Hotfix: ${story.id()} - Twice`)
      await story.when(() => story.as('ada').closePull(first))
      expect(row(story.living(), 'Links')).toContain(`#${first.number} (closed)`)
      await story.says('ada', '/hotfix Another way')
      expect(lastPull().pull?.head.branch).toBe(`hotfix/incident-${story.id()}-2`)
      expect(pulls().filter(({ title }) => title.includes(story.id()))).toHaveLength(2)
    })

    test('what happens in the very second of the opening counts', async () => {
      await story.declares('At once', 'sev:P1')
      await story.says('ada', '/hotfix')
      const fix = lastPull()
      story.as('ada').closePull(fix)
      await story.quiet()
      expect(row(story.living(), 'Links')).toContain(`#${fix.number} (closed)`)
      await story.says('ada', '/resolve')
      const review = story.titled(`Post-incident review: ${story.id()}`)
      story.as('ada').close(review)
      await story.quiet()
      expect(review.state).toBe('open')
    })

    test('/revert takes a merged pull request back; what cannot be reverted is told, with the way that goes on', async () => {
      await story.declares('Renamed', 'sev:P2')
      const [ada, repository] = [story.as('ada'), story.sandbox.repository()]
      ada.push({ branch: 'rename', files: { 'alias.json': 'new' } })
      const pull = ada.openPull({ head: 'rename', title: 'Rename the alias' })
      const early = await story.says('ada', `/revert #${pull.number}`)
      expect(story.reactions(early)).toEqual(['eyes', 'confused'])
      expect(story.lastReply()).toMatch(
        /^@ada, a revert of #\d+ for INC-\d+ could not be opened: it is not merged\./,
      )
      expect(story.lastReply()).toContain('`/hotfix` opens a branch')
      await story.when(() => ada.merge(pull))
      const asked = await story.says('ada', `/revert #${pull.number}`)
      expect(story.reactions(asked)).toEqual(['eyes', 'rocket'])
      const fix = lastPull()
      expect(fix.title).toBe(`Hotfix: ${story.id()} - Revert #${pull.number} Rename the alias`)
      expect(visible(fix.body ?? '')).toContain(`takes back #${pull.number} “Rename the alias”`)
      expect(story.labelsOf(fix)).toEqual(['hotfix', 'urgent'])
      expect(row(story.living(), 'Links')).toContain(`#${fix.number} (ready)`)
      await story.when(() => ada.merge(fix))
      expect(repository.commits.get(repository.branches.get('main') ?? '')?.files.has('alias.json')).toBe(
        false,
      )
      expect(row(story.living(), 'Links')).toContain(`#${fix.number} (merged)`)
    })

    test('who may not write is refused', async () => {
      await story.declares('Not mine', 'sev:P2')
      const before = pulls().length
      const asked = await story.says('bo', '/hotfix')
      expect(story.reactions(asked)).toEqual(['confused'])
      expect(story.lastReply()).toContain('`/hotfix` needs write permission')
      expect(pulls()).toHaveLength(before)
    })

    test('a person’s pull request from such a branch is adopted', async () => {
      await story.declares('Adopted', 'sev:P2')
      const branch = `hotfix/incident-${story.id()}-mine`
      const fix = await story.when(() => {
        story.as('cy').push({ branch, files: { 'b.ts': 'y' } })
        return story.as('cy').openPull({ head: branch, title: 'I know' })
      })
      expect(row(story.living(), 'Links')).toContain(`#${fix.number} (ready)`)
      expect(story.labelsOf()).toContain('status:fixing')
      const help = await story.says('cy', '/status monitoring', fix)
      expect(story.reactions(help)).toEqual(['eyes', 'rocket'])
      expect(row(story.living(), 'Status')).toMatch(/^monitoring/)
    })

    test('a branch that the repository forbids is told to who asked', async () => {
      await story.declares('Forbidden', 'sev:P2')
      const repository = story.sandbox.repository()
      story.sandbox.protect(repository, `hotfix/incident-${story.id()}`, { locked: true })
      const asked = await story.says('ada', '/hotfix')
      expect(story.reactions(asked)).toEqual(['eyes', 'confused'])
      expect(story.lastReply()).toMatch(/^@ada, the hotfix of INC-\d+ could not be opened: /)
      expect(story.lastReply()).toContain('run `/hotfix` again')
      expect(timeline(story.living()).at(-1)).toMatch(/^Hotfix not opened/)
    })
  },
  { settings: 'board: none' },
)

/** Breaks the first attempt to store a deployment with a second incident: what ends a process there leaves the same behind.
 * Resolves to what mends it and says how often it broke. */
async function breaksAtSecondIncident(database: Database): Promise<() => Promise<number>> {
  // A sequence counts what is rolled back too.
  await database.query(`
    CREATE SEQUENCE public.seconds;
    CREATE FUNCTION public.break_at_second() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT 1 FROM mayday.events WHERE key = NEW.key AND incident_id <> NEW.incident_id)
          AND nextval('public.seconds') = 1 THEN RAISE EXCEPTION 'stopped here'; END IF;
        RETURN NEW;
      END $$;
    CREATE TRIGGER break_at_second BEFORE INSERT ON mayday.events
      FOR EACH ROW WHEN (NEW.body ->> 'kind' = 'deployed') EXECUTE FUNCTION public.break_at_second()`)
  return async () => {
    const [row] = await database.query<{ hits: number }>(
      `SELECT CASE WHEN is_called THEN 1 ELSE 0 END AS hits FROM public.seconds`,
    )
    await database.query(`
      DROP TRIGGER break_at_second ON mayday.events;
      DROP FUNCTION public.break_at_second();
      DROP SEQUENCE public.seconds`)
    return row?.hits ?? 0
  }
}

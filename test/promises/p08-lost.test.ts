// P8: A fifth of all deliveries may vanish: the incident is whole within 15 min. After an hour down, all that failed are asked for again within 10 min.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { askRound } from '../../src/heal/heal.ts'
import { clock } from '../clock.ts'
import { onOneBackend } from '../database/backends.ts'
import { SECRET } from '../sandbox/harness.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { makeEngine } from '../stories/engine.ts'
import { MORNING, row, timeline, visible } from '../stories/story.ts'
import { seeds } from './size.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

/** Nothing but what people do may happen here: no clock of an incident runs. */
const SETTINGS = `
board: none
severities:
  P1: { name: High, update_every: off, external_within: off, escalate: [] }
  P2: { name: Medium, update_every: off, escalate: [] }
nudges: { no_lead: { after: 5d }, handover: { offer: 5d, demand: 6d } }
`

onOneBackend('lost deliveries', (_open, place) => {
  let sandbox: Sandbox
  let engine: ReturnType<typeof makeEngine>
  beforeAll(async () => {
    clock.set(MORNING)
    sandbox = await startSandbox({ secret: SECRET, now: () => Date.now(), validate: false })
    sandbox.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': SETTINGS } })
    engine = makeEngine(sandbox, place)
    await engine.start()
  })
  afterEach(() => expect(engine.errors.splice(0)).toEqual([]))
  afterAll(async () => {
    await engine.stop()
    await sandbox.stop()
  })

  /** An incident from its label to its end; one act a second. */
  const acts = (issue: Issue): (() => unknown)[] => {
    const [ada, bo, cy] = [sandbox.as('ada'), sandbox.as('bo'), sandbox.as('cy')]
    const branch = `hotfix/incident-INC-${issue.number}`
    const fix: Issue[] = []
    const merged: string[] = []
    const says = (who: typeof ada, text: string) => () => who.comment(issue, text)
    return [
      () => ada.label(issue, 'incident', 'sev:P2'),
      says(bo, '/ack'),
      says(ada, '/note The index is stale'),
      () => bo.label(issue, 'sev:P1'),
      says(cy, '/impact One search in ten fails'),
      () => ada.rename(issue, 'Search answers from a stale index'),
      says(bo, '/service search'),
      says(cy, '/cause The migration skipped a shard'),
      says(ada, '/role scribe @cy'),
      () => cy.push({ branch, files: { 'fix.ts': `${issue.number}` } }),
      () => fix.push(cy.openPull({ head: branch, title: 'Put the index back' })),
      says(cy, '/note It is built anew'),
      () => fix.map((one) => ada.review(one, 'approve', 'Yes')),
      () => fix.map((one) => merged.push(cy.merge(one).sha)),
      () => merged.map((ref) => sandbox.deployments.report({ ref, state: 'success' })),
      () => ada.label(issue, 'status:monitoring'),
      says(bo, '/update Search is right again'),
      () => ada.close(issue),
      () => ada.reopen(issue),
      says(ada, '/reopen It came back'),
      says(ada, '/related #1'),
      () => ada.close(issue),
    ]
  }
  const carryOut = async (all: (() => unknown)[]): Promise<void> => {
    for (const act of all) {
      engine.clock.tick()
      act()
      await sandbox.settle()
    }
  }
  const open = (): Issue => sandbox.as('ada').openIssue({ title: 'Search is wrong', body: 'Since 10:11.' })
  /** What came in another order than it happened, or not at all, is there within a quarter of an hour. */
  const quarter = async (): Promise<void> => {
    await engine.quiet()
    for (let round = 0; round < 3; round += 1) {
      await engine.clock.advance('5m')
      await engine.heals()
    }
  }
  let known: Promise<Issue> | undefined
  /** An incident of which every delivery came. */
  const whole = (): Promise<Issue> => {
    const make = async (): Promise<Issue> => {
      const issue = open()
      await carryOut(acts(issue))
      await quarter()
      return issue
    }
    known ??= make()
    return known
  }
  /** What an incident says in the end, without its own numbers and moments. */
  const picture = (issue: Issue) => {
    const living = issue.comments.filter(({ body }) => body.includes('<!-- mayday:living:'))
    const text = visible(living[0]?.body ?? '')
    const plain = (one: string | null): string =>
      (one ?? '').replaceAll(/`[0-9a-f]{7}`/g, 'a commit').replaceAll(/\d+/g, 'N')
    return {
      comments: living.length,
      labels: issue.labels.map(({ name }) => name).sort(),
      state: issue.state,
      title: issue.title,
      rows: ['Severity', 'Lead', 'Impact', 'Services', 'Links'].map((name) => plain(row(text, name))),
      timeline: timeline(text).map(plain),
      reviews: [...issue.repository.issues.values()].filter(({ parent }) => parent === issue).length,
    }
  }

  test.runIf(place.databaseUrl)('many processes look once', async () => {
    const looks = (): number[] =>
      ['/app/installations', '/app/hook/deliveries', '/installation/repositories'].map(
        (path) => sandbox.calls.filter((call) => call.path === path).length,
      )
    const others = [makeEngine(sandbox, place), makeEngine(sandbox, place)]
    const first = looks()
    for (const other of others) await other.start()
    expect(looks()).toEqual(first)
    await engine.clock.advance('5m')
    const asked = await Promise.all([engine, ...others].map((one) => askRound(one.shell(), 60_000)))
    expect(asked.filter(Boolean)).toHaveLength(1)
    await engine.quiet()
    expect(looks()).toEqual(first.map((count) => count + 1))
    for (const other of others) await other.stop()
    sandbox.setWebhookUrl(engine.webhookUrl())
  })

  test.each(
    seeds({ suite: [8], soak: 40 }),
  )('a fifth of them never comes, nor is it in any log (seed %i)', async (seed) => {
    const reference = picture(await whole())
    const holed = open()
    const before = sandbox.deliveries.length
    const all = acts(holed)
    sandbox.chaos({ vanish: 0.2, seed })
    await carryOut(all)
    await engine.quiet()
    sandbox.chaos({})
    expect(sandbox.deliveries.length - before).toBeLessThan(sandbox.deliveries.length / 2)
    await quarter()
    expect(reference.timeline.length).toBeGreaterThan(12)
    expect(picture(holed)).toEqual(reference)
  })

  test('after an hour down all of them are asked for again at the start, and a minute later again', async () => {
    const reference = picture(await whole())
    for (const down of ['60m', '1m'] as const) {
      await engine.stop()
      const issue = open()
      const before = sandbox.deliveries.length
      await carryOut(acts(issue))
      const lost = new Set(sandbox.deliveries.slice(before).map(({ guid }) => guid))
      expect(lost.size).toBeGreaterThan(20)
      await engine.clock.skip(down)
      await engine.start()
      await engine.quiet()
      const came = new Set(sandbox.deliveries.flatMap(({ guid, status }) => (status === 'OK' ? [guid] : [])))
      expect([...lost].filter((guid) => !came.has(guid))).toEqual([])
      await quarter()
      expect(picture(issue)).toEqual(reference)
    }
  })
})

// P9: GitHub down for half an hour (500, 502, silence, refused connections): every effect lands once, in order, within two minutes of its return; meanwhile it is asked once in ten seconds for each installation.
// P10: Where GitHub limits an installation it hears nothing of it before the time it named; its calls are paced, what a person waits for goes first, and other installations do not wait.
// P13: An installation that hangs, or has thousands of jobs, does not keep the others waiting.
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import type { FaultInput } from '../sandbox/faults/faults.ts'
import type { CallRecord } from '../sandbox/server.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { row, stories, timeline } from '../stories/story.ts'
import { sized } from './size.ts'

/** Of the eight comments that are worked on at a time, one installation has no more. */
const SHARE = 6
const SECOND = 1_000
/** What was under way already when GitHub said no, on a busy machine. */
const UNDER_WAY_MS = 1_000

stories(
  'a GitHub that is away',
  (story) => {
    const acme = () => story.sandbox.installations.of().id
    const beta = () => story.sandbox.installations.of('beta').id
    const callsOf = (installation: number, from = 0): CallRecord[] =>
      story.sandbox.calls.filter((call) => call.installation === installation && call.at >= from)
    const made = (issue: Issue) => issue.comments.filter(({ viaApp }) => viaApp)

    /** The incident of another account that has the app, and several of acme's: declared and at rest. */
    let other: Issue
    const issues: Issue[] = []
    beforeAll(async () => {
      const { sandbox } = story
      sandbox.addAccount({ login: 'beta', kind: 'Organization' })
      const repo = sandbox.addRepository({ owner: 'beta', name: 'web' })
      sandbox.installations.install('beta')
      other = await story.opens('ada', 'Of another account', { repo })
      for (const title of 'abcdefghij') issues.push(await story.opens('ada', title))
      await story.when(() => {
        for (const issue of [other, ...issues]) story.as('ada').label(issue, 'incident', 'sev:P2')
      })
    })

    test('half an hour of every kind of silence', async () => {
      const { sandbox } = story
      const first = await story.declares('Before the outage', 'sev:P1')
      const second = await story.opens('ada', 'Labelled during the outage')
      const began = story.clock.now()
      const fault = sandbox.fault({ kind: 'status', status: 500 })
      const notes = [1, 2, 3, 4, 5].map((note) => `/note finding ${note}`)
      const commands = ['/ack', ...notes, '/status identified'].map((body) => {
        story.clock.tick()
        return story.as('ada').comment(first, body)
      })
      story.as('ada').label(second, 'incident', 'sev:P2')
      await sandbox.settle()
      expect(sandbox.deliveries.filter(({ statusCode }) => statusCode !== 200)).toEqual([])
      await pause(100)

      const part = sized({ suite: '20s', soak: '7m' } as const)
      await story.endure(part)
      expect(await health()).toEqual({ ready: 200, github: 'down', up: 0 })
      for (const next of [
        { kind: 'status', status: 502 },
        { kind: 'hang' },
        { kind: 'cut-before' },
      ] satisfies FaultInput[]) {
        sandbox.clearFaults()
        sandbox.fault(next)
        await story.endure(part)
      }
      const isBack = await sandbox.refuseConnections()
      await story.endure(sized({ suite: '27m', soak: '7m' }), { leap: sized({ suite: '3m', soak: '0s' }) })
      await isBack()

      const asked = callsOf(acme(), began + 10 * SECOND).map(({ at }) => at)
      expect(asked.length).toBeGreaterThan(sized({ suite: 6, soak: 100 }))
      expect(gaps(asked).filter((gap) => gap < 10 * SECOND)).toEqual([])
      expect(made(second)).toEqual([])

      sandbox.clearFaults()
      fault.remove()
      const back = story.clock.now()
      await story.quiet()
      const late = sandbox.calls.filter((call) => call.mutates && call.at > back + 120 * SECOND)
      expect(late.map(({ path }) => path)).toEqual([])
      expect(await health()).toEqual({ ready: 200, github: 'up', up: 1 })
      expect(row(story.living(first), 'Lead')).toBe('@ada')
      expect(row(story.living(first), 'Status')).toMatch(/^identified/)
      expect(timeline(story.living(first)).filter((text) => text.startsWith('finding'))).toEqual(
        notes.map((note) => note.slice('/note '.length)),
      )
      expect(commands.map((comment) => story.reactions(comment))).toEqual(
        commands.map(() => ['eyes', 'rocket']),
      )
      expect(story.replies(first).filter((text) => text.includes('is now'))).toHaveLength(1)
      expect(story.labelsOf(second)).toEqual(['incident', 'sev:P2', 'status:investigating'])
      expect(story.livingComments(second)).toHaveLength(1)
    }, 300_000)

    async function health() {
      const answer = async (path: string) => fetch(new URL(path, story.webhookUrl()))
      const ready = await answer('/readyz')
      const { github } = (await ready.json()) as { github: string }
      const metrics = await (await answer('/metrics')).text()
      return { ready: ready.status, github, up: Number(/^mayday_github_up (\d)$/m.exec(metrics)?.[1]) }
    }

    // Longer than the minute that is waited where GitHub says nothing.
    test.each<[string, Partial<FaultInput>, number]>([
      ['403 with retry-after', { kind: 'secondary-limit', retryAfter: 145 }, 145],
      ['429', { kind: 'status', status: 429, retryAfter: 130 }, 130],
      ['403 with x-ratelimit-reset', { kind: 'primary-limit', retryAfter: 900 }, 900],
    ])('%s: silence until then, for this installation alone', async (_what, limit, seconds) => {
      const fault = story.sandbox.fault({
        kind: 'status',
        ...limit,
        installation: acme(),
        times: 1,
        after: 3,
      })
      const notes = issues.map((issue) => story.as('ada').comment(issue, `/note after ${seconds}`))
      await expect.poll(() => fault.hits, { timeout: 8_000 }).toBe(1)
      const struckAt = story.sandbox.calls.findLast((call) => call.fault === fault)?.at ?? 0
      const command = story.as('ada').comment(other, '/note beside')
      await expect.poll(() => story.reactions(command), { timeout: 8_000 }).toEqual(['eyes', 'rocket'])
      expect(story.clock.now()).toBeLessThan(struckAt + seconds * SECOND)
      expect(await health()).toMatchObject({ ready: 200, github: 'up' })

      await story.quiet()
      const early = callsOf(acme(), struckAt + UNDER_WAY_MS).filter(
        ({ at }) => at < struckAt + seconds * SECOND,
      )
      expect(early.map(({ method, path, at }) => `${method} ${path} ${at - struckAt}`)).toEqual([])
      expect(notes.map((note) => story.reactions(note))).toEqual(notes.map(() => ['eyes', 'rocket']))
      for (const issue of issues)
        expect(timeline(story.living(issue)).filter((text) => text === `after ${seconds}`)).toHaveLength(1)
    })

    /** Until nothing is worked on: what is left waits for its allowance. */
    async function stands(): Promise<void> {
      for (let still = 0; still < 4; ) {
        await pause(20)
        const { jobs } = await story.shell().queue.stats()
        still = jobs.some(({ state }) => state === 'active') ? 0 : still + 1
      }
    }

    test('calls are paced, and what a person waits for goes first', async () => {
      const { database, queue } = story.shell()
      const [issue, another] = issues
      if (!issue || !another) throw new Error('no incident')
      await database.query('ALTER TABLE mayday.installations DISABLE TRIGGER fill_bucket')
      story.clock.tick()
      const from = story.clock.now()
      const writesSince = (at: number) => callsOf(acme(), at).filter(({ mutates }) => mutates)
      const second = async (): Promise<void> => {
        await story.clock.skip('1s')
        await stands()
      }
      // Each is answered with two reactions, for which nobody waits: they leave five calls to others.
      for (let note = 0; note < 10; note += 1) story.as('ada').comment(issue, `/note number ${note}`)
      await story.sandbox.settle()
      await stands()
      for (let count = 0; count < 10; count += 1) await second()
      const [bucket] = await database.query<{ tokens: number }>(
        'SELECT tokens FROM mayday.installations WHERE id = $1',
        [acme()],
      )
      expect(bucket?.tokens).toBeGreaterThanOrEqual(5)

      const before = writesSince(from).length
      story.as('bo').comment(another, '/help')
      await story.sandbox.settle()
      await stands()
      const isReply = ({ path }: CallRecord): boolean => path.endsWith(`/issues/${another.number}/comments`)
      expect(writesSince(from).slice(before).filter(isReply)).toHaveLength(1)
      const answeredAt = story.clock.now()
      for (let left = 60; left > 0 && (await queue.stats()).jobs.length > 0; left -= 1) await second()
      await database.query('ALTER TABLE mayday.installations ENABLE TRIGGER fill_bucket')

      expect(writesSince(answeredAt).length, 'what waited meanwhile').toBeGreaterThan(5)
      const writes = writesSince(from)
      const tooMany = writes.filter((last, index) =>
        writes
          .slice(0, index)
          .some((first, place) => index - place + 1 > 10 + 1 + (last.at - first.at) / SECOND),
      )
      expect(tooMany.map(({ at }) => at - from)).toEqual([])
      const again = writes.filter(({ path, status }) => path.endsWith('/reactions') && status === 200)
      expect(again.map(({ path }) => path)).toEqual([])
    })

    test('one that hangs leaves room', async () => {
      const fault = story.sandbox.fault({ kind: 'hang', installation: acme() })
      const hung = () => story.sandbox.calls.filter((call) => call.fault === fault)
      for (const issue of issues) story.as('ada').comment(issue, '/ack')
      await story.sandbox.settle()
      await expect.poll(() => hung().length, { timeout: 8_000 }).toBeGreaterThanOrEqual(SHARE)
      const command = story.as('ada').comment(other, '/note beside the hanging')
      await expect
        .poll(() => story.reactions(command), { timeout: 8_000, interval: 5 })
        .toEqual(['eyes', 'rocket'])
      // The first thing that is asked when a call was given up.
      const givenUp = hung().findIndex(({ path }) => path === '/installation/repositories')
      expect(hung().slice(0, givenUp < 0 ? undefined : givenUp)).toHaveLength(SHARE)
      const beside = story.sandbox.calls.findIndex(
        ({ installation, at }) => installation === beta() && at >= (hung()[0]?.at ?? 0),
      )
      const first = hung()[givenUp]
      expect(beside).toBeGreaterThanOrEqual(0)
      if (first) expect(beside).toBeLessThan(story.sandbox.calls.indexOf(first))
      story.sandbox.clearFaults()
      await story.quiet()
      for (const issue of issues) expect(row(story.living(issue), 'Lead')).toBe('@ada')
    })

    const crowd = sized({ suite: 80, soak: 10_000 })
    test(`a crowd of ${crowd} comments in one installation is passed by the others`, async () => {
      const crowded = [...issues]
      for (let more = sized({ suite: 0, soak: 94 }); more > 0; more -= 1)
        crowded.push(await story.opens('ada', `Crowded ${more}`))
      await story.when(() => {
        for (const issue of crowded.slice(issues.length)) story.as('ada').label(issue, 'incident', 'sev:P2')
      })
      // The crowd is worked off much more slowly than it comes, also where the machine is busy.
      const delayMs = sized({ suite: 400, soak: 50 })
      const slow = story.sandbox.fault({ kind: 'slow', installation: acme(), delayMs })
      for (let number = 0; number < crowd; number += 1) {
        const issue = crowded[number % crowded.length]
        if (issue) story.as('ada').comment(issue, `/note number ${number}`)
      }
      // So many take GitHub longer to send than the others may wait.
      if (crowd > 1_000) await story.sandbox.settle()
      const waited: number[] = []
      const before = callsOf(acme()).length
      const rounds = sized({ suite: 1, soak: 50 })
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now()
        const command = story.as('ada').comment(other, `/note round ${round}`)
        await expect
          .poll(() => story.reactions(command), { timeout: 40_000, interval: 10 })
          .toEqual(['eyes', 'rocket'])
        waited.push(performance.now() - began)
      }
      const meanwhile = callsOf(acme()).length - before
      const p99 = waited.toSorted((a, b) => a - b)[Math.ceil(waited.length * 0.99) - 1]
      expect(slow.hits).toBeGreaterThan(0)
      story.sandbox.clearFaults()
      if (crowd > 1_000) return expect(p99).toBeLessThan(5_000)
      await story.quiet()
      // Behind the crowd it would come when most of its calls are made.
      expect(meanwhile).toBeLessThan((callsOf(acme()).length - before) / 3)
    }, 1_500_000)
  },
  { settings: 'board: none' },
)

const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? 0))

// P45: The promises hold on the embedded database and on PostgreSQL, there with any number of processes side by side.
import { afterEach, expect, test, vi } from 'vitest'
import { onPostgres } from '../database/backends.ts'
import type { AppProcess } from '../sandbox/app-process.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { burst, expectAllOf, noteNumbers, STILL } from './burst.ts'
import { type Machine, startMachine } from './machine.ts'
import { sized } from './size.ts'
import { burstInHand, expectTakenUp } from './takeover.ts'

const PROCESSES = 3
const INCIDENTS = sized({ suite: 2, soak: 20 })
const MOST_MORE = 10
const TIMERS = sized({ suite: 4, soak: 50 })
const SIX_DAYS = 6 * 24 * 60 * 60_000

let machine: Machine | undefined
afterEach(async () => {
  await machine?.close()
  machine = undefined
})

onPostgres('three processes on one database', (_open, place) => {
  test(
    'share the work, and everything happens once',
    async () => {
      machine = await startMachine({ place, settings: STILL, processes: PROCESSES, relay: { inOrder: true } })
      const { sandbox, tick } = machine
      const apps: AppProcess[] = []
      for (let count = 0; count < PROCESSES; count += 1) apps.push(await machine.start())

      const issues = Array.from({ length: INCIDENTS }, () => burst(sandbox, tick))
      await machine.passed(20)
      const sweeps = sandbox.calls.filter(
        ({ method, path }) => `${method} ${path}` === 'GET /app/hook/deliveries',
      )
      expect(sweeps, 'looks at the delivery log').toHaveLength(1)
      await machine.quiet()
      expectAllOf(sandbox, issues)
      for (const issue of issues) {
        // Numbers are given on arrival.
        expect(noteNumbers(issue)).toEqual(noteNumbers(issue).toSorted((one, other) => one - other))
      }
      const idle = async () => (await Promise.all(apps.map(callsOf))).filter((calls) => calls === 0).length
      // Whoever is quickest may do all of what is little: more comes until everyone had a part.
      for (let more = 0; more < MOST_MORE && (await idle()) > 0; more += 1) {
        issues.push(burst(sandbox, tick))
        await machine.quiet()
      }
      expect(await idle(), 'processes that did nothing').toBe(0)

      const [survivor, ...others] = apps
      await Promise.all(others.map(machine.kill))
      const inHand = await burstInHand(machine)
      issues.push(inHand.issue)
      await machine.start()
      if (survivor) await machine.kill(survivor)
      await expectTakenUp(inHand, 15_000)
      await machine.start()
      await machine.quiet()
      expectAllOf(sandbox, issues)

      const leaderless = await declareWithoutLead(machine)
      await machine.pass(SIX_DAYS)
      // Each process looks at the timers twice a second.
      await vi.waitFor(
        async () => {
          // GitHub takes one comment a second.
          await machine?.pass(1_000)
          expect(leaderless.map(nudges)).not.toContain(0)
        },
        { timeout: 60_000, interval: 50 },
      )
      await machine.quiet()
      expect(leaderless.map(nudges)).toEqual(leaderless.map(() => 1))
      machine.check()
    },
    sized({ suite: 240_000, soak: 30 * 60_000 }),
  )
})

async function callsOf(app: AppProcess): Promise<number> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  const counts = [...metrics.matchAll(/^mayday_github_calls_total\{kind="(?:write|create)"\} (\d+)$/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

async function declareWithoutLead({ sandbox, tick, quiet }: Machine): Promise<Issue[]> {
  const ada = sandbox.as('ada')
  const issues = Array.from({ length: TIMERS }, (_, index) => {
    tick(2_000)
    const issue = ada.openIssue({ title: `Nobody leads ${index + 1}` })
    ada.label(issue, 'incident', 'sev:P2')
    return issue
  })
  await quiet()
  return issues
}

const nudges = (issue: Issue): number =>
  issue.comments.filter(({ viaApp, body }) => viaApp && !body.includes('<!-- mayday:living:')).length

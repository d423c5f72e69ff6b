// P17: A timer fires within 5 s of its moment and once, whatever is killed or set wrong; what came due meanwhile fires once, late.

import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import type { FactOf } from '../../src/incident/fold/nouns.ts'
import { onOneBackend } from '../database/backends.ts'
import type { AppProcess } from '../sandbox/app-process.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { type Machine, startMachine } from './machine.ts'
import { report, sized } from './size.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** The suite asks for the order of magnitude alone: the machine may be busy. */
const SOON_MS = sized({ suite: MINUTE, soak: 5_000 })
/** Longer than from one look at the timers to the next, in real time. */
const LOOK_MS = 1_500
/** Real time in which what people say is done. */
const WAIT = { timeout: 30_000 }
const INCIDENTS = sized({ suite: 4, soak: 334 })
/** With an hour's jump GitHub no longer takes the app's word for the time, and what it refused waits: longer to try. */
const JUMP = sized({ suite: 50 * MINUTE, soak: HOUR })
/** So many are acknowledged before the third step is due. */
const ANSWERED = Math.floor(INCIDENTS / 4)
/** So far apart that what one step says of all is said before the next: GitHub takes 500 comments an hour. */
const STEPS = `
board: none
severities:
  P1:
    update_every: off
    escalate: [{ after: 8h, to: ['@cy'] }, { after: 16h, to: ['@bo'] }, { after: 24h, to: ['@dee'] }]
nudges: { no_lead: { after: 5d, times: 0 }, quiet: { after: 30d }, handover: { offer: 30d, demand: 31d } }
`

let machine: Machine | undefined
afterEach(async () => {
  await machine?.close()
  machine = undefined
})

onOneBackend('timers', (open, place) => {
  const fire = async (processes: number): Promise<void> => {
    machine = await startMachine({ place, settings: STEPS, processes })
    const { sandbox, start, kill, pass, now, quiet, running } = machine
    for (let count = 0; count < processes; count += 1) await start()
    const issues = declare(machine)
    const began = now()
    await quiet()
    /** To the moment at which a step is due for the last of them, until it has fired for all. */
    const reach = async (step: number): Promise<void> => {
      await pass(began + step - now())
      await pause(LOOK_MS)
      for (const app of running()) await expect.poll(() => wakeUpsIn(app), WAIT).toBe(0)
    }
    const jump = async (by: number): Promise<void> => {
      await Promise.all(running().map((app) => app.setClock(now() + by)))
      await pause(LOOK_MS)
    }

    await reach(8 * HOUR)
    // While they are told, all die. The next are due while nobody runs; who starts dies while they fire.
    for (const app of running()) await kill(app)
    await reach(16 * HOUR)
    await kill(await start())
    await start()
    await quiet()
    expectCalls(issues, { cy: 1, bo: 1, dee: 0 })

    for (const issue of issues.slice(0, ANSWERED)) sandbox.as('ada').comment(issue, '/ack')
    await quiet()

    // Ten minutes before the last step the clock jumps back and returns: work went on, nothing was due. Then it
    // jumps on, and everything is; when it returns, nothing is due a second time.
    await pass(began + 24 * HOUR - 10 * MINUTE - now())
    sandbox.as('bo').comment(first(issues), '/note Ten minutes to go')
    await quiet()
    await jump(-JUMP)
    const note = sandbox.as('bo').comment(first(issues), '/note The clock is behind')
    await expect.poll(() => note.reactions.map(({ content }) => content), WAIT).toContain('rocket')
    await jump(0)
    expectCalls(issues, { cy: 1, bo: 1, dee: 0 })
    await jump(JUMP)
    await jump(0)
    await quiet()
    await reach(24 * HOUR)
    await pass(2 * HOUR)
    await quiet()
    expectCalls(issues.slice(0, ANSWERED), { cy: 1, bo: 1, dee: 0 })
    expectCalls(issues.slice(ANSWERED), { cy: 1, bo: 1, dee: 1 })
    machine.check()
    for (const app of running()) await machine.stop(app)
  }

  test(
    'fire in time and once, over a kill, an outage and a clock that jumps',
    async () => {
      await fire(place.databaseUrl ? 2 : 1)
      const database = await open()
      const fired = await firedIn(database).finally(() => database.close())
      const late = (step: number): number[] =>
        fired.filter(({ timer }) => timer === `escalate:P1:${step}`).map(({ at, due }) => at - due)
      const counts = [0, 1, 2].map((step) => late(step).length)
      expect(counts).toEqual([INCIDENTS, INCIDENTS, INCIDENTS - ANSWERED])
      expect(fired).toHaveLength(counts.reduce((sum, count) => sum + count))
      expect(Math.min(...late(0), ...late(1))).toBeGreaterThanOrEqual(0)
      expect(Math.max(...late(0))).toBeLessThan(SOON_MS)
      report(`the latest of ${INCIDENTS} timers came ${Math.max(...late(0))} ms late`)
    },
    sized({ suite: 240_000, soak: 60 * MINUTE }),
  )
})

/** All at one moment, so that their timers are due at one moment. */
function declare({ sandbox }: Machine): Issue[] {
  const ada = sandbox.as('ada')
  return Array.from({ length: INCIDENTS }, (_, index) => {
    const issue = ada.openIssue({ title: `Nobody answers ${index + 1}` })
    ada.label(issue, 'incident', 'sev:P1')
    return issue
  })
}

/** How many wake-ups wait or are worked on. */
async function wakeUpsIn(app: AppProcess): Promise<number> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  const counts = [...metrics.matchAll(/^mayday_queue_jobs\{queue="inbox".*\} (\d+)$/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

function first<One>([one]: readonly One[]): One {
  if (one === undefined) throw new Error('nobody runs')
  return one
}

/** How often each of them was called by a comment on each issue. */
function expectCalls(issues: readonly Issue[], times: { [login: string]: number }): void {
  for (const issue of issues) {
    const calls = Object.keys(times).map((login) => [
      login,
      issue.comments.filter(({ body }) => body.startsWith(`@${login}: `)).length,
    ])
    expect(Object.fromEntries(calls), issue.title).toEqual(times)
  }
}

async function firedIn(database: Database): Promise<FactOf<'timer-fired'>[]> {
  const rows = await database.query<{ body: FactOf<'timer-fired'> }>(
    `SELECT body FROM mayday.events WHERE body ->> 'kind' = 'timer-fired'`,
  )
  return rows.map(({ body }) => body)
}

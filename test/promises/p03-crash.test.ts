// P3: Killed in the middle of a burst, as often as you like, Mayday loses nothing that it acknowledged and makes nothing twice.
// P15: What a process was doing when it was killed is done within 5 s of the next start (15 s where others run beside it).
// P18: Told to stop in the middle of a burst, Mayday ends within 10 s, loses nothing and makes nothing twice.
import { afterEach, expect, test } from 'vitest'
import { onPgliteAtLeast } from '../database/backends.ts'
import type { AppProcess } from '../sandbox/app-process.ts'
import { seeded } from '../sandbox/random.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { burst, expectAllOf, STILL } from './burst.ts'
import { type Machine, startMachine } from './machine.ts'
import { seeds, sized } from './size.ts'
import { burstInHand, expectTakenUp } from './takeover.ts'

const ROUNDS = sized({ suite: 2, soak: 10 })
/** Absolute times are for a machine that does nothing else. */
const STOP_WITHIN_MS = sized({ suite: 14_000, soak: 10_000 })

let machine: Machine | undefined
afterEach(async () => {
  await machine?.close()
  machine = undefined
})

for (const seed of seeds({ suite: [7], soak: 3 })) {
  // A GitHub of its own wants a database of its own.
  onPgliteAtLeast(`a burst, killed and stopped again and again (seed ${seed})`, (_open, place) => {
    test(
      'loses nothing and doubles nothing',
      async () => {
        machine = await startMachine({ place, settings: STILL })
        const random = seeded(seed)
        const issues: Issue[] = []
        for (let round = 0; round < ROUNDS; round += 1) {
          issues.push(burst(machine.sandbox, machine.tick))
          const app = await machine.start()
          await machine.passed(10 + Math.floor(random() * 60))
          if (round % 3 === 1) await stopInTime(machine, app)
          else await killAtWorst(machine, app, round % 2 ? { mutates: true } : COMMENT)
          await machine.forgetHeartbeats()
        }
        const last = await machine.start()
        await machine.quiet()
        expectAllOf(machine.sandbox, issues)

        const inHand = await burstInHand(machine)
        issues.push(inHand.issue)
        await machine.kill(last)
        await machine.start()
        await expectTakenUp(inHand, place.databaseUrl ? 15_000 : 5_000)
        await machine.quiet()
        expectAllOf(machine.sandbox, issues)
        machine.check()
      },
      sized({ suite: 240_000, soak: 30 * 60_000 }),
    )
  })
}

const COMMENT = { method: 'POST', route: /\/issues\/\d+\/comments$/ }

/** What it asked for is done, and it does not know. */
async function killAtWorst(
  machine: Machine,
  app: AppProcess,
  what: Parameters<Machine['doneInVain']>[0],
): Promise<void> {
  await machine.doneInVain(what)
  await machine.kill(app)
}

async function stopInTime(machine: Machine, app: AppProcess): Promise<void> {
  const began = performance.now()
  expect(await machine.stop(app)).toBe(0)
  expect(performance.now() - began).toBeLessThan(STOP_WITHIN_MS)
}

// A process at which some jobs are poison: it ends at once in the middle of them. It says what it handled otherwise.
import { writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../../src/database/database.ts'
import { SILENT } from '../../src/log.ts'
import { type Job, startQueue, type Verdict } from '../../src/queue/queue.ts'

/** Long enough for several jobs to be under way when the poison takes effect. */
const WORK_MS = 40
const POISON_MS = 10

const database = await openDatabase({ ...JSON.parse(process.env.PLACE ?? '{}'), log: SILENT })
const queue = await startQueue({ database, log: SILENT })

const handle = async ({ key, data }: Job): Promise<Verdict> => {
  const { number, poison } = data as { number: number; poison?: true }
  await pause(poison ? POISON_MS : WORK_MS)
  if (poison) {
    writeSync(1, `died ${key} ${number}\n`)
    process.exit(1)
  }
  writeSync(1, `done ${key} ${number}\n`)
  return 'done'
}
await queue.work({
  inbox: handle,
  outbox: handle,
  dead: async ({ key, attempt }) => {
    writeSync(1, `dead ${key} ${attempt}\n`)
    return 'done'
  },
})

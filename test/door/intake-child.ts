// A process that takes in and handles deliveries until it is killed; it says what it acknowledged and handled.
import { writeSync } from 'node:fs'
import { openDatabase } from '../../src/database/database.ts'
import { createIntake } from '../../src/door/intake.ts'
import { SILENT } from '../../src/log.ts'
import { startQueue } from '../../src/queue/queue.ts'

/** Sets the guids of one process apart from those of the one before it. */
const RUN = process.env.RUN === undefined ? '' : `${process.env.RUN}-`
const database = await openDatabase({ ...JSON.parse(process.env.PLACE ?? '{}'), log: SILENT })
const queue = await startQueue({ database, log: SILENT })
const intake = createIntake({ queue, now: Date.now })

await queue.work({
  inbox: async ({ data }) => {
    if (typeof data === 'object' && data !== null && 'guid' in data) writeSync(1, `run ${data.guid}\n`)
    return 'done'
  },
  outbox: async () => 'done',
  dead: async () => 'done',
})

async function storeForEver(sender: number): Promise<never> {
  for (let number = 0; ; number += 1) {
    const guid = `${RUN}${sender}-${number}`
    const where = { event: 'issues', action: 'opened', installationId: 1, repositoryId: 1 }
    await intake.store({ ...where, guid, key: `key ${number % 7}`, payload: Buffer.from('x'.repeat(2_000)) })
    writeSync(1, `ack ${guid}\n`)
  }
}

await Promise.all(Array.from({ length: 20 }, (_, sender) => storeForEver(sender)))

// `replay`: handles one delivery again, from the store or from GitHub's log.
import type { Environment } from '../config/env.ts'
import type { Database } from '../database/database.ts'
import { createIntake } from '../door/intake.ts'
import { type DeliveryContent, findDelivery } from '../github/app/deliveries.ts'
import { relevant } from '../github/webhook/relevant.ts'
import { SILENT } from '../log.ts'
import { type Queue, startQueue } from '../queue/queue.ts'
import { createStore, type Store } from '../store/store.ts'
import { appOf } from './app.ts'
import { withDatabase } from './stored.ts'
import { type ExitCode, Stopped, type Terminal } from './terminal.ts'

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** GitHub's number of one attempt. */
const NUMBER = /^\d{1,20}$/

type ReplayContext = {
  database: Database
  store: Store
  queue: Queue
  environment: Environment
  terminal: Terminal
}

/** `name`: the delivery's guid (`X-GitHub-Delivery`), or the number in GitHub's log. What it did already is not done
 * twice: facts have keys, and what was written is found again. */
export function replay(name: string, terminal: Terminal): ExitCode | Promise<ExitCode> {
  if (!GUID.test(name) && !NUMBER.test(name)) {
    terminal.err(
      `${name} is no delivery: expected its id (X-GitHub-Delivery), or its number in GitHub's log.`,
    )
    return 2
  }
  const environment = terminal.environment()
  return withDatabase(environment.settings, async (database) => {
    const queue = await startQueue({ database, log: SILENT })
    try {
      const context = { database, store: createStore(database), queue, environment, terminal }
      return (await replayStored(context, name)) ?? (await replayFromGitHub(context, name))
    } finally {
      await queue.stop({ timeoutMs: 0 })
    }
  })
}

/** Null where it is not stored. */
async function replayStored({ database, store, queue, terminal }: ReplayContext, name: string) {
  const stored = await store.deliveries.route(name.toLowerCase())
  if (!stored) return null
  if (stored.waits) {
    terminal.out(`${name} waits to be worked on already.`)
    return 0
  }
  await database.inTx(async () => {
    await store.deliveries.reopen(stored.guid)
    const group = stored.installation === null ? {} : { group: String(stored.installation) }
    await queue.receive([{ key: stored.key, data: { guid: stored.guid }, ...group }])
  })
  report(terminal, database, `${name} (${stored.event}) is stored`)
  return 0
}

async function replayFromGitHub(context: ReplayContext, name: string): Promise<ExitCode> {
  const { terminal, database, queue } = context
  const found = await askGitHub(context, name)
  if (!found) {
    terminal.err(`${name} is neither stored here nor in GitHub's log, which goes back three days.`)
    return 1
  }
  // A delivery that was named by its number may still be stored under its guid.
  const stored = NUMBER.test(name) ? await replayStored(context, found.guid) : null
  if (stored !== null) return stored
  const routing = relevant(found)
  if (!routing) {
    terminal.out(`${name} (${found.event}) concerns nothing that Mayday does: there is nothing to work on.`)
    return 0
  }
  const { guid, event, action } = found
  const intake = createIntake({ queue, now: terminal.now })
  await intake.store({ guid, event, action, ...routing, payload: Buffer.from(JSON.stringify(found.payload)) })
  report(terminal, database, `${name} (${event}) was not stored; GitHub still had it`)
  return 0
}

async function askGitHub(
  { environment, terminal }: ReplayContext,
  name: string,
): Promise<DeliveryContent | null> {
  if (environment.mode === 'setup')
    throw new Stopped(`${name} is not stored here, and there are no credentials to ask GitHub with.`)
  const github = appOf(environment)
  try {
    return await findDelivery(github.app(), name, terminal.now())
  } catch (error) {
    throw new Stopped(
      `${name} is not stored here, and GitHub's log cannot be read: ${error instanceof Error ? error.message : 'unknown'}.`,
    )
  }
}

function report(terminal: Terminal, database: Database, what: string): void {
  const when =
    database.kind === 'pglite'
      ? 'Mayday works on it at its next start'
      : 'a running Mayday works on it now, else the next start'
  terminal.out(`${what}: ${when}. What it did before is not done twice.`)
}

// `export`: prints the whole audit trail of one incident.
import { createStore } from '../store/store.ts'
import { withStored } from './stored.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/** Prints each stored fact as one line of JSON, in the order in which it was stored; times are milliseconds. */
export async function exportIncident(name: string, terminal: Terminal): Promise<ExitCode> {
  const [, owner, repository, number] = /^([\w-]+)\/([\w.-]+)#(\d{1,9})$/.exec(name) ?? []
  if (!owner || !repository || !number) {
    terminal.err(`${name} is no incident: expected its issue, such as acme/web#42.`)
    return 2
  }
  return withStored(terminal, async (database) => {
    const store = createStore(database)
    const target = await store.incidents.named({ owner, repository, number: Number(number) })
    if (!target) {
      terminal.err(`There is no incident ${name}.`)
      return 1
    }
    for (const event of await store.events.of(target.incident)) terminal.out(JSON.stringify(event))
    return 0
  })
}

// What Mayday remembers, by noun: incidents and their facts, what it made on GitHub, repositories and their settings.
import type { Database } from '../database/database.ts'
import { accounts } from './accounts.ts'
import { deliveries } from './deliveries.ts'
import { events } from './events.ts'
import { incidents } from './incidents.ts'
import { installations } from './installations.ts'
import { items } from './items.ts'
import { leases } from './leases.ts'
import { metrics } from './metrics.ts'
import { refs } from './refs.ts'
import { reminders } from './reminders.ts'
import { repositories } from './repositories.ts'
import { rounds } from './rounds.ts'

export type { Target } from './incidents.ts'
export type { OwedItem } from './items.ts'
export { isOf, type Ref } from './refs.ts'
export type { Kind, Remembered } from './remembered.ts'
export type { StoredRepository, StoredSettings } from './repositories.ts'
export type Store = ReturnType<typeof createStore>

/** The domain's queries over one database. Every function may be called inside `database.inTx` and then takes part. */
export function createStore(database: Database) {
  const { query } = database
  return {
    accounts: accounts(query),
    deliveries: deliveries(query),
    events: events(query),
    incidents: incidents(query),
    installations: installations(query),
    items: items(query),
    leases: leases(query),
    metrics: metrics(query),
    refs: refs(query),
    reminders: reminders(query),
    repositories: repositories(query),
    rounds: rounds(query),
  }
}

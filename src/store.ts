// What Mayday remembers: incidents and their facts, what it made on GitHub, repositories and their settings.
import type { Database } from './database/database.ts'
import { deliveries } from './store/deliveries.ts'
import { forgotten } from './store/forgotten.ts'
import { incidents } from './store/incidents.ts'
import { installations } from './store/installations.ts'
import { actionItems } from './store/items.ts'
import { references } from './store/references.ts'
import { repositories } from './store/repositories.ts'
import { rounds } from './store/rounds.ts'
import { said } from './store/said.ts'

export type { Target } from './store/incidents.ts'
export type { OwedItem, StoredItem } from './store/items.ts'
export type { Ref } from './store/references.ts'
export type { StoredRepository, StoredSettings } from './store/repositories.ts'
export type Store = ReturnType<typeof createStore>

/** The domain's queries over one database. Every function may be called inside `database.inTx` and then takes part. */
export function createStore(database: Database) {
  const { query } = database
  return {
    ...incidents(query),
    ...references(query),
    ...repositories(query),
    ...installations(query),
    ...deliveries(query),
    ...actionItems(query),
    ...rounds(query),
    ...said(query),
    ...forgotten(query),
  }
}

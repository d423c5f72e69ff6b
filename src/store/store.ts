// What Mayday remembers: incidents and their facts, what it made on GitHub, repositories and their settings.
import type { Database } from '../database/database.ts'
import { deliveries } from './deliveries.ts'
import { forgotten } from './forgotten.ts'
import { incidents } from './incidents.ts'
import { installations } from './installations.ts'
import { actionItems } from './items.ts'
import { said } from './leases.ts'
import { references } from './references.ts'
import { repositories } from './repositories.ts'
import { rounds } from './rounds.ts'

export type { Target } from './incidents.ts'
export type { OwedItem } from './items.ts'
export type { Ref } from './references.ts'
export type { StoredRepository, StoredSettings } from './repositories.ts'
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

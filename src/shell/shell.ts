// What the shell's verbs work with: one of everything, made by main and passed on.
import type { Database } from '../database/database.ts'
import type { GitHub, InstallationClient } from '../github/client/client.ts'
import type { Calendar, Policy } from '../incident/policy/policy.ts'
import type { Log } from '../log.ts'
import type { Queue } from '../queue/queue.ts'
import type { Store, StoredRepository } from '../store/store.ts'
import type { Templates } from '../templates/templates.ts'

export type Shell = {
  database: Database
  store: Store
  queue: Queue
  github: GitHub
  templates: Templates
  log: Log
  /** The one clock: milliseconds since the epoch, from `Date`. */
  now: () => number
  /** Set for work that nobody waits for: it leaves GitHub's allowance to the rest. */
  background?: boolean
}

/** A repository with the rules in force there, gathered before anything is decided. */
export type Place = {
  repository: StoredRepository
  policy: Policy
  calendar: Calendar
  /** What is wrong with its configuration, in words; empty: nothing. */
  problems: readonly string[]
  github: InstallationClient
}

/** `{ owner, repo }` as the adapters take it. */
export const addressOf = (place: Pick<Place, 'repository'>): { owner: string; repo: string } => ({
  owner: place.repository.owner,
  repo: place.repository.name,
})

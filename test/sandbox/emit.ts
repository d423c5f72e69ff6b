// The one place where a mutation becomes known: grows the version and tells the listeners.
import type { Account, Actor, Installation, Repository, World } from './world/world.ts'

export type Emission = {
  event: string
  action: string | null
  repository?: Repository
  /** For what belongs to an organization and to no repository, such as a board. */
  organization?: Account
  installation?: Installation
  payload: Record<string, unknown>
}

export function touch(world: World): void {
  world.version += 1
}

/** Payloads are shaped by the caller at once: a delivery tells how things were then, not when it was sent. */
export function emit(world: World, actor: Actor, emission: Emission): void {
  touch(world)
  const owner = emission.repository?.owner
  const occurrence = {
    at: world.now(),
    event: emission.event,
    action: emission.action,
    repository: emission.repository ?? null,
    organization: emission.organization ?? (owner?.kind === 'Organization' ? owner : null),
    installation: emission.installation ?? null,
    sender: actor.account,
    payload: emission.payload,
  }
  for (const listener of world.listeners) listener(occurrence)
}

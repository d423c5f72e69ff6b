// A duplicate's timeline goes to the incident that it was a duplicate of.
import { handedOver } from '../incident/relation.ts'
import { execute } from '../shell/execute.ts'
import type { Loaded } from '../shell/load.ts'
import type { Shell } from '../shell/shell.ts'

/** Adds what the other incident does not have yet; twice is the same. */
export async function handOver(
  shell: Shell,
  { incident, target, place, issue }: Loaded,
  to: number,
): Promise<void> {
  const other = await shell.store.incidents.at(target.repository, to)
  if (!other || other.incident === target.incident || incident.cancelled?.duplicateOf !== to) return
  const facts = handedOver(incident, { incident: target.incident, number: issue.number })
  await execute(shell, other, { facts, rules: place })
}

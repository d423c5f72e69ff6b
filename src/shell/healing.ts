// Healing's jobs: a round over all installations, the sweep of lost deliveries, one installation.
import type { Shell } from './shell.ts'

export type HealingJob =
  | { heal: 'round' }
  | { heal: 'sweep' }
  | { heal: 'installation'; installation: number }

/** After every effect that a person waits for; before the board. */
const PRIORITY = 15

/** Coalesced: it runs once after the last request. Joins the open transaction. */
export async function queueHealing({ queue }: Shell, data: HealingJob): Promise<void> {
  const installation = data.heal === 'installation' ? String(data.installation) : null
  await queue.sync({
    key: ['heal', data.heal, ...(installation ? [installation] : [])].join(':'),
    data,
    priority: PRIORITY,
    ...(installation && { group: installation }),
  })
}

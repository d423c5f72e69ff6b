// Pages people for an escalation step or a `/page`, through the channels that reach them, and records the outcome.

import type { Page } from '../incident/react/notice.ts'
import { isStale } from '../incident/react/stale.ts'
import { pageThrough } from '../notify/channel.ts'
import { execute, ownFact } from '../shell/execute.ts'
import type { Loaded } from '../shell/load.ts'
import type { Shell } from '../shell/shell.ts'
import { noticeText } from '../texts/notice/notice.ts'
import { channelsOf } from './channels.ts'

/** Calls once: what was called is remembered as a fact. An escalation that was answered meanwhile calls nobody. */
export async function page(shell: Shell, loaded: Loaded, { key, of, notice }: Page): Promise<void> {
  const { incident, place, target } = loaded
  if (incident.gone || isStale(notice, incident) || of.every((fact) => incident.notified[fact])) return
  const words = (called: readonly string[]): string =>
    noticeText(shell, notice, { loaded, now: shell.now(), called })
  const message = { to: notice.to, drill: incident.drill, words }
  const { outcomes, url = loaded.url } = await pageThrough(channelsOf(loaded, key), message)
  const fact = ownFact(
    { kind: 'notified', of, outcomes, url },
    { key: `notified:${key}`, at: shell.now(), by: null },
  )
  await execute(shell, target, { facts: [fact], rules: place })
}

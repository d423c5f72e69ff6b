// Receiving: one delivery or one due timer of the inbox becomes facts, in the order of its incident.
import { z } from 'zod'
import { SYNTHETIC_PREFIX } from '../github/history/synthesize.ts'
import type { Delivery } from '../github/webhook/delivery.ts'
import { isSameAct } from '../github/webhook/same-act.ts'
import { parseDelivery } from '../github/webhook/webhook.ts'
import { due } from '../incident/clock/clock.ts'
import type { Job, Verdict } from '../queue/queue.ts'
import { execute } from '../shell/execute.ts'
import { placeOfStored } from '../shell/settings.ts'
import type { Shell } from '../shell/shell.ts'
import { whileReachable } from '../shell/while-reachable.ts'
import { conclude, type Handled } from './conclude.ts'
import { onCard } from './on-card.ts'
import { onComment } from './on-comment.ts'
import { onInstallation, onPush, onRepository } from './on-installation.ts'
import { onIssue } from './on-issue.ts'
import { onDeployment, onPull } from './on-pull.ts'
import { ASK_EVERY_SECONDS, giveUpAsking } from './permission-unknown.ts'
import { PermissionUnknown } from './subject.ts'

const inboxJob = z.union([z.object({ guid: z.string() }), z.object({ wake: z.number() })])

/** The inbox's handler. A delivery that is done already is left alone: its job came twice. */
export async function receive(shell: Shell, job: Job): Promise<Verdict> {
  const asked = inboxJob.parse(job.data)
  if ('wake' in asked) return wake(shell, job, asked.wake)
  const { guid } = asked
  const stored = await shell.store.deliveries.get(guid)
  if (!stored || stored.done) return 'done'
  const read = (await isToldAlready(shell, guid, stored)) ? null : readDelivery(stored.event, stored.payload)
  if (read instanceof z.ZodError) return { again: 'never', reason: unreadable(read, stored.event, guid) }
  if (!read) {
    await conclude(shell, guid, { place: null })
    return 'done'
  }
  const work = async (): Promise<Verdict> => {
    const handled = await handleOrAsk(shell, read, guid)
    if (!handled) return { again: 'waiting', afterSeconds: ASK_EVERY_SECONDS }
    await conclude(shell, guid, handled)
    return 'done'
  }
  return whileReachable(shell, { installation: read.installation, job, work })
}

/** Null: GitHub did not say what the sender may do, and is asked again. */
async function handleOrAsk(shell: Shell, delivery: Delivery, guid: string): Promise<Handled | null> {
  try {
    return await handle(shell, delivery)
  } catch (error) {
    if (error instanceof PermissionUnknown) return giveUpAsking(shell, { delivery, guid, unknown: error })
    throw error
  }
}

/** What a late delivery tells healing may have found on GitHub before. */
async function isToldAlready(
  shell: Shell,
  guid: string,
  { act, happenedAt }: { act: string | null; happenedAt: number | null },
): Promise<boolean> {
  if (act === null || happenedAt === null || guid.startsWith(SYNTHETIC_PREFIX)) return false
  const tellings = await shell.store.deliveries.tellings([act])
  return tellings.some(
    (telling) =>
      telling.done && telling.guid.startsWith(SYNTHETIC_PREFIX) && isSameAct(telling, { act, happenedAt }),
  )
}

function readDelivery(event: string, payload: unknown): Delivery | z.ZodError | null {
  try {
    return parseDelivery(event, payload)
  } catch (error) {
    if (error instanceof z.ZodError) return error
    throw error
  }
}

/** Which field of which delivery is not as GitHub describes it; nothing of what it says. */
const unreadable = (error: z.ZodError, event: string, guid: string): string =>
  `${event} ${guid}: ${error.issues.map(({ path, code }) => `${path.join('.')} ${code}`).join(', ')}`

async function handle(shell: Shell, delivery: Delivery): Promise<Handled> {
  switch (delivery.kind) {
    case 'comment':
      return onComment(shell, delivery)
    case 'issue':
      return onIssue(shell, delivery)
    case 'pull':
    case 'pull-review':
      return onPull(shell, delivery)
    case 'deployment':
      return onDeployment(shell, delivery)
    case 'card':
      return onCard(shell, delivery)
    case 'push':
      return onPush(shell, delivery)
    case 'installation':
      return onInstallation(shell, delivery)
    case 'repository':
      return onRepository(shell, delivery)
  }
}

/** One incident's wake-up: everything that is due and has not fired becomes a fact; nothing is remembered elsewhere. */
async function wake(shell: Shell, job: Job, incident: number): Promise<Verdict> {
  const target = await shell.store.incidents.get(incident)
  if (!target) return 'done'
  const work = async (): Promise<Verdict> => {
    const place = await placeOfStored(shell, target.repository)
    if (!place) return 'done'
    const now = shell.now()
    await execute(shell, target, { facts: (before) => due(before, place, now), rules: place })
    return 'done'
  }
  return whileReachable(shell, { installation: target.installation, job, work })
}

// Receiving: one delivery or one due timer of the inbox becomes facts, in the order of its incident.

import { z } from 'zod'
import { SYNTHETIC_PREFIX } from '../github/history/synthesize.ts'
import { cardFacts, placed } from '../github/webhook/by-hand.ts'
import type { Delivery } from '../github/webhook/delivery.ts'
import { isSameAct } from '../github/webhook/same-act.ts'
import { parseDelivery } from '../github/webhook/webhook.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import type { Job, Verdict } from '../queue/queue.ts'
import { enqueue } from '../shell/execute.ts'
import { queueHealing } from '../shell/healing.ts'
import { placeOfDelivery, placeOfStored, RULES_PATHS } from '../shell/settings.ts'
import type { Shell } from '../shell/shell.ts'
import { guarded } from '../shell/while-reachable.ts'
import { onComment } from './on-comment.ts'
import { onIssue } from './on-issue.ts'
import { onDeployment, onPull } from './on-pull.ts'
import { askAgain } from './permission-unknown.ts'
import {
  commit,
  finish,
  isEnough,
  isOwnAct,
  PermissionUnknown,
  permissionFor,
  queueLabels,
} from './subject.ts'
import { wake } from './wake.ts'

const inboxJob = z.union([z.object({ guid: z.string() }), z.object({ wake: z.number() })])

/** The inbox's handler. A delivery that is done already is left alone: its job came twice. */
export async function receive(shell: Shell, job: Job): Promise<Verdict> {
  const asked = inboxJob.parse(job.data)
  if ('wake' in asked) return wake(shell, job, asked.wake)
  const { guid } = asked
  const stored = await shell.store.delivery(guid)
  if (!stored || stored.done) return 'done'
  if (await isToldAlready(shell, guid, stored)) {
    await finish(shell, null, guid)
    return 'done'
  }
  const read = readDelivery(stored.event, stored.payload)
  if (read instanceof z.ZodError) return { again: 'never', reason: unreadable(read, stored.event, guid) }
  if (!read) {
    await finish(shell, null, guid)
    return 'done'
  }
  const work = async (): Promise<Verdict> => {
    try {
      await handle(shell, read, guid)
      return 'done'
    } catch (error) {
      if (error instanceof PermissionUnknown) return askAgain(shell, { delivery: read, guid, unknown: error })
      throw error
    }
  }
  return guarded(shell, { installation: read.installation, job, work })
}

/** What a late delivery tells healing may have found on GitHub before. */
async function isToldAlready(
  shell: Shell,
  guid: string,
  { act, happenedAt }: { act: string | null; happenedAt: number | null },
): Promise<boolean> {
  if (act === null || happenedAt === null || guid.startsWith(SYNTHETIC_PREFIX)) return false
  const tellings = await shell.store.tellings([act])
  return tellings.some(
    (one) => one.done && one.guid.startsWith(SYNTHETIC_PREFIX) && isSameAct(one, { act, happenedAt }),
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

async function handle(shell: Shell, delivery: Delivery, guid: string): Promise<void> {
  switch (delivery.kind) {
    case 'comment':
      return onComment(shell, delivery, guid)
    case 'issue':
      return onIssue(shell, delivery, guid)
    case 'pull':
    case 'pull-review':
      return onPull(shell, delivery, guid)
    case 'deployment':
      return onDeployment(shell, delivery, guid)
    case 'card':
      return onCard(shell, delivery, guid)
    case 'push':
      return onPush(shell, delivery, guid)
    case 'installation':
      return onInstallation(shell, delivery, guid)
    case 'repository':
      return onRepository(shell, delivery, guid)
  }
}

/** A moved card is the same act as the command or the tick that it means, with the same rights. */
async function onCard(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'card' }>,
  guid: string,
): Promise<void> {
  const ref = await shell.store.refOfNode(delivery.node, delivery.installation)
  const target = ref && (await shell.store.incident(ref.incident))
  const place = target && (await placeOfStored(shell, target.repository))
  if (!ref || !target || !place || (await isOwnAct(place, delivery.sender))) return finish(shell, null, guid)
  const facts =
    ref.body.what === 'incident'
      ? cardFacts(delivery.field, delivery.to, place.policy)
      : itemCard(ref.body, delivery)
  if (facts.length === 0) return finish(shell, place, guid)
  const has = await permissionFor(place, delivery.sender)
  const events = facts.map((fact, index) =>
    placed(fact, {
      key: `card:${delivery.node}:${delivery.field}:${delivery.to}:${delivery.at}`,
      at: delivery.at,
      rank: RANK.board,
      origin: delivery.id,
      index,
      by: delivery.sender.login,
    }),
  )
  // What the card shows now is not what was written last: compare with GitHub the next time.
  const card = await shell.store.ref(target.incident, 'card', delivery.node)
  if (card) await shell.store.putRef({ ...card, body: { itemId: card.body.itemId, changedBy: guid } })
  const may = isEnough(has, 'triage')
  await commit(shell, target, {
    place,
    guid,
    facts: may ? events : [],
    // Moved by somebody without the right to it, or before something else that counts: put back.
    also: () => enqueue(shell, target, { do: 'sync-board' }),
  })
}

function itemCard(body: Record<string, unknown>, delivery: Extract<Delivery, { kind: 'card' }>): Fact[] {
  if (body.what !== 'item' || typeof body.item !== 'string' || delivery.field !== 'Status') return []
  return [{ kind: delivery.to === 'Done' ? 'item-done' : 'item-reopened', item: body.item }]
}

/** A push to the default branch that touches the configuration: it is read again, and open incidents show what is wrong. */
async function onPush(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'push' }>,
  guid: string,
): Promise<void> {
  if (!delivery.paths.some((path) => RULES_PATHS.includes(path))) return finish(shell, null, guid)
  const { repository } = delivery
  if (repository.name === '.github') await shell.store.forgetSettings(delivery.installation)
  else await shell.store.forgetSettingsOf(repository.id)
  const place = await placeOfDelivery(shell, delivery)
  const open = await shell.store.openIncidents(delivery.installation)
  const here = repository.name === '.github' ? open : open.filter((one) => one.repository === repository.id)
  await shell.database.inTx(async () => {
    for (const target of here) await enqueue(shell, target, { do: 'sync-issue' })
    await finish(shell, place, guid)
  })
}

async function onInstallation(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'installation' }>,
  guid: string,
): Promise<void> {
  const { store, database } = shell
  const { installation, account, permissions, action } = delivery
  const now = shell.now()
  await database.inTx(async () => {
    if (action === 'deleted') await store.endInstallation(installation, 'removed', now)
    else if (action === 'suspend') await store.endInstallation(installation, 'suspended', now)
    else
      await store.saveInstallation({
        id: installation,
        account: account.login,
        accountType: account.type,
        permissions,
        createdAt: delivery.createdAt ?? now,
      })
    for (const one of delivery.added) {
      const known = await store.repository(one.id)
      const defaultBranch = known?.defaultBranch ?? 'main'
      await store.saveRepository({ ...one, installation, defaultBranch })
      if (action !== 'deleted') await queueLabels(shell, one.id, installation)
    }
    for (const id of delivery.removed) await store.removeRepository(id, installation, now)
    // What happened before it came, or while it was away, nobody tells.
    if (action !== 'deleted' && action !== 'suspend')
      await queueHealing(shell, { heal: 'installation', installation })
    await store.deliveryDone(guid, now)
  })
}

async function onRepository(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'repository' }>,
  guid: string,
): Promise<void> {
  if (delivery.action === 'deleted') {
    await shell.store.removeRepository(delivery.repository.id, delivery.installation, shell.now())
    return finish(shell, null, guid)
  }
  const place = await placeOfDelivery(shell, delivery)
  const open = await shell.store.openIncidents(delivery.installation)
  await shell.database.inTx(async () => {
    // Out of the archive: what could not be written meanwhile is made up for.
    for (const target of open.filter((one) => one.repository === delivery.repository.id))
      await enqueue(shell, target, { do: 'sync-issue' })
    await finish(shell, place, guid)
  })
}

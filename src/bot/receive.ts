// Receiving: one delivery or one due timer of the inbox becomes facts, in the order of its incident.
import { z } from 'zod'
import { cardFacts, placed } from '../github/by-hand.ts'
import { type Delivery, understand } from '../github/webhook.ts'
import { type Fact, RANK } from '../incident/event.ts'
import type { Job, Outcome } from '../queue.ts'
import { guarded } from './errors.ts'
import { enqueue } from './execute.ts'
import { onComment } from './on-comment.ts'
import { onIssue } from './on-issue.ts'
import { onDeployment, onPull } from './on-pull.ts'
import { placeOfDelivery, placeOfStored, SETTINGS_PATH } from './settings.ts'
import type { Shell } from './shell.ts'
import { commit, finish, isEnough, isOwnAct, permissionFor, queueLabels } from './subject.ts'
import { wake } from './wake.ts'

const inboxJob = z.union([z.object({ guid: z.string() }), z.object({ wake: z.number() })])

/** The inbox's handler. A delivery that is done already is left alone: its job came twice. */
export async function receive(shell: Shell, job: Job): Promise<Outcome> {
  const asked = inboxJob.parse(job.data)
  if ('wake' in asked) return wake(shell, asked.wake)
  const stored = await shell.store.delivery(asked.guid)
  if (!stored || stored.done) return 'done'
  const delivery = understand(stored.event, stored.payload)
  if (!delivery) {
    await finish(shell, null, asked.guid)
    return 'done'
  }
  return guarded(shell, delivery.installation, async () => {
    await handle(shell, delivery, asked.guid)
    return 'done'
  })
}

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
  const ref = await shell.store.refOfNode(delivery.node)
  const target = ref && (await shell.store.incident(ref.incident))
  const place = target && (await placeOfStored(shell, target.repository))
  if (!ref || !target || !place || (await isOwnAct(place, delivery.sender))) return finish(shell, null, guid)
  const facts =
    ref.body.what === 'incident' ? cardFacts(delivery.field, delivery.to) : itemCard(ref.body, delivery)
  if (facts.length === 0) return finish(shell, place, guid)
  const has = await permissionFor(place, delivery.sender, 'triage')
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
  if (card) await shell.store.putRef({ ...card, body: { itemId: card.body.itemId } })
  const may = isEnough(has, 'triage')
  await commit(shell, target, {
    place,
    guid,
    facts: may ? events : [],
    // Moved by somebody without the right to it: put back.
    also: async () => {
      if (!may) await enqueue(shell, target, { do: 'sync-board' })
    },
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
  if (!delivery.paths.includes(SETTINGS_PATH)) return finish(shell, null, guid)
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
    for (const id of delivery.removed) await store.removeRepository(id, now)
    await store.deliveryDone(guid, now)
  })
}

async function onRepository(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'repository' }>,
  guid: string,
): Promise<void> {
  if (delivery.action === 'deleted') {
    await shell.store.removeRepository(delivery.repository.id, shell.now())
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

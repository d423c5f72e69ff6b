// A card of the board that a person moves: the same as the command or the tick that it means, with the same rights.
import { cardFacts, placed } from '../github/webhook/by-hand.ts'
import type { Delivery } from '../github/webhook/delivery.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import { enqueue } from '../shell/jobs.ts'
import { placeOfStored } from '../shell/settings.ts'
import type { Shell } from '../shell/shell.ts'
import type { Remembered } from '../store/store.ts'
import type { Handled } from './conclude.ts'
import { isEnough, isOwnAct, permissionFor } from './subject.ts'

type CardDelivery = Extract<Delivery, { kind: 'card' }>

export async function onCard(shell: Shell, delivery: CardDelivery): Promise<Handled> {
  const { node, field, to, at, sender } = delivery
  const ref = await shell.store.refs.ofNode(node, delivery.installation)
  const target = ref && (await shell.store.incidents.get(ref.incident))
  const place = target && (await placeOfStored(shell, target.repository))
  if (!ref || !target || !place || (await isOwnAct(place, sender))) return { place: null }
  const facts =
    ref.body.what === 'incident' ? cardFacts(field, to, place.policy) : itemFacts(ref.body, delivery)
  if (facts.length === 0) return { place }
  const may = isEnough(await permissionFor(place, sender), 'triage')
  const key = `card:${node}:${field}:${to}:${at}`
  const source = { key, at, rank: RANK.board, origin: delivery.id, by: sender.login }
  return {
    place,
    stated: may
      ? [{ of: target, facts: facts.map((fact, index) => placed(fact, { ...source, index })) }]
      : [],
    along: async ({ guid }) => {
      // What the card shows now is not what was written last: compare with GitHub the next time.
      const card = await shell.store.refs.get(target.incident, 'card', node)
      if (card)
        await shell.store.refs.put({ ...card, body: { ...card.body, shown: { state: 'changed', by: guid } } })
      // Moved by somebody without the right to it, or before something else that counts: put back.
      await enqueue(shell, target, { do: 'sync-board' })
    },
  }
}

function itemFacts(body: Remembered['node'], { field, to }: CardDelivery): Fact[] {
  if (body.what !== 'item' || field !== 'Status') return []
  return [{ kind: to === 'Done' ? 'item-done' : 'item-reopened', item: body.item }]
}

// A change that a person makes by hand to an incident's issue: read as the command that it means, or put back with the
// reason.

import { originalOf } from '../github/issues/duplicates.ts'
import { issueFacts, misread, placedIssueFacts } from '../github/webhook/by-hand.ts'
import type { Delivery } from '../github/webhook/delivery.ts'
import { decide, fold } from '../incident/fold/fold.ts'
import type { Event, Fact } from '../incident/fold/nouns.ts'
import type { AnyRefusal, PutBack } from '../shell/answer.ts'
import { enqueue } from '../shell/jobs.ts'
import { forgetIssueState } from '../shell/look-again.ts'
import { addressOf, type Place, type Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'
import type { Handled } from './conclude.ts'
import { mayPutBack, refusalOf } from './put-back.ts'
import { isEnough, permissionFor } from './subject.ts'

type IssueDelivery = Extract<Delivery, { kind: 'issue' }>
type Concerned = { place: Place; target: Target }

export async function onManualChange(
  shell: Shell,
  delivery: IssueDelivery,
  concerned: Concerned,
): Promise<Handled> {
  const { place, target } = concerned
  const wrong = misread(delivery, place.policy)
  if (wrong) return refuseLabel(shell, delivery, { ...concerned, wrong })
  const meant = await withOriginal(shell, delivery, { place, facts: issueFacts(delivery, place.policy) })
  if (meant.length === 0) return onNothing(shell, delivery, concerned)
  // What is out of reach already cannot wait for a right.
  const has = delivery.action === 'deleted' ? 'triage' : await permissionFor(place, delivery.sender)
  const facts = placedIssueFacts(delivery, meant, place.policy)
  if (!isEnough(has, 'triage')) {
    const incident = fold(await shell.store.events.of(target.incident))
    // An issue form's labels say nothing new, whoever sent it.
    const changes = facts.some((fact) => decide(incident, fact) === 'takes-effect')
    return changes ? putBack(shell, delivery, { ...concerned, has }) : { place }
  }
  return {
    place,
    stated: [{ of: target, facts }],
    along: async ({ guid, executed: [executed] }) => {
      await forgetIssueState(shell, target.incident, { by: guid })
      if (!executed) return undefined
      const { added, after } = executed
      if (added.length === 0) await enqueue(shell, target, { do: 'sync-issue' })
      const refusals = added.filter(isShown).flatMap(({ key }) => after.refused[key] ?? [])
      return refusals.length > 0 && after.declared ? refusalOf(delivery, { place, refusals }) : undefined
    },
  }
}

/** An issue that is closed as a duplicate of a running incident belongs to that incident. The webhook does not name it. */
async function withOriginal(
  shell: Shell,
  { issue }: IssueDelivery,
  { place, facts }: { place: Place; facts: Fact[] },
): Promise<Fact[]> {
  if (!facts.some((fact) => fact.kind === 'cancelled' && fact.reason === 'duplicate')) return facts
  const duplicateOf = await originalOf(place.github, { ...addressOf(place), number: issue.number })
  if (duplicateOf === null || duplicateOf === issue.number) return facts
  const status = (await shell.store.incidents.statusesOf(place.repository.id, [duplicateOf])).get(duplicateOf)
  if (status === undefined || status === 'cancelled') return facts
  return facts.map((fact) => (fact.kind === 'cancelled' ? { ...fact, duplicateOf } : fact))
}

/** Facts that leave something to see on the issue, which goes again where they are refused. */
const isShown = ({ kind }: Event): boolean =>
  ['severity-set', 'status-set', 'resolved', 'cancelled', 'reopened'].includes(kind)

/** Taking `sev:*` or `status:*` off means nothing: the label returns with the next change. */
function onNothing(shell: Shell, { action }: IssueDelivery, { place, target }: Concerned): Handled {
  if (action !== 'unlabeled') return { place }
  return {
    place,
    along: async ({ guid }) => {
      await forgetIssueState(shell, target.incident, { by: guid })
    },
  }
}

function refuseLabel(
  shell: Shell,
  delivery: IssueDelivery,
  { place, target, wrong }: Concerned & { wrong: AnyRefusal },
): Handled {
  return {
    place,
    along: async ({ guid }) => {
      await forgetIssueState(shell, target.incident, { by: guid })
      await enqueue(shell, target, { do: 'sync-issue' })
      return refusalOf(delivery, { place, refusals: [wrong] })
    },
  }
}

const PUT_BACK: readonly PutBack[] = ['closed', 'reopened', 'edited', 'labeled', 'unlabeled']

function putBack(
  shell: Shell,
  delivery: IssueDelivery,
  { place, target, has }: Concerned & { has: string },
): Handled {
  const { action, sender } = delivery
  const change = PUT_BACK.find((name) => name === action)
  return {
    place,
    along: async ({ guid }) => {
      if (!change || !(await mayPutBack(shell, delivery, place))) return undefined
      await forgetIssueState(shell, target.incident, {
        by: guid,
        ...(action === 'edited' && { title: 'wrong' }),
      })
      await enqueue(shell, target, { do: 'sync-issue' })
      return refusalOf(delivery, { place, refusals: [{ code: 'put-back', change, has, user: sender.login }] })
    },
  }
}

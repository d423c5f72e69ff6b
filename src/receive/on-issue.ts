// A change of an issue by hand: it declares, or it is read as the command that it means; reviews and items likewise.

import { incidentId, statedSeverity } from '../command/declaration.ts'
import { declares, issueFacts, placedIssueFacts, severityOf } from '../github/webhook/by-hand.ts'
import type { Delivery } from '../github/webhook/delivery.ts'
import { RANK } from '../incident/base/placement.ts'
import { fold } from '../incident/fold/fold.ts'
import type { Event, Fact } from '../incident/fold/nouns.ts'
import { enqueue } from '../shell/jobs.ts'
import { load } from '../shell/load.ts'
import { forgetItemIssue } from '../shell/look-again.ts'
import { placeOfDelivery } from '../shell/settings.ts'
import type { Place, Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'
import { filledSections, readReview } from '../texts/review/sections.ts'
import type { Handled } from './conclude.ts'
import { onManualChange } from './manual-change.ts'
import { givenReview, reviewFacts } from './review-edits.ts'
import { isEnough, isOwnAct, permissionFor, subjectOf } from './subject.ts'
import { onTransfer } from './transfer.ts'

type IssueDelivery = Extract<Delivery, { kind: 'issue' }>

export async function onIssue(shell: Shell, delivery: IssueDelivery): Promise<Handled> {
  const place = await placeOfDelivery(shell, delivery)
  if (await isOwnAct(place, delivery.sender)) return { place }
  const transfer = await onTransfer(shell, delivery, place)
  if (transfer) return transfer
  if (declares(delivery, place.policy)) return onDeclared(delivery, place)
  const subject = await subjectOf(shell, place, delivery.issue)
  switch (subject.role) {
    case 'incident':
      return onManualChange(shell, delivery, { place, target: subject.target })
    case 'pending':
      return onPending(delivery, place)
    case 'review':
      return onReview(shell, delivery, { place, target: subject.target })
    case 'item':
      return onItem(shell, delivery, { place, target: subject.target, item: subject.key })
    default:
      return { place }
  }
}

/** The label declares for whoever may; from anybody else (an issue form labels for everybody) it waits in triage. */
async function onDeclared(delivery: IssueDelivery, place: Place): Promise<Handled> {
  const { issue, sender, at } = delivery
  const has = await permissionFor(place, sender)
  const fact: Fact = {
    kind: 'declared',
    id: incidentId(issue.number, { policy: place.policy, calendar: place.calendar, at }),
    title: issue.title,
    ...statedSeverity(severityOf(issue, place.policy), place.policy),
    ...(!isEnough(has, 'triage') && { triage: true as const }),
  }
  return { place, stated: [{ of: issue, facts: placedIssueFacts(delivery, [fact], place.policy) }] }
}

/** What arrives before its declaration is kept for it. */
async function onPending(delivery: IssueDelivery, place: Place): Promise<Handled> {
  const meant = issueFacts(delivery, place.policy)
  if (meant.length === 0 || !isEnough(await permissionFor(place, delivery.sender), 'triage')) return { place }
  return { place, stated: [{ of: delivery.issue, facts: placedIssueFacts(delivery, meant, place.policy) }] }
}

/** The review's issue: its text is read again, closing it early opens it again once. */
async function onReview(
  shell: Shell,
  delivery: IssueDelivery,
  { place, target }: { place: Place; target: Target },
): Promise<Handled> {
  const facts: Fact[] = []
  const loaded = await load(shell, target)
  if (!loaded) return { place }
  if (delivery.action === 'closed') facts.push({ kind: 'review-closed' })
  if (delivery.action === 'reopened') facts.push({ kind: 'review-reopened' })
  if (delivery.action === 'edited' && delivery.bodyBefore !== undefined) {
    const filled = filledSections(readReview(delivery.issue.body), readReview(givenReview(loaded)))
    const edit = { before: delivery.bodyBefore, after: delivery.issue.body, at: delivery.at }
    facts.push(...reviewFacts(loaded, edit), {
      kind: 'review-written',
      filled,
    })
  }
  if (facts.length === 0 || !isEnough(await permissionFor(place, delivery.sender), 'triage')) return { place }
  const placedFacts = placedIssueFacts(delivery, facts, place.policy)
  return { place, stated: [{ of: target, facts: scoped(placedFacts, 'review') }] }
}

/** An action item's own issue: closing it, assigning it and renaming it say the same as its line and its card. */
async function onItem(
  shell: Shell,
  delivery: IssueDelivery,
  { place, target, item }: { place: Place; target: Target; item: string },
): Promise<Handled> {
  const facts = itemFacts(delivery, item)
  if (facts.length === 0) return { place }
  const has = await permissionFor(place, delivery.sender)
  const incident = fold(await shell.store.events.of(target.incident))
  // The owner of an item may close it whatever their permission.
  const owner = incident.items.find(({ key }) => key === item)?.owner
  const may = isEnough(has, 'triage') || owner?.toLowerCase() === delivery.sender.login.toLowerCase()
  return {
    place,
    stated: may ? [{ of: target, facts: scoped(placedIssueFacts(delivery, facts, place.policy), item) }] : [],
    along: async ({ guid }) => {
      await forgetItemIssue(shell, target.incident, { item, by: guid })
      await enqueue(shell, target, { do: 'sync-items' })
    },
  }
}

function itemFacts({ action, issue, assignee, titleBefore }: IssueDelivery, item: string): Fact[] {
  switch (action) {
    case 'closed':
      return [
        issue.stateReason === 'not_planned' ? { kind: 'item-declined', item } : { kind: 'item-done', item },
      ]
    case 'reopened':
      return [{ kind: 'item-reopened', item }]
    case 'assigned':
      return assignee ? [{ kind: 'item-changed', item, owner: assignee }] : []
    case 'edited':
      return titleBefore === undefined
        ? []
        : [{ kind: 'item-changed', item, text: issue.title.replace(/^\[PIR\] [^:]+: /, '') }]
    default:
      return []
  }
}

/** The same act on two issues of one incident is two facts: the key says on which. Like a pull request, an issue of Mayday's
 * is made before anything happens to it; what is promised there comes before its own issue. */
const scoped = (facts: Event[], scope: string): Event[] =>
  facts.map((fact) => ({
    ...fact,
    key: `${scope}:${fact.key}`,
    rank: fact.kind === 'item-promised' ? fact.rank : RANK.pull,
  }))

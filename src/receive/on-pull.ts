// Hotfix pull requests: adopted by their branch's name, followed through reviews to the merge and the deployment.

import { placed } from '../github/webhook/by-hand.ts'
import type { DeliveredPull, Delivery } from '../github/webhook/delivery.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Event, Fact } from '../incident/fold/nouns.ts'
import { refusalAnswer } from '../shell/answer.ts'
import { incidentOfBranch, remember } from '../shell/remember.ts'
import { placeOfDelivery } from '../shell/settings.ts'
import type { Place, Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'
import type { Handled } from './conclude.ts'
import { isOwnAct, subjectOf } from './subject.ts'

type PullDelivery = Extract<Delivery, { kind: 'pull' | 'pull-review' }>

export async function onPull(shell: Shell, delivery: PullDelivery): Promise<Handled> {
  const place = await placeOfDelivery(shell, delivery)
  const { pull, sender } = delivery
  if (delivery.kind === 'pull' && delivery.action === 'labeled') return onLabel(delivery, place)
  if (await isOwnAct(place, sender)) return { place }
  const subject = await subjectOf(shell, place, { number: pull.number, labels: [] })
  const isKnown = subject.role === 'hotfix'
  const target = isKnown ? subject.target : await adopted(shell, place, pull)
  // It may belong to an incident that is not declared yet.
  if (!target) return { place, unheard: true }
  const facts = placedFacts(delivery)
  if (isKnown) return { place, stated: [{ of: target, facts }] }
  return {
    place,
    stated: [{ of: target, facts: [openedFact(pull), ...facts] }],
    along: async () => {
      const { number, nodeId, url } = pull
      await remember(shell, target, { kind: 'hotfix', key: String(number), number, body: { nodeId, url } })
    },
  }
}

const placedFacts = (delivery: PullDelivery): Event[] => {
  const { pull, sender } = delivery
  return factsOf(delivery).map((fact, index) =>
    placed(fact, {
      key: `pull:${pull.number}:${keyOf(delivery)}:${index}`,
      at: delivery.at,
      rank: delivery.kind === 'pull-review' ? RANK.review : RANK.pull,
      origin: delivery.kind === 'pull-review' ? delivery.review.id : pull.number,
      index,
      by: sender.login,
      url: delivery.kind === 'pull-review' ? delivery.review.url : pull.url,
    }),
  )
}

/** The same whichever of its deliveries comes first. */
const openedFact = ({ number, head, url, createdAt, author }: DeliveredPull): Event =>
  placed(
    { kind: 'hotfix-opened', pull: number, branch: head, url },
    { key: `hotfix:${number}`, at: createdAt, rank: RANK.pull, origin: number, by: author, url },
  )

const keyOf = (delivery: PullDelivery): string =>
  delivery.kind === 'pull-review'
    ? `review:${delivery.review.id}:${delivery.action}`
    : `${delivery.action}:${delivery.at}`

function factsOf(delivery: PullDelivery): Fact[] {
  const { pull } = delivery
  if (delivery.kind === 'pull-review') {
    const { state, author } = delivery.review
    if (delivery.action === 'dismissed')
      return author
        ? [{ kind: 'hotfix-reviewed', pull: pull.number, state: 'dismissed', reviewer: author }]
        : []
    if (state === 'approved' || state === 'changes_requested' || state === 'commented')
      return [{ kind: 'hotfix-reviewed', pull: pull.number, state }]
    return []
  }
  const isReady = delivery.action === 'ready_for_review' || (delivery.action === 'opened' && !pull.draft)
  if (isReady) return [{ kind: 'hotfix-ready', pull: pull.number }]
  if (delivery.action !== 'closed') return []
  return pull.merged
    ? [{ kind: 'hotfix-merged', pull: pull.number, sha: pull.mergeSha ?? '' }]
    : [{ kind: 'hotfix-closed', pull: pull.number }]
}

/** A person's pull request from `hotfix/incident-<id>*` of this repository belongs to that incident. */
async function adopted(shell: Shell, place: Place, pull: DeliveredPull): Promise<Target | null> {
  return pull.sameRepository ? incidentOfBranch(shell, place.repository.id, pull.head) : null
}

/** The incident label on a pull request is refused and says how. */
async function onLabel(delivery: Extract<Delivery, { kind: 'pull' }>, place: Place): Promise<Handled> {
  const { pull, label, sender } = delivery
  const isDeclaration = label?.toLowerCase() === place.policy.label.toLowerCase()
  if (!isDeclaration || (await isOwnAct(place, sender))) return { place }
  return {
    place,
    along: async () =>
      refusalAnswer({
        repository: place.repository.id,
        number: pull.number,
        key: `label-on-pull-${pull.number}`,
        refusals: [{ code: 'on-pull' }],
      }),
  }
}

/** A deployment lands on the timeline of every incident with a hotfix that it may contain. */
export async function onDeployment(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'deployment' }>,
): Promise<Handled> {
  const place = await placeOfDelivery(shell, delivery)
  const targets = await shell.store.incidents.ofDeployment(place.repository.id, delivery.sha)
  const fact: Fact = {
    kind: 'deployed',
    environment: delivery.environment,
    sha: delivery.sha.slice(0, 7),
    state: delivery.state === 'success' ? 'success' : 'failure',
  }
  const facts = [
    placed(fact, {
      key: `deployed:${delivery.id}`,
      at: delivery.at,
      rank: RANK.pull,
      origin: delivery.id,
      by: delivery.sender.login,
      ...(delivery.url && { url: delivery.url }),
    }),
  ]
  return {
    place,
    stated: targets.map((of) => ({ of, facts })),
    // The hotfix that it concerns may not be known yet, nor its merge.
    unheard: !targets.some(({ merged }) => merged),
  }
}

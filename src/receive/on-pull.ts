// Hotfix pull requests: adopted by their branch's name, followed through reviews to the merge and the deployment.

import { placed } from '../github/webhook/by-hand.ts'
import type { DeliveredPull, Delivery } from '../github/webhook/delivery.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Event, Fact } from '../incident/fold/nouns.ts'
import { hotfixBranch } from '../incident/timeline/names.ts'
import { remember } from '../shell/remember.ts'
import { placeOfDelivery } from '../shell/settings.ts'
import type { Place, Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'
import { commit, finish, finishUnheard, isOwnAct, subjectOf } from './subject.ts'

type PullDelivery = Extract<Delivery, { kind: 'pull' | 'pull-review' }>

export async function onPull(shell: Shell, delivery: PullDelivery, guid: string): Promise<void> {
  const place = await placeOfDelivery(shell, delivery)
  const { pull, sender } = delivery
  if (delivery.kind === 'pull' && delivery.action === 'labeled')
    return onLabel(shell, { ...delivery, kind: 'pull' }, { place, guid })
  if (await isOwnAct(place, sender)) return finish(shell, place, guid)
  const subject = await subjectOf(shell, place, { number: pull.number, labels: [] })
  const target = subject.role === 'hotfix' ? subject.target : await adopted(shell, place, pull)
  // It may belong to an incident that is not declared yet.
  if (!target) return finishUnheard(shell, place, guid)
  const opened = subject.role === 'hotfix' ? [] : [openedFact(pull)]
  const facts = factsOf(delivery).map((fact, index) =>
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
  await shell.database.inTx(async () => {
    if (opened.length > 0)
      await remember(shell, target, { kind: 'hotfix', key: String(pull.number), made: pull })
    await commit(shell, target, { place, guid, facts: [...opened, ...facts] })
  })
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

export async function incidentOfBranch(
  shell: Shell,
  repository: number,
  head: string,
): Promise<Target | null> {
  const all = await shell.store.incidentNames(repository)
  const matching = all.filter(({ name }) => {
    const branch = hotfixBranch(name, 1)
    return head === branch || head.startsWith(`${branch}-`)
  })
  const longest = matching.sort((a, b) => b.name.length - a.name.length)[0]
  return longest ? shell.store.incident(longest.incident) : null
}

/** The incident label on a pull request is refused and says how. */
async function onLabel(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'pull' }>,
  { place, guid }: { place: Place; guid: string },
): Promise<void> {
  const { pull, label, sender } = delivery
  const isDeclaration = label?.toLowerCase() === place.policy.label.toLowerCase()
  if (!isDeclaration || (await isOwnAct(place, sender))) return finish(shell, place, guid)
  await finish(shell, place, guid, {
    answer: {
      repository: place.repository.id,
      number: pull.number,
      comment: null,
      key: `label-on-pull-${pull.number}`,
      reactions: [],
      refusals: [{ code: 'on-pull' }],
      help: false,
      name: '',
    },
  })
}

/** A deployment of a merged hotfix lands on the timeline of its incident. */
export async function onDeployment(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'deployment' }>,
  guid: string,
): Promise<void> {
  const place = await placeOfDelivery(shell, delivery)
  const targets = await shell.store.incidentsOfDeployment(place.repository.id, delivery.sha)
  for (const target of targets) {
    const fact: Fact = {
      kind: 'deployed',
      environment: delivery.environment,
      sha: delivery.sha.slice(0, 7),
      state: delivery.state === 'success' ? 'success' : 'failure',
    }
    const event = placed(fact, {
      key: `deployed:${delivery.id}`,
      at: delivery.at,
      rank: RANK.pull,
      origin: delivery.id,
      by: delivery.sender.login,
      ...(delivery.url && { url: delivery.url }),
    })
    await commit(shell, target, { place, guid, facts: [event] })
  }
  // The hotfix that it concerns may not be known yet, nor its merge.
  if (!targets.some(({ merged }) => merged)) await finishUnheard(shell, place, guid)
}

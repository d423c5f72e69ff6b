// What happened in one repository, told to Mayday as far as no delivery did.

import { isCommandCandidate } from '../command/comment/parse.ts'
import type { InstallationClient } from '../github/client/client.ts'
import {
  type IssueEvent,
  type ListedRepository,
  listIssueEvents,
  listRecentComments,
  type RecentComment,
  readIssue,
  repositoryTarget,
} from '../github/history/changes.ts'
import type { LatestChanges } from '../github/history/latest.ts'
import {
  type Envelope,
  type SyntheticDelivery,
  synthesizeComment,
  synthesizeEvents,
} from '../github/history/synthesize.ts'
import { synthesizePull } from '../github/history/synthesize-pull.ts'
import { actOf, isSameAct } from '../github/webhook/same-act.ts'
import { incidentOfBranch } from '../shell/remember.ts'
import { type Healing, offerMissed } from './offer.ts'

type RepositoryLook = {
  github: InstallationClient
  repository: ListedRepository
  latest: LatestChanges
  /** From here on what happened is read; milliseconds. */
  since: number
  /** What is older than this concerns only what is Mayday's already. */
  declaredSince: number
}

/** Two calls, and one more for each issue with a comment that nobody told, two for each hotfix that changed. */
export async function healRepository(healing: Healing, look: RepositoryLook): Promise<void> {
  const { github, repository, since } = look
  const scene: Envelope = { installation: { id: github.id }, repository }
  const target = repositoryTarget(repository)
  const events = await listIssueEvents(github, target, since)
  const comments = await listRecentComments(github, target, since)
  const told = [
    ...synthesizeEvents(await young(healing, look, events), scene),
    ...(await retellComments(healing, look, { comments, events, scene })),
    ...(await retellPulls(healing, look, { events, scene })),
  ]
  const missed = await offerMissed(healing, told)
  if (missed > 0) healing.shell.log.info({ repository: repository.id, missed }, 'missed acts were taken in')
}

/** An issue that was labelled long ago is left alone until somebody says `/declare`. */
async function young(
  healing: Healing,
  look: RepositoryLook,
  events: readonly IssueEvent[],
): Promise<IssueEvent[]> {
  const kept: IssueEvent[] = []
  for (const event of events)
    if (
      Date.parse(event.created_at) >= look.declaredSince ||
      (await isOurs(healing, look.repository.id, event.issue.number))
    )
      kept.push(event)
  return kept
}

async function isOurs({ shell: { store } }: Healing, repository: number, number: number): Promise<boolean> {
  return (
    (await store.incidents.at(repository, number)) !== null ||
    (await store.refs.at(repository, number)) !== null
  )
}

type Record = { events: readonly IssueEvent[]; scene: Envelope }

async function retellComments(
  healing: Healing,
  look: RepositoryLook,
  { comments, events, scene }: Record & { comments: readonly RecentComment[] },
): Promise<SyntheticDelivery[]> {
  const own = `${await look.github.slug()}[bot]`
  const unheard = await unheardOf(
    healing,
    comments.filter(({ user }) => user && user.login !== own),
  )
  const target = repositoryTarget(look.repository)
  const issues = new Map(events.map(({ issue }) => [issue.number, issue]))
  const told: SyntheticDelivery[] = []
  for (const comment of unheard) {
    const number = Number(comment.issue_url.split('/').at(-1))
    const ours = await isOurs(healing, look.repository.id, number)
    const young = Date.parse(comment.created_at) >= look.declaredSince
    if (!ours && !(young && isCommandCandidate(comment.body))) continue
    const issue = issues.get(number) ?? (await readIssue(look.github, target, number))
    if (!issue) continue
    issues.set(number, issue)
    told.push(...[synthesizeComment(comment, issue, scene) ?? []].flat())
  }
  return told
}

/** Asked before the issue is read: most comments were heard. */
async function unheardOf({ shell }: Healing, comments: readonly RecentComment[]): Promise<RecentComment[]> {
  const acts = comments.map((comment) => ({
    comment,
    act: actOf('issue_comment', comment.created_at === comment.updated_at ? 'created' : 'edited', {
      comment,
    }),
  }))
  const tellings = await shell.store.deliveries.tellings(acts.flatMap(({ act }) => act?.act ?? []))
  return acts.flatMap(({ comment, act }) =>
    act && tellings.some((telling) => isSameAct(telling, act)) ? [] : [comment],
  )
}

async function retellPulls(
  healing: Healing,
  look: RepositoryLook,
  { events, scene }: Record,
): Promise<SyntheticDelivery[]> {
  const { github, repository, latest, since } = look
  const { shell } = healing
  const told: SyntheticDelivery[] = []
  for (const { number, branch, changedAt } of latest.pulls) {
    const known = (await shell.store.refs.at(repository.id, number)) !== null
    if (known && changedAt < since) continue
    // One that nobody has adopted is told from its beginning, once its incident is there.
    if (!known && !(await incidentOfBranch(shell, repository.id, branch))) continue
    const target = { ...repositoryTarget(repository), pull_number: number }
    const { data: pull } = await github.rest.pulls.get(target)
    const { data: reviews } = await github.rest.pulls.listReviews({ ...target, per_page: 100 })
    told.push(...synthesizePull(pull, { reviews, events, since: known ? since : 0, scene }))
  }
  return told
}

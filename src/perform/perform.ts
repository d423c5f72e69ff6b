// Performing: one effect at a time made so on the outside. Each may run twice; GitHub's silence makes it wait.

import { ensureLabels } from '../github/issues/labels.ts'
import type { Effect } from '../incident/react/react.ts'
import type { Job, Verdict } from '../queue/queue.ts'
import { enqueue } from '../shell/jobs.ts'
import { hasIssue, type Loaded, type LoadedIncident, load } from '../shell/load.ts'
import { placeOfStored } from '../shell/settings.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { type OutboxJob, readOutboxJob } from '../shell/stored-jobs.ts'
import { RetryLater, whileReachable } from '../shell/while-reachable.ts'
import type { Target } from '../store/store.ts'
import { labelsOf } from '../texts/label.ts'
import { giveAnswer } from './answer.ts'
import { syncBoard } from './board.ts'
import { announce } from './channels.ts'
import { handOver } from './hand-over.ts'
import { openHotfix } from './hotfix.ts'
import { syncItems } from './items.ts'
import { syncIssue } from './living.ts'
import { page } from './page.ts'
import { remind } from './remind.ts'
import { openReview, syncReview } from './review.ts'
import { say } from './say.ts'

/** The outbox's handler. */
export async function perform(queued: Shell, job: Job): Promise<Verdict> {
  const shell = { ...queued, background: job.background === true }
  const asked = readOutboxJob(job.data)
  if (!asked) return { again: 'never', reason: 'a job of a shape that nobody has stored' }
  const task = await taskOf(shell, asked)
  if (!task) return 'done'
  const work = async (): Promise<Verdict> => {
    await task.carryOut()
    return 'done'
  }
  return whileReachable(shell, { installation: task.installation, job, work })
}

type Task = { installation: number; carryOut: () => Promise<void> }

/** null where what the job is about is no longer known: nothing is left to do. */
async function taskOf(shell: Shell, asked: OutboxJob): Promise<Task | null> {
  if ('remind' in asked) {
    const { installation, owner } = asked.remind
    return { installation, carryOut: () => remind(shell, installation, owner) }
  }
  if ('incident' in asked) {
    const target = await shell.store.incidents.get(asked.incident)
    if (!target) return null
    const { installation } = target
    return { installation, carryOut: () => performEffect(shell, target, asked.effect) }
  }
  const { repository: id } = 'answer' in asked ? asked.answer : asked.labels
  const repository = await shell.store.repositories.get(id)
  const carryOut = (): Promise<void> =>
    'answer' in asked ? giveAnswer(shell, asked.answer) : makeLabels(shell, id)
  return repository && { installation: repository.installation, carryOut }
}

/** Makes one effect so; called with the incident as it stands then. */
type Perform<D extends Effect['do'], L = LoadedIncident> = {
  perform(shell: Shell, loaded: L, effect: Extract<Effect, { do: D }>): Promise<void>
}['perform']

/** Seconds between two looks whether an incident has its issue by now. */
const ISSUE_SECONDS = 10

/** An effect on the issue waits until there is one. */
const onIssue =
  <D extends Effect['do']>(perform: Perform<D, Loaded>): Perform<D> =>
  async (shell, loaded, effect) => {
    if (!hasIssue(loaded)) throw new RetryLater(ISSUE_SECONDS)
    await perform(shell, loaded, effect)
  }

const PERFORM: { readonly [D in Effect['do']]: Perform<D> } = {
  'sync-issue': onIssue(syncIssue),
  'sync-board': onIssue(syncBoard),
  'sync-review': onIssue(syncReview),
  'sync-items': onIssue(syncItems),
  say: onIssue(say),
  page: onIssue(page),
  announce,
  'open-hotfix': onIssue((shell, loaded, { asked }) => openHotfix(shell, loaded, asked)),
  'open-review': onIssue(openReview),
  'hand-over': onIssue((shell, loaded, { to }) => handOver(shell, loaded, to)),
  // Only a job of an older version: a reminder is queued under its owner, not under an incident.
  remind: (shell, { target }, effect) => enqueue(shell, target, effect),
}

async function performEffect(shell: Shell, target: Target, effect: Effect): Promise<void> {
  const loaded = await load(shell, target)
  // The row is that of the effect's own kind.
  const carryOut: Perform<Effect['do']> = PERFORM[effect.do]
  if (loaded) await carryOut(shell, loaded, effect)
}

async function makeLabels(shell: Shell, repository: number): Promise<void> {
  const place = await placeOfStored(shell, repository)
  if (!place || place.repository.labelsAt !== null) return
  await ensureLabels(place.github, addressOf(place), labelsOf(shell, place.policy))
  await shell.store.repositories.labelsMade(repository, shell.now())
}

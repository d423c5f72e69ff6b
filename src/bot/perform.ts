// Performing: one effect at a time made so on the outside. Each may run twice; GitHub's silence makes it wait.
import { ensureLabels, type Label } from '../github/labels.ts'
import type { Policy } from '../incident/policy.ts'
import type { Effect } from '../incident/react.ts'
import type { Job, Outcome } from '../queue.ts'
import { type AnswerJob, giveAnswer } from './answer.ts'
import { syncBoard } from './board.ts'
import { guarded } from './errors.ts'
import { type EffectJob, enqueue, type ReminderJob } from './execute.ts'
import { openHotfix } from './hotfix.ts'
import { openItem, syncItem } from './items.ts'
import { syncIssue } from './living.ts'
import { load } from './load.ts'
import { remind } from './remind.ts'
import { openReview, REVIEW_LABEL, syncReview } from './review.ts'
import { say } from './say.ts'
import { placeOfStored } from './settings.ts'
import { addressOf, type Shell } from './shell.ts'

/** Makes the repository's labels, so that nobody hunts for one at 3 a.m. */
export type LabelsJob = { labels: { repository: number } }
export type OutboxJob = EffectJob | AnswerJob | LabelsJob | ReminderJob

/** Nobody waits for these: they come after everything that a person looks at. */
const BACKGROUND: readonly Effect['do'][] = ['sync-board', 'sync-item', 'open-item']

/** The outbox's handler. */
export async function perform(shell: Shell, job: Job): Promise<Outcome> {
  const asked = job.data as OutboxJob
  if ('answer' in asked) {
    const repository = await shell.store.repository(asked.answer.repository)
    if (!repository) return 'done'
    return guarded(shell, repository.installation, async () => {
      await giveAnswer(shell, asked.answer)
      return 'done'
    })
  }
  if ('remind' in asked) {
    const { installation, owner } = asked.remind
    return guarded(shell, installation, async () => {
      await remind({ ...shell, background: true }, installation, owner)
      return 'done'
    })
  }
  if ('labels' in asked) return makeLabels(shell, asked.labels.repository)
  const target = await shell.store.incident(asked.incident)
  if (!target) return 'done'
  const background = BACKGROUND.includes(asked.effect.do)
  return guarded(shell, target.installation, async () => {
    await performEffect({ ...shell, background }, asked)
    return 'done'
  })
}

async function performEffect(shell: Shell, { incident, effect }: EffectJob): Promise<void> {
  const loaded = await load(shell, incident)
  if (!loaded) return
  switch (effect.do) {
    case 'sync-issue':
      return syncIssue(shell, loaded)
    case 'sync-board':
      return syncBoard(shell, loaded)
    case 'sync-review':
      return syncReview(shell, loaded)
    case 'sync-item':
      return syncItem(shell, loaded, effect.item)
    case 'say':
      return say(shell, loaded, effect)
    case 'open-hotfix':
      return openHotfix(shell, loaded, effect.asked)
    case 'open-review':
      return openReview(shell, loaded)
    case 'open-item':
      return openItem(shell, loaded, effect.item)
    case 'remind':
      return enqueue(shell, loaded.target, effect)
  }
}

async function makeLabels(shell: Shell, repository: number): Promise<Outcome> {
  const known = await shell.store.repository(repository)
  if (!known || known.labelsAt !== null) return 'done'
  return guarded(shell, known.installation, async () => {
    const place = await placeOfStored({ ...shell, background: true }, repository)
    if (!place) return 'done'
    await ensureLabels(place.github, addressOf(place), labelsOf(place.policy))
    await shell.store.labelsMade(repository, shell.now())
    return 'done'
  })
}

const STATUS_COLOURS = {
  triage: 'fbca04',
  investigating: 'd93f0b',
  identified: 'd93f0b',
  fixing: 'e99695',
  monitoring: 'f9d0c4',
  resolved: '0e8a16',
  closed: 'c2e0c6',
  cancelled: 'ededed',
} as const
const STATUS_MEANS = {
  triage: 'Reported, not confirmed yet',
  investigating: 'Declared, the cause is not known yet',
  identified: 'The cause is known',
  fixing: 'Work on the fix',
  monitoring: 'Impact has stopped, watched',
  resolved: 'Over; the review starts',
  closed: 'Nothing is owed but action items',
  cancelled: 'No incident after all',
} as const
const SEVERITY_COLOURS = ['b60205', 'd93f0b', 'fbca04', 'c5def5']

/** Every label that Mayday sets, with its colour and what it means. */
export function labelsOf(policy: Policy): Label[] {
  const severities = policy.severities.map(({ key, name, means }, index) => ({
    name: `sev:${key}`,
    color: SEVERITY_COLOURS[Math.min(index, SEVERITY_COLOURS.length - 1)] ?? 'ededed',
    description: `${name}${means ? `: ${means}` : ''}`.slice(0, 100),
  }))
  const statuses = Object.entries(STATUS_COLOURS).map(([status, color]) => ({
    name: `status:${status}`,
    color,
    description: STATUS_MEANS[status as keyof typeof STATUS_MEANS],
  }))
  return [
    { name: policy.label, color: 'b60205', description: 'Declares an incident; Mayday takes it from there' },
    ...severities,
    ...statuses,
    { name: REVIEW_LABEL, color: '5319e7', description: 'A post-incident review or one of its action items' },
  ]
}

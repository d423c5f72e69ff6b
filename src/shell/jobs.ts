// The outbox's jobs: what is queued, under which key, and what goes first.
import type { Effect } from '../incident/react/react.ts'
import type { Target } from '../store/store.ts'
import { type Answer, hasWords } from './answer.ts'
import type { Shell } from './shell.ts'

/** Higher goes first where the installation's calls are short: what a person waits for, then (up to 40) the rest. */
const PRIORITY: Record<Effect['do'], number> = {
  'sync-issue': 100,
  page: 92,
  say: 90,
  'hand-over': 85,
  'open-hotfix': 80,
  'open-review': 60,
  'sync-review': 50,
  'sync-items': 40,
  remind: 30,
  'sync-board': 10,
}
const ANSWER_PRIORITY = 95
const REACTION_PRIORITY = 20

export type EffectJob = { incident: number; effect: Effect }

/** One owner is reminded over all incidents of an installation, so the job is the owner's, not the incident's. */
export type ReminderJob = { remind: { installation: number; owner: string } }

export async function enqueue(shell: Shell, target: Target, effect: Effect): Promise<void> {
  if (effect.do === 'remind') return enqueueReminder(shell, target.installation, effect.owner.toLowerCase())
  const job = {
    key: `${target.incident}:${keyOf(effect)}`,
    data: { incident: target.incident, effect } satisfies EffectJob,
    group: String(target.installation),
    priority: PRIORITY[effect.do],
  }
  if (effect.do.startsWith('sync-')) await shell.queue.sync(job)
  else await shell.queue.perform(job)
}

async function enqueueReminder(shell: Shell, installation: number, owner: string): Promise<void> {
  await shell.queue.sync({
    key: `remind:${installation}:${owner}`,
    data: { remind: { installation, owner } } satisfies ReminderJob,
    group: String(installation),
    priority: PRIORITY.remind,
  })
}

function keyOf(effect: Effect): string {
  switch (effect.do) {
    case 'say':
    case 'page':
      return `${effect.do}:${effect.key}`
    case 'open-hotfix':
      return `open-hotfix:${effect.asked}`
    default:
      return effect.do
  }
}

export type AnswerJob = { answer: Answer }

/** `installation`: undefined where the answer is on no repository that is known. */
export async function queueAnswer(
  shell: Shell,
  installation: number | undefined,
  answer: Answer,
): Promise<void> {
  await shell.queue.perform({
    key: `answer:${answer.key}`,
    data: { answer } satisfies AnswerJob,
    priority: hasWords(answer) ? ANSWER_PRIORITY : REACTION_PRIORITY,
    ...(installation !== undefined && { group: String(installation) }),
  })
}

/** Makes the repository's labels, so that nobody hunts for one at 3 a.m. */
export type LabelsJob = { labels: { repository: number } }

/** Called when an installation gets a repository, and on the first event of one. */
export async function queueLabels(shell: Shell, repository: number, installation: number): Promise<void> {
  await shell.queue.sync({
    key: `labels:${repository}`,
    data: { labels: { repository } } satisfies LabelsJob,
    priority: 5,
    group: String(installation),
  })
}

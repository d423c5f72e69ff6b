// The outbox's jobs: what is queued, under which key, and what goes first.
import type { Effect } from '../incident/react/react.ts'
import type { Target } from '../store/store.ts'
import { type Answer, hasWords } from './answer.ts'
import type { Shell } from './shell.ts'

type EffectOf<D extends Effect['do']> = Extract<Effect, { do: D }>
type TypeOf<Value> = Value extends string ? 'string' : Value extends number ? 'number' : 'object'
type Given<Value> = {
  [F in Exclude<keyof Value, 'do'> as Value extends { [N in F]: Value[N] } ? F : never]: F
}

/** One kind of effect, as a job of the outbox. */
type EffectRow<D extends Effect['do']> = {
  /** Higher goes first where the installation's calls are short: what a person waits for, then (up to 40) the rest. */
  priority: number
  /** `sync`: however often it is asked for, it runs once after the last request. */
  queue: 'sync' | 'perform'
  /** What tells it from others of its kind in the same incident. */
  key?(effect: EffectOf<D>): string
  /** The fields that it always has, with what `typeof` says of each: what a stored job must show. */
  fields: { readonly [F in keyof Given<EffectOf<D>>]: TypeOf<EffectOf<D>[F]> }
}

export const EFFECTS: { readonly [D in Effect['do']]: EffectRow<D> } = {
  'sync-issue': { priority: 100, queue: 'sync', fields: {} },
  page: {
    priority: 92,
    queue: 'perform',
    key: ({ key }) => key,
    fields: { key: 'string', of: 'object', notice: 'object' },
  },
  say: { priority: 90, queue: 'perform', key: ({ key }) => key, fields: { key: 'string', notice: 'object' } },
  announce: {
    priority: 88,
    queue: 'perform',
    key: ({ key }) => key,
    fields: { key: 'string', to: 'string', news: 'string' },
  },
  'hand-over': { priority: 85, queue: 'perform', fields: { to: 'number' } },
  'open-hotfix': { priority: 80, queue: 'perform', key: ({ asked }) => asked, fields: { asked: 'string' } },
  'open-review': { priority: 60, queue: 'perform', fields: {} },
  'sync-review': { priority: 50, queue: 'sync', fields: {} },
  'sync-items': { priority: 40, queue: 'sync', fields: {} },
  remind: { priority: 30, queue: 'sync', fields: { owner: 'string' } },
  'sync-board': { priority: 10, queue: 'sync', fields: {} },
}
const ANSWER_PRIORITY = 95
const REACTION_PRIORITY = 20

export type EffectJob = { incident: number; effect: Effect }

/** One owner is reminded over all incidents of an installation, so the job is the owner's, not the incident's. */
export type ReminderJob = { remind: { installation: number; owner: string } }

export async function enqueue(shell: Shell, target: Target, effect: Effect): Promise<void> {
  if (effect.do === 'remind') return enqueueReminder(shell, target.installation, effect.owner.toLowerCase())
  // The row is that of the effect's own kind.
  const {
    priority,
    queue,
    key,
  }: Pick<EffectRow<Effect['do']>, 'priority' | 'queue' | 'key'> = EFFECTS[effect.do]
  const what = key ? `${effect.do}:${key(effect)}` : effect.do
  await shell.queue[queue]({
    key: `${target.incident}:${what}`,
    data: { incident: target.incident, effect } satisfies EffectJob,
    group: String(target.installation),
    priority,
  })
}

async function enqueueReminder(shell: Shell, installation: number, owner: string): Promise<void> {
  const { priority, queue } = EFFECTS.remind
  await shell.queue[queue]({
    key: `remind:${installation}:${owner}`,
    data: { remind: { installation, owner } } satisfies ReminderJob,
    group: String(installation),
    priority,
  })
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

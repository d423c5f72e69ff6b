// The outbox's jobs as the queue gives them back: looked at before they are believed. Each is the stored object itself, no
// copy, because what is done is taken out of it.
import type { Effect } from '../incident/react/react.ts'
import type { Answer } from './answer.ts'
import type { HealingJob } from './healing.ts'
import { type AnswerJob, EFFECTS, type EffectJob, type LabelsJob, type ReminderJob } from './jobs.ts'

export type OutboxJob = EffectJob | ReminderJob | AnswerJob | LabelsJob

/** Null for what no version has stored. */
export function readOutboxJob(data: unknown): OutboxJob | null {
  const isKnown = isEffectJob(data) || isReminder(data) || isAnswerJob(data) || isLabels(data)
  return isKnown ? data : null
}

export const readHealingJob = (data: unknown): HealingJob | null => (isHealing(data) ? data : null)

type TypeName = 'string' | 'number' | 'boolean' | 'object'

function has(data: unknown, fields: { readonly [name: string]: TypeName }): data is object {
  if (typeof data !== 'object' || data === null) return false
  // A missing field is `undefined`, and null is no object of ours.
  return Object.entries(fields).every(([name, type]) => {
    const value: unknown = Reflect.get(data, name)
    return typeof value === type && value !== null
  })
}

export const isEffectJob = (data: unknown): data is EffectJob =>
  has(data, { incident: 'number', effect: 'object' }) && isEffect(Reflect.get(data, 'effect'))

function isEffect(effect: unknown): effect is Effect {
  if (!has(effect, { do: 'string' }) || !('do' in effect)) return false
  const row = Object.entries(EFFECTS).find(([name]) => name === effect.do)
  return row !== undefined && has(effect, row[1].fields)
}

const isReminder = (data: unknown): data is ReminderJob =>
  has(data, { remind: 'object' }) &&
  has(Reflect.get(data, 'remind'), { installation: 'number', owner: 'string' })

const isLabels = (data: unknown): data is LabelsJob =>
  has(data, { labels: 'object' }) && has(Reflect.get(data, 'labels'), { repository: 'number' })

const isAnswerJob = (data: unknown): data is AnswerJob =>
  has(data, { answer: 'object' }) && isAnswer(Reflect.get(data, 'answer'))

const isAnswer = (answer: unknown): answer is Answer =>
  has(answer, { repository: 'number', number: 'number', key: 'string', name: 'string', help: 'boolean' }) &&
  ['reactions', 'refusals'].every((name) => Array.isArray(Reflect.get(answer, name)))

function isHealing(data: unknown): data is HealingJob {
  if (!has(data, { heal: 'string' }) || !('heal' in data)) return false
  if (data.heal === 'installation') return has(data, { installation: 'number' })
  return data.heal === 'round' || data.heal === 'sweep'
}

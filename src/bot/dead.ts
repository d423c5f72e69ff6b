// What was given up: told once on the issue, to the lead, with what did not happen; logged once.
import { putComment } from '../github/comments.ts'
import { Refused } from '../github/errors.ts'
import { mark } from '../github/mark.ts'
import type { Job } from '../queue.ts'
import type { EffectJob } from './execute.ts'
import { load } from './load.ts'
import type { Shell } from './shell.ts'

const WHAT: Record<string, string> = {
  'sync-issue': 'bring the living comment and the labels up to date',
  'sync-board': 'bring the board up to date',
  'sync-review': 'bring the review up to date',
  'sync-item': 'bring an action item up to date',
  say: 'write a comment',
  'open-hotfix': 'open the hotfix',
  'open-review': 'open the review',
  'open-item': 'open the issue of an action item',
  remind: 'send a reminder',
}

/** The dead letters' handler. The words of an error stay in the log: they may quote what people wrote. */
export async function dead(shell: Shell, job: Job & { queue: string }, reason: string): Promise<void> {
  shell.log.error(
    { job: job.id, queue: job.queue, key: job.key, attempts: job.attempt, reason },
    'a job was given up',
  )
  const place = await placeOf(shell, job)
  if (!place) return
  const body = shell.templates.render('dead-letter', {
    user: place.lead,
    what: place.what,
    attempts: job.attempt,
    job: job.id,
  })
  try {
    await putComment(place.loaded.place.github, place.loaded.issue, { mark: mark('dead', job.id), body })
  } catch (error) {
    // What refused the work may refuse the word of it too; the log has it.
    if (!(error instanceof Refused)) throw error
  }
}

async function placeOf(shell: Shell, job: Job) {
  const { incident, what } = await whereabouts(shell, job)
  const loaded = incident === null ? null : await load(shell, incident)
  return loaded ? { loaded, lead: loaded.incident.lead, what } : null
}

/** A delivery queues under `<repository>#<issue>`, an effect names its incident. */
async function whereabouts(shell: Shell, job: Job): Promise<{ incident: number | null; what: string }> {
  if (typeof job.data === 'object' && job.data !== null && 'incident' in job.data) {
    const { incident, effect } = job.data as EffectJob
    return { incident, what: WHAT[effect.do] ?? 'do a part of its work' }
  }
  const [repository, number] = job.key.split('#').map(Number)
  const target = repository && number ? await shell.store.incidentAt(repository, number) : null
  return { incident: target?.incident ?? null, what: 'take in what just happened here' }
}

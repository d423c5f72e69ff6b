// What was given up: told once on the issue, to the lead, with what did not happen. The queue has logged it.

import { Refused } from '../github/client/errors.ts'
import { putComment } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import type { Job, Verdict } from '../queue/queue.ts'
import type { EffectJob } from '../shell/jobs.ts'
import { type Loaded, load } from '../shell/load.ts'
import type { Shell } from '../shell/shell.ts'
import { guarded } from '../shell/while-reachable.ts'

const WHAT: Record<string, string> = {
  'sync-issue': 'bring the living comment and the labels up to date',
  'sync-board': 'bring the board up to date',
  'sync-review': 'bring the review up to date',
  'sync-items': 'bring the action items and their issues up to date',
  say: 'write a comment',
  page: 'call those who are needed',
  'open-hotfix': 'open the hotfix',
  'open-review': 'open the review',
  remind: 'send a reminder',
}

/** The dead letters' handler. The words of an error stay in the log: they may quote what people wrote. */
export async function dead(shell: Shell, job: Job): Promise<Verdict> {
  const { incident, what } = await whereabouts(shell, job)
  const target = incident === null ? null : await shell.store.incident(incident)
  if (!target) return 'done'
  const work = async (): Promise<Verdict> => {
    const loaded = await load(shell, target)
    if (loaded) await tell(shell, loaded, { job, what })
    return 'done'
  }
  return guarded(shell, { installation: target.installation, job, work })
}

async function tell(shell: Shell, loaded: Loaded, { job, what }: { job: Job; what: string }): Promise<void> {
  const { id, attempt } = job
  const body = shell.templates.render('dead-letter', {
    user: loaded.incident.lead,
    what,
    attempts: attempt === 1 ? 'the first attempt' : `${attempt} attempts`,
    job: id,
  })
  try {
    await putComment(loaded.place.github, loaded.issue, { mark: mark('dead', id), body })
  } catch (error) {
    // What refused the work may refuse the word of it too; the log has it.
    if (!(error instanceof Refused)) throw error
  }
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

// What was given up: told once on the issue, to the lead, with what did not happen. The queue has logged it.

import { Refused } from '../github/client/errors.ts'
import { putComment } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import type { Effect } from '../incident/react/react.ts'
import type { Job, Verdict } from '../queue/queue.ts'
import { hasIssue, type Loaded, load } from '../shell/load.ts'
import type { Shell } from '../shell/shell.ts'
import { isEffectJob } from '../shell/stored-jobs.ts'
import { whileReachable } from '../shell/while-reachable.ts'
import type { Target } from '../store/store.ts'
import { deadLetterView } from '../texts/dead-letter.ts'
import { render } from '../texts/render.ts'

/** What a job was about: an incident, and which work for it. */
type Lost = { target: Target; gaveUp: Effect['do'] | 'delivery' }

/** The dead letters' handler. The words of an error stay in the log: they may quote what people wrote. */
export async function dead(shell: Shell, job: Job): Promise<Verdict> {
  const lost = await lostWork(shell, job)
  if (!lost) return 'done'
  const work = async (): Promise<Verdict> => {
    const loaded = await load(shell, lost.target)
    if (hasIssue(loaded)) await tellLead(shell, loaded, { job, gaveUp: lost.gaveUp })
    return 'done'
  }
  return whileReachable(shell, { installation: lost.target.installation, job, work })
}

async function tellLead(
  shell: Shell,
  loaded: Loaded,
  { job, gaveUp }: { job: Job; gaveUp: Lost['gaveUp'] },
): Promise<void> {
  const { id, attempt } = job
  const view = deadLetterView(gaveUp, { user: loaded.incident.lead, attempt, job: id })
  const body = render(shell, 'dead-letter', view)
  try {
    await putComment(loaded.place.github, loaded.issue, { mark: mark('dead', id), body })
  } catch (error) {
    // What refused the work may refuse the word of it too; the log has it.
    if (!(error instanceof Refused)) throw error
  }
}

/** A delivery queues under `<repository>#<issue>`, an effect names its incident. Null: it concerned no incident. */
async function lostWork({ store }: Shell, job: Job): Promise<Lost | null> {
  if (isEffectJob(job.data)) {
    const { incident, effect } = job.data
    const target = await store.incidents.get(incident)
    return target && { target, gaveUp: effect.do }
  }
  const [repository, number] = job.key.split('#').map(Number)
  const target = repository && number ? await store.incidents.at(repository, number) : null
  return target && { target, gaveUp: 'delivery' }
}

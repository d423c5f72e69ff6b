// The view of the template `dead-letter`: what Mayday could not do.
import type { Effect } from '../incident/react/react.ts'
import { camelCase } from './limits.ts'
import type { Views } from './views.ts'

/** `gaveUp`: the kind of effect; `delivery`: a webhook of GitHub. Its words stand in the template under its name. */
export const deadLetterView = (
  gaveUp: Effect['do'] | 'delivery',
  { user, attempt, job }: { user: string | null; attempt: number; job: string },
): Views['dead-letter'] => ({
  user,
  what: { [camelCase(gaveUp)]: true },
  once: attempt === 1,
  attempts: attempt,
  job,
})

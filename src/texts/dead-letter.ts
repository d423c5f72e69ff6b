// What was given up, in words: Mayday could not …
import type { Effect } from '../incident/react/react.ts'

const EFFECTS: { readonly [D in Effect['do']]: string } = {
  'sync-issue': 'bring the living comment and the labels up to date',
  'sync-board': 'bring the board up to date',
  'sync-review': 'bring the review up to date',
  'sync-items': 'bring the action items and their issues up to date',
  say: 'write a comment',
  page: 'call those who are needed',
  'hand-over': 'hand the timeline over to the other incident',
  'open-hotfix': 'open the hotfix',
  'open-review': 'open the review',
  remind: 'send a reminder',
}

/** `gaveUp`: the kind of effect; `delivery`: a webhook of GitHub. */
export const deadLetterView = (
  gaveUp: Effect['do'] | 'delivery',
  { user, attempt, job }: { user: string | null; attempt: number; job: string },
) => ({
  user,
  what: gaveUp === 'delivery' ? 'take in what just happened here' : EFFECTS[gaveUp],
  attempts: attempt === 1 ? 'the first attempt' : `${attempt} attempts`,
  job,
})

// What a person did by hand and does not stand: how often it is put back, and how it is told why.
import type { AnyRefusal } from '../perform/answer.ts'
import type { Place, Shell } from '../shell/shell.ts'
import { queueAnswer } from './subject.ts'

/** An act of one person that is put back is not put back again within this time: nobody fights with a machine. */
const PUT_BACK_AGAIN_AFTER = 60 * 60_000

type Act = {
  action: string
  label?: string
  issue: { number: number }
  sender: { login: string }
  at: number
}

/** Whether the sender's act is put back: the first of its kind on this issue within the hour. */
export const mayPutBack = (
  shell: Shell,
  { action, issue, sender }: Act,
  { repository }: Place,
): Promise<boolean> =>
  shell.store.mayTell(`put-back:${repository.id}#${issue.number}:${sender.login}:${action}`, {
    now: shell.now(),
    pause: PUT_BACK_AGAIN_AFTER,
    installation: repository.installation,
  })

/** Says why what a person did by hand does not stand. */
export async function tell(
  shell: Shell,
  { action, label, issue, at }: Act,
  { place, refusals }: { place: Place; refusals: AnyRefusal[] },
): Promise<void> {
  const key = `by-hand:${issue.number}:${action}:${label ?? ''}:${at}`
  const { id: repository } = place.repository
  await queueAnswer(shell, place, {
    answer: {
      repository,
      number: issue.number,
      comment: null,
      key,
      reactions: [],
      refusals,
      help: false,
      name: '',
    },
  })
}

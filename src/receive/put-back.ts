// A change by hand that does not stand: how often it is put back, and the reply that says why.
import { type Answer, type AnyRefusal, refusalAnswer } from '../shell/answer.ts'
import type { Place, Shell } from '../shell/shell.ts'

/** A change of one person that is put back is not put back again within this time: nobody fights with a machine. */
const PUT_BACK_AGAIN_AFTER = 60 * 60_000

type ManualChange = {
  action: string
  label?: string
  issue: { number: number }
  sender: { login: string }
  at: number
}

/** Whether the sender's change is put back: the first of its kind on this issue within the hour. */
export const mayPutBack = (
  shell: Shell,
  { action, issue, sender }: ManualChange,
  { repository }: Place,
): Promise<boolean> =>
  shell.store.leases.acquire(`put-back:${repository.id}#${issue.number}:${sender.login}:${action}`, {
    now: shell.now(),
    holdMs: PUT_BACK_AGAIN_AFTER,
    installation: repository.installation,
  })

/** The reply that says why a change by hand does not stand. */
export const refusalOf = (
  { action, label, issue, at }: ManualChange,
  { place, refusals }: { place: Place; refusals: AnyRefusal[] },
): Answer =>
  refusalAnswer({
    repository: place.repository.id,
    number: issue.number,
    key: `by-hand:${issue.number}:${action}:${label ?? ''}:${at}`,
    refusals,
  })

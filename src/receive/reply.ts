// What the author of a comment is owed: 👀 where something was accepted, then 🚀, or 😕 and one short reply.

import type { Permission } from '../github/app/permissions.ts'
import type { Event } from '../incident/fold/nouns.ts'
import type { Answer, AnyRefusal } from '../perform/answer.ts'
import type { Executed } from '../shell/execute.ts'
import type { Place, Shell } from '../shell/shell.ts'
import type { CommentDelivery, Read } from './commands.ts'
import { isEnough, type Subject } from './subject.ts'

/** A person without the right is told once per issue and hour; further tries get 😕 alone. The same holds for all that
 * a stranger is told, `/help` apart from the rest: the comments that GitHub lets Mayday write belong to the incidents. */
export const TELL_AGAIN_AFTER = 60 * 60_000

type Asked = { place: Place; subject: Subject; read: readonly Read[]; has: Permission }

/** To be called in the transaction that ends the delivery: what may be told once must not be used up by an attempt. */
export async function answerTo(
  shell: Shell,
  { comment, issue, sender }: CommentDelivery,
  { place, subject, read, has }: Asked,
): Promise<Answer> {
  const stranger = !isEnough(has, 'triage')
  const mayTell = (what: 'denied' | 'help'): Promise<boolean> =>
    shell.store.mayTell(`${what}:${place.repository.id}#${issue.number}:${sender.login}`, {
      now: shell.now(),
      pause: TELL_AGAIN_AFTER,
      installation: place.repository.installation,
    })
  const all = read.flatMap((one) => ('refusal' in one ? [one.refusal] : []))
  const isSeldom = (one: AnyRefusal): boolean => stranger || one.code === 'permission'
  const tell = !all.some(isSeldom) || (await mayTell('denied'))
  const asked = read.some((one) => 'help' in one)
  const help = asked && (!stranger || (await mayTell('help')))
  const summary = read.flatMap((one) => ('summary' in one ? [one.summary] : [])).at(0)
  const accepted = help || summary !== undefined || read.some((one) => 'facts' in one)
  const failed = all.length > 0 || help !== asked
  return {
    repository: place.repository.id,
    number: issue.number,
    comment: comment.id,
    key: String(comment.id),
    reactions: [...(accepted ? (['eyes'] as const) : []), failed ? 'confused' : 'rocket'],
    refusals: all.filter((one) => tell || !isSeldom(one)),
    help,
    ...(summary !== undefined && { summary }),
    ...((subject.role === 'item' || subject.role === 'review') && { on: subject.role }),
    name: `#${issue.number}`,
  }
}

/** The answer once the facts are folded: what the incident refused is told too; 🚀 waits for a hotfix to be open. */
export function completed(answer: Answer, { after }: Executed, facts: readonly Event[]): Answer {
  const refused = facts
    .flatMap((fact) => after.refused[fact.key] ?? [])
    .filter((one) => after.declared || one.code !== 'not-declared')
  const refusals = [...answer.refusals, ...refused]
  const failed = answer.reactions.includes('confused') || refused.length > 0
  const waits = facts.some((fact) => fact.kind === 'hotfix-asked' && !after.refused[fact.key])
  const last = failed ? (['confused'] as const) : waits ? [] : (['rocket'] as const)
  return { ...answer, refusals, reactions: ['eyes', ...last], name: after.id || answer.name }
}

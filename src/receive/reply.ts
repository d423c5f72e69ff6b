// The reply to a comment with commands: 👀 where something was accepted, then 🚀, or 😕 and one short comment.
import type { Permission } from '../github/app/permissions.ts'
import type { Event } from '../incident/fold/nouns.ts'
import type { Answer, AnyRefusal } from '../shell/answer.ts'
import type { Executed } from '../shell/execute.ts'
import type { Place, Shell } from '../shell/shell.ts'
import type { CommentDelivery, Read } from './commands.ts'
import { isEnough, type Subject } from './subject.ts'

/** A person without the right is told once per issue and hour; further tries get 😕 alone. The same holds for all that
 * a stranger is told, `/help` apart from the rest: the comments that GitHub lets Mayday write belong to the incidents. */
export const TELL_AGAIN_AFTER = 60 * 60_000

type Spoken = { place: Place; subject: Subject; read: readonly Read[]; has: Permission }

/** To be called in the transaction that ends the delivery: a failed attempt must not use up what is told once an hour. */
export async function replyTo(
  shell: Shell,
  { comment, issue, sender }: CommentDelivery,
  { place, subject, read, has }: Spoken,
): Promise<Answer> {
  const stranger = !isEnough(has, 'triage')
  const mayTell = (what: 'denied' | 'help'): Promise<boolean> =>
    shell.store.leases.acquire(`${what}:${place.repository.id}#${issue.number}:${sender.login}`, {
      now: shell.now(),
      holdMs: TELL_AGAIN_AFTER,
      installation: place.repository.installation,
    })
  const all = read.flatMap((line) => ('refusal' in line ? [line.refusal] : []))
  const isLimited = (refusal: AnyRefusal): boolean => stranger || refusal.code === 'permission'
  const tells = !all.some(isLimited) || (await mayTell('denied'))
  const asksHelp = read.some((line) => 'help' in line)
  const help = asksHelp && (!stranger || (await mayTell('help')))
  const summary = read.flatMap((line) => ('summary' in line ? [line.summary] : [])).at(0)
  const accepted = help || summary !== undefined || read.some((line) => 'facts' in line)
  const failed = all.length > 0 || help !== asksHelp
  return {
    repository: place.repository.id,
    number: issue.number,
    comment: comment.id,
    key: String(comment.id),
    reactions: [...(accepted ? (['eyes'] as const) : []), failed ? 'confused' : 'rocket'],
    refusals: all.filter((refusal) => tells || !isLimited(refusal)),
    help,
    ...(summary !== undefined && { summary }),
    ...((subject.role === 'item' || subject.role === 'review') && { on: subject.role }),
    name: `#${issue.number}`,
  }
}

/** The reply once the facts are folded: it also tells what the incident refused; 🚀 waits until a hotfix is open. */
export function withOutcome(reply: Answer, { after }: Executed, facts: readonly Event[]): Answer {
  const refused = facts
    .flatMap((fact) => after.refused[fact.key] ?? [])
    .filter((refusal) => after.declared || refusal.code !== 'not-declared')
  const refusals = [...reply.refusals, ...refused]
  const failed = reply.reactions.includes('confused') || refused.length > 0
  const waits = facts.some((fact) => fact.kind === 'hotfix-asked' && !after.refused[fact.key])
  const last = failed ? (['confused'] as const) : waits ? [] : (['rocket'] as const)
  return { ...reply, refusals, reactions: ['eyes', ...last], name: after.id || reply.name }
}

// What happens to a comment later: it is edited or deleted, or somebody ticks a box of the living comment.

import { isCommandCandidate, parse } from '../command/comment/parse.ts'
import { factOf, isRefusal } from '../command/table/meaning.ts'
import { placed, ticks } from '../github/webhook/by-hand.ts'
import { RANK } from '../incident/base/placement.ts'
import { wordsIn } from '../incident/fold/fold.ts'
import type { Event, Fact } from '../incident/fold/nouns.ts'
import { unescaped } from '../markdown.ts'
import { enqueue } from '../shell/jobs.ts'
import { forgetPart, forgetText } from '../shell/look-again.ts'
import type { Place, Shell } from '../shell/shell.ts'
import { isOf, type Ref, type Target } from '../store/store.ts'
import { type CommentDelivery, contextOf } from './commands.ts'
import type { Handled } from './conclude.ts'
import { mayPutBack, refusalOf } from './put-back.ts'
import { incidentOf, isEnough, isOwnAct, permissionFor, type Subject } from './subject.ts'

type Part = Ref<'living' | 'continuation'>
type Thread = { place: Place; subject: Subject }
/** `part`: the living comment or one of its continuations, where the comment is that. */
type Change = { place: Place; subject: Subject; part: { ref: Part; target: Target } | null }

/** An edited comment is not run again: its timeline text follows the edit. A tick in the living comment is a
 * person's act. */
export async function onEdited(shell: Shell, delivery: CommentDelivery, thread: Thread): Promise<Handled> {
  const { place, subject } = thread
  const change = await changeOf(shell, delivery, thread)
  if (!change) return { place }
  const { part } = change
  if (part?.ref.kind === 'living') return onLivingEdited(shell, delivery, { place, ...part })
  const facts = await edited(shell, delivery, change)
  return { place, stated: [{ of: incidentOf(subject, delivery.issue), facts }] }
}

/** A deleted comment's note is struck out; the living comment and its continuations come back, once: who deletes one again
 * does not want it, and gets no other. */
export async function onDeleted(shell: Shell, delivery: CommentDelivery, thread: Thread): Promise<Handled> {
  const { place, subject } = thread
  const change = await changeOf(shell, delivery, thread)
  if (!change) return { place }
  const { part } = change
  const { comment, issue } = delivery
  const fact: Fact = { kind: 'comment-deleted', comment: comment.id }
  const known = part || (await standsBehind(shell, delivery, change)) !== null
  const facts = known ? [after(delivery, fact, { key: `deleted:${comment.id}`, place: 1 })] : []
  return {
    place,
    stated: [{ of: incidentOf(subject, issue), facts }],
    along: async () => {
      const now = part && (await currentPart(shell, part.ref))
      if (now) await forgetPart(shell, now)
    },
  }
}

/** The incident that the comment may have spoken to; null where Mayday changed its own comment. */
async function changeOf(
  shell: Shell,
  { comment, sender }: CommentDelivery,
  { place, subject }: Thread,
): Promise<Change | null> {
  if (subject.role === 'none' || (await isOwnAct(place, sender))) return null
  if (!('target' in subject)) return { place, subject, part: null }
  const { target } = subject
  const refs = await shell.store.refs.of(target.incident)
  const ref = refs
    .filter(isOf('living', 'continuation'))
    .find(({ body }) => body.state === 'written' && body.id === comment.id)
  return { place, subject, part: ref ? { ref, target } : null }
}

/** The same part of the timeline as it is remembered now; null where another comment took its place meanwhile. */
async function currentPart(shell: Shell, { incident, kind, key, body }: Part): Promise<Part | null> {
  const now = await shell.store.refs.get(incident, kind, key)
  return now && idOf(now.body) === idOf(body) ? now : null
}

const idOf = (body: Part['body']): number | null => (body.state === 'written' ? body.id : null)

async function onLivingEdited(
  shell: Shell,
  delivery: CommentDelivery,
  { place, ref, target }: { place: Place; ref: Part; target: Target },
): Promise<Handled> {
  const { sender } = delivery
  const facts = ticked(delivery)
  const has = facts.length > 0 ? await permissionFor(place, sender) : 'none'
  const may = isEnough(has, 'triage')
  const change = { ...delivery, action: 'ticked' }
  return {
    place,
    stated: may ? [{ of: target, facts }] : [],
    along: async () => {
      const now = await currentPart(shell, ref)
      if (now) await forgetText(shell, now)
      if (may || facts.length === 0 || !(await mayPutBack(shell, change, place))) return undefined
      await enqueue(shell, target, { do: 'sync-issue' })
      const refusal = { code: 'put-back', change: 'ticked', has, user: sender.login } as const
      return refusalOf(change, { place, refusals: [refusal] })
    },
  }
}

/** The boxes ticked or cleared, each under the words that the checklist has for it. */
const ticked = ({ comment, sender, at }: CommentDelivery): Event[] =>
  ticks(comment.bodyBefore ?? '', comment.body).map(({ text, checked }, index) =>
    placed(
      { kind: 'ticked', text: unescaped(text), checked },
      {
        key: `tick:${comment.id}:${at}:${index}`,
        at,
        rank: RANK.comment,
        by: sender.login,
        index,
        url: comment.url,
      },
    ),
  )

async function edited(shell: Shell, delivery: CommentDelivery, change: Change): Promise<Event[]> {
  const { comment, at } = delivery
  const stated = await standsBehind(shell, delivery, change)
  if (stated === null) return []
  const texts = textsOf(delivery, { ...change, stated })
  const fact: Fact = { kind: 'comment-edited', comment: comment.id, texts }
  return [after(delivery, fact, { key: `edited:${comment.id}:${at}`, place: 0 })]
}

/** What the comment says now, each text in the place that its command had when it was written: where commands were put in
 * or taken away, those of one kind keep their order. Empty where no words are left. */
function textsOf(
  delivery: CommentDelivery,
  { place, subject, stated }: Change & { stated: readonly Event[] },
): (string | null)[] {
  const now = factsNow(delivery, { place, subject })
  const words = (fact: Fact | null | undefined): string => (fact && wordsIn(fact)) ?? ''
  if (stated.every((event) => now[event.index]?.kind === event.kind)) return now.map(words)
  const texts: (string | null)[] = []
  for (const [kind, events] of Map.groupBy(stated, (event) => event.kind)) {
    const same = now.filter((fact) => fact?.kind === kind)
    for (const [order, event] of events.entries()) texts[event.index] = words(same[order])
  }
  return Array.from(texts, (text) => text ?? null)
}

/** The fact that each line of the comment would state, were it written now. */
const factsNow = (
  { comment, issue, sender, at }: CommentDelivery,
  { place, subject }: Pick<Change, 'place' | 'subject'>,
): (Fact | null)[] =>
  parse(comment.body, contextOf(place)).map((line) => {
    if (!('command' in line)) return null
    const { policy, calendar } = place
    const fact = factOf(line.command, {
      ...{ by: sender.login, at, policy, calendar, key: '' },
      item: subject.role === 'item' ? subject.key : null,
      issue: { ...issue, severity: null },
      // Of words alone nothing is asked about the world around them.
      exposed: false,
      incidents: new Map(),
    })
    return fact && !isRefusal(fact) ? fact : null
  })

/** What happened to a comment, not what it said. */
const isChange = ({ kind }: Event): boolean => kind === 'comment-edited' || kind === 'comment-deleted'

/** The facts that the comment has stated. Its change may arrive before it does: then whoever may speak is believed. Null:
 * the comment states no fact, so its change is none either. */
async function standsBehind(
  shell: Shell,
  { comment, sender }: CommentDelivery,
  { place, subject }: Change,
): Promise<Event[] | null> {
  const known = 'target' in subject ? await shell.store.events.of(subject.target.incident) : []
  const facts = known.filter((event) => event.rank === RANK.comment && event.origin === comment.id)
  if (facts.length > 0) return facts.filter((fact) => !isChange(fact))
  if (!isCommandCandidate(`${comment.bodyBefore ?? ''}\n${comment.body}`)) return null
  return isEnough(await permissionFor(place, sender), 'triage') ? [] : null
}

/** GitHub's times are whole seconds, and a deletion carries that of the comment's last change: within it, what happened to
 * a comment counts after what it said. */
function after(
  { comment, sender, at }: CommentDelivery,
  fact: Fact,
  { key, place }: { key: string; place: number },
): Event {
  const index = 1_000_000 + place
  return placed(fact, { key, at, rank: RANK.comment, by: sender.login, origin: comment.id, index })
}

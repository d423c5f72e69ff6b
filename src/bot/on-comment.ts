// A comment: its commands become facts, what cannot be done gets one short answer; edits and deletions follow.
import { placed, severityOfForm, severityOfLabels, ticks } from '../github/by-hand.ts'
import type { Permission } from '../github/permissions.ts'
import { answerable, type Line, parse, rightFor } from '../github/slash.ts'
import { TABLE } from '../github/slash-table.ts'
import type { Delivery } from '../github/webhook.ts'
import { asked, isRefusal } from '../incident/asked.ts'
import type { Command } from '../incident/command.ts'
import { type Event, type Fact, RANK } from '../incident/event.ts'
import type { Answer, AnyRefusal } from './answer.ts'
import type { Executed } from './execute.ts'
import { placeOfDelivery } from './settings.ts'
import type { Place, Shell } from './shell.ts'
import {
  commit,
  finish,
  highest,
  isEnough,
  isOwnAct,
  isStrangeBot,
  makeIncident,
  permissionFor,
  queueAnswer,
  type Subject,
  subjectOf,
} from './subject.ts'

type CommentDelivery = Extract<Delivery, { kind: 'comment' }>

/** A person without the right is told once per issue and hour; further tries get 😕 alone. */
const TELL_AGAIN_AFTER = 60 * 60_000

export async function onComment(shell: Shell, delivery: CommentDelivery, guid: string): Promise<void> {
  const place = await placeOfDelivery(shell, delivery)
  const { number, labels, pull } = delivery.issue
  // No declaration will come for a pull request, whatever label it carries.
  const subject = await subjectOf(shell, place, { number, labels: pull ? [] : labels })
  if (delivery.action === 'edited') return onEdited(shell, delivery, { place, subject, guid })
  if (delivery.action === 'deleted') return onDeleted(shell, delivery, { place, subject, guid })
  if (delivery.action !== 'created' || isStrangeBot(place, delivery.sender)) return finish(shell, place, guid)
  const lines = readLines(delivery, place, subject)
  if (lines.length === 0) return finish(shell, place, guid)
  const needs = highest(
    lines.map(({ line }) => ('command' in line ? rightFor(line.command, place.repository) : 'none')),
  )
  const has = await permissionFor(place, delivery.sender, needs)
  const read = lines.flatMap((one) => readLine(one, { delivery, place, subject, has }))
  await carryOut(shell, delivery, { place, subject, guid, read, lines })
}

type Around = { place: Place; subject: Subject; guid: string }
type Placed = { line: Line; index: number }
/** What a line comes to: facts to store, a refusal to tell, or the wish for help. */
type Read = { facts: Event[] } | { refusal: AnyRefusal } | { help: true }

const WHERE = {
  incident: 'incident',
  pending: 'incident',
  hotfix: 'hotfix',
  review: 'related',
  item: 'related',
  none: 'elsewhere',
} as const

function readLines({ comment }: CommentDelivery, { policy }: Place, subject: Subject): Placed[] {
  const severities = policy.severities.map((severity) => severity.key)
  return parse(comment.body, { severities })
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => answerable(line, WHERE[subject.role]))
}

type Reading = { delivery: CommentDelivery; place: Place; subject: Subject; has: Permission }

function readLine({ line, index }: Placed, reading: Reading): Read[] {
  if ('mistake' in line) return [{ refusal: { code: 'sentence', sentence: line.mistake.sentence } }]
  if ('unknown' in line) return [{ refusal: { code: 'sentence', sentence: line.sentence } }]
  const { command } = line
  const { place, delivery, has } = reading
  if (command.verb === 'help') return [{ help: true }]
  const needs = rightFor(command, place.repository)
  if (!isEnough(has, needs))
    return [
      { refusal: { code: 'permission', given: `/${command.verb}`, needs, has, user: delivery.sender.login } },
    ]
  if (TABLE[command.verb].notYet) return [{ refusal: { code: 'unavailable', verb: command.verb } }]
  return factsOf(command, index, reading)
}

function factsOf(command: Command, index: number, { delivery, place, subject }: Reading): Read[] {
  const { comment, sender, at, issue } = delivery
  if (subject.role === 'none') {
    if (issue.pull && (command.verb === 'declare' || command.verb === 'drill'))
      return [{ refusal: { code: 'on-pull' } }]
    if (command.verb !== 'declare' && command.verb !== 'drill') return [{ refusal: { code: 'not-declared' } }]
  }
  const key = `comment:${comment.id}:${index}`
  const asking = {
    by: sender.login,
    at,
    policy: place.policy,
    calendar: place.calendar,
    key,
    issue,
    item: subject.role === 'item' ? subject.key : null,
  }
  const fact = asked(command, asking)
  if (fact === null) return []
  if (isRefusal(fact)) return [{ refusal: fact }]
  const put = (one: Fact, part = ''): Event =>
    placed(one, {
      key: `${key}${part}`,
      at,
      rank: RANK.comment,
      origin: comment.id,
      index,
      by: sender.login,
      url: comment.url,
    })
  return [
    {
      facts: [
        ...extras(command, { fact, delivery, place, subject }).map((one, part) => put(one, `:${part + 1}`)),
        put(fact),
      ],
    },
  ]
}

/** What some commands mean beside their own fact. */
function extras(
  command: Command,
  {
    fact,
    delivery,
    place,
    subject,
  }: { fact: Fact; delivery: CommentDelivery; place: Place; subject: Subject },
): Fact[] {
  const { issue, at } = delivery
  if (fact.kind === 'declared' && !fact.severity) {
    const severity = severityOfLabels(issue.labels, place.policy) ?? severityOfForm(issue.body, place.policy)
    if (severity) fact.severity = severity
  }
  if (command.verb === 'drill' && subject.role === 'none') {
    const declared = asked(
      { verb: 'declare' },
      { by: '', at, policy: place.policy, calendar: place.calendar, key: '', issue, item: null },
    )
    return declared && !isRefusal(declared) ? [declared] : []
  }
  return []
}

async function carryOut(
  shell: Shell,
  delivery: CommentDelivery,
  { place, subject, guid, read }: Around & { read: Read[]; lines: Placed[] },
): Promise<void> {
  const facts = read.flatMap((one) => ('facts' in one ? one.facts : []))
  const refusals = read.flatMap((one) => ('refusal' in one ? [one.refusal] : []))
  const help = read.some((one) => 'help' in one)
  const answer = await answerTo(shell, delivery, {
    place,
    refusals,
    help,
    accepted: facts.length > 0 || help,
  })
  if (facts.length === 0) return finish(shell, place, guid, { answer })
  await shell.database.inTx(async () => {
    const target = 'target' in subject ? subject.target : await makeIncident(shell, place, delivery.issue)
    await commit(shell, target, {
      place,
      guid,
      facts,
      also: (executed) => queueAnswer(shell, place, { answer: completed(answer, executed, facts) }),
    })
  })
}

type Owed = { place: Place; refusals: AnyRefusal[]; help: boolean; accepted: boolean }

async function answerTo(
  shell: Shell,
  { comment, issue, sender }: CommentDelivery,
  { place, refusals, help, accepted }: Owed,
): Promise<Answer> {
  const denied = refusals.some((one) => one.code === 'permission')
  const tell =
    !denied ||
    (await shell.store.mayTell(`denied:${place.repository.id}#${issue.number}:${sender.login}`, {
      now: shell.now(),
      pause: TELL_AGAIN_AFTER,
    }))
  return {
    repository: place.repository.id,
    number: issue.number,
    comment: comment.id,
    key: String(comment.id),
    reactions: [...(accepted ? (['eyes'] as const) : []), refusals.length > 0 ? 'confused' : 'rocket'],
    refusals: refusals.filter((one) => tell || one.code !== 'permission'),
    help,
    name: `#${issue.number}`,
  }
}

/** The answer once the facts are folded: what the incident refused is told too; 🚀 waits for a hotfix to be open. */
function completed(answer: Answer, { after }: Executed, facts: readonly Event[]): Answer {
  const refused = facts
    .flatMap((fact) => after.refused[fact.key] ?? [])
    .filter((one) => after.declared || one.code !== 'not-declared')
  const refusals = [...answer.refusals, ...refused]
  const failed = answer.reactions.includes('confused') || refused.length > 0
  const waits = facts.some((fact) => fact.kind === 'hotfix-asked' && !after.refused[fact.key])
  const last = failed ? (['confused'] as const) : waits ? [] : (['rocket'] as const)
  return { ...answer, refusals, reactions: ['eyes', ...last], name: after.id || answer.name }
}

/** GitHub's times are whole seconds, and a deletion carries that of the comment's last change: within it, what happened to
 * a comment counts after what it said. */
const afterWords = (comment: number, place: number): { origin: number; index: number } => ({
  origin: comment,
  index: 1_000_000 + place,
})

/** An edited comment is not run again: its timeline text follows the edit. A tick in the living comment is a
 * person's act. */
async function onEdited(
  shell: Shell,
  delivery: CommentDelivery,
  { place, subject, guid }: Around,
): Promise<void> {
  const { comment, sender, at } = delivery
  if (subject.role !== 'incident' || (await isOwnAct(place, sender))) return finish(shell, place, guid)
  const { target } = subject
  const living = await shell.store.ref(target.incident, 'living', '')
  if (living?.body.id === comment.id) {
    const { hash: _, ...body } = living.body
    await shell.store.putRef({ ...living, body })
    const has = await permissionFor(place, sender, 'triage')
    const ticked = isEnough(has, 'triage') ? ticks(comment.bodyBefore ?? '', comment.body) : []
    const facts = ticked.map((tick, index) =>
      placed(
        { kind: 'ticked', ...tick },
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
    await commit(shell, target, { place, guid, facts })
    return
  }
  const texts = parse(comment.body).map((line) =>
    'command' in line && 'text' in line.command ? (line.command.text ?? null) : null,
  )
  const fact = placed(
    { kind: 'comment-edited', comment: comment.id, texts },
    {
      key: `edited:${comment.id}:${at}`,
      at,
      rank: RANK.comment,
      by: sender.login,
      ...afterWords(comment.id, 0),
    },
  )
  const known = (await shell.store.events(target.incident)).some(
    (event) => event.rank === RANK.comment && event.origin === comment.id,
  )
  await commit(shell, target, { place, guid, facts: known ? [fact] : [] })
}

/** A deleted comment's note is struck out; the living comment comes back, once. */
async function onDeleted(
  shell: Shell,
  delivery: CommentDelivery,
  { place, subject, guid }: Around,
): Promise<void> {
  const { comment, sender, at } = delivery
  if (subject.role !== 'incident' || (await isOwnAct(place, sender))) return finish(shell, place, guid)
  const { target } = subject
  const living = await shell.store.ref(target.incident, 'living', '')
  if (living?.body.id === comment.id) await shell.store.dropRef(target.incident, 'living', '')
  const fact = placed(
    { kind: 'comment-deleted', comment: comment.id },
    { key: `deleted:${comment.id}`, at, rank: RANK.comment, by: sender.login, ...afterWords(comment.id, 1) },
  )
  await commit(shell, target, { place, guid, facts: [fact] })
}

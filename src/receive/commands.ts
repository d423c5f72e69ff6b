// What the commands of one comment come to: facts to store, refusals to tell, the wish for help; pure.

import { answerable, type CommandLine, parse, verbOf } from '../command/comment/parse.ts'
import type { ReadContext } from '../command/row.ts'
import { factOf, incidentIn, isRefusal } from '../command/table/meaning.ts'
import { type Command, rightFor, rowOf } from '../command/table/table.ts'
import type { Permission } from '../github/app/permissions.ts'
import { placed, severityOf } from '../github/webhook/by-hand.ts'
import type { Delivery } from '../github/webhook/delivery.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Event } from '../incident/fold/nouns.ts'
import type { AnyRefusal } from '../shell/answer.ts'
import type { Place } from '../shell/shell.ts'
import { isEnough, type Subject } from './subject.ts'

export type CommentDelivery = Extract<Delivery, { kind: 'comment' }>

export type Placed = { line: CommandLine; index: number }

/** What a line comes to. */
export type Read = { facts: Event[] } | { refusal: AnyRefusal } | { help: true } | { summary: number }

/** The statuses of the incidents that commands name, by the numbers of their issues. */
type Incidents = ReadonlyMap<number, string>

/** What decides of a place where people speak. */
type Rules = Pick<Place, 'policy' | 'calendar'> & { repository: { private: boolean } }

/** `alone`: nobody but the sender may write in the repository. */
export type Reading = {
  delivery: CommentDelivery
  place: Rules
  subject: Subject
  has: Permission
  alone: boolean
  incidents: Incidents
  /** Whom the commands name and who is nobody here. */
  strangers: ReadonlySet<string>
}

const WHERE = {
  incident: 'incident',
  pending: 'incident',
  hotfix: 'hotfix',
  review: 'related',
  item: 'related',
  none: 'elsewhere',
} as const

/** What the parser has to know of the repository. */
export const contextOf = ({ policy }: Pick<Place, 'policy'>): ReadContext => ({
  severities: policy.severities.map((severity) => severity.key),
})

/** The lines of a comment that Mayday acts on or answers, each with its place among all of them. */
export function readLines({ comment }: CommentDelivery, place: Place, subject: Subject): Placed[] {
  return parse(comment.body, contextOf(place))
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => answerable(line, WHERE[subject.role]))
}

/** The issues that the lines call other incidents. */
export const namedIn = (lines: readonly Placed[]): number[] =>
  lines.flatMap(({ line }) => ('command' in line ? (incidentIn(line.command) ?? []) : []))

/** Who may not is told so first: the right form would not help them. */
export function readLine({ line, index }: Placed, reading: Reading): Read[] {
  const { place, delivery, has } = reading
  const verb = verbOf(line)
  const command = 'command' in line ? line.command : undefined
  const needs = verb && rightFor(verb, place.repository, command)
  if (needs && !isEnough(has, needs.right)) {
    const user = delivery.sender.login
    return [{ refusal: { code: 'permission', given: needs.as, needs: needs.right, has, user } }]
  }
  const { given } = line
  if ('mistake' in line) return [{ refusal: { code: 'mistake', given, ...line.mistake } }]
  if ('unknown' in line) return [{ refusal: { code: 'unknown', given, near: line.usage ?? '' } }]
  return meant(line.command, index, reading)
}

/** What a command comes to whose sender may say it. */
function meant(command: Command, index: number, reading: Reading): Read[] {
  const row = rowOf(command.verb)
  if ('notYet' in row) return [{ refusal: { code: 'unavailable', verb: command.verb, until: row.notYet } }]
  if (!('answer' in row)) return factsOf(command, index, reading)
  if (row.answer === 'help') return [{ help: true }]
  return 'target' in reading.subject
    ? [{ summary: reading.subject.target.incident }]
    : [{ refusal: { code: 'not-declared' } }]
}

function factsOf(command: Command, index: number, reading: Reading): Read[] {
  const { delivery, place, subject, alone, incidents, strangers } = reading
  const { comment, sender, at, issue } = delivery
  const plain = subject.role === 'none'
  const { begins } = rowOf(command.verb)
  if (plain && begins && issue.pull) return [{ refusal: { code: 'on-pull' } }]
  if (plain && !begins) return [{ refusal: { code: 'not-declared' } }]
  const key = `comment:${comment.id}:${index}`
  const fact = factOf(command, {
    by: sender.login,
    at,
    policy: place.policy,
    calendar: place.calendar,
    key,
    issue: { ...issue, severity: severityOf(issue, place.policy) },
    plain,
    exposed: !place.repository.private,
    incidents,
    strangers,
    item: subject.role === 'item' ? subject.key : null,
    alone,
  })
  if (fact === null) return []
  if (isRefusal(fact)) return [{ refusal: fact }]
  const { id: origin, url } = comment
  return [{ facts: [placed(fact, { key, at, rank: RANK.comment, origin, index, by: sender.login, url })] }]
}

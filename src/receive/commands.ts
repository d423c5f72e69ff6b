// What the commands of one comment come to: facts to store, refusals to tell, the wish for help; pure.

import type { Command } from '../command/command.ts'
import { answerable, type Line, parse, rightFor, verbOf } from '../command/comment/parse.ts'
import { asked, isRefusal } from '../command/meaning.ts'
import type { Context } from '../command/read.ts'
import { TABLE } from '../command/table.ts'
import type { Permission } from '../github/app/permissions.ts'
import { placed, severityOf } from '../github/webhook/by-hand.ts'
import type { Delivery } from '../github/webhook/delivery.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Event } from '../incident/fold/nouns.ts'
import type { AnyRefusal } from '../shell/answer.ts'
import type { Place } from '../shell/shell.ts'
import { isEnough, type Subject } from './subject.ts'

export type CommentDelivery = Extract<Delivery, { kind: 'comment' }>

export type Placed = { line: Line; index: number }

/** What a line comes to. */
export type Read = { facts: Event[] } | { refusal: AnyRefusal } | { help: true } | { summary: number }

/** The statuses of the incidents that commands name, by the numbers of their issues. */
export type Incidents = ReadonlyMap<number, string>

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
export const contextOf = ({ policy }: Pick<Place, 'policy'>): Context => ({
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
  lines.flatMap(({ line }) =>
    'command' in line && line.command.verb === 'duplicate' ? [line.command.number] : [],
  )

/** Who may not is told so first: the right form would not help them. */
export function readLine({ line, index }: Placed, reading: Reading): Read[] {
  const { place, delivery, has } = reading
  const verb = verbOf(line)
  const command = 'command' in line ? line.command : undefined
  const needs = verb ? rightFor(verb, place.repository, command) : 'none'
  const user = delivery.sender.login
  if (!isEnough(has, needs)) {
    const given = command?.verb === 'update' && command.public ? '/update --public' : `/${verb}`
    return [{ refusal: { code: 'permission', given, needs, has, user } }]
  }
  if ('mistake' in line) return [{ refusal: { code: 'sentence', sentence: line.mistake.sentence } }]
  if ('unknown' in line) return [{ refusal: { code: 'sentence', sentence: line.sentence } }]
  if (line.command.verb === 'help') return [{ help: true }]
  if (line.command.verb === 'summary')
    return [
      'target' in reading.subject
        ? { summary: reading.subject.target.incident }
        : { refusal: { code: 'not-declared' } },
    ]
  const until = TABLE[line.command.verb].notYet
  if (until) return [{ refusal: { code: 'unavailable', verb: line.command.verb, until } }]
  return factsOf(line.command, index, reading)
}

function factsOf(command: Command, index: number, reading: Reading): Read[] {
  const { delivery, place, subject, alone, incidents, strangers } = reading
  const { comment, sender, at, issue } = delivery
  if (subject.role === 'none') {
    if (issue.pull && (command.verb === 'declare' || command.verb === 'drill'))
      return [{ refusal: { code: 'on-pull' } }]
    if (command.verb !== 'declare' && command.verb !== 'drill') return [{ refusal: { code: 'not-declared' } }]
  }
  const key = `comment:${comment.id}:${index}`
  // On a plain issue an exercise begins by being declared.
  const meant: Command = command.verb === 'drill' && subject.role === 'none' ? { verb: 'declare' } : command
  const fact = asked(meant, {
    by: sender.login,
    at,
    policy: place.policy,
    calendar: place.calendar,
    key,
    issue: { ...issue, severity: severityOf(issue, place.policy) },
    exposed: !place.repository.private,
    incidents,
    strangers,
    item: subject.role === 'item' ? subject.key : null,
    alone,
  })
  if (fact === null) return []
  if (isRefusal(fact)) return [{ refusal: fact }]
  if (fact.kind === 'declared' && command.verb === 'drill') fact.drill = true
  const { id: origin, url } = comment
  return [{ facts: [placed(fact, { key, at, rank: RANK.comment, origin, index, by: sender.login, url })] }]
}

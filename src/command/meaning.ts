// What a command means: the fact that it states, read with the repository's policy, calendar and the comment's time.

import { MILESTONES, type Status } from '../incident/base/lifecycle.ts'
import type { Refusal } from '../incident/base/refusal.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import { parseDuration } from '../incident/policy/duration.ts'
import {
  type Calendar,
  findService,
  findSeverity,
  findType,
  type Policy,
  reviewRule,
} from '../incident/policy/policy.ts'
import { CANCEL_REASONS } from '../incident/status.ts'
import type { Command, Verb } from './command.ts'
import { declared, unknownSeverity } from './declaring.ts'
import { paged, stranger } from './paging.ts'

export type Asking = {
  by: string
  at: number
  policy: Policy
  calendar: Calendar
  /** Unique for the command: the comment and its place in it. */
  key: string
  /** `severity` is what the issue itself names. */
  issue: { number: number; title: string; severity: string | null }
  /** Everybody can read the repository. */
  exposed: boolean
  /** The status of each incident that the commands name, by its issue's number; others are none. */
  incidents: ReadonlyMap<number, string>
  /** Set where the comment stands on an action item's own issue. */
  item: string | null
  /** Who of those that the commands name is nobody here, as mentions. */
  strangers?: ReadonlySet<string>
  /** Set where the sender alone may write in the repository. */
  alone?: boolean
}

/** Verbs that speak of one action item and so belong on its issue. */
const ON_ITEM: readonly Verb[] = ['due', 'snooze', 'wontfix', 'assign']

/** The fact behind a command, or why it has none. Commands that state no fact (`/help`) give null. */
export function asked(command: Command, asking: Asking): Fact | Refusal | null {
  const refusal = stranger(command, asking)
  if (refusal) return refusal
  if (ON_ITEM.includes(command.verb)) return askedOfItem(command, asking)
  return askedOfLife(command, asking) ?? askedOfFacts(command, asking) ?? askedOfWork(command, asking)
}

export const isRefusal = (answer: Fact | Refusal): answer is Refusal => 'code' in answer

function askedOfLife(command: Command, asking: Asking): Fact | Refusal | null {
  switch (command.verb) {
    case 'declare':
      return declared(command, asking)
    case 'accept':
      return { kind: 'accepted' }
    case 'drill':
      return { kind: 'drilled' }
    case 'ack':
      return { kind: 'acknowledged' }
    case 'status':
      return {
        kind: 'status-set',
        status: command.status as Status,
        ...(command.note && { note: command.note }),
      }
    case 'resolve':
      return {
        kind: 'resolved',
        ...(command.summary && { summary: command.summary }),
        review: reviewRule(asking.policy),
      }
    case 'reopen':
      return { kind: 'reopened', ...(command.why && { why: command.why }) }
    case 'cancel': {
      const reason = CANCEL_REASONS.find((one) => one === command.reason.toLowerCase())
      if (!reason) return { code: 'reason', given: command.reason, allowed: CANCEL_REASONS }
      return { kind: 'cancelled', reason, ...(command.text && { text: command.text }) }
    }
    case 'duplicate':
      return duplicateOf(command.number, asking)
    case 'related':
      return { kind: 'related', number: command.number }
    default:
      return null
  }
}

/** Another incident of this repository that stands. */
function duplicateOf(number: number, { issue, incidents }: Asking): Fact | Refusal {
  const status = number === issue.number ? undefined : incidents.get(number)
  if (status === undefined) return { code: 'no-incident', number }
  if (status === 'cancelled') return { code: 'cancelled-there', number }
  return { kind: 'cancelled', reason: 'duplicate', duplicateOf: number }
}

function askedOfFacts(command: Command, asking: Asking): Fact | Refusal | null {
  const { policy, by } = asking
  switch (command.verb) {
    case 'sev': {
      const severity = findSeverity(policy, command.severity)
      if (!severity) return unknownSeverity(command.severity, policy)
      return {
        kind: 'severity-set',
        severity: severity.key,
        ...(command.reason && { reason: command.reason }),
      }
    }
    case 'lead':
      return { kind: 'lead-set', user: command.user ?? by }
    case 'handover':
      return { kind: 'lead-set', user: command.user, ...(command.note && { note: command.note }) }
    case 'role':
      return roleSet(command, asking)
    case 'update':
      return { kind: 'updated', text: command.text, public: command.public }
    case 'note':
      return noted(command, asking)
    case 'amend':
      return { kind: 'entry-amended', entry: command.entry, text: command.text }
    case 'hide':
      return { kind: 'entry-hidden', entry: command.entry }
    case 'show':
      return { kind: 'entry-shown', entry: command.entry }
    case 'set':
      return milestoneSet(command, asking)
    case 'impact':
      return { kind: 'impact-set', text: command.text }
    case 'service':
      return servicesSet(command.services, policy)
    case 'type':
      return typeSet(command.type, asking)
    case 'page':
      return paged(command, asking)
    case 'bridge':
      return { kind: 'bridge-set', url: command.url }
    case 'cause':
      return { kind: 'cause-found', text: command.text }
    case 'suspect':
      return { kind: 'suspected', number: command.number }
    case 'clear':
      return { kind: 'suspect-cleared', number: command.number }
    default:
      return null
  }
}

/** The roles of the repository and those that any type of incident adds. */
function roleSet({ role, user }: Extract<Command, { verb: 'role' }>, { policy, by }: Asking): Fact | Refusal {
  const added = Object.values(policy.types).flatMap((type) => type.roles)
  const allowed = [...new Set([...policy.roles, ...added])]
  const known = allowed.find((one) => one.toLowerCase() === role.toLowerCase())
  if (!known) return { code: 'role', given: role, allowed }
  return { kind: 'role-set', role: known, user: user ?? by }
}

/** Any name will do where the repository names no services. */
function servicesSet(names: readonly string[], policy: Policy): Fact | Refusal {
  const allowed = Object.keys(policy.services)
  const services: string[] = []
  for (const name of names) {
    const known = allowed.length > 0 ? findService(policy, name)?.name : name
    if (!known) return { code: 'service', given: name, allowed }
    services.push(known)
  }
  return { kind: 'services-set', services }
}

function typeSet(given: string, { policy, exposed }: Asking): Fact | Refusal {
  const known = findType(policy, given)
  if (!known) return { code: 'type', given, allowed: Object.keys(policy.types) }
  return {
    kind: 'type-set',
    type: known.name,
    ...(known.type.private && exposed && { exposed: true as const }),
  }
}

function noted(command: Extract<Command, { verb: 'note' }>, { calendar, at }: Asking): Fact | Refusal {
  if (!command.time) return { kind: 'noted', text: command.text }
  const time = calendar.parseTime(command.time, at)
  if (time === null || time > at) return { code: 'time', given: command.time, usage: '/note 10:45 <text>' }
  return { kind: 'noted', text: command.text, time }
}

function milestoneSet(command: Extract<Command, { verb: 'set' }>, { calendar, at }: Asking): Fact | Refusal {
  if (command.milestone === 'cost') return { kind: 'cost-set', text: command.value }
  const milestone = MILESTONES.find((one) => one === command.milestone.toLowerCase())
  if (!milestone) return { code: 'milestone', given: command.milestone, allowed: MILESTONES }
  const time = calendar.parseTime(command.value, at)
  if (time === null || time > at)
    return { code: 'time', given: command.value, usage: `/set ${milestone} 10:10` }
  return { kind: 'milestone-set', milestone, time }
}

function askedOfWork(command: Command, asking: Asking): Fact | Refusal | null {
  switch (command.verb) {
    case 'hotfix':
      return { kind: 'hotfix-asked', ...(command.title && { title: command.title }) }
    case 'revert':
      return { kind: 'hotfix-asked', reverts: command.number }
    case 'review':
      return { kind: 'review-asked', review: reviewRule(asking.policy) }
    case 'waive':
      return { kind: 'review-waived', reason: command.reason }
    case 'approve':
      return { kind: 'review-approved', ...(asking.alone && { alone: true }) }
    case 'action':
      return itemPromised(command, asking)
    default:
      return null
  }
}

function itemPromised(command: Extract<Command, { verb: 'action' }>, asking: Asking): Fact | Refusal {
  const { verb: _, due, repository, ...words } = command
  if (repository) return { code: 'unavailable', verb: 'action in:…' }
  const date = due ? asking.calendar.parseDate(due, asking.at) : undefined
  if (date === null) return { code: 'date', given: due ?? '', usage: '/action due:14d <text>' }
  return { kind: 'item-promised', item: asking.key, source: 'command', ...words, ...(date && { due: date }) }
}

function askedOfItem(command: Command, { item, calendar, at }: Asking): Fact | Refusal | null {
  if (!item) return { code: 'only-on-item', verb: command.verb }
  switch (command.verb) {
    case 'due': {
      const due = calendar.parseDate(command.date, at)
      return due
        ? { kind: 'item-changed', item, due }
        : { code: 'date', given: command.date, usage: '/due 14d' }
    }
    case 'snooze': {
      const length = parseDuration(command.duration)
      if (!length) return { code: 'date', given: command.duration, usage: '/snooze 3d' }
      return { kind: 'item-snoozed', item, until: calendar.add(at, length.duration) }
    }
    case 'wontfix':
      return { kind: 'item-declined', item, reason: command.reason }
    case 'assign':
      return { kind: 'item-changed', item, owner: command.user }
    default:
      return null
  }
}

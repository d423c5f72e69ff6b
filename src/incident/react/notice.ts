// What a comment of Mayday may be about: a change, a question, or what a named person must act on.
import type { Event, FactOf } from '../fold/event.ts'
import type { Incident } from '../fold/incident.ts'
import { owesReason } from '../status.ts'

/** Something was due at `due` and noticed at `at`; `to` are the people, teams and channels that it is for. */
type Timed = { to: string[]; due: number; at: number }
type Change = { from: string; to: string }

/** The words come from the template of the same name. */
export type Notice =
  /** `hotfix`: the pull request that was opened. */
  | { about: 'change'; status?: Change; severity?: Change; by: string | null; why?: string; hotfix?: number }
  | { about: 'ask-severity'; user: string }
  | { about: 'ask-accept' }
  | ({ about: 'escalation'; overdue: boolean; message?: string } & Timed)
  | { about: 'page'; to: string[]; by: string | null; text?: string }
  | ({ about: 'nudge-lead'; last: boolean } & Timed)
  | ({ about: 'nudge-update' } & Timed)
  | ({ about: 'nudge-external' } & Timed)
  | ({ about: 'nudge-handover'; demand: boolean } & Timed)
  | ({ about: 'nudge-quiet' } & Timed)
  | ({ about: 'deadline'; name: string; over: boolean } & Timed)
  | { about: 'review-incomplete'; user: string | null }
  | { about: 'ask-item'; item: string }
  | { about: 'ask-reopen'; user: string }
  | { about: 'hotfix-refused'; why: string; user: string | null; reverts?: number }

/** A comment, found again by its key. */
export type Say = { do: 'say'; key: string; notice: Notice; on?: 'review' | 'item' }
/** A call for people, through every channel that reaches one of them; `of` are the keys of the facts behind it. */
export type Page = {
  do: 'page'
  key: string
  of: string[]
  notice: Extract<Notice, { about: 'escalation' | 'page' }>
}

/** One line for what changed, and the questions that a change raises. */
export function changes(before: Incident, after: Incident, added: readonly Event[]): Say[] {
  if (after.backfilled) return []
  if (!before.declared) return firstWords(after)
  return [...change(before, after, added), ...whyReopened(after, added)]
}

/** Status and severity that changed together are told together. */
function change(before: Incident, after: Incident, added: readonly Event[]): Say[] {
  const status = after.status === before.status ? undefined : after.statuses.at(-1)
  const severity = after.severity === before.severity ? undefined : after.severities.at(-1)
  if (!status && !severity) return []
  const set = added.find((one) => one.kind === 'severity-set' && one.severity === after.severity)
  const cause = added.find((one) => one.key === status?.key)
  const words = status?.note ?? (cause && saidBy(cause))
  const why = words ?? (severity && set?.kind === 'severity-set' ? set.reason : undefined)
  const notice: Notice = {
    about: 'change',
    ...(status && { status: { from: before.status, to: after.status } }),
    ...(severity && { severity: { from: before.severity, to: after.severity } }),
    by: (status ?? severity)?.by ?? null,
    ...(why && { why }),
    ...(cause?.kind === 'hotfix-opened' && { hotfix: cause.pull }),
  }
  const key = status ? `status:${status.key}` : `severity:${after.severities.length}:${after.severity}`
  return [{ do: 'say', key, notice }]
}

/** The words of what changed the status. */
function saidBy(event: Event): string | undefined {
  if (event.kind === 'resolved') return event.summary
  return event.kind === 'cause-found' ? event.text : undefined
}

function whyReopened(after: Incident, added: readonly Event[]): Say[] {
  const key = after.statuses.at(-1)?.key
  const reopened = added.find((one) => one.kind === 'reopened' && one.key === key)
  if (!reopened?.by || !owesReason(after)) return []
  return [
    { do: 'say', key: `ask-reopen:${reopened.key}`, notice: { about: 'ask-reopen', user: reopened.by } },
  ]
}

/** What is asked at the declaration: the living comment says everything else. */
function firstWords(after: Incident): Say[] {
  if (after.status === 'triage') return [{ do: 'say', key: 'ask-accept', notice: { about: 'ask-accept' } }]
  if (!after.severityAssumed || !after.declaredBy) return []
  return [{ do: 'say', key: 'ask-severity', notice: { about: 'ask-severity', user: after.declaredBy } }]
}

/** Calls by hand that are new. */
export function pages(before: Incident, after: Incident): Page[] {
  const known = new Set(before.pages.map(({ key }) => key))
  return after.pages
    .filter(({ key }) => !known.has(key))
    .map(({ key, names, by, text }) => ({
      do: 'page',
      key: `page:${key}`,
      of: [key],
      notice: { about: 'page', to: names, by, ...(text && { text }) },
    }))
}

/** What the timers that fired together come to. More than one of a kind means that the app was down: the last one speaks,
 * of an escalation all of them in one call; and who is called to acknowledge is not also asked to lead. */
export function fired(before: Incident, after: Incident, added: readonly Event[]): (Say | Page)[] {
  const timers = added
    .filter((event) => event.kind === 'timer-fired')
    .filter(({ timer }) => after.fired[timer] !== undefined && before.fired[timer] === undefined)
  const kinds = Map.groupBy(timers, ({ timer }) => timer.split(':', 1)[0] ?? '')
  const [steps = [], overdue = []] = [kinds.get('escalate'), kinds.get('overdue')]
  const silenced = [...(steps.length > 0 ? ['lead'] : []), ...(overdue.length > 0 ? ['update'] : [])]
  return [
    ...call(steps, false),
    ...call(overdue, true),
    ...[...kinds]
      .filter(([kind]) => !silenced.includes(kind))
      .flatMap(([kind, some]) =>
        (kind === 'deadline' ? ofEachDeadline(some) : some.slice(-1)).flatMap(nudge),
      ),
  ]
}

function call(steps: readonly FactOf<'timer-fired'>[], overdue: boolean): Page[] {
  const [first, last] = [steps[0], steps.at(-1)]
  if (!first || !last) return []
  const to = [...new Set(steps.flatMap(({ names = [] }) => names))]
  const times = { due: first.due, at: last.at, ...(last.message && { message: last.message }) }
  const notice = { about: 'escalation' as const, overdue, to, ...times }
  return [{ do: 'page', key: last.timer, of: steps.map(({ key }) => key), notice }]
}

function ofEachDeadline(timers: readonly FactOf<'timer-fired'>[]): FactOf<'timer-fired'>[] {
  const byName = Map.groupBy(timers, ({ timer }) => timer.split(':').slice(2).join(':'))
  return [...byName.values()].flatMap((some) => some.slice(-1))
}

/** A nudge as its timer's key tells it: the kind, then what is particular to it. */
function nudge({ timer, names: to = [], due, at }: FactOf<'timer-fired'>): Say[] {
  const [kind, first, ...rest] = timer.split(':')
  const say = (notice: Notice): Say[] => [{ do: 'say', key: timer, notice }]
  switch (kind) {
    case 'lead':
      return say({ about: 'nudge-lead', last: first === 'last', to, due, at })
    case 'update':
      return say({ about: 'nudge-update', to, due, at })
    case 'external':
      return say({ about: 'nudge-external', to, due, at })
    case 'handover':
      return say({ about: 'nudge-handover', demand: rest[0] === 'demand', to, due, at })
    case 'quiet':
      return say({ about: 'nudge-quiet', to, due, at })
    case 'deadline':
      return say({ about: 'deadline', name: rest.join(':'), over: first === 'due', to, due, at })
    default:
      return []
  }
}

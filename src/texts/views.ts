// What each template is filled with, by its name: a wrong name or field does not compile.
// Text of people is plain and is escaped where it shows; `Markup` is ours, or was made safe where it was made.
import type { Markup } from '../markdown.ts'
import type { View } from '../templates/view.ts'
import type { IncidentView, NoticeViews } from './notice-views.ts'

type Maybe<T> = T | null

/** A row of a timeline. */
export type EntryView = {
  n: number
  time: string
  text: Markup
  by: Maybe<string>
  link: Maybe<{ text: Markup; url: string }>
}

/** A command as `/help` lists it. */
export type CommandView = { usage: Markup; does: Markup }

/** One of the times that a review is asked for, which its own flag names; without `value` it is not known. */
export type MetricView = { value: Maybe<string>; target: Maybe<string>; missed: boolean } & {
  [time in 'detect' | 'acknowledge' | 'mitigate' | 'resolve']: boolean
}

type ItemLine = { done: boolean; line: Markup }

type Notices = { [About in keyof NoticeViews]: IncidentView & NoticeViews[About] }

export type Views = Notices & {
  continuation: { name: string; part: number; living: string; entries: readonly EntryView[] }
  /** What was given up stands under its own name, as `syncIssue`. */
  'dead-letter': {
    user: Maybe<string>
    what: { [name: string]: boolean }
    once: boolean
    attempts: number
    job: string
  }
  /** What happened stands under the fact's own name, as `severitySet`. */
  entry: View
  help: { name: Markup; commands: readonly CommandView[] }
  hotfix: HotfixView
  item: ItemView
  /** The description of a label, under what it says: `incident`, `severity`, `review`, or a status. */
  label: {
    [name: string]: true | { name: Markup; means: Maybe<Markup> }
  }
  living: LivingView
  /** The line for action items that find no room in the review. */
  'more-items': { count: number }
  record: RecordView
  /** Why something did not take effect stands under its own name, as `startedAfter`. */
  refusal: { refusals: readonly View[] }
  reminder: ReminderView
  review: ReviewView
  summary: SummaryView
}

type HotfixView = {
  number: number
  severity: string
  title: string
  started: Maybe<string>
  lead: Maybe<string>
  deploy: Maybe<string>
  rollback: Maybe<string>
  verify: { url: string; expect: number; times: number; every: string }[]
  reverts: Maybe<{ number: number; title: string; merged: string }>
  base: string
  record: Maybe<string>
  from: Maybe<string>
  deployed: Maybe<string>
}

export type ItemView = {
  text: string
  id: string
  url: string
  title: string
  severity: string
  owner: Maybe<string>
  due: Maybe<string>
  backlog: boolean
  priority: Maybe<string>
  review: Maybe<string>
}

type LinkView = { label: string; text: string | Markup; url: string; separator: boolean }
/** The entries that moved to continuations, and where these are. */
export type OlderView = { count: number; parts: { part: string; url: string }[] }
type Step = { text: string; issue: Maybe<Markup>; url: Maybe<string>; owner: Maybe<string>; done: boolean }

export type LivingView = {
  icon: string
  name: string
  id: string
  severity: string
  severityWas: Maybe<{ severity: string; until: string }>
  severityAssumed: boolean
  status: string
  statusSince: Maybe<string>
  cancelled: Maybe<{ reason: string; text?: string; duplicateOf?: number }>
  lead: Maybe<string>
  roles: { role: string; user: string }[]
  started: Maybe<string>
  declared: Maybe<string>
  acknowledged: Maybe<string>
  mitigated: Maybe<string>
  resolved: Maybe<string>
  impact: Maybe<string>
  cause: Maybe<string>
  services: Maybe<string>
  nextUpdate: Maybe<{ at: string; by: Maybe<string> }>
  hasLinks: boolean
  links: LinkView[]
  now: { text: string; checked: boolean }[]
  nowMore: Maybe<number>
  suspects: { name: Markup; url: string; by: Maybe<string>; cleared: Maybe<{ by: Maybe<string> }> }[]
  suspectsMore: Maybe<number>
  knownBefore: {
    since: string
    text: Markup
    url: string
    what: string
    overdue: Maybe<string>
    owner: Maybe<string>
  }[]
  items: Omit<Step, 'due'>[]
  itemsMore: Maybe<number>
  chartTitle: Markup
  after: Maybe<{
    tick: string
    bars: { name: string; from: string; to: string }[]
    severities: { severity: string; length: string }[]
  }>
  /** What is wrong with the configuration. */
  problems: readonly Markup[]
  /** Why there can be no board. */
  noBoard: Maybe<string>
  older: Maybe<OlderView>
  entries: readonly EntryView[]
  commands: readonly CommandView[]
}

type RecordView = {
  frontMatter: Markup
  title: string
  began: string
  severity: string
  status: string
  lead: Maybe<string>
  lasted: Maybe<string>
  impact: Maybe<string>
  cause: Maybe<string>
  entries: readonly EntryView[]
}

export type ReminderView = {
  owner: string
  count: number
  several: boolean
  late: boolean
  allLate: boolean
  more: Maybe<number>
  items: {
    number: Markup
    url: string
    text: string
    priority: Maybe<string>
    overdue: Maybe<string>
    due: Maybe<string>
    incident: string
  }[]
  copies: string[]
}

type ReviewView = {
  number: number
  id: string
  title: string
  severity: string
  began: string
  lead: Maybe<string>
  within: Maybe<string>
  required: Markup
  impact: Maybe<string>
  cause: Maybe<string>
  entries: readonly EntryView[]
  entriesMore: Maybe<number>
  url: string
  metrics: readonly MetricView[]
  exampleDue: string
  meeting: string
  items: { immediate: ItemLine[]; short: ItemLine[]; medium: ItemLine[]; long: ItemLine[] }
}

export type SummaryView = {
  name: string
  icon: string
  title: string
  severity: string
  severityDeclared: string
  severityChanged: boolean
  status: string
  over: boolean
  nextUpdate: Maybe<string>
  summary: Maybe<string>
  began: Maybe<string>
  lasted: Maybe<string>
  impact: Maybe<string>
  cause: Maybe<string>
  resolution: Maybe<string>
  update: Maybe<string>
  cost: Maybe<string>
  lead: Maybe<string>
  milestones: { name: string; time: string }[]
  metrics: readonly MetricView[]
  stepsMore: Maybe<number>
  steps: (Step & { due: Maybe<string> })[]
  living: string
  review: Maybe<string>
  well: Maybe<string>
  wrong: Maybe<string>
}

// What the template of each notice is filled with, by its name.
import type { Markup } from '../markdown.ts'

type Maybe<T> = T | null

/** What every short comment may name. `living` is where the incident is told. */
export type IncidentView = {
  name: string
  title: string
  severity: string
  severityKey: string
  icon: string
  living: string
}

/** Whom a comment is for, without their `@`, and how late it comes. */
type Due = { targets: string[]; late: Maybe<string> }

/** Whom a call mentions, whom it only names, and who leads. */
export type CallView = {
  targets: string[]
  others: Maybe<string>
  drill: boolean
  lead: Maybe<string>
  impact: Maybe<string>
}

type Change = { from: string; to: string }

/** What is particular to each notice. */
export type NoticeViews = {
  change: {
    status: Maybe<Change>
    severityChange: Maybe<Change>
    by: Maybe<string>
    why: Maybe<string>
    hotfix: Maybe<number>
  }
  'ask-severity': { user: string; severities: { key: string; means: string; last: boolean }[] }
  'ask-accept': Record<never, never>
  'ask-item': {
    owner: Maybe<string>
    user: Maybe<string>
    lacksOwner: boolean
    lacksDue: boolean
    lacksBoth: boolean
  }
  'ask-reopen': { user: string }
  escalation: CallView & { late: Maybe<string> } & {
    overdue: boolean
    waited: Maybe<string>
    text: Maybe<string>
    next: Maybe<{ to: string; at: string }>
  }
  page: CallView & { by: Maybe<string>; text: Maybe<string> }
  'nudge-lead': Due & { last: boolean; waited: Maybe<string> }
  'nudge-update': Due & { due: string; overdue: Maybe<string> }
  'nudge-external': Due & { due: string }
  'nudge-handover': Due & { demand: boolean; led: string }
  'nudge-quiet': Due & { since: string }
  deadline: Due & { clock: string; over: boolean; due: string }
  'review-incomplete': { user: Maybe<string>; missing: MissingView[] }
  'hotfix-refused': { user: Maybe<string>; why: string; reverts: Maybe<number>; branch: string }
}

/** One thing that a review lacks: a section, an item's owner or date, or the approval. */
export type MissingView = {
  section: Maybe<Markup>
  owner: Maybe<ItemName>
  due: Maybe<ItemName>
  approval: Maybe<{ asked: true; lead: Maybe<string> }>
}
type ItemName = { issue: Maybe<number>; place: number }

// What a comment of Mayday may be about: a change, a question, or what a named person must act on.

import type { Timed } from '../clock/nudge.ts'
import type { NudgeNotice } from '../clock/nudges.ts'
import type { Event, Incident } from '../fold/nouns.ts'
import { owesReason } from '../status.ts'

type Change = { from: string; to: string }

/** The words come from the template of the same name. */
export type Notice =
  /** `hotfix`: the pull request that was opened. */
  | {
      about: 'change'
      status?: Change
      severity?: Change
      by: string | null
      why?: string | undefined
      hotfix?: number
    }
  | { about: 'ask-severity'; user: string }
  | { about: 'ask-accept' }
  | ({ about: 'escalation'; overdue: boolean; message?: string } & Timed)
  | { about: 'page'; to: string[]; by: string | null; text?: string | undefined }
  | NudgeNotice
  | { about: 'review-incomplete'; user: string | null }
  | { about: 'ask-item'; item: string }
  | { about: 'ask-reopen'; user: string }
  | { about: 'hotfix-refused'; why: string; user: string | null; reverts?: number | undefined }

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
  const set = added.find((event) => event.kind === 'severity-set' && event.severity === after.severity)
  const cause = added.find((event) => event.key === status?.key)
  const words = status?.note ?? (cause && saidBy(cause))
  const why = words ?? (severity && set?.kind === 'severity-set' ? set.reason : undefined)
  const notice: Notice = {
    about: 'change',
    ...(status && { status: { from: before.status, to: after.status } }),
    ...(severity && { severity: { from: before.severity, to: after.severity } }),
    by: (status ?? severity)?.by ?? null,
    why,
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
  const reopened = added.find((event) => event.kind === 'reopened' && event.key === key)
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
      notice: { about: 'page', to: names, by, text },
    }))
}

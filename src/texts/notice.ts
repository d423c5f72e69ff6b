// The words of the comments that Mayday writes beside the living one: what each template of a notice is filled with.

import { runningOf, timers } from '../incident/clock/clock.ts'
import { deadlines } from '../incident/clock/deadline.ts'
import { liveSince } from '../incident/clock/running.ts'
import { nextUpdate } from '../incident/clock/update.ts'
import type { Item } from '../incident/item.ts'
import type { Policy } from '../incident/policy/policy.ts'
import type { Notice } from '../incident/react/notice.ts'
import { missingFields, missingFromReview } from '../incident/review.ts'
import { formatLength, formatTime } from '../incident/timeline/format.ts'
import { Markup } from '../markdown.ts'
import { type Loaded, livingUrl } from '../shell/load.ts'
import type { View } from '../templates/templates.ts'
import { cut } from './limits.ts'
import { icon, nameOf, severityName } from './living.ts'
import { missingInWords } from './missing.ts'

/** `called`: those of a call's targets whom the comment mentions; the others it only names. */
export type Saying = { loaded: Loaded; now: number; called?: readonly string[] }

/** Later than this, a message says how late it is: Mayday was down, or GitHub was. */
const LATE = 2 * 60_000

export function noticeView(notice: Notice, saying: Saying): View {
  const { incident, place } = saying.loaded
  return {
    name: nameOf(incident),
    title: incident.title,
    severity: severityName(place.policy, incident.severity),
    severityKey: incident.severity,
    icon: icon(incident.status),
    living: livingUrl(saying.loaded),
    ...('to' in notice && { targets: mentioned(notice.to) }),
    ...('due' in notice && { late: lateness(notice.due, saying.now) }),
    ...particulars(notice, saying),
  }
}

const lateness = (due: number, now: number): string | null =>
  now - due > LATE ? formatLength(now - due) : null

/** `@acme/on-call` as the template writes it, behind its own `@`. Channels are told apart by having none. */
const mentioned = (targets: readonly string[]): string[] =>
  targets.filter((one) => one.startsWith('@')).map((one) => one.slice(1))

function particulars(notice: Notice, { loaded, now, called = [] }: Saying): View {
  const { incident, place } = loaded
  const { policy } = place
  const person = (login: string | null): string | null => (login ? `@${login}` : null)
  const time = (at: number): string => formatTime(at, incident.milestones.declared)
  switch (notice.about) {
    case 'change':
      return {
        status: notice.status ?? null,
        severityChange: notice.severity
          ? { from: notice.severity.from, to: severityName(policy, notice.severity.to) }
          : null,
        by: person(notice.by),
        why: notice.why ? cut(notice.why) : null,
        hotfix: notice.hotfix ?? null,
      }
    case 'ask-severity':
      return { user: notice.user, severities: severityChoices(policy) }
    case 'ask-item':
      return questionOf(incident.items.find((item) => item.key === notice.item))
    case 'ask-reopen':
      return { user: notice.user }
    case 'escalation':
      return {
        ...callWords(notice, { loaded, called }),
        overdue: notice.overdue,
        waited: waited(now - (notice.overdue ? lastUpdate(loaded) : liveSince(incident))),
        text: notice.message ?? null,
        next: notice.overdue ? null : nextCall(loaded, now),
      }
    case 'page':
      return { ...callWords(notice, { loaded, called }), by: person(notice.by), text: notice.text ?? null }
    case 'nudge-lead':
      return { last: notice.last, waited: waited(now - liveSince(incident)) }
    case 'nudge-update': {
      const due = firstDue(loaded) ?? notice.due
      return { due: time(due), overdue: now - due >= 60_000 ? formatLength(now - due) : null }
    }
    case 'nudge-external':
      return { due: time(notice.due) }
    case 'nudge-handover':
      return { demand: notice.demand, led: formatLength(now - (incident.leadSince ?? notice.due)) }
    case 'nudge-quiet':
      return { since: time(incident.activeAt) }
    case 'deadline': {
      const all = deadlines(incident, policy, place.calendar)
      const due = all.find((one) => one.name === notice.name)?.due ?? notice.due
      return { clock: notice.name, over: notice.over, due: time(due) }
    }
    case 'review-incomplete':
      return {
        user: notice.user,
        missing: missingFromReview(incident).map((one) => missingInWords(one, incident)),
      }
    case 'hotfix-refused':
      return {
        user: notice.user,
        why: notice.why,
        reverts: notice.reverts ?? null,
        branch: `hotfix/incident-${incident.id}`,
      }
    default:
      return {}
  }
}

const ASKED = {
  owner: { missing: 'an owner', command: '`/assign @user`' },
  due: { missing: 'a date', command: '`/due 14d`' },
} as const

/** What an item missingFields, asked of its owner, else of who promised it. */
function questionOf(item: Item | undefined): View {
  const asked = item ? missingFields(item).map((what) => ASKED[what]) : []
  return {
    owner: item?.owner ?? null,
    user: item?.by ?? null,
    missing: asked.map(({ missing }) => missing).join(' and '),
    commands: new Markup(asked.map(({ command }) => command).join(' · ')),
  }
}

/** Whom a call mentions, whom it only names (channels, and in an exercise everybody), and who leads. */
function callWords(
  { to }: { to: readonly string[] },
  { loaded, called }: { loaded: Loaded; called: readonly string[] },
): View {
  const { drill, lead, impact } = loaded.incident
  const others = to.filter((one) => !called.includes(one) && (drill || !one.startsWith('@')))
  return {
    targets: mentioned(called),
    others: others.join(', ') || null,
    drill,
    lead: lead ? `@${lead}` : null,
    impact: impact ?? null,
  }
}

const waited = (length: number): string | null => (length < 60_000 ? null : formatLength(length))

/** When the update that is owed was due at first; the nudges each have their own moment. */
function firstDue({ incident, place }: Loaded): number | null {
  const running = runningOf(incident, place)
  return (running && nextUpdate(running)?.at) ?? null
}

function lastUpdate({ incident }: Loaded): number {
  return Math.max(incident.updatedAt ?? 0, liveSince(incident))
}

/** The step that comes next if nobody answers; its people are named here and called then. */
function nextCall({ incident, place }: Loaded, now: number): { to: string; at: string } | null {
  const steps = timers(incident, place).filter((timer) => timer.nudge.kind === 'escalate' && timer.at > now)
  const [next] = steps.sort((a, b) => a.at - b.at)
  return next ? { to: next.to.join(', '), at: formatTime(next.at, incident.milestones.declared) } : null
}

const severityChoices = (policy: Policy) =>
  policy.severities.map(({ key, means }, index) => ({
    key,
    means,
    last: index === policy.severities.length - 1,
  }))

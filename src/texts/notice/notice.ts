// The words of the comments that Mayday writes beside the living one: what each template of a notice is filled with.

import { runningOf, timers } from '../../incident/clock/clock.ts'
import { deadlines } from '../../incident/clock/deadline.ts'
import type { Timed } from '../../incident/clock/nudge.ts'
import { liveSince } from '../../incident/clock/running.ts'
import { nextUpdate } from '../../incident/clock/update.ts'
import type { Incident } from '../../incident/fold/nouns.ts'
import type { Item } from '../../incident/item.ts'
import type { Policy } from '../../incident/policy/policy.ts'
import type { Notice } from '../../incident/react/notice.ts'
import { type Missing, missingFields, missingFromReview } from '../../incident/review.ts'
import { formatLength, formatTime } from '../../incident/timeline/format.ts'
import { Markup } from '../../markdown.ts'
import { type Loaded, livingUrl } from '../../shell/load.ts'
import type { Shell } from '../../shell/shell.ts'
import { truncate } from '../limits.ts'
import { icon, nameOf, severityName } from '../names.ts'
import { render } from '../render.ts'
import { headingOf } from '../review/review.ts'
import type { CallView, MissingView, NoticeViews } from './views.ts'

/** `called`: those of a call's targets whom the comment mentions; the others it only names. */
export type Saying = { loaded: Loaded; now: number; called?: readonly string[] }

/** Later than this, a message says how late it is: Mayday was down, or GitHub was. */
const LATE = 2 * 60_000

type About = Notice['about']
type NoticeOf<A extends About> = Extract<Notice, { about: A }>
/** A method, so that any notice fits its own row: the kind picks the row. */
type Particular<A extends About> = { view(notice: NoticeOf<A>, saying: Saying): NoticeViews[A] }['view']

/** The text of a notice, by the template of its own name. */
export function noticeText(shell: Pick<Shell, 'templates'>, notice: Notice, saying: Saying): string {
  const { incident, place } = saying.loaded
  const particular: Particular<About> = PARTICULARS[notice.about]
  return render(shell, notice.about, {
    name: nameOf(incident),
    title: incident.title,
    severity: severityName(place.policy, incident.severity),
    severityKey: incident.severity,
    icon: icon(incident.status),
    living: livingUrl(saying.loaded),
    ...particular(notice, saying),
  })
}

/** Whom a nudge is for, and how late it comes. */
const dueTo = ({ to, due }: Timed, { now }: Saying) => ({
  targets: mentioned(to),
  late: now - due > LATE ? formatLength(now - due) : null,
})

/** `@acme/on-call` as the template writes it, behind its own `@`. Channels are told apart by having none. */
const mentioned = (targets: readonly string[]): string[] =>
  targets.filter((target) => target.startsWith('@')).map((target) => target.slice(1))

const person = (login: string | null): string | null => (login ? `@${login}` : null)

const timeOf = (at: number, { incident }: Loaded): string => formatTime(at, incident.milestones.declared)

const PARTICULARS: { readonly [A in About]: Particular<A> } = {
  change: ({ status, severity, by, why, hotfix }, { loaded: { place } }) => ({
    status: status ?? null,
    severityChange: severity ? { from: severity.from, to: severityName(place.policy, severity.to) } : null,
    by: person(by),
    why: why ? truncate(why) : null,
    hotfix: hotfix ?? null,
  }),
  'ask-severity': ({ user }, { loaded: { place } }) => ({ user, severities: severityChoices(place.policy) }),
  'ask-accept': () => ({}),
  'ask-item': ({ item: key }, { loaded: { incident } }) =>
    questionOf(incident.items.find((item) => item.key === key)),
  'ask-reopen': ({ user }) => ({ user }),
  escalation: (notice, saying) => ({
    ...callView(notice, saying),
    late: dueTo(notice, saying).late,
    overdue: notice.overdue,
    waited: waited(
      saying.now - (notice.overdue ? lastUpdate(saying.loaded) : liveSince(saying.loaded.incident)),
    ),
    text: notice.message ?? null,
    next: notice.overdue ? null : nextCall(saying.loaded, saying.now),
  }),
  page: (notice, saying) => ({
    ...callView(notice, saying),
    by: person(notice.by),
    text: notice.text ?? null,
  }),
  'nudge-lead': (notice, saying) => ({
    ...dueTo(notice, saying),
    last: notice.last,
    waited: waited(saying.now - liveSince(saying.loaded.incident)),
  }),
  'nudge-update': (notice, saying) => {
    const due = firstDue(saying.loaded) ?? notice.due
    const late = saying.now - due
    return {
      ...dueTo(notice, saying),
      due: timeOf(due, saying.loaded),
      overdue: late >= 60_000 ? formatLength(late) : null,
    }
  },
  'nudge-external': (notice, saying) => ({
    ...dueTo(notice, saying),
    due: timeOf(notice.due, saying.loaded),
  }),
  'nudge-handover': (notice, saying) => ({
    ...dueTo(notice, saying),
    demand: notice.demand,
    led: formatLength(saying.now - (saying.loaded.incident.leadSince ?? notice.due)),
  }),
  'nudge-quiet': (notice, saying) => ({
    ...dueTo(notice, saying),
    since: timeOf(saying.loaded.incident.activeAt, saying.loaded),
  }),
  deadline(notice, saying) {
    const { incident, place } = saying.loaded
    const all = deadlines(incident, place.policy, place.calendar)
    const due = all.find(({ name }) => name === notice.name)?.due ?? notice.due
    return {
      ...dueTo(notice, saying),
      clock: notice.name,
      over: notice.over,
      due: timeOf(due, saying.loaded),
    }
  },
  'review-incomplete': ({ user }, { loaded: { incident } }) => ({
    user,
    missing: missingFromReview(incident).map((missing) => missingView(missing, incident)),
  }),
  'hotfix-refused': ({ user, why, reverts }, { loaded: { incident } }) => ({
    user,
    why,
    reverts: reverts ?? null,
    branch: `hotfix/incident-${incident.id}`,
  }),
}

/** What an item lacks, asked of its owner, else of who promised it. */
function questionOf(item: Item | undefined): NoticeViews['ask-item'] {
  const lacking = item ? missingFields(item) : []
  const [lacksOwner, lacksDue] = [lacking.includes('owner'), lacking.includes('due')]
  return {
    owner: item?.owner ?? null,
    user: item?.by ?? null,
    lacksOwner,
    lacksDue,
    lacksBoth: lacksOwner && lacksDue,
  }
}

function missingView(missing: Missing, { lead }: Incident): MissingView {
  const view: MissingView = { section: null, owner: null, due: null, approval: null }
  if (missing.what === 'section') return { ...view, section: new Markup(headingOf(missing.section)) }
  if (missing.what === 'approval') return { ...view, approval: { asked: true, lead } }
  const { issue = null, place } = missing.item
  return { ...view, [missing.what]: { issue, place } }
}

/** Whom a call mentions, whom it only names (channels, and in an exercise everybody), and who leads. */
function callView({ to }: { to: readonly string[] }, { loaded, called = [] }: Saying): CallView {
  const { drill, lead, impact } = loaded.incident
  const others = to.filter((target) => !called.includes(target) && (drill || !target.startsWith('@')))
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

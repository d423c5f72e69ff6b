// What is true of one incident: the fold of its facts in GitHub's order, whatever order they arrived in.
import { decide, type Refusal } from './decide.ts'
import { type Event, type ItemWords, inOrder, type Milestone, RANK, STATUSES, type Status } from './event.ts'
import { type Duration, findSeverity, type Policy } from './policy.ts'

export type Hotfix = {
  pull: number
  branch: string
  url: string
  by: string | null
  from?: string
  state: 'draft' | 'ready' | 'merged' | 'closed'
  /** The merge commit. */
  sha?: string
  approvals: string[]
}

export type Review = {
  issue?: number
  url?: string
  required: boolean
  /** Names of the sections that people have filled, as `what-happened`. */
  filled: string[]
  approvedBy?: string
  waived?: string
  /** How often somebody closed it before it was complete; the second time wins (SPEC 9). */
  closedEarly: number
  closed: boolean
}

export type Item = ItemWords & {
  key: string
  /** Its place among the incident's items, from 1. */
  place: number
  promisedAt: number
  by: string | null
  source: 'command' | 'review'
  issue?: number
  url?: string
  state: 'open' | 'done' | 'declined'
  reason?: string
  snoozedUntil?: number
}

export type Entry = { event: Event; at: number; text?: string; hidden: boolean; struck: boolean }

/** Everything that is known of an incident. Times are milliseconds since the epoch. */
export type Incident = {
  id: string
  title: string
  declared: boolean
  declaredBy: string | null
  summary?: string
  drill: boolean
  severity: string
  /** No severity was given: the default stands until somebody says. */
  severityAssumed: boolean
  severities: { severity: string; at: number; by: string | null }[]
  status: Status
  statuses: { status: Status; at: number; by: string | null; key: string; note?: string }[]
  cancelled?: { reason: string; text?: string; duplicateOf?: number }
  lead: string | null
  leadSince: number | null
  roles: Record<string, string>
  milestones: Partial<Record<Milestone, number>>
  impact?: string
  services: string[]
  type?: string
  bridge?: string
  cause?: string
  resolution?: string
  related: number[]
  /** Time and author of the last update for stakeholders. */
  updatedAt: number | null
  ticks: Record<string, { checked: boolean; by: string | null }>
  hotfixes: Hotfix[]
  hotfixesAsked: { key: string; title?: string; by: string | null; pull?: number; refused?: string }[]
  review: Review | null
  items: Item[]
  entries: Entry[]
  fired: Record<string, number>
  /** Why a fact did not take effect; a fact that did is absent. */
  refused: Record<string, Refusal>
}

export const LIVE: readonly Status[] = ['investigating', 'identified', 'fixing', 'monitoring']
export const isLive = (incident: Incident): boolean => LIVE.includes(incident.status)
/** Declared and neither cancelled nor finished: its issue and its work still need to be kept in step. */
export const isOpen = (incident: Incident): boolean =>
  incident.declared && incident.status !== 'cancelled' && incident.status !== 'closed'

function blank(policy: Policy): Incident {
  return {
    id: '',
    title: '',
    declared: false,
    declaredBy: null,
    drill: false,
    severity: policy.default_severity,
    severityAssumed: true,
    severities: [],
    status: 'triage',
    statuses: [],
    lead: null,
    leadSince: null,
    roles: {},
    milestones: {},
    services: [],
    related: [],
    updatedAt: null,
    ticks: {},
    hotfixes: [],
    hotfixesAsked: [],
    review: null,
    items: [],
    entries: [],
    fired: {},
    refused: {},
  }
}

/** The incident that the given facts make, under the policy in force. Facts may come in any order and their order of
 * arrival does not matter; the first declaration counts before everything else on the issue (SPEC 19). */
export function fold(events: readonly Event[], policy: Policy): Incident {
  const incident = blank(policy)
  const ordered = [...events].sort(inOrder)
  const first = ordered.findIndex((event) => event.kind === 'declared')
  const declaration = first >= 0 ? ordered.splice(first, 1) : []
  for (const event of [...declaration, ...ordered]) {
    const decision = decide(incident, event, policy)
    if (decision === 'takes-effect') evolve(incident, event, policy)
    else if (decision !== 'already') incident.refused[event.key] = decision
  }
  incident.entries.sort((a, b) => a.at - b.at || inOrder(a.event, b.event))
  return incident
}

function evolve(incident: Incident, event: Event, policy: Policy): void {
  if (event.n !== undefined) {
    const at = event.kind === 'noted' && event.time !== undefined ? event.time : event.at
    incident.entries.push({ event, at, hidden: false, struck: false })
  }
  switch (event.kind) {
    case 'declared':
      return declare(incident, event, policy)
    case 'accepted':
      return moveTo(incident, 'investigating', event, policy)
    case 'drilled':
      incident.drill = true
      return
    case 'acknowledged':
      acknowledge(incident, event)
      if (!incident.lead) takeLead(incident, event.by, event.at)
      return
    case 'severity-set':
      incident.severity = event.severity
      incident.severityAssumed = false
      incident.severities.push({ severity: event.severity, at: event.at, by: event.by })
      return
    case 'status-set':
      if (event.rank !== RANK.mayday) acknowledge(incident, event)
      return moveTo(incident, event.status, event, policy, event.note)
    case 'lead-set':
      if (event.by && event.by === event.user) acknowledge(incident, event)
      return takeLead(incident, event.user, event.at)
    case 'assigned':
      return takeLead(incident, event.user, event.at)
    case 'role-set':
      incident.roles[event.role] = event.user
      return
    case 'updated':
      incident.updatedAt = Math.max(incident.updatedAt ?? 0, event.at)
      return
    case 'entry-amended':
      return onEntry(incident, event.entry, (entry) => {
        entry.text = event.text
      })
    case 'entry-hidden':
    case 'entry-shown':
      return onEntry(incident, event.entry, (entry) => {
        entry.hidden = event.kind === 'entry-hidden'
      })
    case 'comment-edited':
      for (const entry of entriesOf(incident, event.comment)) {
        const text = event.texts[entry.event.index]
        if (typeof text === 'string') entry.text = text
      }
      return
    case 'comment-deleted':
      for (const entry of entriesOf(incident, event.comment)) entry.struck = true
      return
    case 'milestone-set':
      incident.milestones[event.milestone] = event.time
      return
    case 'impact-set':
      incident.impact = event.text
      return
    case 'services-set':
      incident.services = [...event.services]
      return
    case 'type-set':
      incident.type = event.type
      return
    case 'bridge-set':
      incident.bridge = event.url
      return
    case 'cause-found':
      incident.cause = event.text
      if (stands(incident.status) < stands('identified')) moveTo(incident, 'identified', event, policy)
      else incident.milestones.identified ??= event.at
      return
    case 'renamed':
      incident.title = event.title
      return
    case 'related':
      if (!incident.related.includes(event.number)) incident.related.push(event.number)
      return
    case 'ticked':
      incident.ticks[event.text] = { checked: event.checked, by: event.by }
      return
    case 'resolved':
      acknowledge(incident, event)
      if (event.summary) incident.resolution = event.summary
      return moveTo(incident, 'resolved', event, policy)
    case 'reopened':
      delete incident.cancelled
      return moveTo(incident, 'investigating', event, policy, event.why)
    case 'cancelled':
      incident.cancelled = {
        reason: event.reason,
        ...(event.text && { text: event.text }),
        ...(event.duplicateOf && { duplicateOf: event.duplicateOf }),
      }
      incident.status = 'cancelled'
      incident.statuses.push({ status: 'cancelled', at: event.at, by: event.by, key: event.key })
      return
    case 'timer-fired':
      incident.fired[event.timer] = event.at
      return
    case 'noted':
    case 'deployed':
      return
    default:
      return evolveWork(incident, event, policy)
  }
}

type WorkEvent = Extract<Event, { kind: `hotfix-${string}` | `review-${string}` | `item-${string}` }>

/** The part of the fold about what people do after the first minutes: hotfixes, the review, action items. */
function evolveWork(incident: Incident, event: WorkEvent, policy: Policy): void {
  switch (event.kind) {
    case 'hotfix-asked':
      incident.hotfixesAsked.push({
        key: event.key,
        by: event.by,
        ...(event.title && { title: event.title }),
      })
      return
    case 'hotfix-opened': {
      const asked = incident.hotfixesAsked.find((one) => one.key === event.asked)
      if (asked) asked.pull = event.pull
      incident.hotfixes.push({
        pull: event.pull,
        branch: event.branch,
        url: event.url,
        by: event.by,
        state: 'draft',
        approvals: [],
        ...(event.from && { from: event.from }),
      })
      if (isLive(incident) && stands(incident.status) < stands('fixing'))
        moveTo(incident, 'fixing', event, policy)
      return
    }
    case 'hotfix-refused': {
      const asked = incident.hotfixesAsked.find((one) => one.key === event.asked)
      if (asked) asked.refused = event.why
      return
    }
    case 'hotfix-ready':
      return onHotfix(incident, event.pull, (hotfix) => {
        if (hotfix.state === 'draft') hotfix.state = 'ready'
      })
    case 'hotfix-reviewed':
      return onHotfix(incident, event.pull, (hotfix) => {
        hotfix.approvals = hotfix.approvals.filter((login) => login !== event.by)
        if (event.state === 'approved' && event.by) hotfix.approvals.push(event.by)
      })
    case 'hotfix-merged':
      return onHotfix(incident, event.pull, (hotfix) => {
        hotfix.state = 'merged'
        hotfix.sha = event.sha
      })
    case 'hotfix-closed':
      return onHotfix(incident, event.pull, (hotfix) => {
        if (hotfix.state !== 'merged') hotfix.state = 'closed'
      })
    case 'review-asked':
      incident.review ??= blankReview(false)
      return
    case 'review-opened':
      incident.review = {
        ...(incident.review ?? blankReview(false)),
        issue: event.issue,
        url: event.url,
        closed: false,
      }
      return
    case 'review-written':
      return onReview(incident, event, policy, (review) => {
        review.filled = event.filled
      })
    case 'review-approved':
      return onReview(incident, event, policy, (review) => {
        if (event.by) review.approvedBy = event.by
      })
    case 'review-waived':
      return onReview(incident, event, policy, (review) => {
        review.waived = event.reason
      })
    case 'review-closed':
      return onReview(incident, event, policy, (review) => {
        review.closed = true
        if (missingFromReview(incident, policy).length > 0 && !review.waived) {
          review.closedEarly += 1
          if (review.closedEarly > 1) review.waived = 'closed again by hand'
        }
      })
    case 'review-reopened':
      return onReview(incident, event, policy, (review) => {
        review.closed = false
      })
    default:
      evolveItem(incident, event)
      finishReview(incident, event, policy)
  }
}

type ItemEvent = Extract<Event, { kind: `item-${string}` }>

function evolveItem(incident: Incident, event: ItemEvent): void {
  if (event.kind === 'item-promised') {
    const { text, owner, due, priority, horizon, repository } = event
    incident.items.push({
      key: event.item,
      place: incident.items.length + 1,
      promisedAt: event.at,
      by: event.by,
      source: event.source,
      state: event.done ? 'done' : 'open',
      ...definedWords({ text, owner, due, priority, horizon, repository }),
    })
    return
  }
  const item = incident.items.find((one) => one.key === event.item)
  if (!item) return
  switch (event.kind) {
    case 'item-opened':
      item.issue = event.issue
      item.url = event.url
      return
    case 'item-changed': {
      const { text, owner, due, priority, horizon } = event
      Object.assign(item, definedWords({ text: text ?? item.text, owner, due, priority, horizon }))
      return
    }
    case 'item-done':
      item.state = 'done'
      return
    case 'item-reopened':
      item.state = 'open'
      delete item.reason
      return
    case 'item-declined':
      item.state = 'declined'
      if (event.reason) item.reason = event.reason
      return
    case 'item-snoozed':
      item.snoozedUntil = event.until
  }
}

type MaybeWords = { text: string } & {
  [K in Exclude<keyof ItemWords, 'text' | 'repository'>]: ItemWords[K] | undefined
} & {
  repository?: string | undefined
}
/** The words that are there, so that an absent one never overwrites. */
function definedWords(words: MaybeWords): ItemWords {
  const { text, owner, due, priority, horizon, repository } = words
  return {
    text,
    ...(owner && { owner }),
    ...(due && { due }),
    ...(priority && { priority }),
    ...(horizon && { horizon }),
    ...(repository && { repository }),
  }
}

const stands = (status: Status): number => STATUSES.indexOf(status)

function declare(incident: Incident, event: Extract<Event, { kind: 'declared' }>, policy: Policy): void {
  incident.declared = true
  incident.declaredBy = event.by
  incident.id = event.id
  incident.title = event.title
  if (event.summary) incident.summary = event.summary
  incident.severity = event.severity ?? policy.default_severity
  incident.severityAssumed = event.severity === undefined
  incident.severities.push({ severity: incident.severity, at: event.at, by: event.by })
  incident.milestones.detected ??= event.at
  if (event.triage) {
    incident.status = 'triage'
    incident.statuses.push({ status: 'triage', at: event.at, by: event.by, key: event.key })
    return
  }
  moveTo(incident, 'investigating', event, policy)
}

function acknowledge(incident: Incident, event: Event): void {
  incident.milestones.acknowledged ??= event.at
}

function takeLead(incident: Incident, user: string | null, at: number): void {
  if (incident.lead === user) return
  incident.lead = user
  incident.leadSince = at
}

const MILESTONE_OF: Partial<Record<Status, Milestone>> = {
  investigating: 'declared',
  identified: 'identified',
  monitoring: 'mitigated',
  resolved: 'resolved',
  closed: 'closed',
}

/** Moves forward and fills the milestones skipped on the way, or back and clears the later ones (SPEC 3). */
function moveTo(incident: Incident, status: Status, event: Event, policy: Policy, note?: string): void {
  const [from, to] = [stands(incident.status), stands(status)]
  const skipped = incident.status === 'cancelled' ? [status] : STATUSES.slice(from + 1, to + 1)
  for (const passed of skipped) {
    const milestone = MILESTONE_OF[passed]
    if (milestone) incident.milestones[milestone] ??= event.at
  }
  for (const later of STATUSES.slice(to + 1, stands('cancelled'))) {
    const milestone = MILESTONE_OF[later]
    if (milestone) delete incident.milestones[milestone]
  }
  if (to < stands('resolved')) delete incident.milestones.reviewed
  incident.status = status
  incident.statuses.push({ status, at: event.at, by: event.by, key: event.key, ...(note && { note }) })
  if (status === 'resolved') startReview(incident, event, policy)
}

const blankReview = (required: boolean): Review => ({ required, filled: [], closedEarly: 0, closed: false })

function startReview(incident: Incident, event: Event, policy: Policy): void {
  const rule = findSeverity(policy, incident.severity)?.review
  if (rule?.required) incident.review = { ...(incident.review ?? blankReview(true)), required: true }
  finishReview(incident, event, policy)
}

function onReview(incident: Incident, event: Event, policy: Policy, change: (review: Review) => void): void {
  if (!incident.review) return
  change(incident.review)
  finishReview(incident, event, policy)
}

/** Resolved becomes closed as soon as nothing more is owed to the review (SPEC 3 and 9). */
function finishReview(incident: Incident, event: Event, policy: Policy): void {
  if (incident.status !== 'resolved') return
  const review = incident.review
  if (review?.required && !review.waived && missingFromReview(incident, policy).length > 0) return
  if (review?.required) incident.milestones.reviewed ??= event.at
  moveTo(incident, 'closed', event, policy)
}

export type Missing =
  | { what: 'section'; section: string }
  | { what: 'owner' | 'due'; item: Item }
  | { what: 'approval' }

/** What a review still lacks before it is complete (SPEC 9), in the order in which it is asked for. */
export function missingFromReview(incident: Incident, policy: Policy): Missing[] {
  const review = incident.review
  if (!review) return []
  const open = incident.items.filter((item) => item.state === 'open')
  return [
    ...policy.review.required_sections
      .filter((section) => !review.filled.includes(section))
      .map((section) => ({ what: 'section' as const, section })),
    ...open.filter((item) => !item.owner).map((item) => ({ what: 'owner' as const, item })),
    ...open.filter((item) => !dueOf(item, incident, policy)).map((item) => ({ what: 'due' as const, item })),
    ...(review.approvedBy ? [] : [{ what: 'approval' as const }]),
  ]
}

/** When an item is due: as written, else by its horizon from the incident's resolution (from the promise, where that
 * came later). A written date stays text (`2026-12-01`), a horizon stays a duration; the calendar makes a date of it. */
export function dueOf(item: Item, incident: Incident, policy: Policy): Due | null {
  if (item.due) return { date: item.due }
  if (!item.horizon) return null
  const after = findSeverity(policy, incident.severity)?.action_items[item.horizon]
  if (!after) return 'backlog'
  return { after, from: Math.max(item.promisedAt, incident.milestones.resolved ?? 0) }
}

export type Due = { date: string } | { after: Duration; from: number } | 'backlog'

function onHotfix(incident: Incident, pull: number, change: (hotfix: Hotfix) => void): void {
  const hotfix = incident.hotfixes.find((one) => one.pull === pull)
  if (hotfix) change(hotfix)
}

function onEntry(incident: Incident, n: number, change: (entry: Entry) => void): void {
  const entry = incident.entries.find((one) => one.event.n === n)
  if (entry) change(entry)
}

function entriesOf(incident: Incident, comment: number): Entry[] {
  return incident.entries.filter((entry) => entry.event.rank === RANK.comment && entry.event.origin === comment)
}

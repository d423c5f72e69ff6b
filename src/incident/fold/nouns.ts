// Every noun of an incident, once: the facts that it is made of, their rules, the parts of its state.
import type { Refusal } from '../base/refusal.ts'
import type { At, Rules } from '../base/rule.ts'
import { CAUSES, type CauseFact, type CauseState } from '../cause.ts'
import { TIMERS, type TimerFact, type TimerState } from '../clock/nudges.ts'
import { DECLARATIONS, type DeclarationFact, type DeclarationState } from '../declaration.ts'
import { ENTRIES, type EntryFact, type EntryState } from '../entry.ts'
import { HOTFIXES, type HotfixFact, type HotfixState } from '../hotfix.ts'
import { ITEMS, type ItemFact, type ItemState } from '../item.ts'
import { MILESTONE, type MilestoneFact, type MilestoneState } from '../milestone.ts'
import { NOTES, type NoteFact } from '../note.ts'
import { PEOPLE, type PeopleFact, type PeopleState } from '../people.ts'
import { RELATIONS, type RelationFact, type RelationState } from '../relation.ts'
import { REVIEWS, type ReviewFact, type ReviewState } from '../review.ts'
import { SCOPE, type ScopeFact, type ScopeState } from '../scope.ts'
import { SEVERITY, type SeverityFact, type SeverityState } from '../severity.ts'
import { STATUS, type StatusFact, type StatusState } from '../status.ts'
import { UPDATES, type UpdateFact, type UpdateState } from '../update.ts'

/** What somebody did or asked for, stored once and never changed. */
export type Fact =
  | DeclarationFact
  | StatusFact
  | SeverityFact
  | PeopleFact
  | UpdateFact
  | NoteFact
  | EntryFact
  | MilestoneFact
  | ScopeFact
  | CauseFact
  | HotfixFact
  | ReviewFact
  | ItemFact
  | RelationFact
  | TimerFact

/** One fact with its place. */
export type Event = At<Fact>
export type FactOf<K extends Fact['kind']> = Extract<Event, { kind: K }>

/** Everything that is known of an incident. Times are milliseconds since the epoch. */
export type Incident = DeclarationState &
  StatusState &
  SeverityState &
  PeopleState &
  UpdateState &
  EntryState &
  MilestoneState &
  ScopeState &
  CauseState &
  HotfixState &
  ReviewState &
  ItemState &
  RelationState &
  TimerState & {
    /** Why a fact did not take effect; a fact that did is absent. */
    refused: Record<string, Refusal>
  }

/** Two nouns that claim one kind would override each other: a test counts the rows. */
export const RULES: Rules<Fact> = {
  ...DECLARATIONS,
  ...STATUS,
  ...SEVERITY,
  ...PEOPLE,
  ...UPDATES,
  ...NOTES,
  ...ENTRIES,
  ...MILESTONE,
  ...SCOPE,
  ...CAUSES,
  ...HOTFIXES,
  ...REVIEWS,
  ...ITEMS,
  ...RELATIONS,
  ...TIMERS,
}

export function blank(): Incident {
  return {
    id: '',
    title: '',
    declared: false,
    declaredBy: null,
    drill: false,
    backfilled: false,
    activeAt: 0,
    severity: '',
    severityAssumed: true,
    severities: [],
    status: 'triage',
    statuses: [],
    gone: false,
    lead: null,
    leadSince: null,
    roles: {},
    pages: [],
    notified: {},
    milestones: {},
    services: [],
    warned: [],
    ticks: {},
    suspects: [],
    updatedAt: null,
    publicAt: null,
    hotfixes: [],
    hotfixesAsked: [],
    review: null,
    items: [],
    related: [],
    entries: [],
    fired: {},
    remindedAt: {},
    refused: {},
  }
}

// The fold: the incident that facts make, in GitHub's order, whatever order they arrived in.

import { inOrder, RANK } from '../base/placement.ts'
import type { Refusal } from '../base/refusal.ts'
import type { Decision, Rule } from '../base/rule.ts'
import { blank, type Event, type Fact, type Incident, RULES } from './nouns.ts'

/** The rule of a fact. Any fact fits its own row, which the compiler cannot follow: methods take narrower arguments
 * (bivariance), and the kind picks the row. */
const ruleOf = ({ kind }: Fact): Rule<Fact> => RULES[kind]

/** Declared and neither cancelled nor finished: its issue and its work still need to be kept in step. */
export const isOpen = (incident: Incident): boolean =>
  incident.declared && incident.status !== 'cancelled' && incident.status !== 'closed'

/** A fact that happened longer (milliseconds) before the declaration is no part of the incident: the issue carried an old
 * label. Within it, GitHub's times are not exact enough to say what came first. What comes from a duplicate has its times
 * from there. */
const BEFORE_DECLARED = 60 * 60_000

/** The incident that the given facts make. No policy has a say: what counts is in the facts. They may come in any order and
 * their order of arrival does not matter; the first declaration counts before everything else on the issue. */
export function fold(events: readonly Event[]): Incident {
  const incident = blank()
  const ordered = [...events].sort(inOrder)
  const first = ordered.findIndex((event) => event.kind === 'declared')
  const declaration = first >= 0 ? ordered.splice(first, 1) : []
  const from = (declaration[0]?.at ?? 0) - BEFORE_DECLARED
  const own = ordered.filter(({ kind, at }) => at >= from || kind === 'entry-taken')
  for (const event of [...declaration, ...own]) {
    const decision = decide(incident, event)
    if (decision === 'takes-effect') evolve(incident, event)
    else if (decision !== 'already') refuse(incident, event, decision)
  }
  incident.entries.sort((a, b) => a.at - b.at || inOrder(a.event, b.event))
  return incident
}

/** Decides one fact. Pure: permission was asked before, the time is the fact's own, and what a fact names was checked
 * against the policy when it was stated, so that a later policy cannot undo what happened. */
export function decide(incident: Incident, event: Event): Decision {
  const rule = ruleOf(event)
  if (rule.always !== 'undeclared') {
    if (!incident.declared) return { code: 'not-declared' }
    const refusal = incident.status === 'cancelled' ? cancelledRefusal(incident, rule) : null
    if (refusal) return refusal
  }
  return rule.decide?.(incident, event) ?? 'takes-effect'
}

/** What a duplicate's timeline would tell belongs where the timeline went. */
function cancelledRefusal({ cancelled }: Incident, { always }: Rule<Fact>): Refusal | null {
  const number = cancelled?.duplicateOf
  if (always === 'anywhere' || (always === 'here' && number === undefined)) return null
  return number === undefined ? { code: 'cancelled' } : { code: 'duplicate', number }
}

function refuse(incident: Incident, event: Event, refusal: Refusal): void {
  incident.refused[event.key] = refusal
  if (refusal.code === 'private-type') incident.warned.push(refusal.given)
}

function evolve(incident: Incident, event: Event): void {
  if (event.by && event.rank !== RANK.mayday) incident.activeAt = Math.max(incident.activeAt, event.at)
  const rule = ruleOf(event)
  if (isTimelineEntry(event)) {
    const text = event.kind === 'entry-taken' ? event.text : undefined
    incident.entries.push({
      event,
      at: rule.toldAt?.(event) ?? event.at,
      hidden: false,
      struck: false,
      ...(text !== undefined && { text }),
      ...(rule.words && { words: rule.words }),
      ...(rule.wordless && { wordless: true }),
      ...(rule.stays && { stays: true }),
    })
  }
  rule.evolve?.(incident, event)
}

/** Whether a fact makes a row of the timeline where it takes effect. */
function isTimelineEntry(fact: Fact): boolean {
  const rule = ruleOf(fact)
  return rule.told ?? rule.isTold?.(fact) ?? false
}

/** A person's words in a fact; null where it has none. */
export function wordsIn(fact: Fact): string | null {
  const { words: field } = ruleOf(fact)
  const words: unknown = field && Reflect.get(fact, field)
  return typeof words === 'string' ? words : null
}

// The nudges, once: what Mayday asks of one person at a time, and the fact that a timer has fired.
import { type Rules, unless } from '../base/rule.ts'
import type { Incident } from '../fold/nouns.ts'
import { DEADLINE } from './deadline.ts'
import { EXTERNAL } from './external.ts'
import { HANDOVER } from './handover.ts'
import { LEAD } from './lead.ts'
import type { NudgeRule, Timed } from './nudge.ts'
import { QUIET } from './quiet.ts'
import type { ItemNudge } from './reminder.ts'
import { UPDATE } from './update.ts'

const NUDGES = {
  lead: LEAD,
  update: UPDATE,
  external: EXTERNAL,
  handover: HANDOVER,
  quiet: QUIET,
  deadline: DEADLINE,
}

type Rule = (typeof NUDGES)[keyof typeof NUDGES]
/** The comment that a nudge becomes. */
export type NudgeNotice = ReturnType<Rule['notice']>
/** What a timer is about, with what is particular to it. */
export type Nudge = ReturnType<Rule['timers']>[number]['nudge'] | { kind: 'escalate' } | ItemNudge

/** The nudges that run while the incident is live. */
export const LIVE_NUDGES = [LEAD, UPDATE, EXTERNAL, HANDOVER, QUIET] as const

/** The rule of a nudge. Any nudge fits its own row, which the compiler cannot follow: methods take narrower arguments
 * (bivariance), and the kind picks the row. */
type AnyRule = Pick<NudgeRule<Nudge, NudgeNotice>, 'about' | 'notice' | 'isStale'>
const BY_KIND: Readonly<Record<string, AnyRule>> = NUDGES

/** The comment that a fired timer becomes; null for one that speaks otherwise. */
export const noticeOf = (nudge: Nudge, timed: Timed): NudgeNotice | null =>
  BY_KIND[nudge.kind]?.notice(nudge, timed) ?? null

/** Whether a nudge is out of date: what it asks for was done meanwhile. */
export const isNudgeStale = (incident: Incident, notice: NudgeNotice): boolean =>
  Object.values(BY_KIND).some(({ about, isStale }) => about === notice.about && isStale(incident, notice))

/** `names` are who is told, `message` what the policy says to them; `takes` is the step of the escalation that fires with
 * it. `nudge` is missing in facts of older versions: `nudgeOf` reads it from their key. */
export type TimerFact = {
  kind: 'timer-fired'
  timer: string
  due: number
  nudge?: Nudge
  names?: string[]
  takes?: string | undefined
  message?: string | undefined
}

export type TimerState = {
  /** When each timer fired, by its key. */
  fired: Record<string, number>
  /** When the owner of each action item was last reminded of it, by the item's key. */
  remindedAt: Record<string, number>
}

export const TIMERS: Rules<TimerFact> = {
  'timer-fired': {
    isTold: (fact) => ['escalate', 'overdue'].includes(nudgeOf(fact)?.kind ?? ''),
    always: 'anywhere',
    decide: ({ fired }, { timer }) => unless(fired[timer] !== undefined),
    evolve({ fired, remindedAt }, event) {
      fired[event.timer] = event.at
      if (event.takes) fired[event.takes] ??= event.at
      const nudge = nudgeOf(event)
      if (nudge?.kind === 'remind') remindedAt[nudge.item] = Math.max(remindedAt[nudge.item] ?? 0, event.at)
    },
  },
}

/** What a fired timer is about; null for a kind that this version does not know. */
export function nudgeOf({ nudge, timer }: Pick<TimerFact, 'nudge' | 'timer'>): Nudge | null {
  return nudge ?? nudgeOfKey(timer)
}

/** Facts of older versions say it in their key alone: `quiet:1766054400000:2`, `deadline:due:Notice`. */
function nudgeOfKey(timer: string): Nudge | null {
  const [kind, first = '', ...rest] = timer.split(':')
  switch (kind) {
    case 'escalate':
    case 'overdue':
    case 'update':
    case 'external':
    case 'quiet':
      return { kind }
    case 'lead':
      return { kind, last: first === 'last' }
    case 'handover':
      return { kind, demand: rest[0] === 'demand' }
    case 'deadline':
      return { kind, name: rest.join(':'), over: first === 'due' }
    case 'remind':
      return { kind, item: [first, ...rest].slice(0, -1).join(':') }
    default:
      return null
  }
}

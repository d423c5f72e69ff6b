// The shape of a nudge: when it speaks, what it says, and when that is out of date.
import type { Incident } from '../fold/nouns.ts'
import type { Target } from '../policy/policy.ts'
import type { Running } from './running.ts'

/** One moment at which Mayday must look and speak, and to whom. `key` is unique in the incident: a key that has fired never
 * fires again. `nudge` is what it is about, `takes` the step of the escalation that fires with it. */
export type Timer<Nudge extends { kind: string }> = {
  key: string
  nudge: Nudge
  at: number
  to: Target[]
  message?: string | undefined
  takes?: string
}

/** Something was due at `due` and noticed at `at`; `to` are the people, teams and channels that it is for. */
export type Timed = { to: string[]; due: number; at: number }

/** What a clock reads that also runs after the incident is over. */
export type Waiting = Pick<Running, 'incident' | 'policy' | 'calendar' | 'wait'>

/** The rule of one nudge: what its timers carry, and the comment that they become. `from` is what its clock reads. */
export type NudgeRule<
  Nudge extends { kind: string },
  Notice extends Timed & { about: string },
  From = Running,
> = {
  about: Notice['about']
  timers(from: From): Timer<Nudge>[]
  notice(nudge: Nudge, timed: Timed): Notice
  /** Read again before it is said: what was done meanwhile silences it. */
  isStale(incident: Incident, notice: Notice): boolean
}

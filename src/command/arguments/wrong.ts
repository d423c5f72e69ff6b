// What can be wrong with a command, as data: the template `refusal` holds the words.

/** What is wrong with a command, by its name in the template `refusal`. */
export type Problem =
  | 'needs-text'
  | 'needs-person'
  | 'needs-person-not-team'
  | 'needs-target'
  | 'needs-severity'
  | 'needs-status'
  | 'needs-reason'
  | 'needs-role'
  | 'needs-milestone'
  | 'needs-type'
  | 'needs-service'
  | 'needs-number'
  | 'needs-entry'
  | 'needs-url'
  | 'needs-duration'
  | 'needs-date'
  | 'needs-date-after-due'
  | 'needs-time'
  | 'needs-time-after-since'
  | 'needs-time-after-resolved'
  | 'needs-since'
  | 'no-such-day'
  | 'no-such-time'
  | 'no-such-zone'
  | 'span-or-zone'
  | 'more-than-time'
  | 'unknown-option'
  | 'invisible'
  | 'too-long'
  | 'takes-nothing'
  | 'takes-nothing-back'
  | 'has-own-command'
  | 'triage-is-for-alerts'
  | 'closed-comes-by-itself'
  | 'is-none-of'
  | 'too-many'

type Details = { right?: string | undefined; allowed?: readonly string[] }

/** Thrown by the readers below: what a person must write instead. `right` is a whole command; where it is missing, the
 * command's own example is shown. It is an answer to a person and no `Error`: a stack for each would cost more than all of
 * the reading. */
export class Wrong {
  readonly problem: Problem
  readonly right: string | undefined
  readonly allowed: readonly string[]

  constructor(problem: Problem, { right, allowed = [] }: Details = {}) {
    this.problem = problem
    this.right = right
    this.allowed = allowed
  }
}

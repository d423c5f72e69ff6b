// What is said instead of taking effect, and why.

/** Why a fact cannot take effect, as data for the template `refusal`: what was wrong and the right form. */
export type Refusal =
  | { code: 'not-declared' }
  | { code: 'cancelled' }
  /** What is said of a duplicate belongs on the other incident. */
  | { code: 'duplicate'; number: number }
  /** `usage` is empty where no other severity was named. */
  | { code: 'declared-already'; usage: string }
  /** Everybody can read the repository: said again, it counts. */
  | { code: 'private-type'; given: string; usage: string }
  | { code: 'no-incident'; number: number }
  | { code: 'no-suspect'; number: number }
  | { code: 'cancelled-there'; number: number }
  | { code: 'not-reached'; milestone: string; status: string }
  | { code: 'status-label'; given: string }
  | { code: 'over'; status: string }
  | { code: 'not-over' }
  | { code: 'too-late-to-cancel'; status: string }
  | { code: 'severity'; given: string; allowed: string[] }
  | { code: 'type'; given: string; allowed: string[] }
  | { code: 'service'; given: string; allowed: string[] }
  | { code: 'role'; given: string; allowed: string[] }
  | { code: 'reason'; given: string; allowed: readonly string[] }
  | { code: 'entry'; given: number; usage: string }
  /** Nobody of that name who could be made something; `near` is who may have been meant. */
  | { code: 'person'; given: string; near: string; usage: string }
  | { code: 'started-after'; milestone: string; time: number }
  | { code: 'before-started'; milestone: string; time: number }
  | { code: 'no-review' }
  | { code: 'own-review'; user: string }
  | { code: 'no-item' }
  | { code: 'time'; given: string; usage: string }
  | { code: 'date'; given: string; usage: string }
  | { code: 'milestone'; given: string; allowed: readonly string[] }
  | { code: 'only-on-item'; verb: string }
  /** Nobody of that name; `near` is who may have been meant. */
  | { code: 'page'; given: string; service: boolean; near: string }
  /** The service has no owners. */
  | { code: 'page-nobody'; given: string }
  | { code: 'unavailable'; verb: string; until?: string }

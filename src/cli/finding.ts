// What the doctor found: one line each, and for what is wrong the next step.

export type Finding =
  | { is: 'good' | 'unchecked'; what: string }
  /** `remedy`: what to do now, in the imperative. */
  | { is: 'wrong'; what: string; remedy: string }

export const good = (what: string): Finding => ({ is: 'good', what })
export const unchecked = (what: string): Finding => ({ is: 'unchecked', what })
export const wrong = (what: string, remedy: string): Finding => ({ is: 'wrong', what, remedy })

const SIGN = { good: '✓', unchecked: '–', wrong: '✗' } as const

export const lineOf = (finding: Finding): string =>
  `${SIGN[finding.is]} ${finding.what}${finding.is === 'wrong' ? ` → ${finding.remedy}` : ''}`

// A finding of the doctor: one line, and the next step where something is wrong.

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

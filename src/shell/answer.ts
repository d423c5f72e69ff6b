// What a comment with commands, or a change by hand, gets back: reactions, and one short reply.

import type { Mistake } from '../command/comment/parse.ts'
import type { Reaction } from '../github/issues/comments.ts'

import type { Refusal } from '../incident/base/refusal.ts'

/** What is put back, as GitHub names it; `ticked`: a box of the living comment. */
export type PutBack = 'closed' | 'reopened' | 'edited' | 'labeled' | 'unlabeled' | 'ticked'

/** Refusals that only the shell knows, beside those of the core. */
export type AnyRefusal =
  | Refusal
  /** Queued by older versions: what was wrong, in Markdown. */
  | { code: 'sentence'; sentence: string }
  | ({ code: 'mistake'; given: string } & Mistake)
  /** `near` is the usage of the command that was probably meant, empty where nobody can tell. */
  | { code: 'unknown'; given: string; near: string }
  | { code: 'permission'; given: string; needs: string; has: string; user: string }
  /** An act by hand of somebody who has no right to it. */
  | { code: 'put-back'; change?: PutBack; act?: string; has: string; user: string }
  | { code: 'permission-unknown'; user: string }
  | { code: 'on-pull' }

/** An answer that is owed to one comment (or, without `comment`, to a label on a pull request). */
export type Answer = {
  repository: number
  number: number
  comment: number | null
  key: string
  reactions: Reaction[]
  refusals: AnyRefusal[]
  help: boolean
  /** The incident that is summed up; missing in answers of older versions. */
  summary?: number
  /** Whose issue it is, where it is no incident's: other commands have their meaning there. */
  on?: 'item' | 'review'
  name: string
}

/** Whether somebody waits to read it; reactions alone come last. */
export const hasWords = (answer: Answer): boolean =>
  answer.help || answer.summary !== undefined || answer.refusals.length > 0

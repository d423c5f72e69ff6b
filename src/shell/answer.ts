// What a comment with commands, or a change by hand, gets back: reactions, and one short reply.

import type { Mistake } from '../command/comment/parse.ts'
import type { Reaction } from '../github/issues/comments.ts'

import type { Refusal } from '../incident/base/refusal.ts'

/** What is put back, as GitHub names it; `ticked`: a box of the living comment. */
export type PutBack = 'closed' | 'reopened' | 'edited' | 'labeled' | 'unlabeled' | 'ticked'

/** The core's refusals, and those that only the shell can find. */
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

/** The reply to one comment, or, without `comment`, to a change by hand. */
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
  /** Set on the issue of an action item or a review, where other commands apply. */
  on?: 'item' | 'review'
  name: string
}

/** Whether it has a comment to read. Reactions alone have the lowest priority. */
export const hasWords = (answer: Answer): boolean =>
  answer.help || answer.summary !== undefined || answer.refusals.length > 0

/** An answer that only refuses, on an issue or pull request: no command was accepted. */
export const refusalAnswer = (
  given: Pick<Answer, 'repository' | 'number' | 'key' | 'refusals'> &
    Partial<Pick<Answer, 'comment' | 'reactions'>>,
): Answer => ({ comment: null, reactions: [], help: false, name: '', ...given })

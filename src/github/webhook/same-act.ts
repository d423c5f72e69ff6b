// Names what somebody did, so that a webhook and GitHub's own record of it have the same name.
import { at, numeric, text } from './loose.ts'

/** `happenedAt`: GitHub's time, in milliseconds. */
export type Act = { act: string; happenedAt: number }

/** An issue's webhook carries the time of its last change, GitHub's record that of the act: not always the same second.
 * Comments and reviews have one time in both. Told twice, an act changes nothing; taken for another, it is lost: so no
 * longer than that. */
const SAME_WITHIN = 2_000

export const isSameAct = (one: Act, other: Act): boolean =>
  one.act === other.act &&
  Math.abs(one.happenedAt - other.happenedAt) <= (/^(comment|review):/.test(one.act) ? 0 : SAME_WITHIN)

/** The act of a delivery; null where GitHub keeps no record of such acts. Every delivery passes here, so it reads single fields. */
export function actOf(event: string, action: string | null, payload: object): Act | null {
  const name = nameOf(event, action, payload)
  const happenedAt = Date.parse(timeOf(event, action, payload))
  if (name === null || !(happenedAt > 0 && happenedAt < YEAR_2200)) return null
  return { act: name.slice(0, 200).replaceAll(/[^\x20-\x7e\u00a0-\ud7ff]/g, '?'), happenedAt }
}

/** What is later is no time of GitHub's, and may be none that a database takes. */
const YEAR_2200 = Date.UTC(2200, 0)

function nameOf(event: string, action: string | null, payload: object): string | null {
  const repository = numeric(at(payload, 'repository', 'id'))
  const subject = event === 'issues' ? 'issue' : 'pull_request'
  const what = text(at(payload, 'label', 'name')) || text(at(payload, 'assignee', 'login'))
  switch (event) {
    case 'issues':
    case 'pull_request':
      return `${repository}#${numeric(at(payload, subject, 'number'))}:${action}:${what.toLowerCase()}`
    case 'issue_comment':
      return `comment:${numeric(at(payload, 'comment', 'id'))}:${action}`
    case 'pull_request_review':
      return `review:${numeric(at(payload, 'review', 'id'))}:${action}`
    case 'deployment_status':
      return deploymentAct({
        id: numeric(at(payload, 'deployment', 'id')),
        state: text(at(payload, 'deployment_status', 'state')),
      })
    default:
      return null
  }
}

/** The states that end a deployment. */
export const DEPLOYMENT_ENDS: readonly string[] = ['success', 'failure', 'error']

/** That a deployment came to a state, in the words of its webhook. */
export const deploymentAct = ({ id, state }: { id: number | null; state: string }): string =>
  `deployment:${id}:${state}`

/** The moments that GitHub itself gives an act, as it writes them. */
function timeOf(event: string, action: string | null, payload: object): string {
  const of = (subject: string, ...fields: string[]): string =>
    fields.map((field) => text(at(payload, subject, field))).find((value) => value !== '') ?? ''
  switch (event) {
    case 'issue_comment':
      return action === 'created' ? of('comment', 'created_at') : of('comment', 'updated_at')
    case 'pull_request_review':
      return of('review', 'submitted_at')
    case 'deployment_status':
      return of('deployment_status', 'created_at')
    case 'pull_request':
      if (action === 'opened') return of('pull_request', 'created_at')
      return action === 'closed'
        ? of('pull_request', 'merged_at', 'closed_at', 'updated_at')
        : of('pull_request', 'updated_at')
    default:
      return action === 'closed' ? of('issue', 'closed_at', 'updated_at') : of('issue', 'updated_at')
  }
}

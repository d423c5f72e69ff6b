// The comments that are sent to the door.
import type { Sandbox } from '../test/sandbox/sandbox.ts'

const ISSUES = 50

/** Payloads as GitHub's, of ever new comments on many issues. */
export function comments(sandbox: Sandbox): (text: string) => () => string {
  sandbox.setWebhookUrl('http://localhost:1/')
  const ada = sandbox.as('ada')
  ada.comment(ada.openIssue({ title: 'Not an incident' }), 'A comment')
  const { payload = {} } = sandbox.deliveries.findLast(({ event }) => event === 'issue_comment') ?? {}
  let id = 900_000_000
  return (text) => () => {
    id += 1
    return JSON.stringify({
      ...payload,
      issue: { ...Object(payload.issue), number: 100_000 + (id % ISSUES) },
      comment: { ...Object(payload.comment), id, body: text },
    })
  }
}

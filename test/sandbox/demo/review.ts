// The demo's afterwards: the review is written, its action items are followed until the last one is done.

import type { Issue, IssueComment } from '../world/world.ts'
import { boardOf } from './live.ts'
import { cardOf, labelled, living, plain, type Stage, shown } from './stage.ts'

const SECTIONS: Readonly<Record<string, string>> = {
  Summary:
    'A migration of the search index, started from a laptop, was stopped by the VPC before it dropped anything. Declared P1, raised to P0 for possible data loss; actual impact P3: nobody noticed.',
  'What happened':
    'The script took a snapshot through a public endpoint, then tried to delete the index through the private one and was refused.',
  'Why it happened':
    'Script and service each had their own name for the index, and nothing checked before the run that the cluster could be reached.',
  'What went well': 'The snapshot came first, and the network refused what it should refuse.',
  Lessons: 'A migration asks whether it may run before it changes anything. One name has one place.',
}

type Promised = { horizon: string; text: string; line: string; owner: string; due: string }

const promise = (
  horizon: string,
  [priority, text, owner, due]: [string, string, string, string],
): Promised => ({
  horizon,
  text,
  owner,
  due,
  line: `- [ ] [${priority}] ${text} @${owner} due:${due}`,
})

const COUNT = 'Compare the document count with the snapshot'
const NAME = 'One index name in script, service and settings'
const ALARM = 'Alarm on a falling document count and on a failed migration'
const RUNBOOK = 'Runbook for work inside the VPC'
const APPROVAL = 'Approval by a second person before a production migration'

const PROMISES = [
  promise('Immediate', ['P0', COUNT, 'ada', '2025-12-19']),
  promise('Short-term', ['P1', NAME, 'cy', '2025-12-22']),
  promise('Short-term', ['P1', ALARM, 'bo', '2025-12-23']),
  promise('Short-term', ['P2', RUNBOOK, 'bo', '2025-12-24']),
  promise('Long-term', ['P1', APPROVAL, 'dee', '2026-01-16']),
]

export type Items = { count: Issue; name: Issue; alarm: Issue; runbook: Issue; approval: Issue }

export async function writeReview(
  stage: Stage,
  { issue, review }: { issue: Issue; review: Issue },
): Promise<Items> {
  const ada = await stage.at('2025-12-18 15:30', 'ada', 'writes the review: five sections, five action items')
  ada.editBody(review, (body) =>
    PROMISES.reduceRight(withLine, Object.entries(SECTIONS).reduce(withSection, body)),
  )
  const made = await stage.sees(
    'Each item is an issue with its owner and labels, a sub-issue of the incident',
    () => {
      const items = PROMISES.flatMap((one) => itemOf(issue, one) ?? [])
      return items.length === PROMISES.length && items
    },
  )
  await stage.sees('Each line of the review links its issue', () =>
    made.every((item) => review.body?.includes(`- [ ] #${item.number} `)),
  )
  await stage.sees('Each has a card with its due date', () =>
    made.every((item, index) => shown(cardOf(boardOf(stage.sandbox), item), 'Due') === PROMISES[index]?.due),
  )
  for (const item of made) stage.link(item)
  const [count, name, alarm, runbook, approval] = made
  if (!count || !name || !alarm || !runbook || !approval) throw new Error('An action item is missing')
  return { count, name, alarm, runbook, approval }
}

const withSection = (body: string, [heading, text]: [string, string]): string =>
  body.replace(`## ${heading}\n`, () => `## ${heading}\n${text}\n\n`)

const withLine = (body: string, { horizon, line }: Promised): string =>
  body.replace(`### ${horizon}\n`, () => `### ${horizon}\n${line}\n`)

const itemOf = (issue: Issue, { text, owner }: Promised): Issue | undefined =>
  issue.subIssues.find(
    (one) =>
      one.title === `[PIR] INC-${issue.number}: ${text}` &&
      one.assignees.some(({ login }) => login === owner) &&
      labelled(one, 'post-incident-review', 'improvement'),
  )

/** One item is done from each of its three sides. */
export async function doThree(stage: Stage, review: Issue, items: Items): Promise<void> {
  const isDone = (item: Issue): boolean =>
    item.state === 'closed' &&
    shown(cardOf(boardOf(stage.sandbox), item), 'Status') === 'Done' &&
    (review.body?.includes(`- [x] #${item.number} `) ?? false)
  const ada = await stage.at('2025-12-19 09:40', 'ada', `ticks a line of the review: ${COUNT}`)
  ada.tick(review, COUNT)
  await stage.sees('Its issue is closed, its card Done', () => isDone(items.count))
  const cy = await stage.at('2025-12-19 11:15', 'cy', `closes an issue: ${NAME}`)
  cy.close(items.name)
  await stage.sees('Its line is ticked, its card Done', () => isDone(items.name))
  const dee = await stage.at('2025-12-19 14:00', 'dee', `moves a card to Done: ${APPROVAL}`)
  const board = boardOf(stage.sandbox)
  const card = cardOf(board, items.approval)
  if (board && card) dee.moveCard(board, card, { Status: 'Done' })
  await stage.sees('Its issue is closed, its line ticked', () => isDone(items.approval))
}

export async function approve(
  stage: Stage,
  { issue, review }: { issue: Issue; review: Issue },
): Promise<void> {
  const cy = await stage.at('2025-12-19 15:05', 'cy', 'approves the review: /approve')
  cy.comment(review, '/approve')
  await stage.sees('The review is complete and closed, the incident too', () => {
    return (
      review.state === 'closed' && labelled(issue, 'status:closed') && !labelled(issue, 'status:resolved')
    )
  })
  await stage.sees('The living comment says so', () => living(issue, 'P0 Critical · closed'))
}

export async function remind(stage: Stage, items: Items): Promise<void> {
  await stage.passes('2025-12-29 09:00', 'Two items of bo’s are overdue')
  const reminders = (): IssueComment[] =>
    [items.alarm, items.runbook].flatMap((item) =>
      item.comments.filter((comment) => plain(comment.body).startsWith('@bo,')),
    )
  await stage.reads('One message lists both', () => reminders().find((one) => one.body.includes('Runbook')))
  await stage.sees('It is the only one', () => reminders().length === 1)
  const bo = await stage.at('2025-12-29 16:20', 'bo', 'closes both')
  bo.close(items.alarm)
  bo.close(items.runbook)
  await stage.sees('The living comment lists all five as done', () => {
    const body = living(items.alarm.parent ?? items.alarm)?.body ?? ''
    return body.split('✅').length === PROMISES.length + 1 && body.includes(`Action item done: ${ALARM}`)
  })
  await stage.sees('Every card on the board is Done', () =>
    boardOf(stage.sandbox)?.items.every((item) => shown(item, 'Status') === 'Done'),
  )
}

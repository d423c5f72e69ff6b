// One incident of forty events: labels, commands, edits, titles, an end, a beginning anew; then its fix, review and items.
import { clock } from '../clock.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Issue } from '../sandbox/world/world.ts'
import type { Story } from '../stories/story.ts'
import type { Letter } from './relay.ts'
import type { Relayed } from './relayed.ts'

type Tick = () => void

/** One incident from ten o'clock of the next day on, so that any two show the same times. What is on its way is sent as
 * `inOrder` says, all of the night at once, and at noon all of the day. */
export async function nightAndDay(
  { sandbox }: Story,
  relay: Relayed,
  inOrder = (letters: Letter[]): Letter[] => letters,
): Promise<Issue> {
  const released = async <Done>(from: number, act: () => Done): Promise<Done> => {
    clock.advance(from - Date.now())
    relay.hold()
    const done = act()
    await sandbox.settle()
    relay.release(inOrder)
    await relay.rest()
    return done
  }
  const begin = new Date(Date.now() + DAY_MS).setUTCHours(10, 0, 0, 200)
  const issue = await released(begin, () => night(sandbox, second))
  await released(begin + NOON_MS, () => day(sandbox, issue, second))
  return issue
}

const DAY_MS = 24 * 60 * 60_000
const NOON_MS = 2 * 60 * 60_000
const second: Tick = () => clock.advance(1_000)

/** What people do on the issue, one act a second: `tick` lets it pass. */
function night(sandbox: Sandbox, tick: Tick): Issue {
  const [ada, bo, cy] = [sandbox.as('ada'), sandbox.as('bo'), sandbox.as('cy')]
  const issue = ada.openIssue({ title: 'Search is slow', body: 'Since 09:40.' })
  const says = (who: typeof ada, text: string) => {
    tick()
    return who.comment(issue, text)
  }
  const then = (act: () => unknown): void => {
    tick()
    act()
  }
  then(() => ada.label(issue, 'incident'))
  then(() => ada.label(issue, 'sev:P2'))
  says(bo, '/ack')
  const first = says(bo, '/note the index is cold')
  const second = says(cy, '/note nobody deployed')
  says(ada, '/sev P1 more regions than we thought')
  says(ada, '/impact One search in ten takes 5 s\n/set started 09:40')
  then(() => bo.editComment(first, '/note the index is cold, its copy is not'))
  then(() => ada.rename(issue, 'Search is slow everywhere'))
  says(cy, '/status identified the alias points at the wrong index')
  says(eli(sandbox), '/resolve')
  then(() => cy.deleteComment(second))
  says(ada, '/role comms @bo')
  says(cy, '/hotfix Ask the old index')
  says(cy, '/action @ada due:2097-03-01 [P2] Alarm on latency')
  says(cy, '/action @cy due:2097-03-02 Check the alias')
  then(() => bo.label(issue, 'status:monitoring'))
  says(bo, '/update Search is fast again')
  then(() => cy.close(issue))
  then(() => ada.reopen(issue))
  says(ada, '/reopen it is slow again')
  says(ada, '/handover @cy good luck')
  then(() => ada.assign(issue, 'bo'))
  says(cy, 'Not a command: /etc/hosts')
  says(cy, '/stauts fixing')
  says(bo, '/bridge https://meet.acme.example/search')
  says(cy, '/resolve The old index answers')
  return issue
}

/** Has read access alone. */
const eli = (sandbox: Sandbox) => sandbox.as('eli')

/** What they do with what Mayday made of it. */
function day(sandbox: Sandbox, issue: Issue, tick: Tick): void {
  const [ada, bo, cy] = [sandbox.as('ada'), sandbox.as('bo'), sandbox.as('cy')]
  const then = (act: () => unknown): void => {
    tick()
    act()
  }
  const { fix, review, items } = madeFor(sandbox, issue)
  then(() => ada.push({ branch: fix.pull?.head.branch ?? '', files: { 'index.ts': '// mended\n' } }))
  then(() => ada.ready(fix))
  then(() => bo.review(fix, 'comment', 'Is the old index complete?'))
  then(() => cy.review(fix, 'approve'))
  then(() => ada.merge(fix))
  for (const heading of ['## Summary', '## What happened', '## Why it happened', '## Lessons']) {
    then(() =>
      bo.editBody(review, (body) =>
        body.replace(heading, `${heading}\nThe alias pointed at an empty index.`),
      ),
    )
  }
  const [alarm, check] = items
  if (!alarm || !check) throw new Error('the action items are not there')
  then(() => cy.comment(check, '/due 2097-04-01'))
  then(() => cy.close(alarm))
  then(() => ada.reopen(alarm))
  then(() => cy.close(check))
  then(() => ada.comment(review, '/approve'))
}

/** Throws where one of them is missing. */
function madeFor(sandbox: Sandbox, issue: Issue): { fix: Issue; review: Issue; items: Issue[] } {
  const made = madeOf(sandbox, issue)
  const fix = made.find(({ pull }) => pull)
  const review = made.find(({ title }) => title.startsWith('Post-incident review:'))
  if (!fix || !review) throw new Error(`the hotfix or the review of #${issue.number} is not there`)
  const items = made.filter(({ title }) => title.startsWith('[PIR]'))
  return { fix, review, items: items.toSorted((one, other) => one.title.localeCompare(other.title)) }
}

/** The pull requests and issues that carry the incident's id in their titles, in the order of the titles. */
export function madeOf(sandbox: Sandbox, issue: Issue): Issue[] {
  const named = new RegExp(`\\bINC-${issue.number}\\b`)
  return [...sandbox.repository().issues.values()]
    .filter(({ title }) => named.test(title))
    .toSorted((one, other) => one.title.localeCompare(other.title))
}

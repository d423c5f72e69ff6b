// How fast an incident answers and what it costs: label to living comment, calls to GitHub, edits in a burst.
import { setTimeout as pause } from 'node:timers/promises'
import type { CallRecord } from '../test/sandbox/server.ts'
import type { Issue } from '../test/sandbox/world/world.ts'
import { percentile, type Theme } from './report.ts'
import { livingOf, type Stand, until, writesOf } from './stand.ts'

const INCIDENTS = 20
const LATE_MS = 30_000

/** From the label to the living comment: the first of a fresh installation, then twenty that know their way. */
export async function measureDeclaring({ sandbox, quiet }: Stand): Promise<Theme[]> {
  const ada = sandbox.as('ada')
  const took: number[] = []
  const calls: number[] = []
  for (let count = 0; count <= INCIDENTS; count += 1) {
    const issue = ada.openIssue({ title: `Search answers slowly, region ${count}` })
    await quiet()
    const before = sandbox.calls.length
    const began = performance.now()
    ada.label(issue, 'incident', 'sev:P1')
    await until(() => livingOf(issue) !== undefined, LATE_MS)
    took.push(performance.now() - began)
    await quiet()
    calls.push(sandbox.calls.length - before)
  }
  const [cold = Number.NaN, ...warm] = took
  const [coldCalls = Number.NaN, ...warmCalls] = calls
  return [
    {
      title: 'From the label to the living comment',
      figures: [
        {
          name: 'label to living comment, one after the other: p50',
          value: percentile(warm, 0.5),
          unit: 'ms',
          bar: { atMost: 300 },
          matters: true,
        },
        { name: 'p99', value: percentile(warm, 0.99), unit: 'ms', bar: { atMost: 2_000 } },
        { name: 'the very first of an installation', value: cold, unit: 'ms' },
      ],
    },
    {
      title: 'Calls to GitHub for declaring',
      figures: [
        {
          name: 'calls for declaring: token, configuration and board known (p50)',
          value: percentile(warmCalls, 0.5),
          unit: 'calls',
          bar: { atMost: 12 },
          matters: true,
        },
        { name: 'the same, most', value: Math.max(...warmCalls), unit: 'calls' },
        {
          name: 'the very first: labels and the board are made',
          value: coldCalls,
          unit: 'calls',
          note: 'redelivery sweep included',
        },
      ],
    },
  ]
}

const ITEMS = ['Alarm on count', 'Check the name', 'Write a runbook', 'Test the backup', 'Review access']

/** What the commands of one incident cost, each until all is quiet. */
export async function measureCommands({ sandbox, quiet, callsOf }: Stand): Promise<Theme> {
  const ada = sandbox.as('ada')
  const issue = ada.openIssue({ title: 'Snapshot cannot be restored' })
  ada.label(issue, 'incident', 'sev:P1')
  await quiet()
  ada.comment(issue, '/ack')
  await quiet()
  const says = (text: string) => callsOf(() => ada.comment(issue, text))
  const note = await says('/note 403 since the migration')
  const hotfix = await says('/hotfix Use the right index')
  const resolve = await says('/resolve')
  const items = await callsOf(() => writeItems(sandbox.repository().issues.values(), ada))
  return {
    title: 'Calls to GitHub for commands',
    figures: [
      cost('/note', note),
      cost('/hotfix: branch, record, pull request, reviewers', hotfix),
      cost('/resolve: status, labels, review issue', resolve),
      cost(`${ITEMS.length} action items written into the review`, items),
    ],
  }
}

const cost = (name: string, calls: readonly CallRecord[]) => ({
  name,
  value: calls.length,
  unit: 'calls',
  note: `${writesOf(calls).length} of them write`,
})

function writeItems(issues: Iterable<Issue>, ada: ReturnType<Stand['sandbox']['as']>): void {
  const review = [...issues].findLast(({ title }) => title.startsWith('Post-incident review: '))
  if (review === undefined) throw new Error('there is no review')
  const lines = ITEMS.map((item) => `- [ ] [P2] ${item} @ada due:2031-03-01`).join('\n')
  ada.editBody(review, (body) => body.replace(/^(#+ Short-term.*)$/m, `$1\n\n${lines}`))
}

const NOTES = 20
const WITHIN_MS = 5_000

/** Twenty notes within five seconds: how often the living comment is edited for them. */
export async function measureEdits({ sandbox, quiet }: Stand): Promise<Theme> {
  const [ada, cy] = [sandbox.as('ada'), sandbox.as('cy')]
  const issue = ada.openIssue({ title: 'Everybody writes at once' })
  ada.label(issue, 'incident', 'sev:P1')
  await quiet()
  const living = livingOf(issue)
  const before = sandbox.calls.length
  for (let note = 1; note <= NOTES; note += 1) {
    const who = note % 2 ? ada : cy
    who.comment(issue, `/note finding-${note}-of-the-burst`)
    await pause(WITHIN_MS / NOTES)
  }
  const began = performance.now()
  const landed = await until(() => living?.body.includes(`finding-${NOTES}-of-the-burst`) === true, LATE_MS)
  const late = landed ? performance.now() - began : Number.NaN
  await quiet()
  const edits = sandbox.calls
    .slice(before)
    .filter((call) => call.method === 'PATCH' && call.path.endsWith(`/issues/comments/${living?.id}`))
  return {
    title: `${NOTES} notes within ${WITHIN_MS / 1000} s`,
    figures: [
      { name: 'edits of the living comment', value: edits.length, unit: 'edits', bar: { atMost: 3 } },
      { name: 'from the last note until it stands there', value: late, unit: 'ms' },
    ],
  }
}

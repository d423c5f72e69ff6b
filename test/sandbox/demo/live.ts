// The demo's first half hour: declared, escalated, taken, told, corrected and refused where it must be.
import { randomUUID } from 'node:crypto'
import type { Sandbox } from '../sandbox.ts'
import type { Issue, Project } from '../world/world.ts'
import { cardOf, labelled, living, reacted, type Stage, said, shown } from './stage.ts'

export const boardOf = (sandbox: Sandbox): Project | undefined =>
  sandbox.world.projects.find((project) => project.title === 'Incidents')

export async function install(stage: Stage): Promise<void> {
  await stage.at('2025-12-18 09:50', 'dee', 'installs Mayday on the organization acme')
  stage.sandbox.installations.install('acme')
  const names = ['incident', 'sev:P0', 'sev:P3', 'status:investigating', 'status:resolved', 'status:closed']
  await stage.sees('Its labels are there before anybody needs one: incident, sev:…, status:…', () =>
    names.every((name) => stage.sandbox.repository().labels.some((label) => label.name === name)),
  )
}

export async function declare(stage: Stage): Promise<Issue> {
  const eli = await stage.at(
    '2025-12-18 10:29',
    'eli',
    'opens an issue: Search index migration stopped halfway',
  )
  const issue = eli.openIssue({
    title: 'Search index migration stopped halfway',
    body: 'The script ended with a network error at 10:11. I cannot tell whether the old index is still whole.',
  })
  stage.link(issue)
  const bo = await stage.at('2025-12-18 10:30', 'bo', 'labels it: sev:P1, incident')
  const labelledAt = performance.now()
  bo.label(issue, 'sev:P1', 'incident')
  const made = await stage.sees('One living comment: P1 High, investigating', () =>
    living(issue, 'P1 High · investigating'),
  )
  const seconds = (performance.now() - labelledAt) / 1000
  await stage.sees(
    `It came ${seconds.toFixed(1)} s after the label, and is pinned`,
    () => made.pinned !== null,
  )
  await stage.sees('Label status:investigating', () => labelled(issue, 'sev:P1', 'status:investigating'))
  await stage.sees('A card on the board “Incidents”, in Investigating', () => {
    const card = cardOf(boardOf(stage.sandbox), issue)
    return shown(card, 'Phase') === 'Investigating' && shown(card, 'Severity') === 'P1'
  })
  stage.link(issue, made)
  return issue
}

export async function escalate(stage: Stage, issue: Issue): Promise<void> {
  await stage.passes('2025-12-18 10:35', 'Nobody leads')
  await stage.reads('Bo, who declared it, is asked for a lead', () => said(issue, '@bo'))
  await stage.passes('2025-12-18 10:45', 'Nobody has answered for 15 minutes')
  await stage.reads('The people on call are asked', () => said(issue, '@acme/on-call'))
}

export async function acknowledge(stage: Stage, issue: Issue): Promise<void> {
  const ada = await stage.at('2025-12-18 10:46', 'ada', '/ack')
  const comment = ada.comment(issue, '/ack')
  await stage.sees('👀 seen, 🚀 done', () => reacted(comment, 'eyes') && reacted(comment, 'rocket'))
  await stage.sees('Ada leads; nobody is paged any more', () => living(issue, '@ada', 'Acknowledged'))
}

export async function tellWhatHappened(stage: Stage, issue: Issue): Promise<void> {
  const ada = await stage.at(
    '2025-12-18 10:48',
    'ada',
    '/set started 10:10, and three notes with the times they had',
  )
  ada.comment(
    issue,
    [
      'From the shell history:',
      '/set started 10:10',
      '/note 10:10 Migration started from a laptop, outside the VPC',
      '/note 10:10 Snapshot file-search-dev-backup-20251218-101015: SUCCESS after 30 s',
      '/note 10:11 VPC refused access; the script stopped at "delete index"',
    ].join('\n'),
  )
  await stage.sees('The timeline begins at 10:10, twenty minutes before it was declared', () => {
    const body = living(issue, 'Snapshot file-search-dev-backup-20251218-101015')?.body ?? ''
    return (
      body.includes('VPC refused access') && body.indexOf('Migration started') < body.indexOf('Declared P1')
    )
  })
}

export async function refuse(stage: Stage, issue: Issue): Promise<void> {
  const bo = await stage.at('2025-12-18 10:49', 'bo', '/sev high')
  const comment = bo.comment(issue, '/sev high')
  await stage.sees('😕 refused', () => reacted(comment, 'confused'))
  await stage.reads('One short answer', () => said(issue, 'is not a severity here'))
  await stage.passes('2025-12-18 10:49', 'Somebody sends a delivery with a forged signature')
  const calls = stage.sandbox.calls.length
  const status = await forge(stage, issue)
  await stage.sees(`Answered ${status}; nothing of it was read`, () => status === 401)
  await stage.sees('No call to GitHub followed', () => stage.sandbox.calls.length === calls)
}

/** Everything is right about it but the secret. Resolves with the status of the answer. */
async function forge(stage: Stage, issue: Issue): Promise<number> {
  const genuine = stage.sandbox.deliveries.findLast((one) => one.event === 'issues')
  const answer = await fetch(stage.app.webhookUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    },
    body: JSON.stringify({ ...genuine?.payload, action: 'closed', issue: { number: issue.number } }),
  })
  return answer.status
}

export async function raise(stage: Stage, issue: Issue): Promise<void> {
  const ada = await stage.at('2025-12-18 10:50', 'ada', '/sev P0 a half-run migration can lose data')
  ada.comment(issue, '/sev P0 a half-run migration can lose data')
  await stage.reads('A line for everybody who watches', () => said(issue, 'P0 Critical'))
  await stage.sees(
    'Label sev:P0 instead of sev:P1',
    () => labelled(issue, 'sev:P0') && !labelled(issue, 'sev:P1'),
  )
  await stage.at('2025-12-18 10:52', 'ada', '/impact, /service search, /cause')
  ada.comment(
    issue,
    [
      '/impact No data lost so far; search answers from the old index',
      '/service search',
      '/cause The script drops file-search-dev, the service reads file-index, and neither can be reached from a laptop',
    ].join('\n'),
  )
  await stage.sees('Impact, service, cause and runbook stand in the table; the status is identified', () =>
    living(issue, 'P0 Critical · identified', 'search answers from the old index', 'runbook search', 'Cause'),
  )
  await stage.sees(
    'Card in Identified',
    () => shown(cardOf(boardOf(stage.sandbox), issue), 'Phase') === 'Identified',
  )
}

export async function keepTelling(stage: Stage, issue: Issue): Promise<void> {
  const ada = await stage.at(
    '2025-12-18 10:58',
    'ada',
    'ticks a box: Tell the search team to start no migration',
  )
  const comment = await stage.sees('The list of what to do now is in the living comment', () =>
    living(issue, 'Tell the search team to start no migration'),
  )
  ada.tick(comment, 'Tell the search team')
  await stage.sees('The tick is on the timeline', () => living(issue, 'Done: Tell the search team'))
  await stage.passes('2025-12-18 11:05', 'A P0 is told every 15 minutes')
  const nudge = await stage.reads('The lead is reminded, once', () => said(issue, 'update'))
  stage.link(issue, nudge)
  await stage.at('2025-12-18 11:06', 'ada', '/update Nobody is affected. The fix is being written.')
  ada.comment(issue, '/update Nobody is affected. The fix is being written.')
  await stage.sees('The next update is due at 11:21', () => living(issue, '11:21'))
}

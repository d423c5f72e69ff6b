// The demo's way out: the hotfix from the last good deployment to the merge, and the end of the incident.

import type { Issue } from '../world/world.ts'
import { boardOf } from './live.ts'
import { MENDED } from './scene.ts'
import { cardOf, labelled, living, type Stage, said, shown } from './stage.ts'

export async function openHotfix(stage: Stage, issue: Issue): Promise<Issue> {
  const { sandbox } = stage
  const repository = sandbox.repository()
  const ada = await stage.at(
    '2025-12-18 11:10',
    'ada',
    '/hotfix One index name, and a check before anything is dropped',
  )
  ada.comment(issue, '/hotfix One index name, and a check before anything is dropped')
  const branch = `hotfix/incident-INC-${issue.number}`
  const pull = await stage.sees('A draft pull request with labels hotfix and urgent', () =>
    [...repository.issues.values()].find(
      (one) => one.pull?.head.branch === branch && one.pull.draft && labelled(one, 'hotfix', 'urgent'),
    ),
  )
  const deployed = repository.deployments[0]?.sha ?? ''
  await stage.sees(`From ${deployed.slice(0, 7)}, what runs in production; main is ahead of it`, () => {
    const head = repository.commits.get(pull.pull?.head.sha ?? '')
    return head?.parents[0] === deployed && repository.branches.get('main') !== deployed
  })
  await stage.sees('The incident’s record is its first commit, the search team its reviewer', () => {
    const files = repository.commits.get(repository.branches.get(branch) ?? '')?.files
    const isRecorded = [...(files?.keys() ?? [])].some((path) =>
      path.startsWith('docs/incidents/incident-2025-12-18'),
    )
    return isRecorded && pull.pull?.requestedTeams.some((team) => team.slug === 'search')
  })
  await stage.sees('The status is fixing', () => labelled(issue, 'status:fixing'))
  stage.link(pull)
  return pull
}

export async function mergeHotfix(stage: Stage, issue: Issue, pull: Issue): Promise<void> {
  const ada = await stage.at(
    '2025-12-18 11:13',
    'ada',
    'pushes the fix, fills in what it changes, marks it ready',
  )
  ada.push({
    branch: pull.pull?.head.branch ?? '',
    files: { 'services/search/migrate.ts': MENDED },
    message: 'Use the index that the service reads, and check that it can be reached',
  })
  ada.editBody(pull, (body) =>
    body
      .replace(
        /## What this changes\n<!--.*?-->/s,
        '## What this changes\nThe migration uses the index name of the service.',
      )
      .replace(
        /## What can go wrong\n<!--.*?-->/s,
        '## What can go wrong\nNothing runs by itself; the next migration may refuse.',
      )
      .replace(
        /## How we shall know\n<!--.*?-->/s,
        '## How we shall know\nA dry run from a laptop stops before the snapshot.',
      ),
  )
  ada.ready(pull)
  await stage.sees('The living comment links it as ready', () => living(issue, `#${pull.number} (ready)`))
  const cy = await stage.at('2025-12-18 11:15', 'cy', 'approves; ada merges')
  cy.review(pull, 'approve', 'One name, checked first. Good.')
  const { sha } = ada.merge(pull)
  const short = sha.slice(0, 7)
  await stage.sees('Approval and merge are on the timeline', () =>
    living(issue, `Hotfix #${pull.number} approved`, `merged as \`${short}\``),
  )
  await stage.sees(
    'The hotfix’s card is Done',
    () => shown(cardOf(boardOf(stage.sandbox), pull), 'Status') === 'Done',
  )
  await stage.passes('2025-12-18 11:16', 'The deployment to production succeeds')
  stage.sandbox.deployments.report({ ref: sha, state: 'success' })
  await stage.sees('It is on the timeline too', () =>
    living(issue, `Deployment of \`${short}\` to production: success`),
  )
}

export async function resolve(stage: Stage, issue: Issue): Promise<Issue> {
  const ada = await stage.at('2025-12-18 11:17', 'ada', '/status monitoring, /update')
  ada.comment(
    issue,
    '/status monitoring\n/update The fix is live. A dry run from a laptop stops where it should.',
  )
  await stage.reads('A line for everybody who watches', () => said(issue, 'is now monitoring'))
  await stage.sees('Impact has stopped: mitigated at 11:17, label status:monitoring', () => {
    const isMoved = labelled(issue, 'status:monitoring') && !labelled(issue, 'status:fixing')
    return isMoved && living(issue, 'Mitigated | 11:17')
  })
  await stage.at('2025-12-18 11:31', 'ada', '/resolve Index and snapshot hold the same documents')
  ada.comment(issue, '/resolve Index and snapshot hold the same documents; actual impact P3')
  await stage.sees('The issue is closed, its card Done', () => {
    const card = cardOf(boardOf(stage.sandbox), issue)
    return issue.state === 'closed' && shown(card, 'Status') === 'Done' && shown(card, 'Phase') === 'Resolved'
  })
  const review = await stage.sees(
    'The post-incident review is open: sub-issue, assigned to ada, timeline filled in',
    () =>
      issue.subIssues.find(
        (one) =>
          one.title.startsWith('Post-incident review:') &&
          one.assignees.some(({ login }) => login === 'ada') &&
          one.body?.includes('VPC refused access'),
      ),
  )
  await stage.sees('The living comment has the chart of the phases and the time in each severity', () =>
    living(issue, 'gantt', 'Time in it', `#${review.number}`),
  )
  stage.link(review)
  return review
}

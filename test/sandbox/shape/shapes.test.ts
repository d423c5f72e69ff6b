// Every route answers, and every webhook speaks, as GitHub's descriptions say.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appClient, type Client, jwtClient, listen, type Receiver, SECRET } from '../harness.ts'
import { createProject } from '../mutate/projects.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { PERMISSIONS } from '../world/seed.ts'
import type { Issue, Project } from '../world/world.ts'

let sandbox: Sandbox
let receiver: Receiver
let octokit: Client
let app: Client
let issue: Issue
let pull: Issue
let board: Project

beforeAll(async () => {
  receiver = await listen()
  sandbox = await startSandbox({
    secret: SECRET,
    webhookUrl: receiver.url,
    permissions: { ...PERMISSIONS, deployments: 'write', statuses: 'write' },
  })
  sandbox.world.app.events = [...sandbox.world.app.events, 'projects_v2_status_update']
  octokit = await appClient(sandbox)
  app = jwtClient(sandbox)
  const ada = sandbox.as('ada')
  issue = ada.openIssue({ title: 'Down', body: 'It is', labels: ['bug'], assignees: ['ada'] })
  ada.push({
    branch: 'fix',
    files: { 'services/search/index.ts': 'export const search = 1\n', 'new.txt': 'n' },
  })
  pull = ada.openPull({ head: 'fix', title: 'Fix', body: 'Fixes #1' })
  board = createProject(sandbox.world, sandbox.as('dee').actor, {
    owner: sandbox.world.app.owner,
    title: 'Incidents',
  })
  const card = sandbox.as('dee').addCard(board, issue)
  sandbox.as('dee').moveCard(board, card, { Status: 'In Progress' })
  sandbox.as('cy').review(pull, 'request_changes', 'No')
  sandbox.checks.report({ sha: pull.pull?.head.sha ?? '', name: 'test', conclusion: 'success' })
  sandbox.deployments.report({ state: 'success' })
  sandbox.actions.finish(sandbox.actions.start('deploy.yml'))
  await sandbox.settle()
})

afterAll(async () => {
  await sandbox.stop()
  await receiver.stop()
})

/** What a path names by `:word`, known only when the world stands. */
function filled(path: string): string {
  const repository = sandbox.repository()
  const comment = issue.comments[0]?.id ?? 0
  const names: Record<string, string | number | undefined> = {
    repo: '/repos/acme/search',
    sha: pull.pull?.head.sha,
    main: repository.branches.get('main'),
    tree: repository.commits.get(pull.pull?.head.sha ?? '')?.treeSha,
    blob: [...repository.blobs.keys()][0],
    installation: sandbox.installations.of().id,
    comment,
    run: repository.checkRuns[0]?.id,
    own: repository.checkRuns.find((run) => run.suite.app === 'mayday')?.id,
    deployment: repository.deployments[0]?.id,
    workflowRun: repository.workflowRuns[0]?.id,
    reaction: issue.reactions[0]?.id,
    board: `/orgs/acme/projectsV2/${board.number}`,
    item: board.items[0]?.id,
    status: board.fields.find((field) => field.name === 'Status')?.id,
    delivery: sandbox.deliveries[0]?.id,
    id: repository.id,
  }
  return path.replace(/:(\w+)/g, (whole, name: string) => String(names[name] ?? whole))
}

type Case = [method: string, path: string, status: number, body?: Record<string, unknown>]

const CASES: Case[] = [
  ['GET', ':repo', 200],
  ['GET', '/repositories/:id', 200],
  ['GET', ':repo/labels', 200],
  ['POST', ':repo/labels', 201, { name: 'incident', color: 'b60205', description: 'An incident' }],
  ['PATCH', ':repo/labels/incident', 200, { color: 'b60206' }],
  ['GET', ':repo/labels/incident', 200],
  ['DELETE', ':repo/labels/incident', 204],
  ['GET', ':repo/issues?state=all&labels=bug&since=2020-01-01T00:00:00Z&sort=updated', 200],
  ['GET', ':repo/issues/1', 200],
  ['PATCH', ':repo/issues/1', 200, { title: 'Down!', body: 'Yes', assignees: ['ada', 'cy'] }],
  ['POST', ':repo/issues/1/comments', 201, { body: 'Hello' }],
  ['GET', ':repo/issues/1/comments', 200],
  ['GET', ':repo/issues/events', 200],
  ['GET', ':repo/issues/comments?since=2020-01-01T00:00:00Z', 200],
  ['GET', ':repo/issues/comments/:comment', 200],
  ['PATCH', ':repo/issues/comments/:comment', 200, { body: 'Hello!' }],
  ['PUT', ':repo/issues/comments/:comment/pin', 200],
  ['GET', ':repo/issues/1', 200],
  ['DELETE', ':repo/issues/comments/:comment/pin', 204],
  ['POST', ':repo/issues/comments/:comment/reactions', 201, { content: 'eyes' }],
  ['GET', ':repo/issues/comments/:comment/reactions', 200],
  ['POST', ':repo/issues/1/reactions', 201, { content: 'rocket' }],
  ['GET', ':repo/issues/1/reactions', 200],
  ['DELETE', ':repo/issues/1/reactions/:reaction', 204],
  ['GET', ':repo/issues/1/labels', 200],
  ['POST', ':repo/issues/1/labels', 200, { labels: ['sev:P1'] }],
  ['PUT', ':repo/issues/1/labels', 200, { labels: ['bug', 'sev:P0'] }],
  ['DELETE', ':repo/issues/1/labels/sev:P0', 200],
  ['POST', ':repo/issues/1/assignees', 201, { assignees: ['bo'] }],
  ['DELETE', ':repo/issues/1/assignees', 200, { assignees: ['bo'] }],
  ['PUT', ':repo/issues/1/lock', 204, { lock_reason: 'resolved' }],
  ['DELETE', ':repo/issues/1/lock', 204],
  ['PATCH', ':repo/issues/1', 200, { state: 'closed', state_reason: 'not_planned' }],
  ['PATCH', ':repo/issues/1', 200, { state: 'open' }],
  ['GET', ':repo/issues/1/sub_issues', 200],
  ['GET', ':repo/pulls?head=acme:fix&state=all', 200],
  ['GET', ':repo/pulls/2', 200],
  ['PATCH', ':repo/pulls/2', 200, { body: 'Better' }],
  ['GET', ':repo/pulls/2/files', 200],
  ['GET', ':repo/pulls/2/commits', 200],
  ['GET', ':repo/pulls/2/reviews', 200],
  ['POST', ':repo/pulls/2/reviews', 200, { event: 'COMMENT', body: 'Well' }],
  ['POST', ':repo/pulls/2/requested_reviewers', 201, { reviewers: ['bo'], team_reviewers: ['leads'] }],
  ['GET', ':repo/pulls/2/requested_reviewers', 200],
  ['POST', ':repo/issues/2/labels', 200, { labels: ['hotfix'] }],
  ['GET', ':repo/contents/services', 200],
  ['GET', ':repo/contents/README.md?ref=fix', 200],
  ['GET', ':repo/git/ref/heads/fix', 200],
  ['GET', ':repo/git/matching-refs/heads/', 200],
  ['GET', ':repo/git/commits/:sha', 200],
  ['GET', ':repo/git/trees/:tree?recursive=1', 200],
  ['GET', ':repo/git/blobs/:blob', 200],
  ['POST', ':repo/git/blobs', 201, { content: 'aGk=', encoding: 'base64' }],
  [
    'POST',
    ':repo/git/trees',
    201,
    { base_tree: ':tree', tree: [{ path: 'x.txt', mode: '100644', type: 'blob', content: 'x' }] },
  ],
  ['POST', ':repo/git/commits', 201, { message: 'Empty', tree: ':tree', parents: [':sha'] }],
  ['PATCH', ':repo/git/refs/heads/fix', 200, { sha: ':main', force: true }],
  ['PATCH', ':repo/git/refs/heads/fix', 200, { sha: ':sha', force: true }],
  ['POST', ':repo/git/refs', 201, { ref: 'refs/heads/short', sha: ':main' }],
  ['DELETE', ':repo/git/refs/heads/short', 204],
  ['GET', ':repo/branches', 200],
  ['GET', ':repo/branches/main', 200],
  ['GET', ':repo/commits?sha=fix&path=services', 200],
  ['GET', ':repo/commits/:sha', 200],
  ['GET', ':repo/commits/:sha/pulls', 200],
  ['GET', ':repo/compare/main...fix', 200],
  ['GET', ':repo/collaborators', 200],
  ['GET', ':repo/collaborators/bo/permission', 200],
  ['GET', ':repo/assignees/bo', 204],
  ['GET', ':repo/codeowners/errors', 200],
  ['GET', ':repo/teams', 200],
  ['POST', ':repo/check-runs', 201, { name: 'Mayday / config', head_sha: ':sha', status: 'in_progress' }],
  [
    'PATCH',
    ':repo/check-runs/:own',
    200,
    {
      conclusion: 'failure',
      output: {
        title: 'Bad',
        summary: 'So',
        annotations: [{ path: 'a', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'm' }],
      },
    },
  ],
  ['GET', ':repo/check-runs/:own', 200],
  ['GET', ':repo/check-runs/:own/annotations', 200],
  ['GET', ':repo/commits/fix/check-runs', 200],
  ['GET', ':repo/commits/fix/check-suites', 200],
  ['POST', ':repo/statuses/:sha', 201, { state: 'success', context: 'ci' }],
  ['GET', ':repo/commits/fix/status', 200],
  ['GET', ':repo/deployments?environment=production', 200],
  ['POST', ':repo/deployments', 201, { ref: 'main', required_contexts: [] }],
  ['GET', ':repo/deployments/:deployment', 200],
  ['POST', ':repo/deployments/:deployment/statuses', 201, { state: 'failure' }],
  ['GET', ':repo/deployments/:deployment/statuses', 200],
  ['GET', ':repo/actions/workflows', 200],
  ['GET', ':repo/actions/workflows/deploy.yml', 200],
  ['POST', ':repo/actions/workflows/deploy.yml/dispatches', 204, { ref: 'main' }],
  ['GET', ':repo/actions/workflows/deploy.yml/runs?event=workflow_dispatch', 200],
  ['GET', ':repo/actions/runs?created=>2020-01-01T00:00:00Z', 200],
  ['GET', ':repo/actions/runs/:workflowRun', 200],
  ['GET', '/users/ada', 200],
  ['GET', '/orgs/acme', 200],
  ['GET', '/orgs/acme/members', 200],
  ['GET', '/orgs/acme/teams', 200],
  ['GET', '/orgs/acme/teams/leads', 200],
  ['GET', '/orgs/acme/teams/leads/members', 200],
  ['GET', '/orgs/acme/teams/leads/memberships/dee', 200],
  ['GET', '/orgs/acme/teams/leads/repos', 200],
  ['GET', '/orgs/acme/projectsV2', 200],
  ['GET', ':board', 200],
  ['GET', ':board/fields', 200],
  ['POST', ':board/fields', 201, { name: 'Due', data_type: 'date' }],
  ['GET', ':board/items?fields=:status', 200],
  ['GET', ':board/items/:item', 200],
  ['POST', ':board/items', 201, { type: 'PullRequest', owner: 'acme', repo: 'search', number: 2 }],
  ['POST', ':board/views', 201, { name: 'Live', layout: 'board' }],
  ['GET', '/installation/repositories', 200],
  ['GET', '/rate_limit', 200],
  ['GET', '/meta', 200],
  ['APP', '/app', 200],
  ['APP', '/app/installations', 200],
  ['APP', '/app/installations/:installation', 200],
  ['APP', ':repo/installation', 200],
  ['APP', '/orgs/acme/installation', 200],
  ['APP', '/app/hook/deliveries', 200],
  ['APP', '/app/hook/deliveries/:delivery', 200],
  ['PUT', ':repo/pulls/2/merge', 200, { merge_method: 'squash' }],
]

test.each(CASES)('%s %s', async (method, path, status, body) => {
  const client = method === 'APP' ? app : octokit
  const text = JSON.stringify(body ?? {}).replace(/":(\w+)"/g, (_, name: string) =>
    JSON.stringify(filled(`:${name}`)),
  )
  const input: Record<string, unknown> = JSON.parse(text)
  const verb = method === 'APP' ? 'GET' : method
  const answer = await client.request(`${verb} ${filled(path)}`, verb === 'GET' ? {} : input)
  expect(answer.status).toBe(status)
})

test('sub-issues, boards, repositories and the rest tell of themselves', async () => {
  const ada = sandbox.as('ada')
  const dee = sandbox.as('dee')
  await sandbox.settle()
  receiver.received.length = 0
  const child = ada.openIssue({ title: 'Child' })
  await octokit.request('POST /repos/acme/search/issues/1/sub_issues', { sub_issue_id: child.id })
  const [card] = board.items
  if (card === undefined) throw new Error('no card')
  dee.moveCard(board, card, { Status: 'Done' })
  dee.moveCard(board, card, { Due: '2026-12-01' })
  ada.close(child, 'not_planned')
  ada.reopen(child)
  ada.rename(child, 'Kind')
  const there = sandbox.addRepository({ name: 'there' })
  const moved = dee.transfer(child, there)
  dee.lock(moved)
  dee.deleteIssue(moved)
  sandbox.rename(there, 'elsewhere')
  sandbox.archive(there)
  await sandbox.settle()
  expect(receiver.events()).toEqual([
    'issues.opened',
    'sub_issues.parent_issue_added',
    'sub_issues.sub_issue_added',
    'projects_v2_item.edited',
    'projects_v2_item.edited',
    'issues.closed',
    'issues.reopened',
    'issues.edited',
    'issues.transferred',
    'issues.opened',
    'issues.locked',
    'issues.deleted',
    'repository.renamed',
    'repository.archived',
  ])
})

test('all of it was as GitHub describes it', () => {
  expect(sandbox.unknownCalls).toEqual([])
  expect([...new Set(sandbox.violations)]).toEqual([])
}, 60_000)

// Whether the sandbox walks an incident's whole way over HTTP and says only what GitHub could say.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appClient, type Client, listen, type Receiver, SECRET } from './harness.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

let sandbox: Sandbox
let receiver: Receiver
let octokit: Client

beforeEach(async () => {
  receiver = await listen()
  sandbox = await startSandbox({ secret: SECRET, webhookUrl: receiver.url })
  octokit = await appClient(sandbox)
})

afterEach(async () => {
  await sandbox.stop()
  await receiver.stop()
})

const acme = { owner: 'acme', repo: 'search' }

test('an issue by a form tells opened with its labels and then each label', async () => {
  const issue = sandbox.as('zoe').openIssue({ title: 'Down', labels: ['incident', 'sev:P1'], viaForm: true })
  await sandbox.settle()
  expect(receiver.events()).toEqual([
    'label.created',
    'label.created',
    'issues.opened',
    'issues.labeled',
    'issues.labeled',
  ])
  expect(receiver.received[2]?.payload).toMatchObject({
    issue: { labels: [{ name: 'incident' }, { name: 'sev:P1' }] },
  })
  expect(issue.labels).toHaveLength(2)
  expect(sandbox.violations).toEqual([])
})

test('labels of a stranger without a form are dropped', async () => {
  const issue = sandbox.as('zoe').openIssue({ title: 'Down', labels: ['bug'] })
  expect(issue.labels).toEqual([])
})

test('an incident walks from issue to merged hotfix', async () => {
  const ada = sandbox.as('ada')
  const issue = ada.openIssue({ title: 'Search is down', body: 'It is.', labels: ['incident'] })
  const here = { ...acme, issue_number: issue.number }
  const { data: comment } = await octokit.rest.issues.createComment({
    ...here,
    body: '- [ ] Check deployments',
  })
  await octokit.rest.issues.updateComment({
    ...acme,
    comment_id: comment.id,
    body: '- [ ] Check deployments!',
  })
  await octokit.request('PUT /repos/{owner}/{repo}/issues/comments/{comment_id}/pin', {
    ...acme,
    comment_id: comment.id,
  })
  const living = issue.comments[0]
  if (living === undefined) throw new Error('no comment')
  ada.tick(living, 'Check deployments')
  expect(living.body).toBe('- [x] Check deployments!')
  await octokit.rest.issues.addLabels({ ...here, labels: ['status:fixing'] })
  const { data: main } = await octokit.rest.git.getRef({ ...acme, ref: 'heads/main' })
  await octokit.rest.git.createRef({ ...acme, ref: 'refs/heads/hotfix/incident-INC-1', sha: main.object.sha })
  await octokit.rest.repos.createOrUpdateFileContents({
    ...acme,
    path: 'docs/incidents/1.md',
    branch: 'hotfix/incident-INC-1',
    message: 'Record',
    content: Buffer.from('# INC-1\n').toString('base64'),
  })
  const { data: pull } = await octokit.rest.pulls.create({
    ...acme,
    title: 'Hotfix: INC-1',
    body: `Part of #${issue.number}`,
    head: 'hotfix/incident-INC-1',
    base: 'main',
    draft: true,
  })
  const check = await octokit.rest.checks.create({
    ...acme,
    name: 'Mayday / hotfix',
    head_sha: pull.head.sha,
    conclusion: 'action_required',
    output: { title: 'Not yet', summary: '1 approval is missing' },
  })
  const record = sandbox.repository().issues.get(pull.number)
  if (record === undefined) throw new Error('no pull request')
  sandbox.as('cy').review(record, 'approve')
  await octokit.rest.checks.update({ ...acme, check_run_id: check.data.id, conclusion: 'success' })
  sandbox.as('cy').ready(record)
  sandbox.as('cy').merge(record)
  const run = await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    ...acme,
    workflow_id: 'deploy.yml',
    ref: 'main',
    inputs: { incident: 'INC-1' },
    return_run_details: true,
  })
  expect(run.status).toBe(200)
  const [started] = sandbox.repository().workflowRuns
  if (started === undefined) throw new Error('no run')
  sandbox.actions.finish(started)
  sandbox.deployments.report({ state: 'in_progress', run: started })
  sandbox.deployments.report({ state: 'success', run: started })
  ada.close(issue)
  await sandbox.settle()
  expect(receiver.events().filter((event) => event.startsWith('pull_request'))).toEqual([
    'pull_request.opened',
    'pull_request_review.submitted',
    'pull_request.ready_for_review',
    'pull_request.closed',
  ])
  expect(receiver.events()).toMatchInlineSnapshot(`
    [
      "label.created",
      "issues.opened",
      "issues.labeled",
      "issue_comment.created",
      "issue_comment.edited",
      "issue_comment.edited",
      "label.created",
      "issues.labeled",
      "push",
      "check_suite.requested",
      "push",
      "check_suite.requested",
      "pull_request.opened",
      "check_run.created",
      "check_run.completed",
      "check_suite.completed",
      "pull_request_review.submitted",
      "check_run.completed",
      "check_suite.completed",
      "pull_request.ready_for_review",
      "pull_request.closed",
      "push",
      "check_suite.requested",
      "workflow_run.requested",
      "workflow_run.in_progress",
      "workflow_run.completed",
      "deployment.created",
      "deployment_status.created",
      "deployment_status.created",
      "issues.closed",
    ]
  `)
  expect(sandbox.unknownCalls).toEqual([])
  expect(sandbox.violations).toEqual([])
  expect(sandbox.deliveries.every((delivery) => delivery.status === 'OK')).toBe(true)
})

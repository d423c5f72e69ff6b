// All adapters against the sandbox: what they make is there once, however often they run and whichever answers are lost.
import { afterEach, expect, test } from 'vitest'
import { permissionOf } from '../../src/github/app/permissions.ts'
import { ensureBoard } from '../../src/github/board/board.ts'
import { putCard, readCard } from '../../src/github/board/cards.ts'
import { postBoardStatus } from '../../src/github/board/status-update.ts'
import { createGitHub, type InstallationClient } from '../../src/github/client/client.ts'
import { Unreachable } from '../../src/github/client/errors.ts'
import { addFile, branchHead, ensureBranch } from '../../src/github/code/branches.ts'
import { putCheck } from '../../src/github/code/checks.ts'
import { getRepository, readFile } from '../../src/github/code/contents.ts'
import { addLabels, ensurePull, latestGoodDeployment, requestReviewers } from '../../src/github/code/pulls.ts'
import { revertPull } from '../../src/github/code/revert.ts'
import { pinComment, putComment, react } from '../../src/github/issues/comments.ts'
import { getIssue, setLabels, updateIssue } from '../../src/github/issues/issues.ts'
import { ensureLabels } from '../../src/github/issues/labels.ts'
import { mark } from '../../src/github/issues/mark.ts'
import { createIssue } from '../../src/github/issues/new-issue.ts'
import { listSubIssues } from '../../src/github/issues/sub-issues.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { REPOSITORY } from './stand.ts'

const BRANCH = 'hotfix/incident-INC-1'

let sandbox: Sandbox
afterEach(() => sandbox.stop())

async function begin(
  validate = true,
): Promise<{ github: InstallationClient; number: number; commentId: number }> {
  sandbox = await startSandbox({ secret: 'a secret of more than thirty-two characters', validate })
  const repo = sandbox.repository()
  const issue = sandbox.as('ada').openIssue({ repo, title: 'Search is down', body: 'No answer', labels: [] })
  const comment = sandbox.as('ada').comment(issue, '/ack')
  const [installation] = sandbox.world.installations
  const github = createGitHub({
    appId: sandbox.app.id,
    privateKey: sandbox.app.privateKey,
    baseUrl: sandbox.world.apiUrl,
    takeToken: async () => ({ ok: true }),
    log: { warn: () => {} },
    userAgent: 'mayday-test',
    now: Date.now,
  }).installation(installation?.id ?? 0)
  return { github, number: issue.number, commentId: comment.id }
}

/** What an incident asks of GitHub, from the first comment to the card of an action item. */
async function walk(github: InstallationClient, number: number, commentId: number): Promise<void> {
  const target = { ...REPOSITORY, number }
  const repository = await getRepository(github, REPOSITORY)
  const labels = ['incident', 'sev:P0', 'hotfix', 'improvement']
  const described = labels.map((name) => ({ name, color: 'b60205', description: `Mayday: ${name}` }))
  await ensureLabels(github, REPOSITORY, described)
  const living = await putComment(github, target, { mark: mark('living', 'INC-1'), body: 'Investigating' })
  await pinComment(github, target, living.id)
  await react(github, target, { commentId, content: 'eyes' })
  const managed = (name: string) => name.startsWith('sev:')
  await setLabels(github, target, { want: ['incident', 'sev:P0'], managed })
  await updateIssue(github, target, { title: 'Search is down for all' })
  const issue = await getIssue(github, target)
  const board = await ensureBoard(github, {
    org: 'acme',
    wanted: 'auto',
    severities: [{ key: 'P0', name: 'Critical' }],
    repositoryId: repository?.nodeId ?? '',
  })
  if (!board.offered) throw new Error(`No board: ${board.why}`)
  const values = {
    Kind: 'Incident',
    Phase: 'Investigating',
    Severity: 'P0',
    Incident: 'INC-1',
    Due: '2026-12-01',
  }
  const card = await putCard(github, { board, contentNodeId: issue?.nodeId ?? '', values })
  expect((await readCard(github, card.itemId))?.values).toMatchObject(values)
  const fromSha = (await branchHead(github, REPOSITORY, 'main')) ?? ''
  const branch = await ensureBranch(github, REPOSITORY, {
    name: BRANCH,
    fromSha,
    issueNodeId: issue?.nodeId ?? '',
  })
  const record = {
    branch: BRANCH,
    head: branch.sha,
    path: 'docs/incidents/a.md',
    content: '# Record\n',
    message: 'Add the record',
  }
  const present = await readFile(github, REPOSITORY, { path: record.path, ref: record.head })
  const sha = present.kind === 'found' ? record.head : await addFile(github, REPOSITORY, record)
  const wanted = {
    head: BRANCH,
    base: 'main',
    title: 'Hotfix: INC-1',
    body: `Part of #${number}`,
    draft: true,
  }
  const { pull } = await ensurePull(github, REPOSITORY, wanted)
  const pullTarget = { ...REPOSITORY, number: pull.number }
  await addLabels(github, pullTarget, { labels: ['hotfix'], present: pull.labels })
  await requestReviewers(github, pullTarget, { users: ['bo', 'nobody-at-all'], teams: ['search'] })
  await putCheck(github, REPOSITORY, {
    name: 'Mayday / hotfix',
    headSha: sha,
    conclusion: 'action_required',
    title: 'An approval is missing',
    summary: 'One of one',
  })
  await createIssue(github, REPOSITORY, {
    mark: mark('item', '1'),
    title: '[PIR] INC-1: Alarm',
    body: 'Alarm on document count',
    labels: ['improvement'],
    assignees: ['cy', 'nobody-at-all'],
    parent: target,
  })
  await updateIssue(github, target, { state: 'closed', reason: 'completed' })
}

/** What is there, without ids and times. */
function picture(): object {
  const repository = sandbox.repository()
  const issues = [...repository.issues.values()].map((issue) => ({
    title: issue.title,
    state: issue.state,
    labels: issue.labels.map(({ name }) => name).sort(),
    assignees: issue.assignees.map(({ login }) => login),
    comments: issue.comments.map(({ body, reactions }) => [body, reactions.length]),
    children: issue.subIssues.map(({ title }) => title),
    branches: issue.linkedBranches.length,
    draft: issue.pull?.draft,
    reviewers: issue.pull?.requestedReviewers.map(({ login }) => login),
    teams: issue.pull?.requestedTeams.map(({ slug }) => slug),
  }))
  const projects = sandbox.world.projects.map(({ title, fields, views, items, repositories }) => ({
    title,
    fields: fields.map(({ name }) => name),
    views: views.map(({ name }) => name),
    cards: items.map(({ values }) => [...values.values()].length),
    repositories: repositories.length,
  }))
  return {
    issues,
    projects,
    branches: [...repository.branches.keys()],
    commits: repository.commits.size,
    checks: repository.checkRuns.map(({ name, conclusion }) => [name, conclusion]),
  }
}

const writes = () =>
  sandbox.calls.filter(({ mutates, route }) => mutates && !route?.endsWith('access_tokens'))

test('a second run finds all and writes next to nothing', async () => {
  const { github, number, commentId } = await begin()
  await walk(github, number, commentId)
  const after = picture()
  expect(after).toMatchInlineSnapshot(`
    {
      "branches": [
        "main",
        "hotfix/incident-INC-1",
      ],
      "checks": [
        [
          "Mayday / hotfix",
          "action_required",
        ],
      ],
      "commits": 2,
      "issues": [
        {
          "assignees": [],
          "branches": 1,
          "children": [
            "[PIR] INC-1: Alarm",
          ],
          "comments": [
            [
              "/ack",
              1,
            ],
            [
              "Investigating

    <!-- mayday:living:INC-1 -->",
              0,
            ],
          ],
          "draft": undefined,
          "labels": [
            "incident",
            "sev:P0",
          ],
          "reviewers": undefined,
          "state": "closed",
          "teams": undefined,
          "title": "Search is down for all",
        },
        {
          "assignees": [],
          "branches": 0,
          "children": [],
          "comments": [],
          "draft": true,
          "labels": [
            "hotfix",
          ],
          "reviewers": [
            "bo",
          ],
          "state": "open",
          "teams": [
            "search",
          ],
          "title": "Hotfix: INC-1",
        },
        {
          "assignees": [
            "cy",
          ],
          "branches": 0,
          "children": [],
          "comments": [],
          "draft": undefined,
          "labels": [
            "improvement",
          ],
          "reviewers": undefined,
          "state": "open",
          "teams": undefined,
          "title": "[PIR] INC-1: Alarm",
        },
      ],
      "projects": [
        {
          "cards": [
            6,
          ],
          "fields": [
            "Title",
            "Assignees",
            "Labels",
            "Linked pull requests",
            "Milestone",
            "Repository",
            "Reviewers",
            "Parent issue",
            "Sub-issues progress",
            "Status",
            "Kind",
            "Phase",
            "Severity",
            "Priority",
            "Horizon",
            "Incident",
            "Due",
          ],
          "repositories": 1,
          "title": "Incidents",
          "views": [
            "View 1",
            "Live incidents",
            "Action items",
            "Overdue",
          ],
        },
      ],
    }
  `)
  const before = writes().length
  await walk(github, number, commentId)
  expect(picture()).toEqual(after)
  // Reactions, pins, cards without a memory and sub-issues are made so again, which changes nothing.
  const again = writes().slice(before)
  expect(
    again.map(({ method, route, operations }) => `${method} ${route} ${operations}`),
  ).toMatchInlineSnapshot(`
    [
      "PUT /repos/{owner}/{repo}/issues/comments/{comment_id}/pin ",
      "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions ",
      "POST /graphql addProjectV2ItemById",
      "POST /graphql updateProjectV2ItemFieldValue,updateProjectV2ItemFieldValue,updateProjectV2ItemFieldValue,updateProjectV2ItemFieldValue,updateProjectV2ItemFieldValue",
      "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers ",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/assignees ",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues ",
    ]
  `)
  expect(sandbox.violations).toEqual([])
  expect(sandbox.unknownCalls).toEqual([])
})

test.each([1, 2, 3, 4])('answers are lost on the way (%i): nothing is doubled', async (seed) => {
  const calm = await begin(false)
  await walk(calm.github, calm.number, calm.commentId)
  const wanted = picture()
  await sandbox.stop()
  const { github, number, commentId } = await begin(false)
  sandbox.fault({ kind: 'cut-after', probability: 0.1, seed })
  let lost = 0
  for (let isDone = false; !isDone; ) {
    isDone = await walk(github, number, commentId).then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof Unreachable)) throw error
        lost += 1
        return false
      },
    )
  }
  expect(lost).toBeGreaterThan(0)
  expect(picture()).toEqual(wanted)
})

test('no board on a user account, nor without the permission', async () => {
  const { github } = await begin()
  const wish = { wanted: 'auto', severities: [], repositoryId: sandbox.repository().nodeId } as const
  expect(await ensureBoard(github, { ...wish, org: 'ada' })).toEqual({
    offered: false,
    why: 'no organization',
  })
  const { organization_projects: _, ...permissions } = sandbox.world.app.permissions
  const [installation] = sandbox.world.installations
  if (installation) installation.permissions = permissions
  expect(await ensureBoard(github, { ...wish, org: 'acme' })).toEqual({
    offered: false,
    why: 'not permitted',
  })
})

test('a merged pull request is reverted once; one that is open cannot be', async () => {
  const { github } = await begin()
  const repo = sandbox.repository()
  const ada = sandbox.as('ada')
  ada.push({ repo, branch: 'change', files: { 'README.md': 'changed' }, message: 'Change' })
  const pull = ada.openPull({ repo, head: 'change', title: 'Change', body: '' })
  const wanted = { pullNodeId: pull.nodeId, mark: mark('revert', '9'), title: 'Revert: Change', body: 'Back' }
  expect(await revertPull(github, REPOSITORY, wanted)).toMatchObject({ offered: false })
  ada.merge(pull)
  expect(await revertPull(github, REPOSITORY, wanted)).toMatchObject({ offered: true, outcome: 'made' })
  expect(await revertPull(github, REPOSITORY, wanted)).toMatchObject({ offered: true, outcome: 'found' })
})

test('a board status is posted when it changes, and not too often', async () => {
  const { github, number, commentId } = await begin()
  await walk(github, number, commentId)
  const board = sandbox.world.projects[0]?.nodeId ?? ''
  const day = 86_400_000
  const post = (status: 'ON_TRACK' | 'AT_RISK', now: number) =>
    postBoardStatus(github, board, { status, body: 'One open', now, notWithin: day })
  expect(await post('AT_RISK', Date.now())).toBe('made')
  expect(await post('AT_RISK', Date.now() + 2 * day)).toBe('same')
  expect(await post('ON_TRACK', Date.now())).toBe('too soon')
  expect(await post('ON_TRACK', Date.now() + 2 * day)).toBe('made')
  expect(sandbox.world.projects[0]?.statusUpdates).toHaveLength(2)
})

test('what the sandbox knows is read back', async () => {
  const { github, number } = await begin()
  expect(await permissionOf(github, REPOSITORY, 'bo')).toBe('triage')
  expect(await permissionOf(github, REPOSITORY, 'nobody-at-all')).toBe('none')
  expect(await latestGoodDeployment(github, REPOSITORY, 'production')).toBeNull()
  const deployment = sandbox.deployments.report({ state: 'success' })
  expect(await latestGoodDeployment(github, REPOSITORY, 'production')).toMatchObject({ sha: deployment.sha })
  expect(await listSubIssues(github, { ...REPOSITORY, number })).toEqual({ offered: true, issues: [] })
})

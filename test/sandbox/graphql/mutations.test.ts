// The sandbox's GraphQL mutations: what they change, what they tell by webhook, what they refuse.
import { beforeEach, describe, expect, test } from 'vitest'
import { createIssue } from '../mutate/issues.ts'
import { createLabel } from '../mutate/labels.ts'
import { mergePull } from '../mutate/merges.ts'
import { createProject } from '../mutate/projects.ts'
import { personActor } from '../world/rules.ts'
import type { Issue, Project, ProjectField } from '../world/world.ts'
import { type Scene, setScene } from './world.ts'

let scene: Scene

beforeEach(() => {
  scene = setScene()
})

/** Runs one mutation and returns its payload; fails on errors. */
async function run(name: string, input: object, fields: string): Promise<Record<string, unknown>> {
  const { body } = await ask(name, input, fields)
  expect(body.errors).toBeUndefined()
  return Object(Object(body.data)[name])
}

const ask = (name: string, input: object, fields: string) => {
  const type = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input`
  return scene.ask(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input })
}

async function refusal(name: string, input: object): Promise<object | undefined> {
  const { body } = await ask(name, input, 'clientMutationId')
  expect(body.data).toEqual({ [name]: null })
  return body.errors?.[0]
}

function open(title = 'Search is down'): Issue {
  const { world, ada, repository } = scene
  return createIssue(world, personActor(ada), { repository, title })
}

const told = (): string[] =>
  scene.occurrences.map(({ event, action }) => (action === null ? event : `${event}.${action}`))

const head = (): string => scene.repository.branches.get('main') ?? ''

describe('issues', () => {
  test('one createIssue makes, labels, assigns, attaches and boards', async () => {
    const { world, ada, bo, app, acme, repository } = scene
    const label = createLabel(world, personActor(ada), { repository, name: 'action-item', color: 'ededed' })
    const project = createProject(world, app, { owner: acme, title: 'Incidents' })
    const parent = open()
    scene.occurrences.length = 0
    const payload = await run(
      'createIssue',
      {
        repositoryId: repository.nodeId,
        title: 'Add an alert',
        body: 'So that we know.',
        labelIds: [label.nodeId],
        assigneeIds: [bo.nodeId],
        parentIssueId: parent.nodeId,
        projectV2Ids: [project.nodeId],
        clientMutationId: 'm1',
      },
      `clientMutationId issue { number author { login } labels(first: 5) { nodes { name } }
        assignees(first: 5) { nodes { login } } parent { number }
        projectItems(first: 5) { nodes { project { title } } } }`,
    )
    expect(payload).toEqual({
      clientMutationId: 'm1',
      issue: {
        number: 2,
        author: { login: 'mayday' },
        labels: { nodes: [{ name: 'action-item' }] },
        assignees: { nodes: [{ login: 'bo' }] },
        parent: { number: 1 },
        projectItems: { nodes: [{ project: { title: 'Incidents' } }] },
      },
    })
    expect(told()).toEqual(
      expect.arrayContaining([
        'issues.opened',
        'issues.labeled',
        'issues.assigned',
        'projects_v2_item.created',
      ]),
    )
    expect(told().filter((each) => each === 'issues.opened')).toHaveLength(1)
  })

  test('a wrong id makes nothing', async () => {
    const input = { repositoryId: scene.repository.nodeId, title: 'x', parentIssueId: 'I_none' }
    expect(await refusal('createIssue', input)).toMatchObject({
      type: 'NOT_FOUND',
      message: "Could not resolve to a node with the global id of 'I_none'.",
    })
    expect(scene.repository.issues.size).toBe(0)
  })

  test('title and body are checked in GitHub’s words', async () => {
    const repositoryId = scene.repository.nodeId
    expect(await refusal('createIssue', { repositoryId, title: ' ' })).toMatchObject({
      type: 'UNPROCESSABLE',
      message: "Title can't be blank",
    })
    expect(
      await refusal('createIssue', { repositoryId, title: 'x', body: 'y'.repeat(65_537) }),
    ).toMatchObject({
      message: expect.stringContaining('body is too long (maximum is 65536 characters)'),
    })
  })

  test('update, close, reopen', async () => {
    const issue = open()
    await run(
      'updateIssue',
      { id: issue.nodeId, title: 'Search is slow', body: 'Since 9.' },
      'issue { title }',
    )
    expect(issue).toMatchObject({ title: 'Search is slow', body: 'Since 9.', state: 'open' })
    const closed = { issueId: issue.nodeId, stateReason: 'NOT_PLANNED' }
    expect(await run('closeIssue', closed, 'issue { state stateReason }')).toEqual({
      issue: { state: 'CLOSED', stateReason: 'NOT_PLANNED' },
    })
    expect(await run('reopenIssue', { issueId: issue.nodeId }, 'issue { state stateReason }')).toEqual({
      issue: { state: 'OPEN', stateReason: 'REOPENED' },
    })
    expect(told()).toEqual(['issues.opened', 'issues.edited', 'issues.closed', 'issues.reopened'])
  })

  test('sub-issues', async () => {
    const parent = open()
    const child = open('Child')
    const input = { issueId: parent.nodeId, subIssueUrl: 'http://localhost:4010/acme/search/issues/2' }
    const fields = 'issue { subIssuesSummary { total } } subIssue { parent { number } }'
    expect(await run('addSubIssue', input, fields)).toEqual({
      issue: { subIssuesSummary: { total: 1 } },
      subIssue: { parent: { number: 1 } },
    })
    await run('removeSubIssue', { issueId: parent.nodeId, subIssueId: child.nodeId }, 'issue { id }')
    expect(parent.subIssues).toEqual([])
  })

  test('comments: add, update, pin, unpin, delete', async () => {
    const issue = open()
    const added = await run(
      'addComment',
      { subjectId: issue.nodeId, body: 'One' },
      'commentEdge { node { id body viewerDidAuthor } } subject { id }',
    )
    const id = issue.comments[0]?.nodeId
    expect(added).toEqual({
      commentEdge: { node: { id, body: 'One', viewerDidAuthor: true } },
      subject: { id: issue.nodeId },
    })
    await run('updateIssueComment', { id, body: 'Two' }, 'issueComment { body }')
    expect(issue.comments[0]?.body).toBe('Two')
    const pinned = await run(
      'pinIssueComment',
      { issueCommentId: id },
      'issueComment { isPinned pinnedBy { login } }',
    )
    expect(pinned).toEqual({ issueComment: { isPinned: true, pinnedBy: { login: 'mayday' } } })
    await run('unpinIssueComment', { issueCommentId: id }, 'issueComment { isPinned }')
    await run('deleteIssueComment', { id }, 'clientMutationId')
    expect(issue.comments).toEqual([])
    const texts = /^issue_comment\.(?:created|edited|deleted)$/
    expect(told().filter((each) => texts.test(each))).toEqual([
      'issue_comment.created',
      'issue_comment.edited',
      'issue_comment.deleted',
    ])
  })

  test('labels, assignees and reactions', async () => {
    const issue = open()
    const { world, ada, bo, repository } = scene
    const label = createLabel(world, personActor(ada), { repository, name: 'sev:1', color: 'b60205' })
    const labels = { labelableId: issue.nodeId, labelIds: [label.nodeId] }
    const worn = 'labelable { ... on Issue { labels(first: 5) { nodes { name } } } }'
    expect(await run('addLabelsToLabelable', labels, worn)).toEqual({
      labelable: { labels: { nodes: [{ name: 'sev:1' }] } },
    })
    await run('removeLabelsFromLabelable', labels, worn)
    expect(issue.labels).toEqual([])
    await run(
      'addAssigneesToAssignable',
      { assignableId: issue.nodeId, assigneeIds: [bo.nodeId] },
      'assignable { __typename }',
    )
    expect(issue.assignees).toEqual([bo])
    const input = { subjectId: issue.nodeId, content: 'EYES' }
    expect(await run('addReaction', input, 'reaction { content user { login } }')).toMatchObject({
      reaction: { content: 'EYES' },
    })
    await run('addReaction', input, 'reaction { id }')
    expect(issue.reactions).toHaveLength(1)
    await run('removeReaction', input, 'subject { id }')
    expect(issue.reactions).toEqual([])
  })

  test('a label is made once', async () => {
    const input = { repositoryId: scene.repository.nodeId, name: 'incident', color: 'b60205' }
    expect(await run('createLabel', input, 'label { name color }')).toEqual({
      label: { name: 'incident', color: 'b60205' },
    })
    expect(await refusal('createLabel', input)).toMatchObject({ type: 'UNPROCESSABLE' })
  })
})

describe('code', () => {
  const link = (issue: Issue) => ({ issueId: issue.nodeId, oid: head(), name: 'hotfix/1-search' })

  const commit = (expectedHeadOid: string) => ({
    branch: { repositoryNameWithOwner: 'acme/search', branchName: 'hotfix/1-search' },
    expectedHeadOid,
    message: { headline: 'Record the incident', body: 'As it began.' },
    fileChanges: { additions: [{ path: '.github/incidents/1.md', contents: btoa('# 1\n') }] },
  })

  const pull = () => ({
    repositoryId: scene.repository.nodeId,
    title: 'Hotfix',
    headRefName: 'hotfix/1-search',
    baseRefName: 'main',
    draft: true,
  })

  test('a linked branch, a commit on it, a draft pull request', async () => {
    const issue = open()
    const linked =
      'linkedBranch { ref { name target { oid } } } issue { linkedBranches(first: 5) { totalCount } }'
    expect(await run('createLinkedBranch', link(issue), linked)).toEqual({
      linkedBranch: { ref: { name: 'hotfix/1-search', target: { oid: head() } } },
      issue: { linkedBranches: { totalCount: 1 } },
    })
    expect(await run('createLinkedBranch', link(issue), 'linkedBranch { id }')).toEqual({
      linkedBranch: null,
    })
    expect(issue.linkedBranches).toHaveLength(1)

    expect(await refusal('createPullRequest', pull())).toMatchObject({
      type: 'UNPROCESSABLE',
      message: 'No commits between main and hotfix/1-search',
    })
    const committed = await run(
      'createCommitOnBranch',
      commit(head()),
      'commit { message author { email } signature { isValid } } ref { name }',
    )
    expect(committed).toMatchObject({
      commit: { message: 'Record the incident\n\nAs it began.', signature: { isValid: true } },
      ref: { name: 'hotfix/1-search' },
    })
    expect(await refusal('createCommitOnBranch', commit(head()))).toMatchObject({
      type: 'STALE_DATA',
      message: expect.stringMatching(
        /^Expected branch to point to "\w{40}" but it did not\.\s+Pull and try again\.$/,
      ),
    })

    const opened = await run(
      'createPullRequest',
      pull(),
      'pullRequest { number isDraft files(first: 5) { nodes { path } } }',
    )
    expect(opened).toEqual({
      pullRequest: { number: 2, isDraft: true, files: { nodes: [{ path: '.github/incidents/1.md' }] } },
    })
    expect(await refusal('createPullRequest', pull())).toMatchObject({
      message: expect.stringContaining('A pull request already exists for acme:hotfix/1-search'),
    })
    expect(told()).toEqual(expect.arrayContaining(['push', 'pull_request.opened']))
  })

  test('ready, draft, reviewers, revert', async () => {
    const { world, ada, bo, repository } = scene
    const issue = open()
    await run('createLinkedBranch', link(issue), 'issue { id }')
    await run('createCommitOnBranch', commit(head()), 'ref { name }')
    await run('createPullRequest', pull(), 'pullRequest { id }')
    const made = repository.issues.get(2)
    if (!made?.pull) throw new Error('No pull request')
    const pullRequestId = made.nodeId
    await run('markPullRequestReadyForReview', { pullRequestId }, 'pullRequest { isDraft }')
    expect(made.pull.draft).toBe(false)
    await run('convertPullRequestToDraft', { pullRequestId }, 'pullRequest { isDraft }')
    expect(made.pull.draft).toBe(true)
    await run('markPullRequestReadyForReview', { pullRequestId }, 'pullRequest { isDraft }')

    const asked = 'pullRequest { reviewRequests(first: 5) { nodes { requestedReviewer { __typename } } } }'
    await run('requestReviews', { pullRequestId, userIds: [ada.nodeId] }, asked)
    const input = { pullRequestId, userLogins: ['bo'], teamSlugs: ['acme/search-team'], union: true }
    expect(await run('requestReviewsByLogin', input, asked)).toEqual({
      pullRequest: {
        reviewRequests: {
          nodes: [
            { requestedReviewer: { __typename: 'User' } },
            { requestedReviewer: { __typename: 'User' } },
            { requestedReviewer: { __typename: 'Team' } },
          ],
        },
      },
    })

    expect(await refusal('revertPullRequest', { pullRequestId })).toMatchObject({ type: 'UNPROCESSABLE' })
    mergePull(world, personActor(bo), { issue: made, method: 'squash' })
    const reverted = await run(
      'revertPullRequest',
      { pullRequestId },
      'revertPullRequest { title files(first: 5) { nodes { path changeType } } }',
    )
    expect(reverted).toEqual({
      revertPullRequest: {
        title: 'Revert "Hotfix"',
        files: { nodes: [{ path: '.github/incidents/1.md', changeType: 'DELETED' }] },
      },
    })
  })

  test('an issue is no pull request, and a label is no issue', async () => {
    const issue = open()
    expect(await refusal('markPullRequestReadyForReview', { pullRequestId: issue.nodeId })).toMatchObject({
      type: 'NOT_FOUND',
      message: `Could not resolve to PullRequest node with the global id of '${issue.nodeId}'.`,
    })
  })

  test('createRef', async () => {
    const input = { repositoryId: scene.repository.nodeId, name: 'refs/heads/hotfix', oid: head() }
    expect(await run('createRef', input, 'ref { prefix name }')).toEqual({
      ref: { prefix: 'refs/heads/', name: 'hotfix' },
    })
    expect(await refusal('createRef', input)).toMatchObject({ message: 'Reference already exists' })
  })
})

describe('boards', () => {
  const optionFields = 'projectV2Field { ... on ProjectV2SingleSelectField { id options { id name } } }'
  const option = (name: string, id?: string) => ({
    name,
    color: 'RED',
    description: '',
    ...(id ? { id } : {}),
  })

  async function board(): Promise<{ project: Project; phase: ProjectField }> {
    const { world, acme, repository } = scene
    const input = { ownerId: acme.nodeId, title: 'Incidents', repositoryId: repository.nodeId }
    await run('createProjectV2', input, 'projectV2 { id number url }')
    const [project] = world.projects
    if (!project) throw new Error('No project')
    const field = {
      projectId: project.nodeId,
      name: 'Phase',
      dataType: 'SINGLE_SELECT',
      singleSelectOptions: [option('Declared'), option('Resolved')],
    }
    await run('createProjectV2Field', field, optionFields)
    const phase = project.fields.find((each) => each.name === 'Phase')
    if (!phase) throw new Error('No field')
    return { project, phase }
  }

  async function card(project: Project, issue: Issue): Promise<string> {
    const payload = await run(
      'addProjectV2ItemById',
      { projectId: project.nodeId, contentId: issue.nodeId },
      'item { id }',
    )
    return String(Object(payload.item).id)
  }

  const shown = (item: string, name: string) =>
    scene
      .ask(
        `query($id: ID!, $name: String!) { node(id: $id) { ... on ProjectV2Item {
          fieldValueByName(name: $name) {
            ... on ProjectV2ItemFieldSingleSelectValue { name optionId }
            ... on ProjectV2ItemFieldDateValue { date }
            ... on ProjectV2ItemFieldTextValue { text }
          } fieldValues(first: 20) { nodes { __typename } } } } }`,
        { id: item, name },
      )
      .then(({ body }) => {
        expect(body.errors).toBeUndefined()
        return Object(Object(body.data).node).fieldValueByName
      })

  test('a card is added once, valued, read, cleared, archived, deleted', async () => {
    const { project, phase } = await board()
    const issue = open()
    const item = await card(project, issue)
    expect(await card(project, issue)).toBe(item)
    const [declared] = phase.options
    const place = { projectId: project.nodeId, itemId: item }
    const value = { ...place, fieldId: phase.nodeId, value: { singleSelectOptionId: declared?.id } }
    await run('updateProjectV2ItemFieldValue', value, 'projectV2Item { id }')
    expect(await shown(item, 'Phase')).toEqual({ name: 'Declared', optionId: declared?.id })
    expect(await shown(item, 'title')).toEqual({ text: 'Search is down' })
    await run('clearProjectV2ItemFieldValue', { ...place, fieldId: phase.nodeId }, 'projectV2Item { id }')
    expect(await shown(item, 'Phase')).toBeNull()
    await run('archiveProjectV2Item', place, 'item { isArchived }')
    const { body } = await scene.ask(
      '{ organization(login: "acme") { projectV2(number: 1) { items { totalCount } } } }',
    )
    expect(body.data).toEqual({ organization: { projectV2: { items: { totalCount: 0 } } } })
    await run('unarchiveProjectV2Item', place, 'item { isArchived }')
    expect(await run('deleteProjectV2Item', place, 'deletedItemId')).toEqual({ deletedItemId: item })
    expect(told().filter((each) => each.startsWith('projects_v2_item'))).toEqual([
      'projects_v2_item.created',
      'projects_v2_item.edited',
      'projects_v2_item.edited',
      'projects_v2_item.archived',
      'projects_v2_item.restored',
      'projects_v2_item.deleted',
    ])
  })

  test('options sent without their id are new ones and orphan the cards', async () => {
    const { project, phase } = await board()
    const item = await card(project, open())
    const [declared, resolved] = phase.options
    if (!declared || !resolved) throw new Error('No options')
    const value = {
      projectId: project.nodeId,
      itemId: item,
      fieldId: phase.nodeId,
      value: { singleSelectOptionId: declared.id },
    }
    await run('updateProjectV2ItemFieldValue', value, 'projectV2Item { id }')

    const kept = [option('Declared', declared.id), option('Mitigated'), option('Resolved', resolved.id)]
    await run('updateProjectV2Field', { fieldId: phase.nodeId, singleSelectOptions: kept }, optionFields)
    expect(await shown(item, 'Phase')).toEqual({ name: 'Declared', optionId: declared.id })

    const fresh = ['Declared', 'Mitigated', 'Resolved'].map((name) => option(name))
    await run('updateProjectV2Field', { fieldId: phase.nodeId, singleSelectOptions: fresh }, optionFields)
    expect(phase.options.map(({ id }) => id)).not.toContain(declared.id)
    expect(await shown(item, 'Phase')).toBeNull()
    expect(await refusal('updateProjectV2ItemFieldValue', value)).toMatchObject({
      type: 'UNPROCESSABLE',
      message: 'The single select option Id does not belong to the field',
    })
  })

  test('several updates in one document run in order; one that fails leaves the others', async () => {
    const { project, phase } = await board()
    const item = await card(project, open())
    const due = { projectId: project.nodeId, name: 'Due', dataType: 'DATE' }
    await run('createProjectV2Field', due, 'projectV2Field { ... on ProjectV2Field { id dataType } }')
    const dueField = project.fields.find((each) => each.name === 'Due')
    const [declared, resolved] = phase.options
    const place = { projectId: project.nodeId, itemId: item }
    const to = (fieldId: string | undefined, value: object) => ({ ...place, fieldId, value })
    const type = 'UpdateProjectV2ItemFieldValueInput!'
    const { body } = await scene.ask(
      `mutation($a: ${type}, $b: ${type}, $wrong: ${type}, $c: ${type}) {
        a: updateProjectV2ItemFieldValue(input: $a) { projectV2Item { id } }
        b: updateProjectV2ItemFieldValue(input: $b) { projectV2Item { id } }
        wrong: updateProjectV2ItemFieldValue(input: $wrong) { projectV2Item { id } }
        c: updateProjectV2ItemFieldValue(input: $c) { projectV2Item { id } }
      }`,
      {
        a: to(phase.nodeId, { singleSelectOptionId: declared?.id }),
        b: to(phase.nodeId, { singleSelectOptionId: resolved?.id }),
        wrong: to(phase.nodeId, { text: 'Resolved' }),
        c: to(dueField?.nodeId, { date: '2026-11-09' }),
      },
    )
    expect(body.data).toEqual({
      a: { projectV2Item: { id: item } },
      b: { projectV2Item: { id: item } },
      wrong: null,
      c: { projectV2Item: { id: item } },
    })
    expect(body.errors).toMatchObject([{ type: 'UNPROCESSABLE', path: ['wrong'] }])
    expect(await shown(item, 'Phase')).toMatchObject({ name: 'Resolved' })
    expect(await shown(item, 'Due')).toEqual({ date: '2026-11-09' })
  })

  test('the project itself: title, description, repository, status update', async () => {
    const { project } = await board()
    const projectId = project.nodeId
    await run(
      'updateProjectV2',
      { projectId, shortDescription: 'Live incidents' },
      'projectV2 { shortDescription }',
    )
    await run(
      'linkProjectV2ToRepository',
      { projectId, repositoryId: scene.repository.nodeId },
      'repository { name }',
    )
    const update = { projectId, status: 'AT_RISK', body: 'One open.', startDate: '2026-11-02' }
    const fields = 'statusUpdate { status body startDate project { number } creator { login } }'
    expect(await run('createProjectV2StatusUpdate', update, fields)).toEqual({
      statusUpdate: {
        status: 'AT_RISK',
        body: 'One open.',
        startDate: '2026-11-02',
        project: { number: 1 },
        creator: { login: 'mayday' },
      },
    })
    const { body } =
      await scene.ask(`{ repository(owner: "acme", name: "search") { projectsV2(first: 5) { nodes {
      shortDescription statusUpdates(first: 1) { nodes { status } } repositories(first: 5) { totalCount } } } } }`)
    expect(body.data).toEqual({
      repository: {
        projectsV2: {
          nodes: [
            {
              shortDescription: 'Live incidents',
              statusUpdates: { nodes: [{ status: 'AT_RISK' }] },
              repositories: { totalCount: 1 },
            },
          ],
        },
      },
    })
  })

  test('an app without the permission is refused; a person’s board is not there', async () => {
    const { world, ada, installation } = scene
    const { project } = await board()
    const issue = open()
    installation.permissions = { issues: 'write' }
    const input = { projectId: project.nodeId, contentId: issue.nodeId }
    expect(await refusal('addProjectV2ItemById', input)).toMatchObject({
      type: 'FORBIDDEN',
      message: 'Resource not accessible by integration',
    })
    expect(await refusal('createProjectV2', { ownerId: scene.acme.nodeId, title: 'x' })).toMatchObject({
      type: 'FORBIDDEN',
    })
    const own = createProject(world, personActor(ada), { owner: ada, title: 'Mine' })
    const foreign = { projectId: own.nodeId, contentId: issue.nodeId }
    expect(await refusal('addProjectV2ItemById', foreign)).toMatchObject({ type: 'NOT_FOUND' })
  })
})

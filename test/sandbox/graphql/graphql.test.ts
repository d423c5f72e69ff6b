// The sandbox's GraphQL: reads, and refusals in GitHub's words.

import { isObjectType } from 'graphql'
import { beforeEach, describe, expect, test } from 'vitest'
import { addRepository } from '../mutate/accounts.ts'
import { addComment, react } from '../mutate/comments.ts'
import { commitOnBranch, createRef } from '../mutate/git.ts'
import { addSubIssue } from '../mutate/issue-life.ts'
import { createIssue, updateIssue } from '../mutate/issues.ts'
import { createProject } from '../mutate/projects.ts'
import { createPull } from '../mutate/pulls.ts'
import { createReview } from '../mutate/reviews.ts'
import { personActor } from '../world/rules.ts'
import type { Issue } from '../world/world.ts'
import { describeGraphql, resolvers } from './graphql.ts'
import { githubSchema } from './schema.ts'
import { type Scene, START, setScene } from './world.ts'

let scene: Scene

beforeEach(() => {
  scene = setScene()
})

function open(title = 'Search is down', labels = ['incident']): Issue {
  const { world, ada, repository } = scene
  return createIssue(world, personActor(ada), { repository, title, body: 'It times out.', labels })
}

function openPull(): Issue {
  const { world, bo, repository } = scene
  const by = personActor(bo)
  createRef(world, by, { repository, ref: 'refs/heads/fix', sha: repository.branches.get('main') ?? '' })
  const additions = new Map([['services/search/index.ts', 'export const limit = 5\n']])
  commitOnBranch(world, by, { repository, branch: 'fix', message: 'Halve the limit', additions })
  return createPull(world, by, { repository, title: 'Halve it', body: 'Fixes #1', head: 'fix', base: 'main' })
}

describe('reads', () => {
  test('a repository', async () => {
    const { body } = await scene.ask(`{
      repository(owner: "ACME", name: "search") {
        id nameWithOwner isPrivate visibility hasIssuesEnabled isArchived url
        owner { login __typename }
        defaultBranchRef { name prefix target { oid ... on Commit { messageHeadline history(first: 5) { totalCount } } } }
        object(expression: "main:README.md") { ... on Blob { text byteSize } }
        missing: object(expression: "main:NO.md") { oid }
        folder: object(expression: "HEAD:services") { ... on Tree { entries { name type } } }
        refs(refPrefix: "refs/heads/", first: 10) { nodes { name } }
        none: ref(qualifiedName: "refs/heads/none") { name }
        projectsV2(first: 1) { totalCount }
      }
    }`)
    expect(body.errors).toBeUndefined()
    expect(body.data).toMatchObject({
      repository: {
        nameWithOwner: 'acme/search',
        visibility: 'PRIVATE',
        owner: { login: 'acme', __typename: 'Organization' },
        defaultBranchRef: { name: 'main', target: { messageHeadline: 'Begin', history: { totalCount: 1 } } },
        object: { text: '# Search\n', byteSize: 9 },
        missing: null,
        folder: { entries: [{ name: 'search', type: 'tree' }] },
        refs: { nodes: [{ name: 'main' }] },
        none: null,
      },
    })
  })

  test('an issue with its comments, labels, sub-issues and reactions', async () => {
    const issue = open()
    const child = open('Add an alert', [])
    const { world, app, ada } = scene
    const comment = addComment(world, app, { issue, body: '<!-- mayday -->' })
    addComment(world, personActor(ada), { issue, body: 'Looking.' })
    react(world, personActor(ada), { subject: comment, content: '+1' })
    addSubIssue(world, personActor(ada), { parent: issue, child })
    updateIssue(world, personActor(ada), { issue: child, state: 'closed', stateReason: 'duplicate' })
    const { body } = await scene.ask(`{
      repository(owner: "acme", name: "search") {
        issue(number: 1) {
          id databaseId number title body state stateReason closed author { login __typename } createdAt url
          labels(first: 5) { nodes { name } }
          assignees(first: 5) { totalCount }
          comments(first: 1) {
            totalCount
            pageInfo { hasNextPage endCursor }
            nodes {
              databaseId body viewerDidAuthor isPinned author { login __typename }
              reactionGroups { content viewerHasReacted reactors { totalCount } }
            }
          }
          subIssues(first: 5) { nodes { title state stateReason parent { number } } }
          subIssuesSummary { total completed percentCompleted }
          linkedBranches(first: 1) { nodes { id } }
          projectItems(first: 1) { nodes { id } }
        }
      }
    }`)
    expect(body.errors).toBeUndefined()
    expect(body.data).toMatchObject({
      repository: {
        issue: {
          id: issue.nodeId,
          databaseId: issue.id,
          state: 'OPEN',
          stateReason: null,
          author: { login: 'ada', __typename: 'User' },
          createdAt: '2026-11-02T09:00:00Z',
          url: 'http://localhost:4010/acme/search/issues/1',
          labels: { nodes: [{ name: 'incident' }] },
          comments: {
            totalCount: 2,
            pageInfo: { hasNextPage: true },
            // GraphQL names a bot without the suffix that REST has.
            nodes: [
              {
                viewerDidAuthor: true,
                isPinned: false,
                author: { login: 'mayday', __typename: 'Bot' },
                reactionGroups: expect.arrayContaining([
                  { content: 'THUMBS_UP', viewerHasReacted: false, reactors: { totalCount: 1 } },
                ]),
              },
            ],
          },
          subIssues: { nodes: [{ state: 'CLOSED', stateReason: 'NOT_PLANNED', parent: { number: 1 } }] },
          subIssuesSummary: { total: 1, completed: 1, percentCompleted: 100 },
        },
      },
    })
  })

  test('a connection is walked forwards and backwards', async () => {
    const issue = open()
    for (const body of ['one', 'two', 'three']) addComment(scene.world, scene.app, { issue, body })
    const page = async (args: string) => {
      const { body } = await scene.ask(
        `{ node(id: "${issue.nodeId}") { ... on Issue { comments(${args}) {
          nodes { body } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } } }`,
      )
      expect(body.errors).toBeUndefined()
      const { node } = body.data as {
        node: { comments: { nodes: Array<{ body: string }>; pageInfo: Cursors } }
      }
      return { texts: node.comments.nodes.map((each) => each.body), ...node.comments.pageInfo }
    }
    type Cursors = { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean }
    const first = await page('first: 2')
    expect(first).toMatchObject({ texts: ['one', 'two'], hasNextPage: true, hasPreviousPage: false })
    const second = await page(`first: 2, after: "${first.endCursor}"`)
    expect(second).toMatchObject({ texts: ['three'], hasNextPage: false, hasPreviousPage: true })
    expect(await page('last: 1')).toMatchObject({
      texts: ['three'],
      hasNextPage: false,
      hasPreviousPage: true,
    })
    expect(await page(`last: 1, before: "${second.startCursor}"`)).toMatchObject({ texts: ['two'] })
  })

  test('a pull request with its commits, files, reviews and state', async () => {
    open()
    const pull = openPull()
    createReview(scene.world, personActor(scene.ada), { issue: pull, event: 'APPROVE' })
    const { body } = await scene.ask(`{
      repository(owner: "acme", name: "search") {
        pullRequest(number: 2) {
          id databaseId state isDraft merged mergeable reviewDecision headRefName headRefOid baseRefName
          additions deletions changedFiles mergeCommit { oid } author { login }
          commits(last: 1) { nodes { commit { messageHeadline statusCheckRollup { state } } } }
          files(first: 10) { nodes { path changeType } }
          reviews(first: 5) { nodes { state author { login } commit { oid } } }
          reviewRequests(first: 5) { totalCount }
          closingIssuesReferences(first: 5) { nodes { number } }
        }
        issueOrPullRequest(number: 2) { __typename }
        pullRequests(first: 5, states: [OPEN], headRefName: "fix") { nodes { number } }
      }
    }`)
    expect(body.errors).toBeUndefined()
    expect(body.data).toMatchObject({
      repository: {
        pullRequest: {
          state: 'OPEN',
          merged: false,
          mergeable: 'MERGEABLE',
          reviewDecision: 'APPROVED',
          headRefName: 'fix',
          mergeCommit: null,
          commits: { nodes: [{ commit: { messageHeadline: 'Halve the limit', statusCheckRollup: null } }] },
          files: { nodes: [{ path: 'services/search/index.ts', changeType: 'MODIFIED' }] },
          reviews: { nodes: [{ state: 'APPROVED', author: { login: 'ada' } }] },
          closingIssuesReferences: { nodes: [{ number: 1 }] },
        },
        issueOrPullRequest: { __typename: 'PullRequest' },
        pullRequests: { nodes: [{ number: 2 }] },
      },
    })
  })

  test('commits since a time, with their pull requests', async () => {
    const pull = openPull()
    scene.pass(60_000)
    const since = new Date(START + 1000).toISOString()
    const { body } = await scene.ask(
      `query($oid: GitObjectID!, $since: GitTimestamp) { repository(owner: "acme", name: "search") {
        object(oid: $oid) { ... on Commit {
          all: history(first: 10) { nodes { messageHeadline committedDate associatedPullRequests(first: 1) { nodes { number } } } }
          late: history(first: 10, since: $since) { totalCount }
          touching: history(first: 10, path: "README.md") { totalCount }
        } } } }`,
      { oid: pull.pull?.head.sha, since },
    )
    expect(body.errors).toBeUndefined()
    expect(body.data).toMatchObject({
      repository: {
        object: {
          all: {
            nodes: expect.arrayContaining([
              {
                messageHeadline: 'Halve the limit',
                committedDate: '2026-11-02T09:00:00Z',
                associatedPullRequests: { nodes: [{ number: pull.number }] },
              },
            ]),
          },
          late: { totalCount: 0 },
          touching: { totalCount: 1 },
        },
      },
    })
  })

  test('deployments, oldest first unless ordered', async () => {
    const { repository, ada } = scene
    const sha = repository.branches.get('main') ?? ''
    for (const [index, environment] of ['production', 'staging', 'production'].entries()) {
      const at = START + index
      const times = { createdAt: at, updatedAt: at }
      const status = {
        id: index,
        nodeId: `DES_${index}`,
        creator: ada,
        description: '',
        environmentUrl: '',
        logUrl: '',
      }
      repository.deployments.push({
        kind: 'Deployment',
        id: index,
        nodeId: `DE_${index}`,
        repository,
        sha,
        ref: 'main',
        task: 'deploy',
        environment,
        description: null,
        payload: {},
        creator: ada,
        statuses: [{ ...status, state: 'success', createdAt: at }],
        ...times,
      })
    }
    const { body } = await scene.ask(`{ repository(owner: "acme", name: "search") {
      last: deployments(environments: ["production"], last: 1) { nodes { databaseId state commitOid latestStatus { state } } }
      newest: deployments(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { totalCount nodes { databaseId } }
    } }`)
    expect(body.errors).toBeUndefined()
    expect(body.data).toMatchObject({
      repository: {
        last: {
          nodes: [{ databaseId: 2, state: 'ACTIVE', commitOid: sha, latestStatus: { state: 'SUCCESS' } }],
        },
        newest: { totalCount: 3, nodes: [{ databaseId: 2 }] },
      },
    })
  })

  test('the organization, its teams and boards; the viewer; nodes', async () => {
    const project = createProject(scene.world, scene.app, { owner: scene.acme, title: 'Incidents' })
    createProject(scene.world, scene.app, { owner: scene.acme, title: 'Roadmap' })
    const issue = open()
    const { body } = await scene.ask(
      `query($ids: [ID!]!) {
        viewer { login }
        rateLimit { cost remaining }
        organization(login: "acme") {
          id
          projectsV2(first: 5, query: "incidents is:open") { nodes { number title closed } }
          projectV2(number: 1) { id fields(first: 20) { nodes {
            ... on ProjectV2FieldCommon { name dataType }
            ... on ProjectV2SingleSelectField { options { id name } } } } views(first: 1) { nodes { layout } } }
          teams(first: 5) { nodes { slug combinedSlug } }
          team(slug: "search-team") { members(first: 5) { nodes { login } } }
        }
        nodes(ids: $ids) { __typename id }
      }`,
      { ids: [issue.nodeId, project.nodeId] },
    )
    expect(body.errors).toBeUndefined()
    expect(body.data).toMatchObject({
      viewer: { login: 'mayday[bot]' },
      organization: {
        projectsV2: { nodes: [{ number: 1, title: 'Incidents', closed: false }] },
        projectV2: {
          fields: {
            nodes: expect.arrayContaining([
              { name: 'Title', dataType: 'TITLE' },
              expect.objectContaining({ name: 'Status', options: expect.arrayContaining([]) }),
            ]),
          },
          views: { nodes: [{ layout: 'TABLE_LAYOUT' }] },
        },
        teams: { nodes: [{ slug: 'search-team', combinedSlug: 'acme/search-team' }] },
        team: { members: { nodes: [{ login: 'bo' }] } },
      },
      nodes: [{ __typename: 'Issue' }, { __typename: 'ProjectV2' }],
    })
  })
})

describe('refusals', () => {
  const inRepository = (fields: string): string =>
    `{ repository(owner: "acme", name: "search") { ${fields} } }`

  test.each<[string, string, object]>([
    [
      'a field that is not there',
      inRepository('incidents'),
      {
        message: "Field 'incidents' doesn't exist on type 'Repository'",
        extensions: { code: 'undefinedField' },
      },
    ],
    [
      'an argument that is not there',
      inRepository('issue(number: 1, id: 2) { id }'),
      { message: "Field 'issue' doesn't accept argument 'id'" },
    ],
    [
      'an input that is not there',
      'mutation { addComment(input: { subjectId: "x", body: "y", pin: true }) { clientMutationId } }',
      { message: "InputObject 'AddCommentInput' doesn't accept argument 'pin'" },
    ],
    [
      'a type that is not there',
      'mutation($input: PinIncidentInput!) { addComment(input: $input) { clientMutationId } }',
      {
        message: "PinIncidentInput isn't a defined input type",
        extensions: { code: 'variableRequiresValidType' },
      },
    ],
    [
      'a fragment on a type that is not there',
      '{ node(id: "x") { ... on Incident { id } } }',
      {
        message: "No such type Incident, so it can't be a fragment condition",
        extensions: { code: 'undefinedType' },
      },
    ],
    ['what does not parse', '{ repository(', { message: expect.stringContaining('Syntax Error') }],
  ])('%s', async (_name, query, error) => {
    const { status, body } = await scene.ask(query)
    expect(status).toBe(200)
    expect(body.data).toBeUndefined()
    expect(body.errors?.[0]).toMatchObject(error)
  })

  test.each<[string, string]>([
    ['{ repository(owner: "acme", name: "none") { id } }', "a Repository with the name 'acme/none'"],
    [inRepository('issue(number: 99) { id }'), 'an Issue with the number of 99'],
    [inRepository('pullRequest(number: 99) { id }'), 'a PullRequest with the number of 99'],
    ['{ organization(login: "nope") { id } }', "an Organization with the login of 'nope'"],
    ['{ organization(login: "acme") { projectV2(number: 9) { id } } }', 'a ProjectV2 with the number 9'],
    ['{ node(id: "I_nope") { id } }', "a node with the global id of 'I_nope'"],
  ])('NOT_FOUND: %s', async (query, what) => {
    const { body } = await scene.ask(query)
    expect(body.errors?.[0]).toMatchObject({ type: 'NOT_FOUND', message: `Could not resolve to ${what}.` })
  })

  test('a variable without a required part, or with one too many', async () => {
    const query = `mutation($input: AddCommentInput!) { addComment(input: $input) { clientMutationId } }`
    const less = await scene.ask(query, { input: { subjectId: 'x' } })
    const wording = 'Variable $input was provided invalid value for'
    expect(less.body.errors?.[0]?.message).toBe(`${wording} body (Expected value to not be null)`)
    const more = await scene.ask(query, { input: { subjectId: 'x', body: 'y', pin: true } })
    expect(more.body.errors?.[0]?.message).toBe(`${wording} pin (Field is not defined)`)
  })

  test('one missing node leaves the others', async () => {
    const issue = open()
    const { body } = await scene.ask(`{ nodes(ids: ["nope", "${issue.nodeId}"]) { id } }`)
    expect(body.data).toEqual({ nodes: [null, { id: issue.nodeId }] })
    expect(body.errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 0] }])
  })

  test('the nodes of a connection need first or last, of at most 100; counting needs none', async () => {
    expect((await scene.ask(inRepository('issues { totalCount }'))).body.errors).toBeUndefined()
    const none = await scene.ask(inRepository('issues { nodes { id } }'))
    expect(none.body.errors?.[0]).toMatchObject({ type: 'MISSING_PAGINATION_BOUNDARIES' })
    const many = await scene.ask(inRepository('issues(first: 101) { totalCount }'))
    expect(many.body.errors?.[0]).toMatchObject({ type: 'EXCESSIVE_PAGINATION' })
  })

  test('what the sandbox does not answer is said aloud', async () => {
    const { body } = await scene.ask(inRepository('stargazerCount'))
    expect(body.errors?.[0]?.message).toBe('The sandbox does not answer Repository.stargazerCount')
  })

  test('an app without the permission', async () => {
    scene = setScene({ contents: 'read' })
    const issue = open()
    const read = await scene.ask(inRepository('issue(number: 1) { id }'))
    const forbidden = { type: 'FORBIDDEN', message: 'Resource not accessible by integration' }
    expect(read.body.errors?.[0]).toMatchObject(forbidden)
    const write = await scene.ask(
      `mutation { addComment(input: { subjectId: "${issue.nodeId}", body: "x" }) { clientMutationId } }`,
    )
    expect(write.body.errors?.[0]).toMatchObject(forbidden)
    expect(issue.comments).toEqual([])
  })

  test('a repository or board of somebody else is not there', async () => {
    const { world, bo, ada } = scene
    addRepository(world, { owner: bo, name: 'diary', private: true })
    const repository = await scene.ask('{ repository(owner: "bo", name: "diary") { id } }')
    expect(repository.body.errors?.[0]).toMatchObject({ type: 'NOT_FOUND' })
    const project = createProject(world, personActor(ada), { owner: ada, title: 'Mine' })
    const { body } = await scene.ask('{ user(login: "ada") { projectsV2(first: 5) { nodes { id } } } }')
    expect(body).toEqual({ data: { user: { projectsV2: { nodes: [] } } } })
    const node = await scene.ask(`{ node(id: "${project.nodeId}") { id } }`)
    expect(node.body.errors?.[0]).toMatchObject({ type: 'NOT_FOUND' })
  })
})

test.each(Object.keys(resolvers))('every answered field of %s is one of GitHub’s', (name) => {
  const type = githubSchema().getType(name)
  const known = isObjectType(type) ? Object.keys(type.getFields()) : []
  expect(known).toEqual(expect.arrayContaining(Object.keys(resolvers[name] ?? {})))
})

test('a document is described for the log of calls', () => {
  const query = 'mutation Move { a: closeIssue(input: { issueId: "1" }) { clientMutationId } }'
  expect(describeGraphql({ query })).toEqual({ name: 'Move', isMutation: true, fields: ['closeIssue'] })
  expect(describeGraphql({ query: '{ viewer { login } }' })).toMatchObject({ name: null, isMutation: false })
})

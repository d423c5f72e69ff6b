// The world that a sandbox starts with: an organization, its people, one repository, and the app's registration.
import { addAccount, addRepository, addTeam } from '../mutate/accounts.ts'
import { insertCommit } from '../mutate/git.ts'
import { readWorkflows } from '../workflows.ts'
import { newId, nodeId, personActor } from './rules.ts'
import type { Account, Actor, Permissions, Repository, Role, World } from './world.ts'

const DAY = 86_400_000

const EVENTS = [
  'issues',
  'issue_comment',
  'sub_issues',
  'pull_request',
  'pull_request_review',
  'check_suite',
  'check_run',
  'workflow_run',
  'deployment',
  'deployment_status',
  'push',
  'projects_v2_item',
  'label',
  'repository',
  'status',
]

export const PERMISSIONS: Permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  deployments: 'read',
  issues: 'write',
  members: 'read',
  metadata: 'read',
  organization_projects: 'write',
  pull_requests: 'write',
  statuses: 'read',
}

const DEPLOY_YML = `name: Deploy
on:
  workflow_dispatch:
    inputs:
      deployment_type:
        type: choice
        options: [rolling, blue-green, immediate]
        default: rolling
      force_deploy:
        type: boolean
        default: false
      incident:
        type: string
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh
`

const FILES: Record<string, string> = {
  'README.md': '# Search\n\nFinds things.\n',
  CODEOWNERS: '* @acme/leads\n/services/search/ @acme/search @ada\n/migrations/ @cy\n',
  'services/search/index.ts': 'export const search = (text: string): string[] => [text]\n',
  'services/search/ranking.ts': 'export const weight = 1\n',
  'migrations/0001-create-documents.sql': 'create table documents (id bigint primary key, body text);\n',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  '.github/workflows/deploy.yml': DEPLOY_YML,
  '.github/workflows/rollback.yml': DEPLOY_YML.replace('name: Deploy', 'name: Rollback'),
}

/** Nobody but the app's bot and the machines of GitHub. */
export function makeWorld(input: { url: string; now: () => number; slug: string; publicKey: string }): World {
  const owner = bareAccount(1, { login: 'acme', kind: 'Organization' }, input.now())
  const bot = bareAccount(2, { login: `${input.slug}[bot]`, kind: 'Bot' }, input.now())
  const world: World = {
    url: input.url,
    apiUrl: `${input.url}/api/v3`,
    now: input.now,
    version: 0,
    nextId: 1000,
    app: {
      id: 4711,
      nodeId: nodeId('A', 4711),
      slug: input.slug,
      name: input.slug,
      owner,
      bot,
      clientId: 'Iv23liSandboxMayday',
      publicKey: input.publicKey,
      events: EVENTS,
      permissions: PERMISSIONS,
      createdAt: input.now(),
    },
    accounts: [owner, bot],
    teams: [],
    repositories: [],
    projects: [],
    installations: [],
    nodes: new Map([
      [owner.nodeId, owner],
      [bot.nodeId, bot],
    ]),
    listeners: [],
  }
  addAccount(world, { login: 'github-actions[bot]', kind: 'Bot' })
  addAccount(world, { login: 'github-project-automation[bot]', kind: 'Bot' })
  return world
}

function bareAccount(id: number, input: { login: string; kind: Account['kind'] }, at: number): Account {
  return {
    ...input,
    id,
    nodeId: nodeId(input.kind === 'Bot' ? 'BOT' : 'O', id),
    name: null,
    email: null,
    plan: 'team',
    members: new Map(),
    createdAt: at,
  }
}

/** `acme/search` and its people: dee owns, ada and cy write, bo triages, eli reads, zoe is a stranger. */
export function seedAcme(world: World): Repository {
  const organization = world.app.owner
  organization.name = 'Acme'
  const person = (login: string, name: string): Account => addAccount(world, { login, name })
  const [dee, ada, bo] = [person('dee', 'Dee Owens'), person('ada', 'Ada Park'), person('bo', 'Bo Lind')]
  const [cy, eli] = [person('cy', 'Cy Moreau'), person('eli', 'Eli Katz')]
  addAccount(world, { login: 'zoe', name: 'Zoe Stray' })
  organization.members.set(dee, 'admin')
  for (const account of [ada, bo, cy, eli]) organization.members.set(account, 'member')
  const repository = addSeededRepository(world, {
    owner: organization,
    name: 'search',
    by: ada,
    files: FILES,
    collaborators: [
      [ada, 'write'],
      [cy, 'write'],
      [bo, 'triage'],
      [eli, 'read'],
    ],
  })
  const repositories = [repository]
  addTeam(world, { organization, slug: 'leads', members: [dee], repositories })
  addTeam(world, { organization, slug: 'search', members: [ada, cy], repositories })
  addTeam(world, { organization, slug: 'on-call', members: [ada, bo], repositories })
  return repository
}

export type SeededRepository = {
  owner: Account
  name: string
  by: Account
  private?: boolean
  files?: Record<string, string>
  collaborators?: Array<[Account, Role]>
}

/** With one commit on `main`, thirty days old, of which nobody is told. */
export function addSeededRepository(world: World, input: SeededRepository): Repository {
  const { by, files = { 'README.md': `# ${input.name}\n` }, ...rest } = input
  const { now, listeners } = world
  const long = now() - 30 * DAY
  world.now = () => long
  world.listeners = []
  try {
    const repository = addRepository(world, rest)
    const actor: Actor = personActor(by)
    const commit = insertCommit(world, actor, {
      repository,
      message: 'Begin',
      files: new Map(Object.entries(files)),
      parents: [],
    })
    repository.branches.set('main', commit.sha)
    readWorkflows(world, repository)
    addStandardLabels(world, repository)
    return repository
  } finally {
    world.now = now
    world.listeners = listeners
  }
}

/** Some of those that GitHub gives a new repository. */
function addStandardLabels(world: World, repository: Repository): void {
  const standard: Array<[string, string, string]> = [
    ['bug', 'd73a4a', "Something isn't working"],
    ['documentation', '0075ca', 'Improvements or additions to documentation'],
    ['duplicate', 'cfd3d7', 'This issue or pull request already exists'],
    ['enhancement', 'a2eeef', 'New feature or request'],
  ]
  for (const [name, color, description] of standard) {
    const id = newId(world)
    const label = {
      kind: 'Label' as const,
      id,
      nodeId: nodeId('LA', id),
      repository,
      name,
      color,
      description,
    }
    repository.labels.push(label)
    world.nodes.set(label.nodeId, label)
  }
}

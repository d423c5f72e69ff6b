// A small world for the GraphQL tests: an organization with one repository, its people and an installed app.

import { addAccount, addRepository, addTeam, install } from '../mutate/accounts.ts'
import { createRef, insertCommit } from '../mutate/git.ts'
import { appActor, personActor } from '../world/rules.ts'
import { makeWorld, PERMISSIONS } from '../world/seed.ts'
import type {
  Account,
  Actor,
  Installation,
  Occurrence,
  Permissions,
  Repository,
  World,
} from '../world/world.ts'
import { executeGraphql, type GraphqlAnswer } from './graphql.ts'

export const START = Date.UTC(2026, 10, 2, 9)

export type Scene = {
  world: World
  acme: Account
  ada: Account
  bo: Account
  repository: Repository
  installation: Installation
  app: Actor
  occurrences: Occurrence[]
  /** Moves the world's clock. */
  pass: (milliseconds: number) => void
  ask: (query: string, variables?: { [name: string]: unknown }, actor?: Actor) => Promise<GraphqlAnswer>
}

export function setScene(permissions: Permissions = PERMISSIONS): Scene {
  let clock = START
  const url = 'http://localhost:4010'
  const world = makeWorld({ url, now: () => clock, slug: 'mayday', publicKey: '' })
  const acme = world.app.owner
  const ada = addAccount(world, { login: 'ada' })
  const bo = addAccount(world, { login: 'bo' })
  acme.members.set(ada, 'admin').set(bo, 'member')
  const collaborators: Array<[Account, 'write']> = [[bo, 'write']]
  const repository = addRepository(world, { owner: acme, name: 'search', private: true, collaborators })
  addTeam(world, { organization: acme, slug: 'search-team', members: [bo], repositories: [repository] })
  const files = new Map([
    ['README.md', '# Search\n'],
    ['services/search/index.ts', 'export const limit = 10\n'],
  ])
  const first = insertCommit(world, personActor(ada), { repository, message: 'Begin', files, parents: [] })
  createRef(world, personActor(ada), { repository, ref: 'refs/heads/main', sha: first.sha })
  const installation = install(world, personActor(ada), { account: acme, permissions })
  const app = appActor(world, installation)
  const occurrences: Occurrence[] = []
  world.listeners.push((occurrence) => occurrences.push(occurrence))
  return {
    world,
    acme,
    ada,
    bo,
    repository,
    installation,
    app,
    occurrences,
    pass: (milliseconds) => {
      clock += milliseconds
    },
    ask: (query, variables = {}, actor = app) => executeGraphql(world, actor, { query, variables }),
  }
}

// Answers one REST call: finds the route, checks who asks and what for, and words refusals as GitHub does.
import type { Answer, Call, Route } from '../api.ts'
import { authenticate, type Caller } from '../auth.ts'
import { findRepository, fullName } from '../world/find.ts'
import { personActor, requirePermission, seesRepository } from '../world/rules.ts'
import type { Actor, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { accountRoutes } from './accounts.ts'
import { type AppDesk, appRoutes } from './app.ts'
import { checkRoutes } from './checks.ts'
import { commentRoutes } from './comments.ts'
import { commitRoutes } from './commits.ts'
import { deployRoutes } from './deploy.ts'
import { fileRoutes } from './files.ts'
import { gitRoutes } from './git.ts'
import { issueRoutes } from './issues.ts'
import { pullRoutes } from './pulls.ts'
import { makeRouter } from './router.ts'

type RestRequest = {
  method: string
  /** Without `/api/v3` and query. */
  path: string
  query: URLSearchParams
  body: unknown
  accept: string
  authorization: string | undefined
}

/** `pattern` is null where there is no such route. */
type RestPlan = { pattern: string | null; carryOut: () => Answer }

export type Rest = (request: RestRequest) => RestPlan

/** Two steps, so that a fault can strike between knowing the call and carrying it out. */
export function makeRest(world: World, desk: AppDesk): Rest {
  const match = makeRouter([
    ...fileRoutes,
    ...gitRoutes,
    ...commitRoutes,
    ...issueRoutes,
    ...commentRoutes,
    ...pullRoutes,
    ...checkRoutes,
    ...deployRoutes,
    ...accountRoutes,
    ...appRoutes(desk),
  ])
  return (request) => {
    const path = byName(world, request.path)
    const found = match(request.method, path)
    if (found === undefined) {
      return { pattern: null, carryOut: () => refusalAnswer(new GitHubRefusal(404, 'Not Found')) }
    }
    const { route, params } = found
    const carryOut = (): Answer => {
      try {
        const caller = authenticate(world, desk.tokens, request.authorization)
        const moved = redirectOf(world, request, params)
        if (moved !== undefined) return moved
        const actor = actorFor(world, route, caller)
        checkRead(world, route, actor, params)
        return route.handle({ world, actor, params, ...request, path })
      } catch (error) {
        if (error instanceof GitHubRefusal) return refusalAnswer(error, request.method)
        throw error
      }
    }
    return { pattern: route.pattern, carryOut }
  }
}

/** `/repositories/{id}/…` is the same as the path by name. */
function byName(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
  const repository = world.repositories.find((each) => String(each.id) === id)
  return repository === undefined ? path : `/repos/${fullName(repository)}${rest}`
}

function actorFor(world: World, route: Route, caller: Caller): Actor {
  const nobody = personActor(world.app.bot)
  if (route.by === 'anybody') return nobody
  if (caller.kind === 'nobody') throw new GitHubRefusal(401, 'Requires authentication')
  if (route.by === 'app') {
    if (caller.kind !== 'app') throw new GitHubRefusal(401, 'A JSON web token could not be decoded')
    return nobody
  }
  if (caller.kind === 'app') {
    throw new GitHubRefusal(403, 'Resource not accessible by integration')
  }
  return caller.actor
}

/** A private repository that the token does not reach is not there; what it may not read is refused. */
function checkRead(world: World, route: Route, actor: Actor, params: Call['params']): void {
  if (route.reads === undefined || params.owner === undefined || params.repo === undefined) return
  const repository = findRepository(world, params.owner, params.repo)
  if (repository === undefined || !seesRepository(actor, repository))
    throw new GitHubRefusal(404, 'Not Found')
  if (route.reads !== 'metadata') requirePermission(actor, repository, { name: route.reads, level: 'read' })
}

/** A former name leads on: 301 for reading, 307 for anything else. */
function redirectOf(world: World, request: RestRequest, params: Call['params']): Answer | undefined {
  if (params.owner === undefined || params.repo === undefined) return undefined
  const repository = findRepository(world, params.owner, params.repo)
  const asked = `${params.owner}/${params.repo}`.toLowerCase()
  if (repository === undefined || fullName(repository).toLowerCase() === asked) return undefined
  const rest = request.path.replace(/^\/repos\/[^/]+\/[^/]+/, '')
  const query = request.query.size === 0 ? '' : `?${request.query}`
  return movedAnswer(`${world.apiUrl}/repositories/${repository.id}${rest}${query}`, request.method)
}

function movedAnswer(location: string, method: string): Answer {
  const status = method === 'GET' ? 301 : 307
  const message = status === 301 ? 'Moved Permanently' : 'Temporary Redirect'
  const body = { message, url: location, documentation_url: DOCS }
  return { status, headers: { location }, body }
}

const DOCS = 'https://docs.github.com/rest'

export function refusalAnswer(refusal: GitHubRefusal, method = 'GET'): Answer {
  if (refusal.status === 301) return movedAnswer(refusal.message, method)
  return {
    status: refusal.status,
    ...(refusal.accepted === undefined
      ? {}
      : { headers: { 'x-accepted-github-permissions': refusal.accepted } }),
    body: {
      message: refusal.message,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
      documentation_url: DOCS,
      status: String(refusal.status),
    },
  }
}

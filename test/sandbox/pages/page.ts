// The sandbox's pages: GitHub's issues, pull requests, boards and files for a person with a browser.
import { findAccount, findRepository } from '../world/find.ts'
import type { Account, Repository, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { actionsPage, checkPage, deliveriesPage, deploymentsPage, type LoggedDelivery } from './activity.ts'
import { carryOut, personNamed } from './acts.ts'
import { asset } from './assets.ts'
import { boardPage, findProject } from './board.ts'
import { blobPage, commitPage, splitRef, treePage } from './code.ts'
import { html } from './html.ts'
import { issuePage } from './issue.ts'
import { layout } from './layout.ts'
import { accountPage, issuesPage, newIssuePage, projectsPage, startPage } from './lists.ts'
import { pullPage } from './pull.ts'
import { issuePath, type PageAnswer, peopleOf, type Visit } from './visit.ts'

export type { LoggedDelivery } from './activity.ts'
export type { PageAnswer } from './visit.ts'

/** `url` is path and query, or a whole address; `body` is that of a form. Header names are in lower case. */
export type PageRequest = {
  method: string
  url: string
  headers?: Record<string, string | string[] | undefined>
  body?: string
}

/** What the pages ask of the sandbox beside its world. */
export type Controls = {
  /** Moves the sandbox's clock on. */
  advance: (ms: number) => void | Promise<void>
  /** Oldest first. */
  deliveries: () => readonly LoggedDelivery[]
  redeliver: (id: number) => void | Promise<void>
}

/** Answers a page, an asset or a form; null for what is none of these. */
export async function handlePage(
  world: World,
  request: PageRequest,
  controls: Controls,
): Promise<PageAnswer | null> {
  const url = new URL(request.url, world.url)
  const person = actingPerson(world, request)
  if (!person) return null
  const visit: Visit = { world, url, person }
  if (request.method === 'POST') return post(visit, request, controls)
  if (request.method !== 'GET' && request.method !== 'HEAD') return null
  if (url.pathname === '/_version') return plain(String(world.version))
  if (url.pathname === '/_deliveries') return deliveriesPage(visit, controls.deliveries())
  if (url.pathname.startsWith('/_assets/')) return asset(url.pathname.slice('/_assets/'.length))
  return view(visit)
}

const plain = (body: string): PageAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body,
})

const COOKIE = 'sandbox-acting-as'

function header(request: PageRequest, name: string): string {
  const found = request.headers?.[name]
  return Array.isArray(found) ? found.join('; ') : (found ?? '')
}

/** Whom the cookie names, else the first person there is. */
function actingPerson(world: World, request: PageRequest): Account | undefined {
  const login = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(header(request, 'cookie'))?.[1]
  return personNamed(world, login ?? '') ?? peopleOf(world)[0]
}

async function post(visit: Visit, request: PageRequest, controls: Controls): Promise<PageAnswer | null> {
  const { pathname } = visit.url
  if (pathname !== '/_act' && pathname !== '/_as' && pathname !== '/_clock') return null
  const origin = header(request, 'origin')
  if (origin !== '' && URL.parse(origin)?.host !== header(request, 'host'))
    return refusal(visit, 403, 'Forms of other sites are refused.')
  const form = new URLSearchParams(request.body ?? '')
  const back = safeBack(form.get('back'))
  if (pathname === '/_as')
    return redirect(
      back,
      `${COOKIE}=${personNamed(visit.world, form.get('login') ?? '')?.login ?? ''}; Path=/; SameSite=Lax`,
    )
  try {
    return redirect((await carry(visit, form, controls)) ?? back)
  } catch (problem) {
    if (problem instanceof GitHubRefusal) return refusal(visit, problem.status, problem.message)
    throw problem
  }
}

async function carry(visit: Visit, form: URLSearchParams, controls: Controls): Promise<string | undefined> {
  if (visit.url.pathname === '/_clock') {
    const ms = Number(form.get('ms'))
    if (!Number.isSafeInteger(ms) || ms <= 0)
      throw new GitHubRefusal(422, 'The clock moves forward, by whole milliseconds.')
    await controls.advance(ms)
    return undefined
  }
  if (form.get('act') === 'redeliver') {
    await controls.redeliver(Number(form.get('delivery')))
    return undefined
  }
  return carryOut(visit.world, visit.person, form)
}

/** Only a path of our own is gone back to; one that begins with `//` would name another host. */
function safeBack(path: string | null): string {
  const target = URL.parse(path ?? '/', 'http://own')
  if (target?.origin !== 'http://own' || target.pathname.startsWith('//')) return '/'
  return target.pathname + target.search
}

const redirect = (location: string, cookie?: string): PageAnswer => ({
  status: 303,
  headers: { location, ...(cookie !== undefined && { 'set-cookie': cookie }) },
  body: '',
})

function refusal(visit: Visit, status: number, message: string): PageAnswer {
  const main = html`<div class="box"><p class="blank-slate"><strong id="refusal">${message}</strong> (${status})<br>
    <a href="/">Back to the start</a></p></div>`
  return layout(visit, { title: 'Refused', main, status })
}

/** The first path that fits answers; what it names but does not exist is null. */
function view(visit: Visit): PageAnswer | null {
  const parts = decoded(visit.url.pathname)
  if (!parts) return null
  const [first, second, third] = parts
  if (first === undefined) return startPage(visit)
  if (first === 'orgs') return organizationView(visit, parts.slice(1))
  const account = findAccount(visit.world, first === 'apps' ? `${second}[bot]` : first)
  if (second === undefined || first === 'apps') return account ? accountPage(visit, account) : null
  const repository = findRepository(visit.world, first, second)
  if (!repository) return null
  return repositoryView(
    visit,
    repository,
    third === undefined ? ['tree', repository.defaultBranch] : parts.slice(2),
  )
}

function decoded(path: string): string[] | null {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    return null
  }
}

function organizationView(
  visit: Visit,
  [owner = '', what, number, views, viewNumber]: string[],
): PageAnswer | null {
  const account = findAccount(visit.world, owner)
  if (!account) return null
  if (what === undefined || what === 'teams') return accountPage(visit, account)
  if (what !== 'projects') return null
  if (number === undefined) return projectsPage(visit, account)
  const project = findProject(visit.world, owner, Number(number))
  return project ? boardPage(visit, project, views === 'views' ? Number(viewNumber) : null) : null
}

function repositoryView(visit: Visit, repository: Repository, [what, ...rest]: string[]): PageAnswer | null {
  const [first, second] = rest
  if (what === 'issues' || what === 'pull' || what === 'pulls') {
    if (first === undefined) return issuesPage(visit, repository, what === 'issues' ? 'issues' : 'pulls')
    if (first === 'new') return newIssuePage(visit, repository)
    return numberedView(visit, repository, { number: Number(first), what })
  }
  if (what === 'commit') return commitPage(visit, repository, first ?? '')
  if (what === 'runs') return checkPage(visit, repository, Number(first))
  if (what === 'actions') return actionsPage(visit, repository, first === 'runs' ? Number(second) : null)
  if (what === 'deployments') return deploymentsPage(visit, repository)
  const at = splitRef(repository, rest.join('/'))
  if (!at) return null
  return what === 'blob'
    ? blobPage(visit, repository, at)
    : what === 'tree'
      ? treePage(visit, repository, at)
      : null
}

/** Issues and pull requests share numbers: the wrong word leads to the right page. */
function numberedView(
  visit: Visit,
  repository: Repository,
  { number, what }: { number: number; what: string },
): PageAnswer | null {
  const issue = repository.issues.get(number) ?? repository.moved.get(number)
  if (!issue) return null
  const path = issuePath(issue)
  if ((what === 'pull') !== (issue.pull !== null) || issue.repository !== repository) return redirect(path)
  return issue.pull ? pullPage(visit, issue, issue.pull) : issuePage(visit, issue)
}

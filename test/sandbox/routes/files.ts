// REST: the repository itself, its files, and what a person may do in it.
import { z } from 'zod'
import {
  type Answer,
  accountOf,
  type Call,
  created,
  ok,
  paged,
  type Route,
  read,
  repositoryOf,
  repositoryRoute,
} from '../api.ts'
import { blobSha, folder, resolveRef } from '../history.ts'
import { commitOnBranch } from '../mutate/git.ts'
import { accountShape, teamShape } from '../shape/account.ts'
import { fileShape, gitCommitShape } from '../shape/git.ts'
import { fullRepositoryShape, repositoryPage, repositoryUrl } from '../shape/repository.ts'
import { atLeast, notFound, requirePermission, roleOf } from '../world/rules.ts'
import type { Repository, Role } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'

function getContents(call: Call, repository: Repository): Answer {
  const path = (call.params.path ?? '').replace(/^\/|\/$/g, '')
  const ref = call.query.get('ref') ?? repository.defaultBranch
  const sha = resolveRef(repository, ref)
  const commit = sha === undefined ? undefined : repository.commits.get(sha)
  if (commit === undefined) {
    throw new GitHubRefusal(
      404,
      repository.branches.size === 0 ? 'This repository is empty.' : `No commit found for the ref ${ref}`,
    )
  }
  const content = commit.files.get(path)
  if (content !== undefined) {
    if (/\braw\b/.test(call.accept)) return { status: 200, text: content }
    return ok(fileShape(call.world, repository, { path, content, ref }))
  }
  const entries = folder(commit.files, path)
  if (entries === undefined) throw notFound()
  const url = repositoryUrl(call.world, repository)
  const page = repositoryPage(call.world, repository)
  const list = entries.map((entry) => {
    const self = `${url}/contents/${encodeURI(entry.path)}?ref=${ref}`
    const html = `${page}/${entry.type}/${ref}/${encodeURI(entry.path)}`
    const git = `${url}/git/${entry.type}s/${entry.sha}`
    return {
      name: entry.path.split('/').at(-1),
      path: entry.path,
      sha: entry.sha,
      size: entry.size ?? 0,
      url: self,
      html_url: html,
      git_url: git,
      download_url: entry.type === 'blob' ? html.replace('/blob/', '/raw/') : null,
      type: entry.type === 'blob' ? 'file' : 'dir',
      _links: { self, git, html },
    }
  })
  return ok(list)
}

const newFile = z.object({
  message: z.string(),
  content: z.string(),
  sha: z.string().exactOptional(),
  branch: z.string().exactOptional(),
})

/** 409 when `sha` is not the file's, 422 when it is missing for a file that is there. */
function putContents(call: Call, repository: Repository): Answer {
  const input = read(newFile, call)
  const path = call.params.path ?? ''
  const branch = input.branch ?? repository.defaultBranch
  requirePermission(call.actor, repository, { name: 'contents', level: 'write' })
  const head = repository.branches.get(branch)
  if (head === undefined) throw new GitHubRefusal(404, `Branch ${branch} not found`)
  const before = repository.commits.get(head)?.files.get(path)
  if (before !== undefined && input.sha === undefined) {
    throw new GitHubRefusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
  }
  if (input.sha !== undefined && (before === undefined || blobSha(before) !== input.sha)) {
    throw new GitHubRefusal(409, `${path} does not match ${input.sha}`)
  }
  const content = Buffer.from(input.content, 'base64').toString()
  const commit = commitOnBranch(call.world, call.actor, {
    repository,
    branch,
    message: input.message,
    additions: new Map([[path, content]]),
  })
  const {
    content: _,
    encoding: __,
    ...file
  } = fileShape(call.world, repository, { path, content, ref: branch })
  const body = { content: file, commit: gitCommitShape(call.world, commit) }
  return before === undefined ? created(body) : ok(body)
}

/** The legacy name of a role: triage reads, maintain writes. */
const LEGACY: Record<Role, string> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
}

function permissionOf(call: Call, repository: Repository): Answer {
  const account = accountOf(call, call.params.username)
  if (account.kind !== 'User') throw new GitHubRefusal(404, `${account.login} is not a user`)
  const role = roleOf(account, repository)
  const rank = ['none', 'read', 'triage', 'write', 'maintain', 'admin'].indexOf(role)
  const user = {
    ...accountShape(call.world, account),
    permissions: {
      admin: rank >= 5,
      maintain: rank >= 4,
      push: rank >= 3,
      triage: rank >= 2,
      pull: rank >= 1,
    },
    role_name: role,
  }
  return ok({ permission: LEGACY[role], user, role_name: role })
}

/** With the organization's owners and members, who have their right without being named. */
function collaborators(call: Call, repository: Repository): Answer {
  const people = new Set([...repository.owner.members.keys(), ...repository.collaborators.keys()])
  if (repository.owner.kind === 'User') people.add(repository.owner)
  const listed = [...people].map((account) => {
    const role = roleOf(account, repository)
    const permissions = {
      pull: role !== 'none',
      triage: atLeast(role, 'triage'),
      push: atLeast(role, 'write'),
      maintain: atLeast(role, 'maintain'),
      admin: role === 'admin',
    }
    return { account, role, permissions }
  })
  const wanted = z.enum(['pull', 'triage', 'push', 'maintain', 'admin']).catch('pull')
  const least = wanted.parse(call.query.get('permission'))
  const those = listed.filter(({ permissions }) => permissions[least])
  return paged(call, those, ({ account, role, permissions }) => ({
    ...accountShape(call.world, account),
    role_name: role,
    permissions,
  }))
}

export const fileRoutes: Route[] = [
  {
    method: 'GET',
    pattern: '/repos/{owner}/{repo}',
    reads: 'metadata',
    handle: (call) => ok(fullRepositoryShape(call.world, repositoryOf(call))),
  },
  repositoryRoute('GET', '/contents/{path}', 'contents', getContents),
  repositoryRoute('PUT', '/contents/{path}', 'metadata', putContents),
  repositoryRoute('GET', '/collaborators/{username}/permission', 'metadata', permissionOf),
  repositoryRoute('GET', '/collaborators', 'metadata', collaborators),
  repositoryRoute('GET', '/assignees/{assignee}', 'metadata', (call, repository) => {
    const role = roleOf(accountOf(call, call.params.assignee), repository)
    if (role === 'none') throw notFound()
    return { status: 204 }
  }),
  repositoryRoute('GET', '/codeowners/errors', 'contents', () => ok({ errors: [] })),
  repositoryRoute('GET', '/teams', 'metadata', (call, repository) =>
    paged(
      call,
      call.world.teams.filter((team) => team.repositories.includes(repository)),
      (team) => teamShape(call.world, team),
    ),
  ),
]

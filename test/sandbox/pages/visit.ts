// What every page is drawn from: the world, who looks at it, and where.

import { resolveRef } from '../history.ts'
import { findAccount, findRepository, fullName } from '../world/find.ts'
import type { Account, Issue, Repository, World } from '../world/world.ts'
import type { MarkdownPlace } from './markdown.ts'

export type Visit = {
  world: World
  /** Path and query of the page, as the browser asked for it. */
  url: URL
  /** Whom the reader acts as. */
  person: Account
}

export type PageAnswer = { status: number; headers: Record<string, string>; body: string | Uint8Array }

export const pathOf = (repository: Repository): string => `/${fullName(repository)}`

/** `/acme/search/issues/42`, or `/pull/` where it is one. */
export const issuePath = (issue: Issue): string =>
  `${pathOf(issue.repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`

/** People who can act in the browser: no machines, no organizations. */
export const peopleOf = (world: World): Account[] => world.accounts.filter(({ kind }) => kind === 'User')

/** Where a text of this repository stands, for its references and mentions. */
export function placeOf(world: World, repository: Repository, breaks = true): MarkdownPlace {
  return {
    url: world.url,
    repository: fullName(repository),
    breaks,
    hasUser: (name) => isMentionable(world, name),
    hasIssue: (full, number) => repositoryOf(world, full)?.issues.has(number) ?? false,
    hasCommit: (full, sha) => {
      const found = repositoryOf(world, full)
      return found !== undefined && resolveRef(found, sha) !== undefined
    },
  }
}

function repositoryOf(world: World, full: string): Repository | undefined {
  const [owner = '', name = ''] = full.split('/')
  return findRepository(world, owner, name)
}

function isMentionable(world: World, name: string): boolean {
  const [owner = '', slug] = name.toLowerCase().split('/')
  if (slug === undefined) return findAccount(world, owner) !== undefined
  return world.teams.some((team) => team.organization.login.toLowerCase() === owner && team.slug === slug)
}

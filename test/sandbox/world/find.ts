// Look-ups in the world; what is missing is undefined.
import type { Account, Issue, IssueComment, Label, Repository, Team, World } from './world.ts'

export function findAccount(world: World, login: string): Account | undefined {
  const wanted = login.toLowerCase()
  return world.accounts.find((account) => account.login.toLowerCase() === wanted)
}

/** By its name or a former one (GitHub redirects those). */
export function findRepository(world: World, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase()
  return (
    world.repositories.find((repository) => fullName(repository).toLowerCase() === wanted) ??
    world.repositories.find((repository) =>
      repository.formerNames.some((former) => former.toLowerCase() === wanted),
    )
  )
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`
}

export function findIssue(repository: Repository, number: number): Issue | undefined {
  return repository.issues.get(number)
}

export function findComment(repository: Repository, id: number): IssueComment | undefined {
  for (const issue of repository.issues.values()) {
    const found = issue.comments.find((comment) => comment.id === id)
    if (found !== undefined) return found
  }
  return undefined
}

/** Label names are compared without case, as GitHub does. */
export function findLabel(repository: Repository, name: string): Label | undefined {
  const wanted = name.toLowerCase()
  return repository.labels.find((label) => label.name.toLowerCase() === wanted)
}

export function findTeam(world: World, organization: Account, slug: string): Team | undefined {
  return world.teams.find((team) => team.organization === organization && team.slug === slug.toLowerCase())
}

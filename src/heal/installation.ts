// One installation compared with GitHub: its repositories, what happened in them, its open incidents.

import { type ListedRepository, listRepositories } from '../github/history/changes.ts'
import { type LatestChanges, latestChanges } from '../github/history/latest.ts'
import { enqueue, queueLabels } from '../shell/jobs.ts'
import type { Shell } from '../shell/shell.ts'
import { queueWakes } from '../shell/timers.ts'
import type { StoredRepository } from '../store/store.ts'
import { healDeployments } from './deployments.ts'
import type { Healing } from './offer.ts'
import { healRepository } from './repository.ts'
import { healWatched } from './watched.ts'

const HOUR = 60 * 60_000
/** Nothing older than this is declared, and nothing older is looked for in a repository that was never looked at. */
const DECLARED_WITHIN = 3 * 24 * HOUR
/** GitHub's record of an act may be a moment behind the issue that it changed. */
const SETTLES_AFTER = 60_000

/** GitHub's hourly limit of an installation with so many repositories; its people are not counted.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const hourlyLimit = (repositories: number): number =>
  Math.min(12_500, 5_000 + 50 * Math.max(0, repositories - 20))

/** Reads one page of what changed, opens what did, and takes in what no delivery told. What a round cost is rested for, so
 * that healing stays below a tenth of the hourly limit; what was left over is found by the next. */
export async function healInstallation(healing: Healing, installation: number): Promise<void> {
  const { shell } = healing
  const { store } = shell
  const began = shell.now()
  const github = shell.github.installation(installation, true, 'healing')
  const callsBefore = github.calls()
  const spent = (): number => github.calls() - callsBefore
  const listed = await listRepositories(github)
  const known = await reconcileRepositories(shell, installation, listed)
  const allowance = hourlyLimit(listed.length) / 10
  const alive = listed.filter((repository) => !repository.archived && repository.has_issues)
  const { createdAt = 0, permissions = {} } =
    (await store.installations.present()).find(({ id }) => id === installation) ?? {}
  const since = Math.max(createdAt, began - DECLARED_WITHIN)
  const watched = (await store.incidents.watched(installation)).filter((target) =>
    alive.some(({ id }) => id === target.repository),
  )
  const open = new Set(watched.map((target) => target.repository))
  const latest = await latestChanges(github, {
    repositories: alive,
    pulls: 'pull_requests' in permissions,
    deployments: 'deployments' in permissions,
  })
  const changed = await changedIn(healing, { latest, alive, known, since })
  changed.sort((a, b) => Number(open.has(b.repository.id)) - Number(open.has(a.repository.id)))
  for (const { repository, latest, healedAt } of changed) {
    if (spent() >= allowance) break
    await healRepository(healing, { github, repository, latest, since: healedAt, declaredSince: since })
    await store.repositories.healed(
      [repository.id],
      Math.max(healedAt, Math.min(latest.changedAt, began - SETTLES_AFTER)),
    )
  }
  await healDeployments(healing, { github, latest, repositories: alive, since })
  await healWatched(healing, { github, installation, watched, repositories: alive })
  await syncOpen(shell, installation, open)
  await store.rounds.end(`heal:${installation}`, {
    installation,
    reached: began,
    restsUntil: began + Math.ceil((spent() / allowance) * HOUR),
  })
}

/** Repositories that came, went, or have another name while nobody told; each has its labels. */
async function reconcileRepositories(
  shell: Shell,
  installation: number,
  listed: readonly ListedRepository[],
): Promise<Map<number, StoredRepository>> {
  const { store } = shell
  const gone = new Map(
    (await store.repositories.of(installation)).map((repository) => [repository.id, repository]),
  )
  const known = new Map(gone)
  for (const repository of listed) {
    gone.delete(repository.id)
    const { id, name, default_branch: defaultBranch, owner } = repository
    const seen = { id, installation, owner: owner.login, name, private: repository.private, defaultBranch }
    const before = known.get(id)
    const now = before && isSame(before, seen) ? before : await store.repositories.save(seen)
    known.set(id, now)
    if (now.labelsAt === null && !repository.archived && repository.has_issues)
      await queueLabels(shell, id, installation)
  }
  for (const id of gone.keys()) await store.repositories.remove(id, installation, shell.now())
  return known
}

type AsListed = Pick<StoredRepository, 'owner' | 'name' | 'private' | 'defaultBranch'>
const isSame = (before: AsListed, seen: AsListed): boolean =>
  before.owner === seen.owner &&
  before.name === seen.name &&
  before.private === seen.private &&
  before.defaultBranch === seen.defaultBranch

type Changed = { repository: ListedRepository; latest: LatestChanges; healedAt: number }

/** The repositories in which anything changed since they were looked at; those never looked at begin at `since`. */
async function changedIn(
  { shell }: Healing,
  {
    latest,
    alive,
    known,
    since,
  }: {
    latest: readonly LatestChanges[]
    alive: readonly ListedRepository[]
    known: ReadonlyMap<number, StoredRepository>
    since: number
  },
): Promise<Changed[]> {
  const byRepository = new Map(latest.map((found) => [found.repository, found]))
  const all = alive.flatMap((repository): Changed[] => {
    const found = byRepository.get(repository.id)
    const healedAt = known.get(repository.id)?.healedAt ?? since
    return found ? [{ repository, latest: found, healedAt }] : []
  })
  const fresh = all.filter(({ repository }) => known.get(repository.id)?.healedAt == null)
  if (fresh.length > 0)
    await shell.store.repositories.healed(
      fresh.map(({ repository }) => repository.id),
      since,
    )
  return all.filter((repository) => repository.latest.changedAt > repository.healedAt)
}

/** What is kept in step reads the facts and compares before it writes, so that a quiet incident costs nothing. Timers that
 * rang while their repository was out of reach have no other alarm. */
async function syncOpen(
  shell: Shell,
  installation: number,
  repositories: ReadonlySet<number>,
): Promise<void> {
  const asleep = new Set(await shell.store.incidents.asleep(installation))
  for (const target of await shell.store.incidents.open(installation)) {
    if (!repositories.has(target.repository)) continue
    await enqueue(shell, target, { do: 'sync-issue' })
    await enqueue(shell, target, { do: 'sync-board' })
    if (asleep.has(target.incident)) await queueWakes(shell, [target])
  }
}

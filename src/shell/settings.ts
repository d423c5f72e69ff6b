// The rules in force in a repository: its file, else the account's, read once and kept until somebody pushes.
import { createCalendar } from '../calendar.ts'
import { resolveExtends } from '../config/extends.ts'
import { defaultPolicy } from '../config/policy.ts'
import { installationOf } from '../github/app/installed.ts'
import type { InstallationClient } from '../github/client/client.ts'
import { Limited, Unreachable } from '../github/client/errors.ts'
import { CODE_OWNERS_PATHS, ownersOfGlob, readCodeOwners } from '../github/code/code-owners.ts'
import { readFile } from '../github/code/contents.ts'
import type { DeliveredRepository } from '../github/webhook/delivery.ts'
import type { Calendar, Policy, Service } from '../incident/policy/policy.ts'
import { withConfiguredChannels, withPublicChannels } from '../notify/channel.ts'
import type { StoredRepository, StoredSettings } from '../store/store.ts'
import type { Place, Shell } from './shell.ts'

const SETTINGS_PATH = '.github/mayday.yml'
/** A push that touches one of them has the rules read again. */
export const RULES_PATHS = [SETTINGS_PATH, ...CODE_OWNERS_PATHS]
const ACCOUNT_REPOSITORY = '.github'
/** A push to the account's repository of another installation, or a lost delivery, shows at last after this long. */
const STALE_AFTER = 60 * 60_000

/** The repository of a delivery, remembered, with its rules. Asks GitHub only where nothing is known or all is stale. */
export async function placeOfDelivery(
  shell: Shell,
  { installation, repository }: { installation: number; repository: DeliveredRepository },
): Promise<Place> {
  const known = await shell.store.repositories.get(repository.id)
  const { owner, name, defaultBranch } = repository
  const seen = { id: repository.id, installation, owner, name, private: repository.private, defaultBranch }
  if (known && known.installation !== installation && (await isFormer(shell, seen)))
    return placeOf(shell, known)
  const isKnown = known && !known.removed && sameRepository(known, seen)
  if (!isKnown) await rememberInstallation(shell, { installation, repository })
  const current = isKnown ? known : await shell.store.repositories.save(seen)
  return placeOf(shell, current)
}

/** Whether a late delivery is addressed to the previous owner: it must not move the repository back. */
async function isFormer(shell: Shell, { owner, name, installation }: AsDelivered): Promise<boolean> {
  return (await installationOf(shell.github.app(), { owner, repo: name })) !== installation
}

/** Stores an installation whose own delivery was lost, from the first event of one of its repositories. */
async function rememberInstallation(
  shell: Shell,
  { installation, repository }: { installation: number; repository: DeliveredRepository },
): Promise<void> {
  const accountType = repository.organization ? 'Organization' : 'User'
  await shell.store.installations.saveSeen({
    id: installation,
    account: repository.owner,
    accountType,
    at: shell.now(),
  })
}

/** The place of something stored; null where its repository is out of reach. */
export async function placeOfStored(shell: Shell, repository: number): Promise<Place | null> {
  const known = await shell.store.repositories.get(repository)
  return known && !known.removed ? placeOf(shell, known) : null
}

type AsDelivered = Pick<
  StoredRepository,
  'id' | 'installation' | 'owner' | 'name' | 'private' | 'defaultBranch'
>
const sameRepository = (known: StoredRepository, seen: AsDelivered): boolean =>
  known.installation === seen.installation &&
  known.owner === seen.owner &&
  known.name === seen.name &&
  known.private === seen.private &&
  known.defaultBranch === seen.defaultBranch

async function placeOf(shell: Shell, repository: StoredRepository): Promise<Place> {
  const github = shell.github.installation(repository.installation, shell.background)
  const settings = await currentSettings(shell, github, repository)
  return {
    repository,
    github,
    ...rulesOf(settings),
    problems: settings.problems.map((problem) => problem.message),
  }
}

async function currentSettings(
  shell: Shell,
  github: InstallationClient,
  repository: StoredRepository,
): Promise<StoredSettings> {
  const { settings, settingsAt } = repository
  if (settings && settingsAt !== null && shell.now() - settingsAt < STALE_AFTER) return settings
  try {
    const read = await readSettings(github, repository)
    await shell.store.repositories.saveSettings(repository.id, read, shell.now())
    return read
  } catch (error) {
    // What was in force stays in force while GitHub does not answer: an incident never waits for a file.
    if (settings && (error instanceof Unreachable || error instanceof Limited)) return settings
    throw error
  }
}

/** Reads the file in force; one that does not hold leaves the last good one in force and tells why. */
export async function readSettings(
  github: InstallationClient,
  repository: Pick<StoredRepository, 'owner' | 'name' | 'settings'>,
): Promise<StoredSettings> {
  const last = repository.settings?.good ?? null
  for (const repo of [repository.name, ACCOUNT_REPOSITORY]) {
    const at = { owner: repository.owner, repo }
    const source = `${at.owner}/${repo}/${SETTINGS_PATH}`
    const file = await readFile(github, at, { path: SETTINGS_PATH })
    if (file.kind === 'missing') continue
    if (file.kind === 'unreadable')
      return { good: last, source, problems: [{ message: `${source} cannot be read: ${file.why}` }] }
    const { policy, problems } = await resolveExtends({
      text: file.text,
      source,
      read: async ({ owner, repository: name, path }) => {
        const extended = await readFile(github, { owner: owner ?? at.owner, repo: name }, { path })
        return extended.kind === 'found' ? extended.text : null
      },
    })
    const good = policy ? await withCodeOwners(github, repository, policy) : last
    return { good, source, problems: problems.map(({ message }) => ({ message })) }
  }
  return { good: null, source: null, problems: [] }
}

/** Services that name no owners belong to those whom CODEOWNERS gives their paths. */
async function withCodeOwners(
  github: InstallationClient,
  { owner, name: repo }: Pick<StoredRepository, 'owner' | 'name'>,
  policy: Policy,
): Promise<Policy> {
  const isOpen = ({ owners, paths }: Service): boolean => owners.length === 0 && paths.length > 0
  if (!Object.values(policy.services).some(isOpen)) return policy
  const rules = await readCodeOwners(github, { owner, repo })
  const services = Object.entries(policy.services).map(([name, service]) => {
    const owners = service.paths.flatMap((path) => ownersOfGlob(rules, path))
    return [name, isOpen(service) ? { ...service, owners: [...new Set(owners)] } : service]
  })
  return { ...policy, services: Object.fromEntries(services) }
}

function rulesOf(settings: StoredSettings): { policy: Policy; calendar: Calendar } {
  // No channel can be configured yet, so that none reaches the public either.
  const isConfigured = (): boolean => false
  const policy = withConfiguredChannels(
    withPublicChannels(settings.good ?? defaultPolicy, isConfigured),
    isConfigured,
  )
  return { policy, calendar: createCalendar(policy) }
}

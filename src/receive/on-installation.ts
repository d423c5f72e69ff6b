// What an account gives Mayday: the app is installed, suspended or removed, repositories come and go, their rules change.
import type { Delivery } from '../github/webhook/delivery.ts'
import { queueHealing } from '../shell/healing.ts'
import { enqueue, queueLabels } from '../shell/jobs.ts'
import { placeOfDelivery, RULES_PATHS } from '../shell/settings.ts'
import type { Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'
import type { Handled } from './conclude.ts'

type InstallationDelivery = Extract<Delivery, { kind: 'installation' }>

export async function onInstallation(shell: Shell, delivery: InstallationDelivery): Promise<Handled> {
  return {
    place: null,
    along: async () => {
      await saveInstallation(shell, delivery)
      await saveRepositories(shell, delivery)
      const { action, installation } = delivery
      // What happened before it came, or while it was away, nobody tells.
      if (action !== 'deleted' && action !== 'suspend')
        await queueHealing(shell, { heal: 'installation', installation })
    },
  }
}

async function saveInstallation({ store, now }: Shell, delivery: InstallationDelivery): Promise<void> {
  const { installation: id, account, permissions, action, createdAt } = delivery
  if (action === 'deleted') return store.installations.end(id, 'removed', now())
  if (action === 'suspend') return store.installations.end(id, 'suspended', now())
  const { login, type } = account
  await store.installations.save({
    ...{ id, account: login, accountType: type },
    ...{ permissions, createdAt: createdAt ?? now() },
  })
}

async function saveRepositories(shell: Shell, delivery: InstallationDelivery): Promise<void> {
  const { store, now } = shell
  const { installation, action, added, removed } = delivery
  for (const repository of added) {
    const known = await store.repositories.get(repository.id)
    const defaultBranch = known?.defaultBranch ?? 'main'
    await store.repositories.save({ ...repository, installation, defaultBranch })
    if (action !== 'deleted') await queueLabels(shell, repository.id, installation)
  }
  for (const id of removed) await store.repositories.remove(id, installation, now())
}

const ACCOUNT_REPOSITORY = '.github'

/** A push to the default branch that touches the configuration: it is read again, and open incidents show what is wrong. */
export async function onPush(shell: Shell, delivery: Extract<Delivery, { kind: 'push' }>): Promise<Handled> {
  if (!delivery.paths.some((path) => RULES_PATHS.includes(path))) return { place: null }
  const { repository, installation } = delivery
  const isOfAccount = repository.name === ACCOUNT_REPOSITORY
  if (isOfAccount) await shell.store.repositories.forgetAllSettings(installation)
  else await shell.store.repositories.forgetSettings(repository.id)
  const place = await placeOfDelivery(shell, delivery)
  const open = await shell.store.incidents.open(installation)
  return {
    place,
    along: () => syncIssues(shell, isOfAccount ? open : openIn(open, repository.id)),
  }
}

/** `deleted` takes it out; out of the archive, what could not be written meanwhile is made up for. */
export async function onRepository(
  shell: Shell,
  delivery: Extract<Delivery, { kind: 'repository' }>,
): Promise<Handled> {
  const { repository, installation, action } = delivery
  if (action === 'deleted')
    return {
      place: null,
      along: async () => {
        await shell.store.repositories.remove(repository.id, installation, shell.now())
      },
    }
  const place = await placeOfDelivery(shell, delivery)
  const open = await shell.store.incidents.open(installation)
  return { place, along: () => syncIssues(shell, openIn(open, repository.id)) }
}

const openIn = (open: readonly Target[], repository: number): Target[] =>
  open.filter((target) => target.repository === repository)

async function syncIssues(shell: Shell, targets: readonly Target[]): Promise<undefined> {
  for (const target of targets) await enqueue(shell, target, { do: 'sync-issue' })
}

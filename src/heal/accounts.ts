// Installations as GitHub has them: come, gone, suspended or back while nobody told.

import { listInstallations } from '../github/app/installations.ts'
import type { Shell } from '../shell/shell.ts'

/** Makes what is remembered of the app's installations say what GitHub says. Writes only where they differ. */
export async function reconcileInstallations({ github, store, now }: Shell): Promise<void> {
  const present = await listInstallations(github.app())
  const known = new Map(
    (await store.installations.present()).map((installation) => [installation.id, installation]),
  )
  for (const installation of present) {
    const before = known.get(installation.id)
    known.delete(installation.id)
    if (installation.suspended) {
      if (before && !before.suspended) await store.installations.end(installation.id, 'suspended', now())
      continue
    }
    const same =
      before &&
      !before.suspended &&
      before.account === installation.account &&
      before.createdAt === installation.createdAt &&
      levels(before.permissions) === levels(installation.permissions)
    if (!same) await store.installations.save(installation)
  }
  for (const gone of known.keys()) await store.installations.end(gone, 'removed', now())
}

const levels = (permissions: object): string =>
  Object.entries(permissions)
    .map((level) => level.join())
    .sort()
    .join(' ')

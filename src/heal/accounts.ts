// Installations as GitHub has them: come, gone, suspended or back while nobody told.

import { listInstallations } from '../github/app/installations.ts'
import type { Shell } from '../shell/shell.ts'

/** Makes what is remembered of the app's installations say what GitHub says. Writes only where they differ. */
export async function reconcileInstallations({ github, store, now }: Shell): Promise<void> {
  const present = await listInstallations(github.app())
  const known = new Map((await store.installations.present()).map((one) => [one.id, one]))
  for (const one of present) {
    const before = known.get(one.id)
    known.delete(one.id)
    if (one.suspended) {
      if (before && !before.suspended) await store.installations.end(one.id, 'suspended', now())
      continue
    }
    const same =
      before &&
      !before.suspended &&
      before.account === one.account &&
      before.createdAt === one.createdAt &&
      levels(before.permissions) === levels(one.permissions)
    if (!same) await store.installations.save(one)
  }
  for (const gone of known.keys()) await store.installations.end(gone, 'removed', now())
}

const levels = (permissions: object): string =>
  Object.entries(permissions)
    .map((one) => one.join())
    .sort()
    .join(' ')

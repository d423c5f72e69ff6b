// Deletes the data of an account: on command, or thirty days after the app was uninstalled.
import type { Database } from './database/database.ts'
import { forgetGroups } from './queue/forget.ts'
import type { Store } from './store/store.ts'

/** How long the data of an account is kept after it removed the app. */
const KEPT_FOR = 30 * 24 * 60 * 60_000

type PurgeContext = { database: Database; store: Store }

/** Deletes every row of these installations, or nothing. Resolves to the number of deleted rows by table. */
export function purgeInstallations(
  { database, store }: PurgeContext,
  ids: readonly number[],
): Promise<{ [what: string]: number }> {
  return database.inTx(async () => {
    const rows = await store.accounts.forget(ids)
    const { inbox, jobs } = await forgetGroups(database, ids.map(String))
    return { ...rows, inbox, jobs }
  })
}

/** Purges what was uninstalled thirty days ago; resolves to the number of installations. */
export async function purgeRemoved(context: PurgeContext, now: number): Promise<number> {
  const ids = await context.store.accounts.removedBefore(now - KEPT_FOR)
  if (ids.length > 0) await purgeInstallations(context, ids)
  return ids.length
}

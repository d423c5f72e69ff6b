// The end of an account's data: by hand at once, by itself thirty days after the app was uninstalled.
import type { Database } from './database/database.ts'
import { forgetGroups } from './queue/forget.ts'
import type { Store } from './store/store.ts'

/** So long what an account had is kept after it removed the app: it may come back. */
const KEPT_FOR = 30 * 24 * 60 * 60_000

type PurgeContext = { database: Database; store: Store }

/** Deletes every row of these installations, or nothing; resolves to how many of what. */
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

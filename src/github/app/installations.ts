// Lists the installations of the app with their accounts and permissions.
import type { AppClient } from '../client/client.ts'

export type ListedInstallation = {
  id: number
  account: string
  accountType: string
  permissions: Record<string, string>
  /** Milliseconds. */
  createdAt: number
  suspended: boolean
}

/** All of them, a call for each hundred. Only the app itself may ask. */
export async function listInstallations({ rest }: AppClient): Promise<ListedInstallation[]> {
  const found: ListedInstallation[] = []
  const pages = rest.paginate.iterator(rest.apps.listInstallations, { per_page: 100 })
  for await (const { data } of pages)
    for (const { id, account, permissions, created_at, suspended_at } of data) {
      if (!account || !('login' in account)) continue
      found.push({
        id,
        account: account.login,
        accountType: account.type,
        permissions: Object.fromEntries(
          Object.entries(permissions).flatMap(([name, level]) => (level ? [[name, level]] : [])),
        ),
        createdAt: Date.parse(created_at),
        suspended: suspended_at !== null,
      })
    }
  return found
}

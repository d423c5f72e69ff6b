// `purge`: deletes the data of one account at once.
import { purgeInstallations } from '../purge.ts'
import { createStore } from '../store/store.ts'
import { withStored } from './stored.ts'
import { counted, type ExitCode, type Terminal } from './terminal.ts'

/** Deletes everything that is stored of an account and says what it was. */
export function purge(account: string, terminal: Terminal): Promise<ExitCode> {
  return withStored(terminal, async (database) => {
    const store = createStore(database)
    const installations = await store.accounts.installationsOf(account)
    if (installations.length === 0) {
      terminal.err(
        `Nothing is stored of an account ${account}: expected its name as GitHub writes it, such as acme.`,
      )
      return 1
    }
    const ids = installations.map(({ id }) => id)
    const rows = await purgeInstallations({ database, store }, ids)
    const gone = Object.entries(rows).filter(([, count]) => count > 0)
    terminal.out(`Deleted of ${account}: ${gone.map(([what, count]) => `${count} ${what}`).join(', ')}.`)
    const left = installations.filter(({ removed }) => !removed)
    if (left.length > 0)
      terminal.out(
        `The app is still on ${account} (${counted(left.length, 'installation')}): what happens there from now on is stored anew. ` +
          'Uninstall it on GitHub first where that is not wanted.',
      )
    return 0
  })
}

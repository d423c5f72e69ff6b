// The life of the app's installations: how they begin, change and end, each with its webhook.

import { changeRepositories, grant, install, suspend, uninstall, unsuspend } from './mutate/accounts.ts'
import { findAccount } from './world/find.ts'
import { personActor } from './world/rules.ts'
import type { Account, Actor, Installation, Permissions, Repository, World } from './world/world.ts'

export class Installations {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Of an account; acme's by default. */
  of(login = 'acme'): Installation {
    const found = this.#world.installations.find((each) => each.account.login === login)
    if (found === undefined) throw new Error(`The app is not installed on ${login}`)
    return found
  }

  install(
    login: string,
    input: { permissions?: Permissions; repositories?: Repository[] } = {},
  ): Installation {
    const account = findAccount(this.#world, login)
    if (account === undefined) throw new Error(`Nobody is called ${login}`)
    return install(this.#world, this.#owner(account), {
      account,
      ...(input.permissions === undefined ? {} : { permissions: input.permissions }),
      ...(input.repositories === undefined ? {} : { selection: input.repositories }),
    })
  }

  uninstall(installation = this.of()): void {
    uninstall(this.#world, this.#owner(installation.account), installation)
  }

  suspend(installation = this.of()): void {
    suspend(this.#world, this.#owner(installation.account), installation)
  }

  unsuspend(installation = this.of()): void {
    unsuspend(this.#world, this.#owner(installation.account), installation)
  }

  /** All that it holds from now on. */
  grant(permissions: Permissions, installation = this.of()): void {
    grant(this.#world, this.#owner(installation.account), { installation, permissions })
  }

  add(repositories: Repository[], installation = this.of()): void {
    changeRepositories(this.#world, this.#owner(installation.account), { installation, add: repositories })
  }

  remove(repositories: Repository[], installation = this.of()): void {
    changeRepositories(this.#world, this.#owner(installation.account), { installation, remove: repositories })
  }

  /** Who may: the user itself, or an owner of the organization. */
  #owner(account: Account): Actor {
    if (account.kind === 'User') return personActor(account)
    const [owner] = [...account.members].find(([, role]) => role === 'admin') ?? []
    return personActor(owner ?? account)
  }
}

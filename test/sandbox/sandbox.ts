// Starts the stand-in for GitHub: `const sandbox = await startSandbox({ secret })`.
import { generateKeyPairSync } from 'node:crypto'
import type { Server } from 'node:http'
import { Tokens } from './auth.ts'
import { browse } from './browser.ts'
import { type Chaos, Deliveries, type Delivery } from './deliveries.ts'
import { type Fault, type FaultInput, Faults } from './faults/faults.ts'
import { Installations } from './installations.ts'
import { type LimitSettings, Limits } from './limits.ts'
import { makeMachines } from './machines.ts'
import {
  addAccount,
  install,
  type NewAccount,
  renameRepository,
  setArchived,
  transferRepository,
} from './mutate/accounts.ts'
import { automateClosed } from './mutate/items.ts'
import { makePerson, type Person } from './person.ts'
import { makeRest } from './routes/rest.ts'
import { type CallRecord, makeServer } from './server.ts'
import { Witness } from './witness.ts'
import { findAccount, findRepository } from './world/find.ts'
import { addSeededRepository, makeWorld, seedAcme } from './world/seed.ts'
import type { Account, BranchProtection, Permissions, Repository, Role, World } from './world/world.ts'

export type SandboxOptions = {
  /** Of the webhooks; 32 characters or more, as the app asks for. */
  secret: string
  /** A free one by default. */
  port?: number
  webhookUrl?: string
  /** Milliseconds since the epoch; the sandbox has no other time. */
  now?: () => number
  /** For the page's buttons that move the clock. */
  advance?: (ms: number) => void | Promise<void>
  /** Of the app's installation on acme; the ones of the registration by default. */
  permissions?: Permissions
  /** Check every REST answer and every payload against GitHub's descriptions; on by default. */
  validate?: boolean
}

export type NewSandboxRepository = {
  name: string
  owner?: string
  private?: boolean
  files?: Record<string, string>
  /** Login → role. */
  people?: Record<string, Role>
}

const PEOPLE: Record<string, Role> = { ada: 'write', cy: 'write', bo: 'triage', eli: 'read' }

let keys: { privateKey: string; publicKey: string } | undefined

/** One key pair a process: making one takes a tenth of a second. */
function keyPair(): { privateKey: string; publicKey: string } {
  keys ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return keys
}

export class Sandbox {
  readonly world: World
  readonly app: { id: number; slug: string; clientId: string; privateKey: string }
  readonly calls: CallRecord[] = []
  readonly installations: Installations
  readonly deployments: ReturnType<typeof makeMachines>['deployments']
  readonly actions: ReturnType<typeof makeMachines>['actions']
  readonly checks: ReturnType<typeof makeMachines>['checks']
  readonly #options: SandboxOptions
  readonly #deliveries: Deliveries
  readonly #faults = new Faults()
  readonly #limits = new Limits()
  readonly #witness: Witness
  readonly #server: Server

  constructor(options: SandboxOptions, witness: Witness) {
    this.#witness = witness
    const { privateKey, publicKey } = keyPair()
    const now = options.now ?? Date.now
    this.#options = options
    this.world = makeWorld({ url: 'http://localhost', now, slug: 'mayday', publicKey })
    const { id, slug, clientId } = this.world.app
    this.app = { id, slug, clientId, privateKey }
    seedAcme(this.world)
    install(this.world, this.as('dee').actor, {
      account: this.world.app.owner,
      ...(options.permissions === undefined ? {} : { permissions: options.permissions }),
    })
    this.#deliveries = new Deliveries({
      world: this.world,
      secret: options.secret,
      url: options.webhookUrl ?? null,
      onPayload: (delivery) => witness.sent(delivery),
    })
    this.#automate()
    this.installations = new Installations(this.world)
    const machines = makeMachines(this.world)
    this.deployments = machines.deployments
    this.actions = machines.actions
    this.checks = machines.checks
    this.#server = this.#makeServer()
  }

  #makeServer(): Server {
    const { world } = this
    const tokens = new Tokens()
    const deliveries = this.#deliveries
    const conversions = new Map<string, () => unknown>()
    const { secret, advance = () => undefined } = this.#options
    const registration = { world, conversions, privateKey: this.app.privateKey, secret }
    return makeServer({
      world,
      tokens,
      rest: makeRest(world, { tokens, deliveries, conversions }),
      faults: this.#faults,
      limits: this.#limits,
      calls: this.calls,
      page: (request, body) => browse({ registration, deliveries, advance }, request, body),
      onAnswer: (record, body) => this.#witness.answered(record, body),
      onCrash: (record, error) => this.#witness.crashed(record, error),
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#options.port ?? 0, 'localhost', resolve)
    })
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The sandbox has no port')
    this.world.url = `http://localhost:${address.port}`
    this.world.apiUrl = `${this.world.url}/api/v3`
  }

  get url(): string {
    return this.world.url
  }

  /** `localhost:PORT`: GHE_HOST, with GHE_PROTOCOL http. */
  get host(): string {
    return new URL(this.world.url).host
  }

  get deliveries(): readonly Delivery[] {
    return this.#deliveries.log
  }

  /** What GitHub would not have answered or sent, and what crashed here: a test expects it to stay empty. */
  get violations(): string[] {
    return this.#witness.problems()
  }

  /** Calls of what GitHub does not have, or the sandbox not yet. */
  get unknownCalls(): CallRecord[] {
    return this.calls.filter((call) => call.route === null)
  }

  /** Checks and lets go of what was asked, answered and sent so far, but for what GitHub does not have. GitHub's own log of
   * deliveries ends after three days. */
  forget(): void {
    this.#witness.problems()
    this.calls.splice(0, Infinity, ...this.unknownCalls)
    this.#deliveries.log.length = 0
  }

  setWebhookUrl(url: string | null): void {
    this.#deliveries.url = url
  }

  /** Changes how the app's webhook is set up at GitHub; what is sent stays JSON and signed. */
  registerHook(changed: Partial<{ contentType: string; insecureSsl: string; secret: boolean }>): void {
    Object.assign(this.#deliveries.registered, changed)
  }

  /** When no delivery waits to be sent or answered. */
  settle(): Promise<void> {
    return this.#deliveries.settle()
  }

  redeliver(delivery: Delivery): Delivery {
    return this.#deliveries.redeliver(delivery)
  }

  chaos(chaos: Chaos): void {
    this.#deliveries.chaos(chaos)
  }

  fault(input: FaultInput): Fault {
    return this.#faults.add(input)
  }

  clearFaults(): void {
    this.#faults.clear()
  }

  limits(settings: LimitSettings): void {
    this.#limits.settings = settings
  }

  as(login: string): Person {
    return makePerson(this.world, login)
  }

  /** `acme/search`; throws when it is not there. */
  repository(fullName = 'acme/search'): Repository {
    const [owner = '', name = ''] = fullName.split('/')
    const found = findRepository(this.world, owner, name)
    if (found === undefined) throw new Error(`There is no repository ${fullName}`)
    return found
  }

  addAccount(input: NewAccount): Account {
    return addAccount(this.world, input)
  }

  addRepository(input: NewSandboxRepository): Repository {
    const owner = findAccount(this.world, input.owner ?? 'acme')
    if (owner === undefined) throw new Error(`Nobody is called ${input.owner}`)
    const people: Record<string, Role> = input.people ?? PEOPLE
    return addSeededRepository(this.world, {
      owner,
      name: input.name,
      by: owner.kind === 'User' ? owner : this.as('ada').account,
      private: input.private ?? false,
      collaborators: Object.entries(people).map(([login, role]) => [this.as(login).account, role]),
      ...(input.files === undefined ? {} : { files: input.files }),
    })
  }

  rename(repository: Repository, name: string): void {
    renameRepository(this.world, this.as('dee').actor, { repository, name })
  }

  transfer(repository: Repository, login: string): void {
    const to = findAccount(this.world, login)
    if (to === undefined) throw new Error(`Nobody is called ${login}`)
    transferRepository(this.world, this.as('dee').actor, { repository, to })
  }

  archive(repository: Repository, archived = true): void {
    setArchived(this.world, this.as('dee').actor, { repository, archived })
  }

  protect(repository: Repository, branch: string, rules: Partial<BranchProtection>): void {
    const none: BranchProtection = { requiredApprovals: 0, requiredChecks: [], locked: false }
    repository.protection.set(branch, { ...none, ...rules })
  }

  /** Nobody listens at GitHub's address: connections are refused until the returned function is called. */
  async refuseConnections(): Promise<() => Promise<void>> {
    const { port } = new URL(this.world.url)
    this.#server.close()
    this.#server.closeAllConnections()
    return () => new Promise((resolve) => this.#server.listen(Number(port), 'localhost', resolve))
  }

  async stop(): Promise<void> {
    this.#deliveries.stop()
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  /** The built-in workflow of boards listens to closed issues. */
  #automate(): void {
    const automation = findAccount(this.world, 'github-project-automation[bot]')
    if (automation === undefined) return
    this.world.listeners.push(({ event, action, repository, payload }) => {
      if (action !== 'closed' || repository === null) return
      const subject = event === 'issues' ? payload.issue : event === 'pull_request' ? payload : null
      const number =
        typeof subject === 'object' && subject !== null && 'number' in subject ? subject.number : null
      const issue = repository.issues.get(Number(number))
      if (issue !== undefined) automateClosed(this.world, automation, issue)
    })
  }
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const checks = options.validate === false ? null : await import('./validate/validate.ts')
  const sandbox = new Sandbox(options, new Witness(checks))
  await sandbox.listen()
  return sandbox
}
